// SPDX-License-Identifier: Apache-2.0
/*
 * 1. Each y[n][j] must meet its terms in the order q = 0, 1, 2, …; what happens between two of its terms does not matter.
 * 2. So keep one running sum for each y[n][j], and go on with it in the next block.
 * 3. The last block may be shorter: it ends at Math.min(start + block, d).
 */
import io.github.masktape.cli.learn.Question;
import io.github.masktape.tensor.RandomStream;

public final class BlocksWithOutputsInsideCheck implements Runnable {
    @Override
    public void run() {
        ask(1, 1, 1, 1);
        ask(1, 2, 1, 1);
        ask(2, 4, 3, 2);
        ask(2, 5, 3, 2);
        ask(7, 37, 19, 8);
    }

    private static void ask(int n, int d, int l, int block) {
        float[][] x = numbers(n, d, 1);
        float[][] w = numbers(l, d, 2);
        Question.of("product of " + n + "×" + d + " and " + l + "×" + d + " in blocks of " + block)
                .withTolerance(0)
                .withMistake(product(x, w, d, false), "Round once a term: use Math.fma(a, b, sum), not a * b + sum.")
                .withMistake(product(x, w, d / block * block, true), "The last block is shorter than the others, and is missing.")
                .withMistake(blockwise(x, w, block), "Each block starts a new sum at 0. Go on with the sum of the block before.")
                .withHint("Each y[n][j] is one running sum over all q, ascending.")
                .expect(product(x, w, d, true), () -> BlocksWithOutputsInside.product(x, w, block));
    }

    private static float[][] product(float[][] x, float[][] w, int d, boolean fma) {
        float[][] y = new float[x.length][w.length];
        for (int n = 0; n < x.length; n++) {
            for (int j = 0; j < w.length; j++) {
                for (int q = 0; q < d; q++) {
                    y[n][j] = fma ? Math.fma(x[n][q], w[j][q], y[n][j]) : x[n][q] * w[j][q] + y[n][j];
                }
            }
        }
        return y;
    }

    private static float[][] blockwise(float[][] x, float[][] w, int block) {
        float[][] y = new float[x.length][w.length];
        for (int start = 0; start < w[0].length; start += block) {
            for (int n = 0; n < x.length; n++) {
                for (int j = 0; j < w.length; j++) {
                    float sum = 0;
                    for (int q = start; q < Math.min(start + block, w[0].length); q++) {
                        sum = Math.fma(x[n][q], w[j][q], sum);
                    }
                    y[n][j] += sum;
                }
            }
        }
        return y;
    }

    private static float[][] numbers(int rows, int columns, long seed) {
        RandomStream random = new RandomStream(seed);
        float[][] numbers = new float[rows][columns];
        for (float[] row : numbers) {
            for (int i = 0; i < columns; i++) {
                row[i] = (float) random.nextGaussian();
            }
        }
        return numbers;
    }
}
