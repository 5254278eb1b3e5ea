package io.github.masktape.tensor;

import io.github.masktape.internal.Elementary;
import io.github.masktape.internal.Kernels;
import io.github.masktape.internal.LongSums;
import io.github.masktape.internal.Platform;
import java.util.Arrays;

/**
 * The numbers of a tensor, and the one seam in which the dtype is decided. Every method writes its last argument whole;
 * the tensor has checked sizes and dtypes.
 */
abstract sealed class Storage {
    /** A function of one number that no kernel is needed for. */
    enum Function {
        EXP {
            @Override
            double at(double x) {
                return Elementary.exp(x);
            }
        },
        LOG {
            @Override
            double at(double x) {
                return Elementary.log(x);
            }
        },
        TANH {
            @Override
            double at(double x) {
                return Elementary.tanh(x);
            }
        },
        SIGMOID {
            @Override
            double at(double x) {
                return Elementary.sigmoid(x);
            }
        };

        abstract double at(double x);
    }

    static Storage of(DType dtype, int size) {
        return switch (dtype) {
            case FLOAT32 -> new Float32(new float[size]);
            case FLOAT64 -> new Float64(new double[size]);
        };
    }

    abstract DType dtype();

    abstract int size();

    abstract double get(int i);

    abstract void set(int i, double value);

    abstract void fill(double value);

    abstract void copy(int from, Storage y, int to, int count);

    abstract void add(Storage b, Storage y);

    abstract void subtract(Storage b, Storage y);

    abstract void multiply(Storage b, Storage y);

    abstract void divide(Storage b, Storage y);

    abstract void affine(double s, double t, Storage y);

    abstract void relu(Storage y);

    abstract void reluGradient(Storage dy, Storage dx);

    abstract void matmul(int aRow, int aColumn, Storage b, int bRow, int bColumn, int m, int k, int n, Storage y);

    abstract void transpose(int m, int n, Storage y);

    abstract void addRow(Storage row, int m, int n, Storage y);

    abstract void sumRows(int m, int n, Storage y);

    abstract void select(Mask mask, Storage y);

    abstract void maskedLinear(Storage w, Mask mask, Storage y);

    abstract void maskedLinearInputGradient(Storage w, Mask mask, Storage dx);

    abstract void maskedLinearWeightGradient(Storage x, Mask mask, Storage dw);

    /** Changes this storage: see {@link MutableTensor#descend}. */
    abstract void descend(
            Storage velocity, Storage gradient, double rate, double momentum, double decay, boolean nesterov);

    /** FLOAT32 computes in double and rounds once. */
    final void apply(Function f, Storage y) {
        for (int i = 0; i < size(); i++) {
            y.set(i, f.at(get(i)));
        }
    }

    /** y = E[f(u)], u ~ N(this, variance). FLOAT32 computes in double and rounds once, but for RELU. */
    final void expected(Activation f, Storage variance, Storage y) {
        if (f == Activation.RELU) {
            expectedRelu(variance, y);
            return;
        }
        Platform.parallelFor(size(), 500, (from, to) -> {
            for (int i = from; i < to; i++) {
                y.set(i, f.expected(get(i), variance.get(i)));
            }
        });
    }

    abstract void expectedRelu(Storage variance, Storage y);

    /** In double; FLOAT32 rounds once. */
    final void sampled(Activation f, Storage variance, int samples, long[] keys, int columns, Storage y) {
        Platform.parallelFor(size(), 20L * samples, (from, to) -> {
            for (int i = from; i < to; i++) {
                RandomStream stream = new RandomStream(RandomStream.derive(keys[i / columns], i % columns));
                y.set(i, f.sampled(get(i), variance.get(i), samples, stream));
            }
        });
    }

    /** Σ of {@code count} elements {@code stride} apart, in order, in double; FLOAT32 rounds once, when it is stored. */
    final double sum(int from, int stride, int count) {
        double sum = 0.0;
        for (int i = 0; i < count; i++) {
            sum += get(from + i * stride);
        }
        return sum;
    }

