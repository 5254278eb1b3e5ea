// SPDX-License-Identifier: Apache-2.0
/*
 * 1. A bias is a weight from an input that is always 1.
 * 2. Its term m·b has the mean b, as before.
 * 3. It adds p/(1 − p)·b² to the variance.
 */
import io.github.masktape.cli.learn.Question;
import java.util.Arrays;

public final class MaskedBiasAddsItsOwnVarianceCheck implements Runnable {
    @Override
    public void run() {
        ask(new double[] {0}, new double[] {0}, 2, 0.5);
        ask(new double[] {1}, new double[] {1}, 1, 0.5);
        ask(new double[] {1, 2, -1}, new double[] {1, 2, 3}, 3, 0.2);
    }

    private static void ask(double[] w, double[] x, double b, double p) {
        double sum = 0;
        double squares = 0;
        for (int q = 0; q < w.length; q++) {
            sum += w[q] * x[q];
            squares += w[q] * w[q] * x[q] * x[q];
        }
        double factor = p / (1 - p);
        String arguments = "(" + Arrays.toString(w) + ", " + Arrays.toString(x) + ", " + b + ", " + p + ")";
        Question.of("mean" + arguments)
                .withMistake(sum + (1 - p) * b, "m·b has the mean b: a kept bias is scaled too.")
                .withMistake(sum, "The bias is missing.")
                .expect(sum + b, () -> MaskedBiasAddsItsOwnVariance.mean(w, x, b, p));
        Question.of("variance" + arguments)
                .withMistake(factor * squares, "The masked bias varies too.")
                .withMistake(factor * squares + b * b, "The variance of m·b is p/(1 − p)·b².")
                .withMistake(factor * (squares + b), "b goes in as its square.")
                .expect(factor * (squares + b * b), () -> MaskedBiasAddsItsOwnVariance.variance(w, x, b, p));
    }
}
