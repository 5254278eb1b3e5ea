// SPDX-License-Identifier: Apache-2.0
/*
 * 1. What leaves the hidden units is relu(0) = 0. So the gradient of W₂, Σ dy·h, is 0.
 * 2. What goes back to the hidden units is W₂ᵀ dy = 0. So nothing arrives at W₁ and b₁.
 * 3. The gradient of b₂ is the mean of p − t over the examples, with p = [½, ½] in the first step. It is 0 when p is the
 *    share of each class.
 */
import io.github.masktape.cli.learn.Question;

public final class ZerosLearnNothingCheck implements Runnable {
    @Override
    public void run() {
        Question.byHand("isZero()")
                .withMistake(
                        new boolean[] {true, true, false, false},
                        "The gradient of W₂ is Σ dy·h, where h = relu(0) leaves the hidden units.")
                .withMistake(new boolean[] {true, true, true, true}, "b₂ is added after W₂: something arrives at it.")
                .withMistake(
                        new boolean[] {true, false, true, false},
                        "What reaches the hidden units is W₂ᵀ dy, and W₂ is 0. So nothing arrives at b₁ either.")
                .withHint("Go backwards from y. Which products have a factor that is 0?")
                .expect(new boolean[] {true, true, true, false}, ZerosLearnNothing::isZero);
        for (int[] n : new int[][] {{1, 1}, {1, 0}, {30, 10}}) {
            double share = n[0] / (double) (n[0] + n[1]);
            String counts = "(" + n[0] + ", " + n[1] + ")";
            Question.of("db2" + counts)
                    .withMistake(new double[] {share - 0.5, 0.5 - share}, "The sign: the gradient is p − t.")
                    .withMistake(
                            new double[] {(n[1] - n[0]) / 2.0, (n[0] - n[1]) / 2.0},
                            "The loss is a mean over examples: divide by their number.")
                    .withHint("It is the mean of p − t over the examples, with p = [½, ½].")
                    .expect(new double[] {0.5 - share, share - 0.5}, () -> ZerosLearnNothing.db2(n[0], n[1]));
            Question.of("learned" + counts)
                    .withMistake(0.5, "b₂ has learned something: how frequent the classes are.")
                    .withMistake(1 - share, "That is the share of class 1.")
                    .expect(share, () -> ZerosLearnNothing.learned(n[0], n[1]));
        }
    }
}
