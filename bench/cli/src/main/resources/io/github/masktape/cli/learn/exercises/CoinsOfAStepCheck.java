// SPDX-License-Identifier: Apache-2.0
/*
 * 1. Ask which of the three indices a coin depends on: example, output, input.
 * 2. Multiply the sizes of these indices.
 * 3. With a single output, coin[n, q] and coin[n, 0, q] are the same thing.
 */
import io.github.masktape.cli.learn.Question;

public final class CoinsOfAStepCheck implements Runnable {
    @Override
    public void run() {
        for (long[] c : new long[][] {{1, 2, 3}, {5, 2, 1}, {128, 800, 100}}) {
            long n = c[0];
            long d = c[1];
            long l = c[2];
            String arguments = "(" + n + ", " + d + ", " + l + ")";
            Question.of("dropConnect" + arguments)
                    .withMistake(d * l, "Each example has coins of its own.")
                    .withMistake(n * d, "Each output has coins of its own.")
                    .expect(n * d * l, () -> CoinsOfAStep.dropConnect(n, d, l));
            Question.of("dropout" + arguments)
                    .withMistake(d, "Each example has coins of its own.")
                    .withMistake(n * l, "Dropout drops inputs here: the outputs share the coins.")
                    .withMistake(n * d * l, "All outputs share the coin of an input.")
                    .expect(n * d, () -> CoinsOfAStep.dropout(n, d, l));
            Question.of("perBatch" + arguments)
                    .withMistake(n * d * l, "All examples share the mask.")
                    .expect(d * l, () -> CoinsOfAStep.perBatch(n, d, l));
        }
        for (long[] c : new long[][] {{1, 1}, {1, 2}, {5, 1}, {5, 4}}) {
            Question.of("same(" + c[0] + ", " + c[1] + ")")
                    .withHint(
                            c[1] == 1
                                    ? "With a single output, a constant column is a single entry."
                                    : "Two connections that leave the same input share a coin of Dropout.")
                    .expect(c[1] == 1, () -> CoinsOfAStep.same(c[0], c[1]));
        }
    }
}
