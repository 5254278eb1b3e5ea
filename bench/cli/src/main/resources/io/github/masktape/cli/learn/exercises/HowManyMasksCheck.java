// SPDX-License-Identifier: Apache-2.0
/*
 * 1. n coins have 2ⁿ results.
 * 2. A layer has inputs·outputs connections.
 * 3. Connections that leave the same input share a coin of Dropout: both are dropped, or none.
 */
import io.github.masktape.cli.learn.Question;

public final class HowManyMasksCheck implements Runnable {
    @Override
    public void run() {
        for (int[] size : new int[][] {{1, 2}, {3, 2}, {10, 4}}) {
            int inputs = size[0];
            int outputs = size[1];
            String arguments = "(" + inputs + ", " + outputs + ")";
            Question.of("dropoutMasks" + arguments)
                    .withMistake(Math.pow(2, outputs), "Dropout here drops inputs, not outputs.")
                    .withMistake(2.0 * inputs, "Coins multiply the number of masks: 2 for each.")
                    .withMistake(Math.pow(2, inputs * outputs), "That is DropConnect: a coin for each connection.")
                    .expect(Math.pow(2, inputs), () -> HowManyMasks.dropoutMasks(inputs, outputs));
            Question.of("dropConnectMasks" + arguments)
                    .withMistake(Math.pow(2, inputs + outputs), "A layer has inputs·outputs connections.")
                    .withMistake(Math.pow(2, inputs), "That is Dropout: a coin for each input.")
                    .withMistake(1 << (inputs * outputs), "An int overflows. Use Math.pow.")
                    .expect(Math.pow(2, inputs * outputs), () -> HowManyMasks.dropConnectMasks(inputs, outputs));
        }
        for (double p : new double[] {0.5, 0.2}) {
            Question.of("dropoutDropsBoth(" + p + ")")
                    .withMistake(p * p, "Both hang on the same coin.")
                    .expect(p, () -> HowManyMasks.dropoutDropsBoth(p));
            Question.of("dropConnectDropsBoth(" + p + ")")
                    .withMistake(p, "Each connection has a coin of its own.")
                    .withMistake(2 * p, "Probabilities of independent events multiply.")
                    .expect(p * p, () -> HowManyMasks.dropConnectDropsBoth(p));
        }
    }
}
