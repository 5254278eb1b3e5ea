// SPDX-License-Identifier: Apache-2.0
/*
 * 1. A connection has a gradient if at least one example keeps it.
 * 2. So all examples must drop it. Independent probabilities multiply.
 * 3. A shared mask drops it in all examples or in none.
 */
import io.github.masktape.cli.learn.Question;

public final class NoGradientAtAllCheck implements Runnable {
    @Override
    public void run() {
        for (int n : new int[] {1, 2, 4}) {
            for (double p : new double[] {0.5, 0.25}) {
                String arguments = "(" + p + ", " + n + ")";
                Question.of("ownMasks" + arguments)
                        .withMistake(1 - Math.pow(1 - p, n), "That is the probability that at least one example drops it.")
                        .withMistake(Math.pow(1 - p, n), "That is the probability that all examples keep it.")
                        .withMistake(p * n, "Probabilities of independent events multiply.")
                        .withMistake(p, "All examples must drop it, each with its own mask.")
                        .expect(Math.pow(p, n), () -> NoGradientAtAll.ownMasks(p, n));
                Question.of("sharedMask" + arguments)
                        .withMistake(Math.pow(p, n), "One mask is drawn, not " + n + ".")
                        .expect(p, () -> NoGradientAtAll.sharedMask(p, n));
            }
        }
    }
}
