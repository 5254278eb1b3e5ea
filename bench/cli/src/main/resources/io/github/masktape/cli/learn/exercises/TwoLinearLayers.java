// SPDX-License-Identifier: Apache-2.0
/*
 * Two linear layers are one
 *
 *   y = W₂ (W₁ x + b₁) + b₂      W₁: h×d, W₂: l×h
 *
 * Find W and b of the one linear layer y = W x + b that computes the same.
 */
class TwoLinearLayers {
    static double[][] weight(double[][] w1, double[][] w2) {
        return new double[w2.length][w1[0].length];
    }

    static double[] bias(double[] b1, double[][] w2, double[] b2) {
        return b2.clone();
    }
}
