// SPDX-License-Identifier: Apache-2.0
/*
 * 1. dy is m×n and da is m×k. Only dy · bᵀ has that shape.
 * 2. The entry a[i][k] occurs in y[i][j] for every j, at the rate b[k][j].
 * 3. So da[i][k] = Σⱼ dy[i][j]·b[k][j].
 */
import io.github.masktape.cli.learn.Question;
import java.util.Arrays;

public final class MatmulRuleCheck implements Runnable {
    @Override
    public void run() {
        ask(new double[][] {{2}}, new double[][] {{3}});
        ask(new double[][] {{1, 2}, {3, 4}}, new double[][] {{5, 6}, {7, 8}});
        ask(new double[][] {{1, 2}}, new double[][] {{3, 4}});
        ask(new double[][] {{1, 2, 3, 4}, {0, -1, 1, 2}}, new double[][] {{1, 0, 2, 1}, {5, 1, 1, 0}, {1, 1, -1, 3}});
    }

    private static void ask(double[][] dy, double[][] b) {
        Question question =
                Question.of("da(" + Arrays.deepToString(dy) + ", " + Arrays.deepToString(b) + ")");
        if (b.length == b[0].length && b.length > 1) {
            question = question.withMistake(product(dy, b, false), "That is dy · b. a[i][k] meets b[k][j], so b is transposed.");
        }
        question.withMistake(last(dy, b), "Only the last term is left: add up with +=.")
                .withMistake(new double[dy.length][b.length], "No entry is set yet.")
                .withHint("da[i][k] = Σⱼ dy[i][j]·b[k][j].")
                .expect(product(dy, b, true), () -> MatmulRule.da(dy, b));
    }

    private static double[][] product(double[][] dy, double[][] b, boolean transposed) {
        double[][] da = new double[dy.length][b.length];
        for (int i = 0; i < dy.length; i++) {
            for (int k = 0; k < b.length; k++) {
                for (int j = 0; j < dy[i].length; j++) {
                    da[i][k] += dy[i][j] * (transposed ? b[k][j] : b[j][k]);
                }
            }
        }
        return da;
    }

    private static double[][] last(double[][] dy, double[][] b) {
        double[][] da = new double[dy.length][b.length];
        for (int i = 0; i < dy.length; i++) {
            for (int k = 0; k < b.length; k++) {
                da[i][k] = dy[i][dy[i].length - 1] * b[k][dy[i].length - 1];
            }
        }
        return da;
    }
}
