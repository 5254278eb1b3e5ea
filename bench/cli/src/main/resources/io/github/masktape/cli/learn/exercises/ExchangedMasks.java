// SPDX-License-Identifier: Apache-2.0
/*
 * Exchanged masks
 *
 * Two examples go through a layer with three inputs and two outputs, p = ½:
 *
 *   x₀ = [1  2 3]    dy₀ = [1 −2]    M₀ = [2 0 2]
 *                                         [0 2 2]
 *   x₁ = [2 −1 1]    dy₁ = [3 −1]    M₁ = [2 2 0]
 *                                         [0 2 0]
 *
 * Let the two examples exchange their masks, and leave dy₀ and dy₁ as they are. Compute ∂L/∂W by hand. Is there still a
 * connection with the gradient 0?
 */
class ExchangedMasks {
    static double[][] dw() {
        return new double[][] {
            {0, 0, 0},
            {0, 0, 0},
        };
    }

    /** The output and the input of the connection whose gradient is 0. */
    static int[] zero() {
        return new int[] {0, 0};
    }
}
