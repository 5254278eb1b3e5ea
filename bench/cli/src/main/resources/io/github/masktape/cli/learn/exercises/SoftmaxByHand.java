// SPDX-License-Identifier: Apache-2.0
/*
 * Softmax by hand
 *
 * The scores are z = [0, ln 3], and class 0 is the true one. Compute the softmax p, the loss L = −ln p[0], and dz.
 */
class SoftmaxByHand {
    static double[] softmax() {
        return new double[] {0, 0};
    }

    static double loss() {
        return Double.NaN;
    }

    static double[] dz() {
        return new double[] {0, 0};
    }
}
