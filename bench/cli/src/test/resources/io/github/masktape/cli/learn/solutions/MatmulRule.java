// SPDX-License-Identifier: Apache-2.0
class MatmulRule {
    static double[][] da(double[][] dy, double[][] b) {
        double[][] da = new double[dy.length][b.length];
        for (int i = 0; i < dy.length; i++) {
            for (int k = 0; k < b.length; k++) {
                for (int j = 0; j < dy[i].length; j++) {
                    da[i][k] += dy[i][j] * b[k][j];
                }
            }
        }
        return da;
    }
}
