// SPDX-License-Identifier: Apache-2.0
class TwoLinearLayers {
    static double[][] weight(double[][] w1, double[][] w2) {
        double[][] w = new double[w2.length][w1[0].length];
        for (int i = 0; i < w2.length; i++) {
            for (int k = 0; k < w1.length; k++) {
                for (int j = 0; j < w1[k].length; j++) {
                    w[i][j] += w2[i][k] * w1[k][j];
                }
            }
        }
        return w;
    }

    static double[] bias(double[] b1, double[][] w2, double[] b2) {
        double[] b = b2.clone();
        for (int i = 0; i < w2.length; i++) {
            for (int k = 0; k < b1.length; k++) {
                b[i] += w2[i][k] * b1[k];
            }
        }
        return b;
    }
}