    /** Asked of every gradient at every step. */
    abstract boolean isFinite();

    /** The index of the first NaN or infinity, or −1. */
    final int firstNotFinite() {
        for (int i = 0; i < size(); i++) {
            if (!Double.isFinite(get(i))) {
                return i;
            }
        }
        return -1;
    }

    /** In eight sums, which do not wait for each other: 0.3 ns an element, where one sum takes 0.8 (EPYC). */
    abstract double sumOfSquares();

    private static double square(double x) {
        return x * x;
    }

    private static double pairwise(double[] sums) {
        return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
    }

    /**
     * A number that changes with any one element, NaNs being equal to each other: four chains of
     * {@code c' = rotate((c ^ bits)·γ)}, each a bijection of c and of the bits, then mixed together.
     */
    abstract long checksum();

    private static final long GAMMA = 0x9e3779b97f4a7c15L;

    private static long chain(long c, long bits) {
        return Long.rotateLeft((c ^ bits) * GAMMA, 29);
    }

    private static long mixed(long a, long b, long c, long d) {
        return RandomStream.derive(RandomStream.derive(RandomStream.derive(a, b), c), d);
    }

    static final class Float32 extends Storage {
        final float[] array;

        Float32(float[] array) {
            this.array = array;
        }

        private static float[] in(Storage storage) {
            return ((Float32) storage).array;
        }

        @Override
        DType dtype() {
            return DType.FLOAT32;
        }

        @Override
        int size() {
            return array.length;
        }

        @Override
        double get(int i) {
            return array[i];
        }

        @Override
        void set(int i, double value) {
            array[i] = (float) value;
        }

        @Override
        void fill(double value) {
            Arrays.fill(array, (float) value);
        }

        @Override
        void copy(int from, Storage y, int to, int count) {
            System.arraycopy(array, from, in(y), to, count);
        }

        /** Without an early exit, which would cost more than it saves: 0.3 ns an element (EPYC). */
        @Override
        boolean isFinite() {
            int most = 0;
            for (float element : array) {
                most = Math.max(most, Float.floatToRawIntBits(element) & Integer.MAX_VALUE);
            }
            return most < Float.floatToRawIntBits(Float.POSITIVE_INFINITY);
        }

        @Override
        void add(Storage b, Storage y) {
            Kernels.active().add(array, in(b), in(y));
        }

        @Override
        void subtract(Storage b, Storage y) {
            Kernels.active().subtract(array, in(b), in(y));
        }

        @Override
        void multiply(Storage b, Storage y) {
            Kernels.active().multiply(array, in(b), in(y));
        }

        @Override
        void divide(Storage b, Storage y) {
            Kernels.active().divide(array, in(b), in(y));
        }

        @Override
        void affine(double s, double t, Storage y) {
            Kernels.active().affine(array, (float) s, (float) t, in(y));
        }

        @Override
        void relu(Storage y) {
            Kernels.active().relu(array, in(y));
        }

        @Override
        void expectedRelu(Storage variance, Storage y) {
            Kernels.active().expectedRelu(array, in(variance), in(y));
        }

        @Override
        void reluGradient(Storage dy, Storage dx) {
            Kernels.active().reluGradient(array, in(dy), in(dx));
        }

        @Override
        void matmul(int aRow, int aColumn, Storage b, int bRow, int bColumn, int m, int k, int n, Storage y) {
            Kernels.active().matmul(array, aRow, aColumn, in(b), bRow, bColumn, m, k, n, in(y));
        }

        @Override
        void transpose(int m, int n, Storage y) {
            Kernels.active().transpose(array, m, n, in(y));
        }

        @Override
        void addRow(Storage row, int m, int n, Storage y) {
            Kernels.active().addRow(array, in(row), m, n, in(y));
        }

        @Override
        void sumRows(int m, int n, Storage y) {
            if (m > LongSums.LONGEST_IN_FLOAT) {
                LongSums.ofRows(array, m, n, in(y));
            } else {
                Kernels.active().sumRows(array, m, n, in(y));
            }
        }

