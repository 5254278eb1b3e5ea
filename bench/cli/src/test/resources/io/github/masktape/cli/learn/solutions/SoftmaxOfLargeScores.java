// SPDX-License-Identifier: Apache-2.0
class SoftmaxOfLargeScores {
    static double[] softmax(double[] z) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double score : z) {
            largest = Math.max(largest, score);
        }
        double[] p = new double[z.length];
        double sum = 0;
        for (int k = 0; k < z.length; k++) {
            p[k] = Math.exp(z[k] - largest);
            sum += p[k];
        }
        for (int k = 0; k < z.length; k++) {
            p[k] /= sum;
        }
        return p;
    }
}
