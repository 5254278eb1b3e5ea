// SPDX-License-Identifier: Apache-2.0
/*
 * 1. word << lane moves the lane's bit to the top.
 * 2. >> 31 copies the top bit into all others; >>> 31 would leave a single one.
 * 3. Float.intBitsToFloat(select(word, lane) & Float.floatToRawIntBits(weight)); then Math.fma(dy[j], seen, sum), j ascending.
 */
import io.github.masktape.cli.learn.Question;
import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.RandomStream;

public final class OneIntForThirtyTwoLanesCheck implements Runnable {
    @Override
    public void run() {
        select(0x80000000, 0, -1);
        select(0x80000000, 1, 0);
        select(0x00000001, 31, -1);
        select(0x00000001, 0, 0);
        select(0x50000000, 3, -1);
        seen(2.5f, 0x80000000, 0, 2.5f);
        seen(-2.5f, 0x80000000, 1, 0f);
        seen(Float.POSITIVE_INFINITY, 0, 5, 0f);
        gradient(1, 1);
        gradient(2, 3);
        gradient(19, 32);
    }

    private static void select(int word, int lane, int right) {
        Question.of(String.format("select(0x%08X, %d)", word, lane))
                .withMistake(1, ">>> 31 leaves a single one. >> 31 copies the top bit into all others.")
                .withMistake(word >> lane >> 31, "Shift to the left: the lane's bit must come to the top.")
                .withMistake(word << lane, "Now copy the top bit into all others: >> 31.")
                .withHint("Lane 0 is the topmost bit, lane 31 the lowest.")
                .expect(right, () -> OneIntForThirtyTwoLanes.select(word, lane));
    }

    private static void seen(float weight, int word, int lane, float right) {
        Question.of(String.format("seen(%s, 0x%08X, %d)", weight, word, lane))
                .withTolerance(0)
                .withMistake(-0f, "+0.0f is wanted: multiplying by 0 keeps the sign. Select the bits instead.")
                .withMistake(Float.NaN, "0·∞ is NaN. Select the bits instead of multiplying.")
                .withHint("Float.intBitsToFloat(select(word, lane) & Float.floatToRawIntBits(weight)).")
                .expect(right, () -> OneIntForThirtyTwoLanes.seen(weight, word, lane));
    }

    private static void gradient(int l, int d) {
        RandomStream random = new RandomStream(l);
        Mask mask = Mask.bernoulli(1, l, d, 0.2, 1);
        float[] dy = new float[l];
        float[][] w = new float[l][d];
        int[] words = new int[l];
        float[] right = new float[d];
        float[] rounded = new float[d];
        float[] dense = new float[d];
        for (int j = 0; j < l; j++) {
            dy[j] = (float) random.nextGaussian();
            for (int q = 0; q < d; q++) {
                w[j][q] = (float) random.nextGaussian() * 1.25f;
                words[j] |= mask.keeps(0, j, q) ? Integer.MIN_VALUE >>> q : 0;
                float seen = mask.keeps(0, j, q) ? w[j][q] : 0;
                right[q] = Math.fma(dy[j], seen, right[q]);
                rounded[q] += dy[j] * seen;
                dense[q] = Math.fma(dy[j], w[j][q], dense[q]);
            }
        }
        Question.of("inputGradient of " + l + " outputs, " + d + " inputs")
                .withTolerance(0)
                .withMistake(rounded, "Round once a term: Math.fma.")
                .withMistake(dense, "The words are not used.")
                .withHint("dx[q] = Σ dy[j]·seen(w[j][q], words[j], q), j ascending, with Math.fma.")
                .expect(right, () -> OneIntForThirtyTwoLanes.inputGradient(dy, w, words));
    }
}
