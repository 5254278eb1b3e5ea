// SPDX-License-Identifier: Apache-2.0
/*
 * 1. Which mask makes u smallest?
 * 2. The one that keeps all negative terms and drops all others.
 * 3. A kept term is w[q]·x[q]/(1 − p). The bias must make up for the sum of the negative ones.
 */
import io.github.masktape.cli.learn.Question;
import java.util.Arrays;

public final class MeanIsRightIfNoMaskChangesTheSignCheck implements Runnable {
    @Override
    public void run() {
        ask(new double[] {1}, new double[] {2}, 0.5, 0);
        ask(new double[] {-1}, new double[] {2}, 0.5, 4);
        ask(new double[] {1, -1}, new double[] {3, 1}, 0.5, 2);
        ask(new double[] {1, 2, -1}, new double[] {1, 2, 3}, 0.2, 3.75);
        ask(new double[] {-1, 2, -1}, new double[] {1, -2, 3}, 0.2, 10);
    }

    private static void ask(double[] w, double[] x, double p, double right) {
        double sum = 0;
        for (int q = 0; q < w.length; q++) {
            sum += w[q] * x[q];
        }
        Question.of("smallestBias(" + Arrays.toString(w) + ", " + Arrays.toString(x) + ", " + p + ")")
                .withMistake(right * (1 - p), "A kept term is scaled by 1/(1 − p).")
                .withMistake(-right, "The bias makes up for the negative terms: it is not negative itself.")
                .withMistake(-sum / (1 - p), "The worst mask drops the positive terms and keeps the negative ones.")
                .withMistake(Math.max(0, -sum), "That makes μ at least 0. Some masks still make u negative.")
                .withMistake(Math.max(0, -sum / (1 - p)), "The worst mask drops the positive terms and keeps the negative ones.")
                .expect(right, () -> MeanIsRightIfNoMaskChangesTheSign.smallestBias(w, x, p));
    }
}
