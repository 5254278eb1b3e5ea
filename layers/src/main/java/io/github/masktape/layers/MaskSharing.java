// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.layers;

import java.util.Locale;

/** The way in which the examples of a batch share a {@link DropConnect} layer's random numbers. */
public enum MaskSharing {
    /** Each example has a mask of its own, independent of the others. */
    PER_EXAMPLE,

    /** The whole batch has one mask, as in most libraries. */
    PER_BATCH,

    /**
     * Each example has a mask of its own, made from one matrix of signs that all share and two vectors of signs: as
     * random as an independent one by itself, and cheaper. Only for the drop probability ½.
     *
     * <pre>
     *   M[n, j, q] = 1 + S[j, q]·U[n, j]·V[n, q]      S, U, V: +1 or −1 with probability ½, independent
     *
     *   Y = X Wᵀ + U ⊙ ((X ⊙ V) (W ⊙ S)ᵀ)             two dense products instead of a masked one
     * </pre>
     *
     * <p>Any seven entries of the masks of a batch are independent. Eight are not: the signs of two examples at the four
     * crossings of two outputs and two inputs multiply to +1.
     *
     * <p>Wen, Vicol, Ba, Tran, Grosse, "Flipout: Efficient Pseudo-Independent Weight Perturbations on Mini-Batches", ICLR
     * 2018.
     */
    FLIPOUT;

    /** The word for it in model files and on the command line: {@code per-example}, {@code per-batch}, {@code flipout}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
