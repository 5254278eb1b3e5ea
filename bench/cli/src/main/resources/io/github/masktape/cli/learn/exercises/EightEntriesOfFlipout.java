// SPDX-License-Identifier: Apache-2.0
/*
 * Eight entries of Flipout
 *
 *   M[n][j][q] = 1 + S[j][q]·U[n][j]·V[n][q]      all signs S, U, V are −1 or 1; p = ½
 *
 * Any two entries are independent, but not all together. For two examples, two outputs and two inputs, the eighth entry,
 * M[1][1][1], is known once the other seven are known. Compute it.
 */
class EightEntriesOfFlipout {
    /** M[1][1][1], 0 or 2, from the other entries; m[1][1][1] is not to be used. */
    static double last(double[][][] m) {
        return 0;
    }
}