        @Override
        void select(Mask m, Storage y) {
            Kernels.active().select(array, m.bits(), m.examples(), m.outputs(), m.inputs(), (float) m.scale(), in(y));
        }

        @Override
        void maskedLinear(Storage w, Mask m, Storage y) {
            Kernels.active()
                    .maskedLinear(
                            array, in(w), m.bits(), (float) m.scale(), m.examples(), m.outputs(), m.inputs(), in(y));
        }

        @Override
        void maskedLinearInputGradient(Storage w, Mask m, Storage dx) {
            Kernels.active()
                    .maskedLinearInputGradient(
                            array, in(w), m.bits(), (float) m.scale(), m.examples(), m.outputs(), m.inputs(), in(dx));
        }

        @Override
        void maskedLinearWeightGradient(Storage x, Mask m, Storage dw) {
            int n = m.examples();
            float s = (float) m.scale();
            if (m.inputs() == 1 && n > LongSums.LONGEST_IN_FLOAT) {
                LongSums.ofKept(array, in(x), m.bits(), s, n, m.outputs(), in(dw));
            } else {
                Kernels.active()
                        .maskedLinearWeightGradient(array, in(x), m.bits(), s, n, m.outputs(), m.inputs(), in(dw));
            }
        }

        @Override
        void descend(Storage v, Storage g, double rate, double momentum, double decay, boolean nesterov) {
            Kernels.active().descend(array, in(v), in(g), (float) rate, (float) momentum, (float) decay, nesterov);
        }

        @Override
        double sumOfSquares() {
            int whole = array.length & -8;
            double a = 0.0;
            double b = 0.0;
            double c = 0.0;
            double d = 0.0;
            double e = 0.0;
            double f = 0.0;
            double g = 0.0;
            double h = 0.0;
            for (int i = 0; i < whole; i += 8) {
                a += square(array[i]);
                b += square(array[i + 1]);
                c += square(array[i + 2]);
                d += square(array[i + 3]);
                e += square(array[i + 4]);
                f += square(array[i + 5]);
                g += square(array[i + 6]);
                h += square(array[i + 7]);
            }
            double[] sums = {a, b, c, d, e, f, g, h};
            for (int i = whole; i < array.length; i++) {
                sums[i - whole] += square(array[i]);
            }
            return pairwise(sums);
        }

        @Override
        long checksum() {
            long a = Float.SIZE;
            long b = 1;
            long c = 2;
            long d = 3;
            int whole = array.length & -4;
            for (int i = 0; i < whole; i += 4) {
                a = chain(a, Float.floatToIntBits(array[i]));
                b = chain(b, Float.floatToIntBits(array[i + 1]));
                c = chain(c, Float.floatToIntBits(array[i + 2]));
                d = chain(d, Float.floatToIntBits(array[i + 3]));
            }
            for (int i = whole; i < array.length; i++) {
                a = chain(a, Float.floatToIntBits(array[i]));
            }
            return mixed(a, b, c, d);
        }
    }

    static final class Float64 extends Storage {
        final double[] array;

        Float64(double[] array) {
            this.array = array;
        }

        private static double[] in(Storage storage) {
            return ((Float64) storage).array;
        }

        @Override
        DType dtype() {
            return DType.FLOAT64;
        }

        @Override
        int size() {
            return array.length;
        }

        @Override
        double get(int i) {
            return array[i];
        }

        @Override
        void set(int i, double value) {
            array[i] = value;
        }

        @Override
        void fill(double value) {
            Arrays.fill(array, value);
        }

        @Override
        void copy(int from, Storage y, int to, int count) {
            System.arraycopy(array, from, in(y), to, count);
        }

        @Override
        boolean isFinite() {
            return firstNotFinite() < 0;
        }

        @Override
        void add(Storage b, Storage y) {
            Kernels.active().add(array, in(b), in(y));
        }

        @Override
        void subtract(Storage b, Storage y) {
            Kernels.active().subtract(array, in(b), in(y));
        }

        @Override
        void multiply(Storage b, Storage y) {
            Kernels.active().multiply(array, in(b), in(y));
        }

