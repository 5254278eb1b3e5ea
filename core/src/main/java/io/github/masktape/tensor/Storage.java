// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.tensor;

import io.github.masktape.internal.ArrayAccess;
import io.github.masktape.internal.KernelChoice;
import io.github.masktape.internal.Kernels;
import io.github.masktape.internal.Platform;
import io.github.masktape.math.SplitMix64;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Supplier;

/**
 * The numbers of a tensor, and the only place where the dtype is decided. Every method with a result parameter writes
 * all of it; the tensor has already checked sizes and dtypes.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
final class Storage<A> {
    /** A dtype with its arrays and the loops over them. */
    private record Type<A>(DType dtype, ArrayAccess<A> elements, Supplier<Kernels<A>> kernels) {}

    private static final Type<float[]> FLOAT32 = new Type<>(DType.FLOAT32, ArrayAccess.FLOATS, KernelChoice::floats);
    private static final Type<double[]> FLOAT64 = new Type<>(DType.FLOAT64, ArrayAccess.DOUBLES, KernelChoice::doubles);

    private final Type<A> type;
    private final A array;

    private Storage(Type<A> type, A array) {
        this.type = type;
        this.array = array;
    }

    static Storage<float[]> of(float[] array) {
        return new Storage<>(FLOAT32, array);
    }

    static Storage<double[]> of(double[] array) {
        return new Storage<>(FLOAT64, array);
    }

    /** A storage of {@code size} zeros. */
    static Storage<?> of(DType dtype, int size) {
        return switch (dtype) {
            case FLOAT32 -> of(new float[size]);
            case FLOAT64 -> of(new double[size]);
        };
    }

    /** The array of a storage of the same dtype. */
    @SuppressWarnings("unchecked")
    private A in(Storage<?> other) {
        if (other.dtype() != dtype()) {
            throw new IllegalArgumentException("storage: expected " + dtype() + ", got " + other.dtype());
        }
        return (A) other.array;
    }

    private Kernels<A> kernels() {
        return type.kernels().get();
    }

    // ---- elements ----

    DType dtype() {
        return type.dtype();
    }

    int size() {
        return type.elements().size(array);
    }

    double get(int i) {
        return type.elements().get(array, i);
    }

    /** Sets element i; FLOAT32 rounds to nearest. */
    void set(int i, double value) {
        type.elements().set(array, i, value);
    }

    void fill(double value) {
        fill(0, value, size());
    }

    void fill(int from, double value, int count) {
        type.elements().fill(array, from, from + count, value);
    }

    void copy(int from, Storage<?> y, int to, int count) {
        System.arraycopy(array, from, in(y), to, count);
    }

    /**
     * Copies blocks of {@code width} elements: block indices[k] of each group of n blocks becomes block k of the same
     * group of y. A run of consecutive indices is copied at once.
     */
    void gather(int groups, int n, int width, int[] indices, Storage<?> y) {
        int count = indices.length;
        for (int g = 0; g < groups; g++) {
            for (int first = 0, end; first < count; first = end) {
                end = first + 1;
                while (end < count && indices[end] == indices[end - 1] + 1) {
                    end++;
                }
                int from = (g * n + indices[first]) * width;
                int to = (g * count + first) * width;
                int length = (end - first) * width;
                if (length == 1) {
                    y.set(to, get(from));
                } else {
                    copy(from, y, to, length);
                }
            }
        }
    }

    /**
     * Sets block i of y to the sum of the blocks k with indices[k] = i, of {@code width} elements each, and to +0.0 if
     * there is none. The sum begins with the first block, not with 0, and is accumulated in double, k ascending.
     */
    void scatter(int[] indices, int width, Storage<?> y) {
        int[] first = new int[y.size() / width];
        int[] next = new int[indices.length];
        Arrays.fill(first, -1);
        for (int k = indices.length - 1; k >= 0; k--) {
            next[k] = first[indices[k]];
            first[indices[k]] = k;
        }
        double[] sums = new double[width];
        for (int i = 0; i < first.length; i++) {
            int k = first[i];
            if (k < 0) {
                y.fill(i * width, 0, width);
            } else if (next[k] < 0) {
                copy(k * width, y, i * width, width);
            } else {
                Arrays.fill(sums, -0.0);
                for (; k >= 0; k = next[k]) {
                    for (int q = 0; q < width; q++) {
                        sums[q] += get(k * width + q);
                    }
                }
                for (int q = 0; q < width; q++) {
                    y.set(i * width + q, sums[q]);
                }
            }
        }
    }

    /** True if no element is NaN or infinite; called for every gradient at every step. */
    boolean isFinite() {
        return type.elements().areFinite(array);
    }

    /** The index of the first NaN or infinity, or −1. */
    int firstNotFinite() {
        for (int i = 0; i < size(); i++) {
            if (!Double.isFinite(get(i))) {
                return i;
            }
        }
        return -1;
    }

    // ---- kernels ----

    /** A loop with one input array, given as a method reference such as {@code Kernels::relu}. */
    @FunctionalInterface
    interface Unary {
        <A> void run(Kernels<A> kernels, A a, A y);
    }

    /** A loop over two arrays. */
    @FunctionalInterface
    interface Binary {
        <A> void run(Kernels<A> kernels, A a, A b, A y);
    }

    /** A loop over two arrays and the bits of a mask. */
    @FunctionalInterface
    interface Masked {
        <A> void run(Kernels<A> kernels, A a, A b, int[] bits, double s, int n, int l, int d, A y);
    }

    void apply(Unary kernel, Storage<?> y) {
        kernel.run(kernels(), array, in(y));
    }

    void apply(Binary kernel, Storage<?> b, Storage<?> y) {
        kernel.run(kernels(), array, in(b), in(y));
    }

    void apply(Masked kernel, Storage<?> b, Mask m, Storage<?> y) {
        kernel.run(kernels(), array, in(b), m.bits(), m.scale(), m.examples(), m.outputs(), m.inputs(), in(y));
    }

    void affine(double s, double t, Storage<?> y) {
        kernels().affine(array, s, t, in(y));
    }

    void matmul(int aRow, int aColumn, Storage<?> b, int bRow, int bColumn, int m, int k, int n, Storage<?> y) {
        kernels().matmul(array, aRow, aColumn, in(b), bRow, bColumn, m, k, n, in(y));
    }

    void transpose(int m, int n, Storage<?> y) {
        kernels().transpose(array, m, n, in(y));
    }

    void addRow(Storage<?> row, int m, int n, Storage<?> y) {
        kernels().addRow(array, in(row), m, n, in(y));
    }

    void sumRows(int m, int n, Storage<?> y) {
        kernels().sumRows(array, m, n, in(y));
    }

    void select(Mask m, Storage<?> y) {
        kernels().select(array, m.bits(), m.examples(), m.outputs(), m.inputs(), m.scale(), in(y));
    }

    // ---- functions, in double; FLOAT32 rounds once ----

    void map(DoubleUnaryOperator f, Storage<?> y) {
        for (int i = 0; i < size(); i++) {
            y.set(i, f.applyAsDouble(get(i)));
        }
    }

    void map(Storage<?> b, DoubleBinaryOperator f, Storage<?> y) {
        for (int i = 0; i < size(); i++) {
            y.set(i, f.applyAsDouble(get(i), b.get(i)));
        }
    }

    /** Computes y = E[f(u)], u ~ N(this, variance). FLOAT32 has a separate kernel for RELU. */
    void expected(Activation f, Storage<?> variance, Storage<?> y) {
        if (f == Activation.RELU) {
            apply(Kernels::expectedRelu, variance, y);
            return;
        }
        Platform.parallelFor(size(), 500, (from, to) -> {
            for (int i = from; i < to; i++) {
                y.set(i, f.expected(get(i), variance.get(i)));
            }
        });
    }

    void sampled(Activation f, Storage<?> variance, int samples, long[] keys, int columns, Storage<?> y) {
        Platform.parallelFor(size(), 20L * samples, (from, to) -> {
            for (int i = from; i < to; i++) {
                RandomStream stream = new RandomStream(RandomStream.derive(keys[i / columns], i % columns));
                y.set(i, f.sampled(get(i), variance.get(i), samples, stream));
            }
        });
    }

    // ---- reductions ----

    /**
     * The sum of {@code count} elements {@code stride} apart, in order, in double; FLOAT32 rounds once, when it is
     * stored.
     */
    double sum(int from, int stride, int count) {
        double sum = 0.0;
        for (int i = 0; i < count; i++) {
            sum += get(from + i * stride);
        }
        return sum;
    }

    /** The sum Σ a² in double: eight independent sums take 0.3 ns per element where one takes 0.8 (EPYC). */
    double sumOfSquares() {
        int whole = size() & -8;
        double a = 0.0;
        double b = 0.0;
        double c = 0.0;
        double d = 0.0;
        double e = 0.0;
        double f = 0.0;
        double g = 0.0;
        double h = 0.0;
        for (int i = 0; i < whole; i += 8) {
            a += square(i);
            b += square(i + 1);
            c += square(i + 2);
            d += square(i + 3);
            e += square(i + 4);
            f += square(i + 5);
            g += square(i + 6);
            h += square(i + 7);
        }
        double[] sums = {a, b, c, d, e, f, g, h};
        for (int i = whole; i < size(); i++) {
            sums[i - whole] += square(i);
        }
        return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
    }

    private double square(int i) {
        double x = get(i);
        return x * x;
    }

    /**
     * A checksum that changes with any single element, where all NaNs count as equal: four chains of {@code c' =
     * rotate((c ^ bits)·γ)}, each a bijection of c and of the bits, then mixed together.
     */
    long checksum() {
        long a = dtype() == DType.FLOAT32 ? Float.SIZE : Double.SIZE;
        long b = 1;
        long c = 2;
        long d = 3;
        int whole = size() & -4;
        for (int i = 0; i < whole; i += 4) {
            a = chain(a, i);
            b = chain(b, i + 1);
            c = chain(c, i + 2);
            d = chain(d, i + 3);
        }
        for (int i = whole; i < size(); i++) {
            a = chain(a, i);
        }
        return RandomStream.derive(RandomStream.derive(RandomStream.derive(a, b), c), d);
    }

    private long chain(long c, int i) {
        return Long.rotateLeft((c ^ type.elements().bits(array, i)) * SplitMix64.GAMMA, 29);
    }

    // ---- updates ----

    /** Changes this storage and the states; see {@link MutableTensor#update}. */
    void update(Update update, Storage<?> gradient, Storage<?>[] states) {
        if (dtype() == DType.FLOAT32) {
            float[] w = (float[]) array;
            float[] g = (float[]) gradient.array;
            float[][] s = new float[states.length][];
            for (int k = 0; k < s.length; k++) {
                s[k] = (float[]) states[k].array;
            }
            Platform.parallelFor(size(), 4, (from, to) -> update.apply(w, g, s, from, to));
        } else {
            double[] w = (double[]) array;
            double[] g = (double[]) gradient.array;
            double[][] s = new double[states.length][];
            for (int k = 0; k < s.length; k++) {
                s[k] = (double[]) states[k].array;
            }
            Platform.parallelFor(size(), 4, (from, to) -> update.apply(w, g, s, from, to));
        }
    }
}
