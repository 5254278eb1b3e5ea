// SPDX-License-Identifier: Apache-2.0
class BlocksWithOutputsInside {
    static float[][] product(float[][] x, float[][] w, int block) {
        int d = w[0].length;
        float[][] y = new float[x.length][w.length];
        for (int start = 0; start < d; start += block) {
            int end = Math.min(start + block, d);
            for (int n = 0; n < x.length; n++) {
                for (int q = start; q < end; q++) {
                    for (int j = 0; j < w.length; j++) {
                        y[n][j] = Math.fma(x[n][q], w[j][q], y[n][j]);
                    }
                }
            }
        }
        return y;
    }
}
