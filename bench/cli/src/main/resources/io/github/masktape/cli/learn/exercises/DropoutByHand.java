// SPDX-License-Identifier: Apache-2.0
/*
 * Dropout by hand
 *
 *   W = [1  2 −1]    b = [1 −1]    x = [1 2 3]    m = [2 0 2]    dy = [1 −2]
 *       [3 −2  1]
 *
 * Dropout multiplies the inputs by its coins m, then the layer computes y = W (m ⊙ x) + b. Compute y, ∂L/∂W and ∂L/∂x by hand.
 */
class DropoutByHand {
    static double[] y() {
        return new double[] {0, 0};
    }

    static double[][] dw() {
        return new double[][] {
            {0, 0, 0},
            {0, 0, 0},
        };
    }

    static double[] dx() {
        return new double[] {0, 0, 0};
    }
}
