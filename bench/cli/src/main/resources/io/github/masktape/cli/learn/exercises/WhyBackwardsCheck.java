// SPDX-License-Identifier: Apache-2.0
/*
 * 1. A central difference computes the function twice: a little above and a little below.
 * 2. Backward starts at one result and adds up what comes to each node before it goes on.
 * 3. It therefore finds the derivatives of one result with respect to all inputs at once. Each further result needs a
 *    backward of its own.
 */
import io.github.masktape.cli.learn.Question;

public final class WhyBackwardsCheck implements Runnable {
    @Override
    public void run() {
        for (int count : new int[] {1, 2, 1000}) {
            Question.of("evaluations(" + count + ")")
                    .withMistake(count, "A central difference takes two values for each input.")
                    .withMistake(count + 1, "That is right for forward differences, which share f(x).")
                    .expect(2L * count, () -> WhyBackwards.evaluations(count));
            Question.of("visits(" + count + ")")
                    .withMistake(count, "One backward serves all inputs: it visits each node once.")
                    .expect(1L, () -> WhyBackwards.visits(count));
            Question.of("backwards(" + count + ")")
                    .withMistake(1, "Backward starts from one result. Each result needs its own.")
                    .expect((long) count, () -> WhyBackwards.backwards(count));
        }
    }
}
