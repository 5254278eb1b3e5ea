// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.tensor;

import io.github.masktape.internal.KernelChoice;
import io.github.masktape.internal.Kernels;
import io.github.masktape.math.SplitMix64;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * DropConnect's mask M: for each example a matrix outputs×inputs whose entries are 0 (dropped) or {@code scale} (kept);
 * the scale is one number, or one for each output. It takes one bit per connection and example. It is a value like a tensor, so it can be drawn, injected, read and
 * printed.
 *
 * <p>Wan, Zeiler, Zhang, LeCun, Fergus, "Regularization of Neural Networks using DropConnect", ICML 2013, with the
 * scale of inverted dropout, so that E[M] = 1.
 */
public final class Mask {
    private final int examples;
    private final int outputs;
    private final int inputs;
    /** The bits, in the layout of {@link Kernels}. */
    private final int[] bits;

    /** The value of a kept entry: one for all outputs, or one for each. */
    private final double[] scales;

    private final Workspace.@Nullable Lease lease;

    private Mask(int examples, int outputs, int inputs, int[] bits, Workspace.@Nullable Lease lease, double... scales) {
        this.examples = examples;
        this.outputs = outputs;
        this.inputs = inputs;
        this.bits = bits;
        this.scales = scales;
        this.lease = lease;
    }

    /**
     * A random mask, in which each entry is dropped independently with probability {@code dropProbability}, else it is
     * {@code 1/(1 − dropProbability)}.
     *
     * <pre>
     *   γ        = 0x9E3779B97F4A7C15, mix = the output function of SplitMix64
     *   keyₙ     = mix(key + (n + 1)·γ)                                       for example n
     *   wordᵣ    = mix(keyₙ + (64·(j·⌈inputs/64⌉ + b) + r + 1)·γ)             r = 0…63, for output j, inputs 64b…64b+63
     *   uᵣ       = bit 63 − (q mod 64) of wordᵣ                               for input q in block b = ⌊q/64⌋
     *   kept     ⇔  U = 0.u₀u₁…u₆₃ (binary) &lt; T·2⁻⁶⁴,                     T = 2⁶⁴ − round(dropProbability·2⁶⁴)
     * </pre>
     *
     * <p>So P(drop) is {@code dropProbability} rounded to the nearest multiple of 2⁻⁶⁴: exact when it is 2⁻¹² or more,
     * within 2⁻⁶⁵ below that. An entry depends only on key, n, j, q and the number of input blocks, not on the number
     * of examples or outputs, on threads or on the machine.
     *
     * @throws IllegalArgumentException if {@code dropProbability} is not in [0, 1)
     */
    public static Mask bernoulli(int examples, int outputs, int inputs, double dropProbability, long key) {
        return bernoulli(examples, outputs, inputs, dropProbability, key, null);
    }

    /** The bits of {@link #bernoulli(int, int, int, double, long)} in memory of a workspace, or on the heap. */
    static Mask bernoulli(
            int examples, int outputs, int inputs, double dropProbability, long key, Workspace.@Nullable Lease lease) {
        int length = length(examples, outputs, inputs);
        int[] bits = lease == null ? new int[length] : lease.ints(length);
        return drawn(examples, outputs, inputs, dropProbability, key, 0, bits, lease);
    }

    /**
     * The rows {@code first} … {@code first + outputs − 1} of a mask with more outputs.
     *
     * @param bits the memory for its bits
     */
    private static Mask drawn(
            int examples,
            int outputs,
            int inputs,
            double dropProbability,
            long key,
            int first,
            int[] bits,
            Workspace.@Nullable Lease lease) {
        requireDropProbability(dropProbability);
        long skipped = 64L * first * ((inputs - 1) / 64 + 1);
        long[] keys = new long[examples];
        for (int n = 0; n < examples; n++) {
            keys[n] = RandomStream.derive(key, n) + skipped * SplitMix64.GAMMA;
        }
        KernelChoice.masks().bernoulli(keys, -roundedTo64Bits(dropProbability), examples, outputs, inputs, bits);
        return new Mask(examples, outputs, inputs, bits, lease, 1 / (1 - dropProbability));
    }

