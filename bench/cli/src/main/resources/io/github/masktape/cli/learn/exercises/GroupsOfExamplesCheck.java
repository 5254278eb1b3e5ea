// SPDX-License-Identifier: Apache-2.0
/*
 * 1. Within a group, m is the same for all: the group adds m·(k·J) to the gradient.
 * 2. The variance of one group is (k·J)². The groups are independent, so their variances add up.
 * 3. There are N/k groups: N/k·(k·J)² = N·k·J².
 */
import io.github.masktape.cli.learn.Question;

public final class GroupsOfExamplesCheck implements Runnable {
    @Override
    public void run() {
        ask(1, 1, 1);
        ask(2, 1, 1);
        ask(2, 2, 1);
        ask(8, 2, 1);
        ask(8, 4, 1);
        ask(8, 8, 3);
    }

    private static void ask(int n, int k, double j) {
        Question.of("variance(" + n + ", " + k + ", " + j + ")")
                .withMistake(n * j * j, "That is right for groups of one. Examples of a group vary together.")
                .withMistake((double) n * n * j * j, "That is right if all share one mask. The groups are independent.")
                .withMistake(k * k * j * j, "That is the variance of one group. There are N/k of them.")
                .withMistake((double) n / k * j * j, "A group adds m·(k·J): its variance is (k·J)².")
                .withMistake(n * k * j, "J goes in as its square.")
                .expect(n * k * j * j, () -> GroupsOfExamples.variance(n, k, j));
    }
}
