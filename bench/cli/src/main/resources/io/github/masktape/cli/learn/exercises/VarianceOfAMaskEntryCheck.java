// SPDX-License-Identifier: Apache-2.0
/*
 * 1. The variance is the mean of m², less the square of the mean of m, which is 1.
 * 2. The mean of m² is (1 − p)·1/(1 − p)².
 * 3. So Var(m) = 1/(1 − p) − 1 = p/(1 − p). For p = ½ that is 1.
 */
import io.github.masktape.cli.learn.Question;

public final class VarianceOfAMaskEntryCheck implements Runnable {
    @Override
    public void run() {
        for (double p : new double[] {0, 0.5, 0.25, 0.9}) {
            Question.of("variance(" + p + ")")
                    .withMistake(p * (1 - p), "That is the variance of a coin with the values 0 and 1; m is 1/(1 − p).")
                    .withMistake((1 - p) / p, "p is the probability to drop: with p = 0 nothing varies.")
                    .withMistake(1 / (1 - p), "That is the mean of m². Subtract the square of the mean, which is 1.")
                    .withMistake(Math.sqrt(p / (1 - p)), "That is the standard deviation, the root of the variance.")
                    .expect(p / (1 - p), () -> VarianceOfAMaskEntry.variance(p));
        }
        Question.byHand("nineTimes()")
                .withMistake(0.1, "That keeps nearly everything. Try 1 − p.")
                .withMistake(4.5, "A probability is at most 1: solve p/(1 − p) = 9.")
                .withHint("Solve p/(1 − p) = 9.")
                .expect(0.9, VarianceOfAMaskEntry::nineTimes);
    }
}