    /**
     * A random mask with a drop probability for each output. Its row j, with its scale, is that of {@code
     * bernoulli(examples, outputs, inputs, dropProbabilities[j], key)}.
     *
     * @param dropProbabilities one for each output, each in [0, 1)
     */
    public static Mask bernoulli(int examples, int inputs, double[] dropProbabilities, long key) {
        int outputs = dropProbabilities.length;
        int[] bits = new int[length(examples, outputs, inputs)];
        double[] scales = new double[outputs];
        int end;
        for (int from = 0; from < outputs; from = end) {
            // Equal neighbors are drawn at once.
            double p = dropProbabilities[from];
            end = from + 1;
            while (end < outputs && dropProbabilities[end] == p) {
                end++;
            }
            if (from == 0 && end == outputs) {
                return bernoulli(examples, outputs, inputs, p, key);
            }
            int count = end - from;
            Mask rows = drawn(examples, count, inputs, p, key, from, new int[length(examples, count, inputs)], null);
            for (int row = 0; row < planes(inputs) * examples; row++) {
                System.arraycopy(rows.bits, row * count, bits, row * outputs + from, count);
            }
            Arrays.fill(scales, from, end, rows.scale());
        }
        return new Mask(examples, outputs, inputs, bits, null, scales);
    }

    /** Checks a drop probability, with the same message everywhere. */
    public static void requireDropProbability(double dropProbability) {
        if (!(dropProbability >= 0 && dropProbability < 1)) {
            throw new IllegalArgumentException(
                    "dropProbability: expected a number in [0, 1), got " + TensorText.number(dropProbability));
        }
    }

    /** The number p·2⁶⁴, unsigned. From ½ on, it has no bit below 2¹¹, so the halved number converts exactly. */
    private static long roundedTo64Bits(double p) {
        return p < 0.5 ? (long) Math.rint(p * 0x1p64) : (long) (p * 0x1p63) << 1;
    }

    /**
     * A mask given entry by entry, {@code kept[example][output][input]}, for lessons and tests.
     *
     * @param scales the value of a kept entry, 1/(1 − dropProbability) for DropConnect: one, or one for each output
     */
    public static Mask of(boolean[][][] kept, double... scales) {
        int examples = kept.length;
        int outputs = examples == 0 ? 0 : kept[0].length;
        int inputs = outputs == 0 ? 0 : kept[0][0].length;
        int[] bits = new int[length(examples, outputs, inputs)];
        for (int n = 0; n < examples; n++) {
            for (int j = 0; j < outputs; j++) {
                if (kept[n].length != outputs || kept[n][j].length != inputs) {
                    throw new IllegalArgumentException("mask: the rows of example " + n + " differ in length");
                }
                for (int q = 0; q < inputs; q++) {
                    if (kept[n][j][q]) {
                        bits[(q / 32 * examples + n) * outputs + j] |= Integer.MIN_VALUE >>> q;
                    }
                }
            }
        }
        if (scales.length != 1 && scales.length != outputs) {
            throw new IllegalArgumentException(
                    "mask: scales: expected one, or one for each of " + outputs + " outputs, got " + scales.length);
        }
        for (double scale : scales) {
            requireScale(scale);
        }
        double first = scales[0];
        boolean areEqual = Arrays.stream(scales).allMatch(scale -> scale == first);
        return new Mask(examples, outputs, inputs, bits, null, areEqual ? new double[] {first} : scales.clone());
    }

