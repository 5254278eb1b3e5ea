// SPDX-License-Identifier: Apache-2.0
/*
 * 1. m − 1 is the sign S[j][q]·U[n][j]·V[n][q].
 * 2. Multiply the signs of all eight entries: each S, each U and each V occurs twice.
 * 3. So the product of all eight is 1, and the eighth sign is the product of the other seven.
 */
import io.github.masktape.cli.learn.Question;
import java.util.Arrays;

public final class EightEntriesOfFlipoutCheck implements Runnable {
    @Override
    public void run() {
        for (int bits = 0; bits < 1 << 12; bits++) {
            double[][][] m = new double[2][2][2];
            for (int i = 0; i < 8; i++) {
                int n = i >> 2;
                int j = i >> 1 & 1;
                int q = i & 1;
                m[n][j][q] = 1 + sign(bits, 2 * j + q) * sign(bits, 4 + 2 * n + j) * sign(bits, 8 + 2 * n + q);
            }
            double right = m[1][1][1];
            m[1][1][1] = Double.NaN;
            Question.of("last(" + Arrays.deepToString(m) + ")")
                    .withMistake(2 - right, "The product of all eight signs is 1, not −1.")
                    .withMistake(Double.NaN, "Leave the unknown entry out of the product.")
                    .withMistake(Math.abs(right - 1), "That is the sign. The entry is 1 plus it.")
                    .withMistake(-1.0, "That is the sign. The entry is 1 plus it.")
                    .withHint("The eighth sign is the product of the other seven; a sign is m − 1.")
                    .expect(right, () -> EightEntriesOfFlipout.last(m));
        }
    }

    private static int sign(int bits, int place) {
        return (bits >> place & 1) == 1 ? -1 : 1;
    }
}
