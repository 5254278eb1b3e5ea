// SPDX-License-Identifier: Apache-2.0
/*
 * 1. The product c·x sends dy·c to x, and dy·x to c. Here dy = 1.
 * 2. So x first receives c = 4, and c receives 2.
 * 3. The product x·x sends dc·x = 2·2 to its left side, and the same to its right side.
 */
import io.github.masktape.cli.learn.Question;

public final class UsedThreeTimesCheck implements Runnable {
    @Override
    public void run() {
        Question.byHand("shares()")
                .withMistake(
                        new double[] {4, 2, 2},
                        "What arrives at c is 2, not 1: multiply it with x for each side of x·x.")
                .withMistake(new double[] {2, 4, 4}, "The product c·x sends x what stands beside it, which is c = 4.")
                .withMistake(new double[] {4, 8, 0}, "x·x has two sides, and each sends a share of its own.")
                .withHint("A product sends each side dy times the other side.")
                .expect(new double[] {4, 4, 4}, UsedThreeTimes::shares);
        Question.byHand("sum()")
                .withMistake(8.0, "That is the value of x³, not its derivative.")
                .withHint("The derivative of x³ is 3·x².")
                .expect(12.0, UsedThreeTimes::sum);
    }
}
