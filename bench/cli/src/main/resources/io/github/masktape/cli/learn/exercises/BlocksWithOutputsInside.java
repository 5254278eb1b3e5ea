// SPDX-License-Identifier: Apache-2.0
/*
 * Blocks of inputs, outputs inside
 *
 *   y[n][j] = Σ x[n][q]·w[j][q]      q ascending, one Math.fma a term, from 0
 *
 * Go through the inputs in blocks. For each block go through the examples, in it through the inputs of the block, and innermost
 * through the outputs. The bits must be those of the definition. (A real kernel also copies the block of w, so that the
 * innermost loop reads neighbors.)
 */
class BlocksWithOutputsInside {
    /**
     * The product.
     *
     * @param x n rows of d numbers
     * @param w l rows of d numbers
     * @return n rows of l numbers
     */
    static float[][] product(float[][] x, float[][] w, int block) {
        return new float[x.length][w.length];
    }
}
