// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.internal;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/** The FLOAT32 kernels that matter for speed, on the Vector API, with the same bits as {@link ScalarFloat}. */
final class VectorFloat extends ScalarFloat {
    static final VectorFloat INSTANCE = new VectorFloat();

    private static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;

    private VectorFloat() {}

    /** The number of bits in a vector. */
    static int width() {
        return LANES.vectorBitSize();
    }

    /** The reason why these kernels would be slower than plain loops on this machine, or null. */
    static @Nullable String obstacle() {
        if (width() < 128) {
            return "vectors of " + width() + " bits are too narrow";
        }
        int floats = VectorSpecies.ofLargestShape(float.class).vectorBitSize();
        int ints = VectorSpecies.ofLargestShape(int.class).vectorBitSize();
        // AVX without AVX2, for example, cannot shift each int by a number of its own.
        return floats == ints ? null : "vectors of ints, of " + ints + " bits, can do less than those of floats";
    }

    @Override
    public void wherePositive(float[] x, float[] at, float[] y) {
        int i = 0;
        for (; i < LANES.loopBound(y.length); i += LANES.length()) {
            FloatVector sign = FloatVector.fromArray(LANES, at, i);
            VectorMask<Float> positive = sign.compare(VectorOperators.GT, 0f);
            VectorMask<Float> nan = sign.compare(VectorOperators.NE, sign);
            FloatVector.zero(LANES)
                    .blend(FloatVector.fromArray(LANES, x, i), positive)
                    .blend(Float.NaN, nan)
                    .intoArray(y, i);
        }
        for (; i < y.length; i++) {
            y[i] = at[i] > 0 ? x[i] : at[i] <= 0 ? 0f : Float.NaN;
        }
    }

    @Override
    public void expectedRelu(float[] mean, float[] variance, float[] y) {
        Platform.parallelFor(y.length, 30, (from, to) -> VectorGaussianMoments.relu(mean, variance, y, from, to));
    }

    @Override
    public void addRow(float[] a, float[] row, int m, int n, float[] y) {
        for (int i = 0; i < m; i++) {
            int at = i * n;
            int j = 0;
            for (; j <= n - LANES.length(); j += LANES.length()) {
                FloatVector.fromArray(LANES, a, at + j)
                        .add(FloatVector.fromArray(LANES, row, j))
                        .intoArray(y, at + j);
            }
            for (; j < n; j++) {
                y[at + j] = a[at + j] + row[j];
            }
        }
    }

    @Override
    public void sumRows(float[] a, int m, int n, float[] y) {
        if (m > LONGEST_IN_FLOAT) {
            super.sumRows(a, m, n, y);
            return;
        }
        Arrays.fill(y, 0f);
        for (int i = 0; i < m; i++) {
            int at = i * n;
            int j = 0;
            for (; j <= n - LANES.length(); j += LANES.length()) {
                FloatVector.fromArray(LANES, y, j)
                        .add(FloatVector.fromArray(LANES, a, at + j))
                        .intoArray(y, j);
            }
            for (; j < n; j++) {
                y[j] += a[at + j];
            }
        }
    }

    @Override
    public void select(float[] a, int[] bits, int n, int l, int d, double s, float[] y) {
        VectorMaskedProducts.select(a, bits, n, l, d, (float) s, y);
    }

    @Override
    public void matmul(
            float[] a, int aRow, int aColumn, float[] b, int bRow, int bColumn, int m, int k, int n, float[] y) {
        VectorMatmul.matmul(a, aRow, aColumn, b, bRow, bColumn, m, k, n, y);
    }

    @Override
    public void maskedLinear(float[] x, float[] w, int[] bits, double s, int n, int l, int d, float[] y) {
        VectorMaskedProducts.linear(x, w, bits, (float) s, n, l, d, y);
    }

    @Override
    public void maskedLinearTransposed(float[] dy, float[] w, int[] bits, double s, int n, int l, int d, float[] dx) {
        VectorMaskedProducts.inputGradient(dy, w, bits, (float) s, n, l, d, dx);
    }

    @Override
    public void maskedOuter(float[] dy, float[] x, int[] bits, double s, int n, int l, int d, float[] dw) {
        if (d == 1 && n > LONGEST_IN_FLOAT) {
            super.maskedOuter(dy, x, bits, s, n, l, d, dw);
            return;
        }
        VectorMaskedProducts.weightGradient(dy, x, bits, (float) s, n, l, d, dw);
    }
}
