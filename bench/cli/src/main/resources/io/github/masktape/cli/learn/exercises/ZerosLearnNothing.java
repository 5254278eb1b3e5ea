// SPDX-License-Identifier: Apache-2.0
/*
 * Zeros learn nothing
 *
 *   y = W₂ relu(W₁ x + b₁) + b₂      all of W₁, b₁, W₂, b₂ are 0
 *
 * The network has two classes, and the loss is the mean cross-entropy. n₀ examples are of class 0, n₁ of class 1. Which
 * gradients are 0 in the first step? What has the network learned after many steps?
 */
class ZerosLearnNothing {
    /** For W₁, b₁, W₂ and b₂, in this order: true if the gradient is 0, whatever n₀ and n₁ are. */
    static boolean[] isZero() {
        return new boolean[] {false, false, false, false};
    }

    /** The gradient of b₂ in the first step. */
    static double[] db2(int n0, int n1) {
        return new double[] {0, 0};
    }

    /** The probability of class 0 that the network gives any example after many steps. */
    static double learned(int n0, int n1) {
        return Double.NaN;
    }
}
