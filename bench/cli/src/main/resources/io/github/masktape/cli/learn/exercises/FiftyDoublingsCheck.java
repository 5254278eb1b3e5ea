// SPDX-License-Identifier: Apache-2.0
/*
 * 1. Without any doubling the result is x. Its derivative is 1, and the tape holds one node.
 * 2. A doubling multiplies the derivative by 2, and adds one node.
 * 3. There are 2⁵⁰ ways through the tape after 50 doublings. Backward follows none of them: it adds up all that comes to a
 *    node, and goes on from there once.
 */
import io.github.masktape.cli.learn.Question;

public final class FiftyDoublingsCheck implements Runnable {
    @Override
    public void run() {
        for (int doublings : new int[] {0, 1, 2, 50}) {
            Question.of("derivative(" + doublings + ")")
                    .withMistake(2.0 * doublings, "Each doubling multiplies the derivative by 2; it does not add 2.")
                    .withMistake((double) doublings, "Each doubling multiplies the derivative by 2.")
                    .withMistake((double) (1 << doublings), "An int overflows: 1 << 50 is 1 << 18. Use a double or a long.")
                    .expect(Math.pow(2, doublings), () -> FiftyDoublings.derivative(doublings));
            Question.of("nodes(" + doublings + ")")
                    .withMistake(doublings, "The input is a node too.")
                    .withMistake(1L << doublings, "That is the number of ways through the tape. Each sum is one node.")
                    .expect(doublings + 1L, () -> FiftyDoublings.nodes(doublings));
        }
    }
}
