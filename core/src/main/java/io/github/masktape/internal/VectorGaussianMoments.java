// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.internal;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The computation of {@link GaussianMoments#relu(float, float)} on vectors. */
final class VectorGaussianMoments {
    private static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;

    private VectorGaussianMoments() {}

    /** Computes {@link Kernels#expectedRelu} for the elements from (inclusive) to (exclusive). */
    static void relu(float[] mean, float[] variance, float[] y, int from, int to) {
        int i = from;
        for (; i <= to - LANES.length(); i += LANES.length()) {
            relu(FloatVector.fromArray(LANES, mean, i), FloatVector.fromArray(LANES, variance, i))
                    .intoArray(y, i);
        }
        for (; i < to; i++) {
            y[i] = GaussianMoments.relu(mean[i], variance[i]);
        }
    }

    private static FloatVector relu(FloatVector mean, FloatVector variance) {
        FloatVector deviation = variance.lanewise(VectorOperators.SQRT).lanewise(VectorOperators.ABS);
        FloatVector t = mean.lanewise(VectorOperators.ABS).div(deviation);
        FloatVector numerator = t.fma(
                FloatVector.broadcast(LANES, GaussianMoments.A4), FloatVector.broadcast(LANES, GaussianMoments.A3));
        numerator = numerator.fma(t, FloatVector.broadcast(LANES, GaussianMoments.A2));
        numerator = numerator.fma(t, FloatVector.broadcast(LANES, GaussianMoments.A1));
        numerator = numerator.fma(t, FloatVector.broadcast(LANES, GaussianMoments.A0));
        FloatVector divisor = t.fma(
                FloatVector.broadcast(LANES, GaussianMoments.B6), FloatVector.broadcast(LANES, GaussianMoments.B5));
        divisor = divisor.fma(t, FloatVector.broadcast(LANES, GaussianMoments.B4));
        divisor = divisor.fma(t, FloatVector.broadcast(LANES, GaussianMoments.B3));
        divisor = divisor.fma(t, FloatVector.broadcast(LANES, GaussianMoments.B2));
        divisor = divisor.fma(t, FloatVector.broadcast(LANES, GaussianMoments.B1));
        divisor = divisor.fma(t, FloatVector.broadcast(LANES, 1f));
        FloatVector loss = exp(t.mul(t).mul(-0.5f)).mul(numerator.div(divisor));
        FloatVector zero = FloatVector.zero(LANES);
        loss = zero.blend(loss, t.compare(VectorOperators.LT, GaussianMoments.LAST));
        return deviation.fma(loss, mean.max(zero));
    }

    /** Computes {@link GaussianMoments#exp} in every lane. */
    private static FloatVector exp(FloatVector x) {
        FloatVector shifted = x.fma(
                FloatVector.broadcast(LANES, GaussianMoments.INVERSE_LN2),
                FloatVector.broadcast(LANES, GaussianMoments.TO_INTEGER));
        FloatVector n = shifted.sub(GaussianMoments.TO_INTEGER);
        FloatVector r = n.fma(FloatVector.broadcast(LANES, -GaussianMoments.LN2_HEAD), x);
        r = n.fma(FloatVector.broadcast(LANES, -GaussianMoments.LN2_TAIL), r);
        FloatVector y = r.fma(
                FloatVector.broadcast(LANES, GaussianMoments.E6), FloatVector.broadcast(LANES, GaussianMoments.E5));
        y = y.fma(r, FloatVector.broadcast(LANES, GaussianMoments.E4));
        y = y.fma(r, FloatVector.broadcast(LANES, GaussianMoments.E3));
        y = y.fma(r, FloatVector.broadcast(LANES, 0.5f));
        y = y.fma(r, FloatVector.broadcast(LANES, 1f));
        y = y.fma(r, FloatVector.broadcast(LANES, 1f));
        IntVector power = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
        return y.reinterpretAsInts().add(power).reinterpretAsFloats();
    }
}
