// SPDX-License-Identifier: Apache-2.0
/*
 * 1. The mean of m is 1, so μ is what the layer computes without a mask.
 * 2. Var(m) = p/(1 − p). A factor c in front of m multiplies the variance by c².
 * 3. σ² = p/(1 − p)·Σ (w[q]·x[q])². The bias does not vary.
 */
import io.github.masktape.cli.learn.Question;
import java.util.Arrays;

public final class MeanAndVarianceByHandCheck implements Runnable {
    @Override
    public void run() {
        ask(new double[] {1}, new double[] {1}, 0, 0.5);
        ask(new double[] {2}, new double[] {3}, 0, 0.2);
        ask(new double[] {2, -1}, new double[] {1, 3}, 0, 0.5);
        ask(new double[] {1, 2, -1}, new double[] {1, 2, 3}, 1, 0.2);
    }

    private static void ask(double[] w, double[] x, double b, double p) {
        double sum = 0;
        double squares = 0;
        for (int q = 0; q < w.length; q++) {
            sum += w[q] * x[q];
            squares += w[q] * w[q] * x[q] * x[q];
        }
        double mean = sum + b;
        double variance = p / (1 - p) * squares;
        double factor = p / (1 - p);
        String arguments = "(" + Arrays.toString(w) + ", " + Arrays.toString(x) + ", " + b + ", " + p + ")";
        Question.of("mean" + arguments)
                .withMistake(sum * (1 - p) + b, "A kept connection is scaled by 1/(1 − p), so the mean of m is 1.")
                .withMistake(sum / (1 - p) + b, "That is u if nothing is dropped. The mean of m is 1.")
                .withMistake(sum, "The bias is missing.")
                .expect(mean, () -> MeanAndVarianceByHand.mean(w, x, b, p));
        Question.of("variance" + arguments)
                .withMistake(squares, "The variance of m is p/(1 − p), not 1.")
                .withMistake(p * (1 - p) * squares, "p·(1 − p) is the variance of a coin; m is scaled by 1/(1 − p).")
                .withMistake(factor * sum * sum, "The connections are dropped independently: square each term, then add.")
                .withMistake(Math.sqrt(variance), "That is σ, not σ².")
                .withMistake(variance + b * b, "The bias is not masked: it does not vary.")
                .expect(variance, () -> MeanAndVarianceByHand.variance(w, x, b, p));
    }
}
