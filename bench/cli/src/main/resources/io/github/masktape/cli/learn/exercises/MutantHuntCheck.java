// SPDX-License-Identifier: Apache-2.0
/*
 * 1. Begin with a training pass of two examples, one output and two inputs, with one connection dropped by both and p = 0.75,
 *    and compare y, dX, dW and db with numbers that you computed by hand. That catches five.
 * 2. Then draw masks of two examples, twice, with p = 0.2: count the zeros, look at the scale, compare the examples and the steps.
 * 3. Make a layer with w = 1 and x = 1, so that y shows its mask. Does the gradient fit? Is predict twice the same, and right,
 *    with a bias? Does a step after predict work?
 * 4. For inference take w with μ = 0 and a large σ: the mean of relu is about 0.4·σ.
 */
import io.github.masktape.cli.learn.Question;
import io.github.masktape.conformance.zoo.Zoo;
import java.util.List;

public final class MutantHuntCheck implements Runnable {
    @Override
    public void run() {
        Question.of("accepts(the right layer)")
                .withHint("Your test refuses a layer for which all laws hold. Is a tolerance too small, or a number wrong?")
                .expect(true, () -> MutantHunt.accepts(Zoo.plain()));
        List<Zoo.Mutant> mutants = Zoo.mutants();
        long caught = 0;
        Zoo.Mutant free = null;
        for (Zoo.Mutant mutant : mutants) {
            if (!Question.of("accepts(" + mutant.implementation().name() + ")")
                    .answer(() -> MutantHunt.accepts(mutant.implementation()))) {
                caught++;
            } else if (free == null) {
                free = mutant;
            }
        }
        if (free != null) {
            throw Question.of("accepts(" + free.implementation().name() + "), after " + caught + " of " + mutants.size()
                            + " mutants are caught,")
                    .wrong(true, "Its mistake: " + free.mistake() + ".");
        }
    }
}
