// SPDX-License-Identifier: Apache-2.0
/*
 * 1. Write leaky(u) as a multiple of u plus a multiple of relu(u).
 * 2. For negative u relu(u) is 0, so the multiple of u is α. For positive u both together must give 1.
 * 3. leaky(u) = α·u + (1 − α)·relu(u), and means add up.
 */
import io.github.masktape.cli.learn.Question;
import io.github.masktape.tensor.Activation;
import io.github.masktape.tensor.Tensor;

public final class LeakyReluIsReluAndALineCheck implements Runnable {
    @Override
    public void run() {
        ask(0.25, -2, 1);
        ask(0, 0, 1);
        ask(1, -2, 1);
        ask(0.1, 0, 1);
        ask(0.1, -0.5, 2);
        ask(0.3, 2, 0.5);
    }

    private static void ask(double alpha, double mean, double variance) {
        double relu = Tensor.scalar(mean)
                .expected(Activation.RELU, Tensor.scalar(variance))
                .item();
        Question.of("expected(" + alpha + ", " + mean + ", " + relu + ")")
                .withMistake(alpha * mean + relu, "For positive u that is (1 + α)·u: the slope must be 1.")
                .withMistake(Math.max(mean, alpha * mean), "That is leaky(μ). The mean is taken after the activation.")
                .withMistake(relu, "Negative u count too, with the slope α.")
                .withMistake(alpha * relu + (1 - alpha) * mean, "The two slopes are exchanged: for negative u it is α.")
                .expect(alpha * mean + (1 - alpha) * relu, () -> LeakyReluIsReluAndALine.expected(alpha, mean, relu));
    }
}
