// SPDX-License-Identifier: Apache-2.0
/*
 * Whole outputs dropped
 *
 * Write a source of masks that has become dropout: every input of an output is kept or dropped together. Each mask by itself
 * is right, no mask is repeated, and the kit's law neighborsInAMaskAreIndependent is the one that finds it.
 */
import io.github.masktape.tensor.RandomStream;

class WholeOutputsDropped {
    /** The masks of one step, [example][output][input]: 0 with probability p, else 1/(1 − p); p must be in [0, 1). */
    static double[][][] draw(int examples, int outputs, int inputs, double p, long seed, long step) {
        if (!(p >= 0 && p < 1)) {
            throw new IllegalArgumentException("p must be in [0, 1)");
        }
        RandomStream random = new RandomStream(RandomStream.derive(seed, step));
        double[][][] m = new double[examples][outputs][inputs];
        // your loops here; random.nextDouble() < p with probability p
        return m;
    }
}
