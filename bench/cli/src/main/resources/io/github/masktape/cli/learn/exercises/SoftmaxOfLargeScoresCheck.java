// SPDX-License-Identifier: Apache-2.0
/*
 * 1. e^(z + c) = e^c · e^z: the factor e^c is above and below the fraction line, and cancels.
 * 2. Choose c so that the largest exponent becomes 0. Then no exponential exceeds 1, and the sum is at least 1.
 * 3. First find the largest score. Then use Math.exp(z[k] - largest).
 */
import io.github.masktape.cli.learn.Question;
import java.util.Arrays;

public final class SoftmaxOfLargeScoresCheck implements Runnable {
    private static final double E = Math.E;

    @Override
    public void run() {
        ask(new double[] {0}, 1);
        ask(new double[] {0, Math.log(3)}, 0.25, 0.75);
        ask(new double[] {1, 0, 0}, E / (E + 2), 1 / (E + 2), 1 / (E + 2));
        ask(new double[] {1000, 1001}, 1 / (1 + E), E / (1 + E));
        ask(new double[] {-1001, -1000}, 1 / (1 + E), E / (1 + E));
        ask(new double[] {-1000, 1000}, 0, 1);
    }

    private static void ask(double[] z, double... right) {
        double[] copy = z.clone();
        Question question = Question.of("softmax(" + Arrays.toString(z) + ")");
        double[] p = question.answer(() -> SoftmaxOfLargeScores.softmax(copy));
        for (double entry : p) {
            if (Double.isNaN(entry)) {
                throw question.wrong(
                        p,
                        z[0] > 0
                                ? "exp overflowed: infinity/infinity is NaN. Subtract a number from all scores first."
                                : "All exponentials are 0, and 0/0 is NaN. Subtract the largest score, not a fixed number"
                                        + " or the absolute value.");
            }
        }
        question.withHint("All entries must be positive and add up to 1; p[k] is proportional to exp(z[k]).")
                .expect(right, () -> p);
    }
}
