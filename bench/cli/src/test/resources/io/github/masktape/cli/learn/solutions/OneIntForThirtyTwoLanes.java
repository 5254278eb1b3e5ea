// SPDX-License-Identifier: Apache-2.0
class OneIntForThirtyTwoLanes {
    static int select(int word, int lane) {
        return (word << lane) >> 31;
    }

    static float seen(float weight, int word, int lane) {
        return Float.intBitsToFloat(select(word, lane) & Float.floatToRawIntBits(weight));
    }

    static float[] inputGradient(float[] dy, float[][] scaledWeights, int[] words) {
        float[] dx = new float[scaledWeights[0].length];
        for (int j = 0; j < dy.length; j++) {
            for (int q = 0; q < dx.length; q++) {
                dx[q] = Math.fma(dy[j], seen(scaledWeights[j][q], words[j], q), dx[q]);
            }
        }
        return dx;
    }
}