    /**
     * A mask given as bits, copied: {@code ⌈inputs/64⌉} words for each output of each example; input q is bit
     * 63 − (q mod 64) of word ⌊q/64⌋. Bits past the last input are ignored.
     *
     * @param scale the value of a kept entry, 1/(1 − dropProbability) for DropConnect
     */
    public static Mask of(int examples, int outputs, int inputs, long[] bits, double scale) {
        Shape.of(outputs, inputs);
        int words = (inputs - 1) / 64 + 1;
        int count = Shape.of(examples, outputs, words).size();
        if (bits.length != count) {
            throw new IllegalArgumentException("mask: " + examples + "×" + outputs + "×" + inputs + " needs " + count
                    + " words, got " + bits.length);
        }
        int[] copy = new int[length(examples, outputs, inputs)];
        int planes = planes(inputs);
        for (int n = 0; n < examples; n++) {
            for (int b = 0; b < planes; b++) {
                int inRange = -1 << Math.max(0, 32L * (b + 1) - inputs);
                for (int j = 0; j < outputs; j++) {
                    long word = bits[(n * outputs + j) * words + b / 2];
                    copy[(b * examples + n) * outputs + j] = (int) (b % 2 == 0 ? word >>> 32 : word) & inRange;
                }
            }
        }
        return new Mask(examples, outputs, inputs, copy, null, requireScale(scale));
    }

    /**
     * The masks that keep where a product of three signs is +1, with the scale 2. The signs are masks themselves: kept is
     * +1, dropped −1.
     *
     * <pre>
     *   M[n, j, q] = 1 + S[j, q]·U[n, j]·V[n, q]
     * </pre>
     *
     * @param s S, 1×l×d
     * @param u U, n×1×l
     * @param v V, n×1×d
     */
    public static Mask ofSigns(Mask s, Mask u, Mask v) {
        int examples = u.examples;
        int outputs = s.outputs;
        int inputs = s.inputs;
        requireSize("S", s, 1, outputs, inputs);
        requireSize("U", u, examples, 1, outputs);
        requireSize("V", v, examples, 1, inputs);
        int[] bits = new int[length(examples, outputs, inputs)];
        int[] shared = s.bits();
        int[] ofOutputs = u.bits();
        int[] ofInputs = v.bits();
        for (int b = 0; b < planes(inputs); b++) {
            int inRange = -1 << Math.max(0, 32L * (b + 1) - inputs);
            for (int n = 0; n < examples; n++) {
                for (int j = 0; j < outputs; j++) {
                    int ofOutput = ofOutputs[j / 32 * examples + n] << j >> 31;
                    int word = shared[b * outputs + j] ^ ofOutput ^ ofInputs[b * examples + n];
                    bits[(b * examples + n) * outputs + j] = word & inRange;
                }
            }
        }
        return new Mask(examples, outputs, inputs, bits, null, 2);
    }

    private static void requireSize(String name, Mask signs, int examples, int outputs, int inputs) {
        if (signs.examples != examples || signs.outputs != outputs || signs.inputs != inputs) {
            throw new IllegalArgumentException("mask: expected signs " + name + " of " + examples + "×" + outputs + "×"
                    + inputs + ", got " + signs.examples + "×" + signs.outputs + "×" + signs.inputs);
        }
    }

    private static double requireScale(double scale) {
        if (!(scale > 0 && scale <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "mask: scale: expected a positive, finite number, got " + TensorText.number(scale));
        }
        return scale;
    }

    /** The number of ints for an example and output. */
    private static int planes(int inputs) {
        return (inputs - 1) / 32 + 1;
    }

    private static int length(int examples, int outputs, int inputs) {
        Shape.of(outputs, inputs);
        return Shape.of(examples, outputs, planes(inputs)).size();
    }

    /** The number of examples, N. */
    public int examples() {
        return examples;
    }

    /** The number of rows of each example's mask: a layer's outputs, l. */
    public int outputs() {
        return outputs;
    }

    /** The number of columns of each example's mask: a layer's inputs, d. */
    public int inputs() {
        return inputs;
    }

    /**
     * The value of a kept entry.
     *
     * @throws IllegalStateException if it is another one for each output, see {@link #scale(int)}
     */
    public double scale() {
        if (!hasOneScale()) {
            throw new IllegalStateException("scale: expected a mask of one scale, got " + this.outputs
                    + " scales, one for each output; use scale(output)");
        }
        return scales[0];
    }

