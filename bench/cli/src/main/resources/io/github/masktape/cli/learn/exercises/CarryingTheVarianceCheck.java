// SPDX-License-Identifier: Apache-2.0
/*
 * 1. The variance of a product is its mean square, less the square of its mean.
 * 2. m and v are independent, so the mean square of m·v is that of m, 1/(1 − p), times that of v, μ² + t.
 * 3. The variance of a term is w²·((μ² + t)/(1 − p) − μ²). Independent terms add up.
 */
import io.github.masktape.cli.learn.Question;

public final class CarryingTheVarianceCheck implements Runnable {
    @Override
    public void run() {
        for (double[] c : new double[][] {{1, 1, 0, 0.5}, {1, 2, 1, 0.5}, {2, 1, 3, 0}, {-2, 3, 0.5, 0.2}}) {
            double w = c[0];
            double mean = c[1];
            double t = c[2];
            double p = c[3];
            Question.of("term(" + w + ", " + mean + ", " + t + ", " + p + ")")
                    .withMistake(w * w * p / (1 - p) * mean * mean, "That is right if v does not vary, t = 0.")
                    .withMistake(w * w * t, "That is right if nothing is dropped.")
                    .withMistake(w * w * (mean * mean + t) / (1 - p), "That is the mean square. Subtract (w·μ)².")
                    .withMistake(
                            w * w * (p / (1 - p) * mean * mean + t),
                            "The mask multiplies what varies, too: t is divided by 1 − p.")
                    .withMistake(right(w, mean, t, p) / w, "w goes in as its square.")
                    .expect(right(w, mean, t, p), () -> CarryingTheVariance.term(w, mean, t, p));
        }
        double[] w = {1, -2};
        double[] mean = {3, 0.5};
        double[] t = {1, 2};
        Question.of("sum([1, -2], [3, 0.5], [1, 2], 0.5)")
                .withMistake(right(1, 3, 1, 0.5), "The second term is missing.")
                .withHint("The terms are independent: their variances add up.")
                .expect(right(1, 3, 1, 0.5) + right(-2, 0.5, 2, 0.5), () -> CarryingTheVariance.sum(w, mean, t, 0.5));
    }

    private static double right(double w, double mean, double t, double p) {
        return w * w * ((mean * mean + t) / (1 - p) - mean * mean);
    }
}
