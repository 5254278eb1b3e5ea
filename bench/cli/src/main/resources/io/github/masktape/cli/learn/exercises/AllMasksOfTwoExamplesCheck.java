// SPDX-License-Identifier: Apache-2.0
/*
 * 1. The four gradients are 0, 2·J₀, 2·J₁ and 2·J₀ + 2·J₁. Their mean is J₀ + J₁.
 * 2. The variance is the mean of the squared distances from the mean. Divide by 4, the number of pairs.
 * 3. The result is J₀² + J₁². With a shared mask there are two gradients, 0 and 2·(J₀ + J₁).
 */
import io.github.masktape.cli.learn.Question;

public final class AllMasksOfTwoExamplesCheck implements Runnable {
    @Override
    public void run() {
        for (double[] j : new double[][] {{1, 0}, {1, 1}, {1, -1}, {3, 2}}) {
            double own = j[0] * j[0] + j[1] * j[1];
            double shared = (j[0] + j[1]) * (j[0] + j[1]);
            String arguments = "(" + j[0] + ", " + j[1] + ")";
            Question.of("ownMasks" + arguments)
                    .withMistake(own / 4, "A kept entry is 2, not 1.")
                    .withMistake(own * 4 / 3, "Divide by 4, the number of pairs: these are all masks, not a sample.")
                    .withMistake(own + shared, "That is the mean of g². Subtract the square of the mean.")
                    .withMistake(shared, "That is right for a shared mask.")
                    .expect(own, () -> AllMasksOfTwoExamples.ownMasks(j[0], j[1]));
            Question.of("sharedMask" + arguments)
                    .withMistake(own, "That is right for masks of their own. A shared mask leaves two gradients: 0 and"
                            + " 2·(J₀ + J₁).")
                    .withMistake(shared / 4, "A kept entry is 2, not 1.")
                    .expect(shared, () -> AllMasksOfTwoExamples.sharedMask(j[0], j[1]));
        }
    }
}