    /** The value of a kept entry of an output. */
    public double scale(int output) {
        if (output < 0 || output >= outputs) {
            throw new IndexOutOfBoundsException("mask: no output " + output + " among " + outputs);
        }
        return scales[hasOneScale() ? 0 : output];
    }

    /** True if all kept entries have the same value. */
    public boolean hasOneScale() {
        return scales.length == 1;
    }

    /** The same bits with the scale 1. */
    Mask unscaled() {
        return new Mask(examples, outputs, inputs, bits(), lease, 1);
    }

    /** The scales as a matrix like {@code examples} masks one below the other: each row has its output's scale. */
    Tensor scales(int examples, DType dtype) {
        double[] rows = new double[examples * outputs];
        Arrays.setAll(rows, row -> scale(row % outputs));
        return Tensor.of(rows).to(dtype).repeatColumns(inputs);
    }

    /** True if example n keeps the connection from {@code input} to {@code output}. */
    public boolean keeps(int example, int output, int input) {
        if (example < 0 || example >= examples || output < 0 || output >= outputs || input < 0 || input >= inputs) {
            throw new IndexOutOfBoundsException("mask " + examples + "×" + outputs + "×" + inputs + ": no entry ["
                    + example + ", " + output + ", " + input + "]");
        }
        return bits()[(input / 32 * examples + example) * outputs + output] << input < 0;
    }

    /** The number of kept entries, of all examples. */
    public long kept() {
        long count = 0;
        for (int block : bits()) {
            count += Integer.bitCount(block);
        }
        return count;
    }

    /** The mask of example n. */
    public Mask example(int n) {
        if (n < 0 || n >= examples) {
            throw new IndexOutOfBoundsException("mask: no example " + n + " among " + examples);
        }
        int[] own = new int[bits.length / examples];
        for (int b = 0; b < planes(inputs); b++) {
            System.arraycopy(bits(), (b * examples + n) * outputs, own, b * outputs, outputs);
        }
        return new Mask(1, outputs, inputs, own, null, scales);
    }

    /** The entries as numbers, 0 or scale: examples×outputs×inputs. */
    public Tensor toTensor(DType dtype) {
        return Tensor.full(dtype, 1, examples, outputs, inputs).mask(this);
    }

    /** The bits, not copied, in the layout of {@link Kernels}; throws if they may no longer be read. */
    int[] bits() {
        if (lease != null && !lease.isValid()) {
            throw lease.refusal("mask " + examples + "×" + outputs + "×" + inputs);
        }
        return bits;
    }

    /** True for a mask of equal size with equal entries. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Mask that
                && examples == that.examples
                && outputs == that.outputs
                && inputs == that.inputs
                && Arrays.equals(scales, that.scales)
                && Arrays.equals(bits(), that.bits());
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(bits()) + Arrays.hashCode(scales);
    }

    /**
     * The mask as text: size and scale, then a row of 1 (kept) and · (dropped) for each output; shortened if it is
     * large.
     */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("mask " + examples + "×" + outputs + "×" + inputs + ", scale "
                + scaleText() + ", " + kept() + " of " + (long) examples * outputs * inputs + " kept");
        for (int n = 0; n < Math.min(examples, 8); n++) {
            text.append("\nexample ").append(n);
            for (int j = 0; j < Math.min(outputs, 16); j++) {
                text.append("\n ");
                for (int q = 0; q < Math.min(inputs, 38); q++) {
                    text.append(keeps(n, j, q) ? " 1" : " ·");
                }
                text.append(inputs > 38 ? " …" : "");
            }
            text.append(outputs > 16 ? "\n  …" : "");
        }
        return text.append(examples > 8 ? "\n…" : "").toString();
    }

    private String scaleText() {
        double[] sorted = scales.clone();
        Arrays.sort(sorted);
        return TensorText.number(sorted[0])
                + (hasOneScale() ? "" : " to " + TensorText.number(sorted[sorted.length - 1]));
    }
}
