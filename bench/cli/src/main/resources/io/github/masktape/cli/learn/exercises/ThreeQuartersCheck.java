// SPDX-License-Identifier: Apache-2.0
/*
 * 1. The mean of a mask's entry must be 1: it is s with probability 1 − p, and 0 otherwise.
 * 2. So s·(1 − p) = 1.
 * 3. A layer has inputs·outputs connections, each kept with probability 1 − p.
 */
import io.github.masktape.cli.learn.Question;

public final class ThreeQuartersCheck implements Runnable {
    @Override
    public void run() {
        for (double p : new double[] {0, 0.5, 0.75, 0.2}) {
            Question.of("scale(" + p + ")")
                    .withMistake(1 / p, "p is the probability to drop. Divide by the probability to keep.")
                    .withMistake(1 - p, "The scale makes up for what is dropped: it is at least 1.")
                    .withMistake(1.0, "Without a scale the mean of the output would shrink by the factor 1 − p.")
                    .expect(1 / (1 - p), () -> ThreeQuarters.scale(p));
            Question.of("kept(" + p + ", 40, 10)")
                    .withMistake(p * 400, "That many are dropped.")
                    .withMistake(400.0, "The scale is not part of the count.")
                    .expect((1 - p) * 400, () -> ThreeQuarters.kept(p, 40, 10));
        }
    }
}