        @Override
        void divide(Storage b, Storage y) {
            Kernels.active().divide(array, in(b), in(y));
        }

        @Override
        void affine(double s, double t, Storage y) {
            Kernels.active().affine(array, s, t, in(y));
        }

        @Override
        void relu(Storage y) {
            Kernels.active().relu(array, in(y));
        }

        @Override
        void expectedRelu(Storage variance, Storage y) {
            Kernels.active().expectedRelu(array, in(variance), in(y));
        }

        @Override
        void reluGradient(Storage dy, Storage dx) {
            Kernels.active().reluGradient(array, in(dy), in(dx));
        }

        @Override
        void matmul(int aRow, int aColumn, Storage b, int bRow, int bColumn, int m, int k, int n, Storage y) {
            Kernels.active().matmul(array, aRow, aColumn, in(b), bRow, bColumn, m, k, n, in(y));
        }

        @Override
        void transpose(int m, int n, Storage y) {
            Kernels.active().transpose(array, m, n, in(y));
        }

        @Override
        void addRow(Storage row, int m, int n, Storage y) {
            Kernels.active().addRow(array, in(row), m, n, in(y));
        }

        @Override
        void sumRows(int m, int n, Storage y) {
            Kernels.active().sumRows(array, m, n, in(y));
        }

        @Override
        void select(Mask m, Storage y) {
            Kernels.active().select(array, m.bits(), m.examples(), m.outputs(), m.inputs(), m.scale(), in(y));
        }

        @Override
        void maskedLinear(Storage w, Mask m, Storage y) {
            Kernels.active()
                    .maskedLinear(array, in(w), m.bits(), m.scale(), m.examples(), m.outputs(), m.inputs(), in(y));
        }

        @Override
        void maskedLinearInputGradient(Storage w, Mask m, Storage dx) {
            Kernels.active()
                    .maskedLinearInputGradient(
                            array, in(w), m.bits(), m.scale(), m.examples(), m.outputs(), m.inputs(), in(dx));
        }

        @Override
        void maskedLinearWeightGradient(Storage x, Mask m, Storage dw) {
            Kernels.active()
                    .maskedLinearWeightGradient(
                            array, in(x), m.bits(), m.scale(), m.examples(), m.outputs(), m.inputs(), in(dw));
        }

        @Override
        void descend(Storage v, Storage g, double rate, double momentum, double decay, boolean nesterov) {
            Kernels.active().descend(array, in(v), in(g), rate, momentum, decay, nesterov);
        }

        @Override
        double sumOfSquares() {
            int whole = array.length & -8;
            double a = 0.0;
            double b = 0.0;
            double c = 0.0;
            double d = 0.0;
            double e = 0.0;
            double f = 0.0;
            double g = 0.0;
            double h = 0.0;
            for (int i = 0; i < whole; i += 8) {
                a += square(array[i]);
                b += square(array[i + 1]);
                c += square(array[i + 2]);
                d += square(array[i + 3]);
                e += square(array[i + 4]);
                f += square(array[i + 5]);
                g += square(array[i + 6]);
                h += square(array[i + 7]);
            }
            double[] sums = {a, b, c, d, e, f, g, h};
            for (int i = whole; i < array.length; i++) {
                sums[i - whole] += square(array[i]);
            }
            return pairwise(sums);
        }

        @Override
        long checksum() {
            long a = Double.SIZE;
            long b = 1;
            long c = 2;
            long d = 3;
            int whole = array.length & -4;
            for (int i = 0; i < whole; i += 4) {
                a = chain(a, Double.doubleToLongBits(array[i]));
                b = chain(b, Double.doubleToLongBits(array[i + 1]));
                c = chain(c, Double.doubleToLongBits(array[i + 2]));
                d = chain(d, Double.doubleToLongBits(array[i + 3]));
            }
            for (int i = whole; i < array.length; i++) {
                a = chain(a, Double.doubleToLongBits(array[i]));
            }
            return mixed(a, b, c, d);
        }
    }
}
