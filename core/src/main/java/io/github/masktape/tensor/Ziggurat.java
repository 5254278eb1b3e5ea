// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.tensor;

import io.github.masktape.math.Elementary;

/**
 * A generator of normal numbers by the ziggurat method, about four nanoseconds each: 128 layers of equal area cover the
 * density.
 *
 * <p>The lowest 7 bits of a word select a layer i, its highest 53 are u in [−1, 1). The result is u·xᵢ if it lies
 * within the layer above; otherwise further words decide, at the layer's edge or in the tail.
 *
 * <p>G. Marsaglia, W. W. Tsang, "The ziggurat method for generating random variables", Journal of Statistical Software
 * 5, 2000; with J. A. Doornik's independent bits for layer and place, 2005.
 */
final class Ziggurat {
    private static final int LAYERS = 128;

    /** The point at which the tail begins. */
    private static final double TAIL = 3.442619855899;

    /** The area of a layer, in units in which the density is exp(−x²/2). */
    private static final double AREA = 9.91256303526217e-3;

    /** The right ends of the layers, descending; for layer 0, which has the tail, that of a rectangle of equal area. */
    private static final double[] ENDS = ends();

    /** The ratios ENDS[i + 1] / ENDS[i]. */
    private static final double[] INSIDE = inside();

    private Ziggurat() {}

    /** A standard normal number from the next words of a stream, usually just one. */
    static double next(RandomStream stream) {
        while (true) {
            long word = stream.nextLong();
            int layer = (int) word & (LAYERS - 1);
            double u = (word >> 11) * 0x1p-52;
            if (Math.abs(u) < INSIDE[layer]) {
                return u * ENDS[layer];
            }
            if (layer == 0) {
                return tail(stream, u);
            }
            double x = u * ENDS[layer];
            double low = density(ENDS[layer]);
            double high = density(ENDS[layer + 1]);
            if (low + stream.nextDouble() * (high - low) < density(x)) {
                return x;
            }
        }
    }

    /** A normal number x with |x| above {@link #TAIL}, with the sign of u. */
    private static double tail(RandomStream stream, double u) {
        while (true) {
            double x = Elementary.log(1 - stream.nextDouble()) / TAIL;
            double y = Elementary.log(1 - stream.nextDouble());
            if (-2 * y >= x * x) {
                return u < 0 ? x - TAIL : TAIL - x;
            }
        }
    }

    private static double density(double x) {
        return Elementary.exp(x * x * -0.5);
    }

    private static double[] ends() {
        double[] ends = new double[LAYERS + 1];
        ends[0] = AREA / density(TAIL);
        ends[1] = TAIL;
        for (int i = 2; i < LAYERS; i++) {
            ends[i] = Math.sqrt(-2 * Elementary.log(AREA / ends[i - 1] + density(ends[i - 1])));
        }
        return ends;
    }

    private static double[] inside() {
        double[] inside = new double[LAYERS];
        for (int i = 0; i < LAYERS; i++) {
            inside[i] = ENDS[i + 1] / ENDS[i];
        }
        return inside;
    }
}
