// SPDX-License-Identifier: Apache-2.0
import io.github.masktape.tensor.Mask;

class WhereTheScaleStands {
    static float[][] weightGradient(float[][] dy, float[][] x, Mask mask) {
        float s = (float) mask.scale();
        float[][] dw = new float[mask.outputs()][mask.inputs()];
        for (int j = 0; j < mask.outputs(); j++) {
            for (int q = 0; q < mask.inputs(); q++) {
                float sum = 0;
                for (int n = 0; n < x.length; n++) {
                    if (mask.keeps(n, j, q)) {
                        sum = Math.fma(dy[n][j], x[n][q], sum);
                    }
                }
                dw[j][q] = sum * s;
            }
        }
        return dw;
    }

    static boolean sameBits(double p) {
        double scale = 1 / (1 - p);
        return Math.scalb(1, Math.getExponent(scale)) == scale;
    }
}
