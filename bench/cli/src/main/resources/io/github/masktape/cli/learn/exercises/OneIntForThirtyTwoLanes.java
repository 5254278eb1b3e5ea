// SPDX-License-Identifier: Apache-2.0
/*
 * One int for 32 lanes
 *
 *   dx[n][q] = Σ dy[n][j]·(s·w[j][q]) over the outputs j that keep it      j ascending, one Math.fma a term
 *
 * Here lanes run along inputs, and one int holds the bits of 32 inputs: its topmost bit is input 0. For each lane, make an int
 * of 32 equal bits from the lane's own bit, and let it select the weight without a branch.
 */
class OneIntForThirtyTwoLanes {
    /** −1 (32 ones) if this lane's bit of the word is set, else 0; lane 0 is the topmost bit. */
    static int select(int word, int lane) {
        return 0;
    }

    /** The weight if this lane's bit is set, else +0.0f: Float.floatToRawIntBits and back, with &. */
    static float seen(float weight, int word, int lane) {
        return 0;
    }

    /**
     * One row of dx, for at most 32 inputs.
     *
     * @param dy l numbers
     * @param scaledWeights s·w, l rows
     * @param words the word of each output
     */
    static float[] inputGradient(float[] dy, float[][] scaledWeights, int[] words) {
        return new float[scaledWeights[0].length];
    }
}
