// SPDX-License-Identifier: Apache-2.0
/*
 * Products by hand
 *
 *   a = [1 2 3]      c = [1 0]
 *       [4 5 6]          [0 1]
 *                        [2 0]
 *
 * Compute a · c and c · a by hand, and write the results here. Which shapes do they have?
 */
class ProductsByHand {
    static double[][] ac() {
        return new double[][] {
            {7, 0},
            {0, 0},
        };
    }

    static double[][] ca() {
        return null;
    }
}
