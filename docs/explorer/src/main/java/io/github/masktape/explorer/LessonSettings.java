// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.explorer;

import io.github.masktape.autograd.Pass;
import io.github.masktape.layers.DropConnect;
import io.github.masktape.layers.MaskSharing;
import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a {@link Lesson}. Arrays that are null are drawn from the seed; matrices are row-major.
 *
 * @param seed the seed of everything that is drawn
 * @param step the step of the pass; another step draws another mask
 * @param hidden the outputs of the DropConnect layer
 * @param classes the outputs of the net with softmaxCrossEntropy; otherwise unused
 * @param loss {@link #CROSS_ENTROPY} or {@link #SQUARED_ERROR}
 * @param x examples×inputs
 * @param w the weights of the DropConnect layer, hidden×inputs
 * @param b its biases, hidden
 * @param v the weights of the linear layer, classes×hidden; only with softmaxCrossEntropy, like c and labels
 * @param c its biases, classes
 * @param labels the class of each example
 * @param targets examples×hidden; only with meanSquaredError
 * @param bits 1 for a kept connection, else 0: examples×hidden×inputs, or hidden×inputs if per batch
 */
@SuppressWarnings("ArrayRecordComponent") // They become typed arrays and are never compared.
public record LessonSettings(
        long seed,
        long step,
        double dropProbability,
        int examples,
        int inputs,
        int hidden,
        int classes,
        boolean perBatch,
        String loss,
        double @Nullable [] x,
        double @Nullable [] w,
        double @Nullable [] b,
        double @Nullable [] v,
        double @Nullable [] c,
        int @Nullable [] labels,
        double @Nullable [] targets,
        byte @Nullable [] bits) {
    /** The loss of the net x → DropConnect → ReLU → Linear → softmaxCrossEntropy. */
    public static final String CROSS_ENTROPY = "softmaxCrossEntropy";

    /** The loss of the net x → DropConnect → meanSquaredError. */
    public static final String SQUARED_ERROR = "meanSquaredError";

    /** Checks sizes and values. */
    public LessonSettings {
        require("examples", examples, 4);
        require("inputs", inputs, 5);
        require("hidden", hidden, 5);
        Mask.requireDropProbability(dropProbability);
        if (!loss.equals(CROSS_ENTROPY) && !loss.equals(SQUARED_ERROR)) {
            throw new IllegalArgumentException(
                    "loss: expected " + CROSS_ENTROPY + " or " + SQUARED_ERROR + ", got \"" + loss + "\"");
        }
        if (loss.equals(CROSS_ENTROPY) && (classes < 2 || classes > 4)) {
            throw new IllegalArgumentException("classes: expected 2…4, got " + classes);
        }
        requireLength("x", x == null ? -1 : x.length, examples * inputs);
        requireLength("w", w == null ? -1 : w.length, hidden * inputs);
        requireLength("b", b == null ? -1 : b.length, hidden);
        requireLength("v", v == null ? -1 : v.length, classes * hidden);
        requireLength("c", c == null ? -1 : c.length, classes);
        requireLength("labels", labels == null ? -1 : labels.length, examples);
        requireLength("targets", targets == null ? -1 : targets.length, examples * hidden);
        requireLength("bits", bits == null ? -1 : bits.length, (perBatch ? 1 : examples) * hidden * inputs);
    }

    /** Settings with softmaxCrossEntropy, in which everything is drawn. */
    public static LessonSettings drawn(
            long seed,
            long step,
            double dropProbability,
            int examples,
            int inputs,
            int hidden,
            int classes,
            boolean perBatch) {
        return new LessonSettings(
                seed,
                step,
                dropProbability,
                examples,
                inputs,
                hidden,
                classes,
                perBatch,
                CROSS_ENTROPY,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    boolean isCrossEntropy() {
        return loss.equals(CROSS_ENTROPY);
    }

    /** These settings, with every needed array drawn that was not given. */
    public LessonSettings complete() {
        double[] weight = w == null ? normal(2, hidden * inputs) : w;
        double[] bias = b == null ? normal(3, hidden) : b;
        return new LessonSettings(
                seed,
                step,
                dropProbability,
                examples,
                inputs,
                hidden,
                classes,
                perBatch,
                loss,
                x == null ? normal(1, examples * inputs) : x,
                weight,
                bias,
                !isCrossEntropy() ? null : v == null ? normal(4, classes * hidden) : v,
                !isCrossEntropy() ? null : c == null ? normal(5, classes) : c,
                !isCrossEntropy() ? null : labels == null ? drawLabels() : labels,
                isCrossEntropy() ? null : targets == null ? normal(7, examples * hidden) : targets,
                bits == null ? drawBits(weight, bias) : bits);
    }

    /** The mask of complete settings. */
    Mask mask() {
        byte[] given = Objects.requireNonNull(bits);
        boolean[][][] kept = new boolean[perBatch ? 1 : examples][hidden][inputs];
        for (int i = 0; i < given.length; i++) {
            kept[i / (hidden * inputs)][i / inputs % hidden][i % inputs] = given[i] != 0;
        }
        return Mask.of(kept, 1 / (1 - dropProbability));
    }

    /** Normal random numbers with one decimal, which are easier to read. */
    private double[] normal(int stream, int count) {
        RandomStream random = new RandomStream(RandomStream.derive(seed, stream));
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = Math.rint(10 * random.nextGaussian()) / 10 + 0.0;
        }
        return values;
    }

    private int[] drawLabels() {
        RandomStream random = new RandomStream(RandomStream.derive(seed, 6));
        int[] drawn = new int[examples];
        for (int i = 0; i < examples; i++) {
            drawn[i] = random.nextInt(classes);
        }
        return drawn;
    }

    private byte[] drawBits(double[] weight, double[] bias) {
        DropConnect layer = DropConnect.of(Tensor.of(weight, hidden, inputs), Tensor.of(bias, hidden), dropProbability);
        Mask mask = (perBatch ? layer.withMaskSharing(MaskSharing.PER_BATCH) : layer)
                .mask(examples, Pass.training(seed, step));
        byte[] drawn = new byte[mask.examples() * hidden * inputs];
        for (int i = 0; i < drawn.length; i++) {
            boolean kept = mask.keeps(i / (hidden * inputs), i / inputs % hidden, i % inputs);
            drawn[i] = (byte) (kept ? 1 : 0);
        }
        return drawn;
    }

    private static void require(String what, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(what + ": expected 1…" + most + ", got " + value);
        }
    }

    private static void requireLength(String what, int length, int expected) {
        if (length >= 0 && length != expected) {
            throw new IllegalArgumentException(what + ": expected " + expected + " numbers, got " + length);
        }
    }
}
