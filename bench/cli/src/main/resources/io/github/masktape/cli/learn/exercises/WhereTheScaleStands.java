// SPDX-License-Identifier: Apache-2.0
/*
 * Where the scale stands
 *
 *   dw[j][q] = s·Σ dy[n][j]·x[n][q]      over the examples n that keep (j, q), n ascending, one Math.fma a term
 *
 * Apply s once, at the end, in float. The bits must be those of Tensor.maskedOuter. Would they be the same if you applied s to
 * each x[n][q] instead?
 */
import io.github.masktape.tensor.Mask;

class WhereTheScaleStands {
    /** The gradient of the weights; dy is n×l, x is n×d, and mask.keeps(n, j, q) tells what example n keeps. */
    static float[][] weightGradient(float[][] dy, float[][] x, Mask mask) {
        return new float[mask.outputs()][mask.inputs()];
    }

    /** True if a scale applied to each term gives the same bits, whatever the numbers, for this drop probability. */
    static boolean sameBits(double p) {
        return false;
    }
}
