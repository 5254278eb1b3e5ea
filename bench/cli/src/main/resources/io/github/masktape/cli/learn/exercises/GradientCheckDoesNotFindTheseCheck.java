// SPDX-License-Identifier: Apache-2.0
/*
 * 1. One mutant multiplies forwards and backwards by the same wrong number.
 * 2. The law gives the masks itself. It sees neither how masks are drawn nor what happens in inference.
 * 3. Five mutants are about drawing masks or ignoring them, four about inference.
 */
import io.github.masktape.cli.learn.Question;
import io.github.masktape.conformance.Conformance;
import io.github.masktape.conformance.Verdict;
import io.github.masktape.conformance.zoo.Zoo;
import java.util.Set;
import java.util.TreeSet;

public final class GradientCheckDoesNotFindTheseCheck implements Runnable {
    private static final int TRIES = 30;
    private static final String LAW = "everyGradientAgreesWithDifferencesOfTheOutputs";

    @Override
    public void run() {
        Question first = Question.byHand("wrongValue()");
        Set<String> given = new TreeSet<>(first.answer(GradientCheckDoesNotFindThese::wrongValue));
        if (!given.equals(Set.of("ScaledTwice"))) {
            throw first.wrong(
                    given,
                    given.contains("UnscaledGradient")
                            ? "UnscaledGradient leaves the value right and the gradient wrong: the law finds it."
                            : "Which one makes the same mistake forwards and backwards?");
        }
        Set<String> right = new TreeSet<>();
        for (Zoo.Mutant mutant : Zoo.mutants()) {
            if (Conformance.check(LAW, mutant.implementation(), TRIES).verdict() == Verdict.HOLDS) {
                right.add(mutant.implementation().name());
            }
        }
        right.remove("ScaledTwice");
        Question second = Question.byHand("elsewhere()");
        Set<String> others = new TreeSet<>(second.answer(GradientCheckDoesNotFindThese::elsewhere));
        for (String name : others) {
            if (!right.contains(name)) {
                throw second.wrong(others, name + " does not belong here: the law finds it, or it has a wrong value.");
            }
        }
        if (!others.equals(right)) {
            throw second.wrong(
                    others,
                    (right.size() - others.size()) + " are missing. "
                            + (others.contains("MaskIgnoredInTraining")
                                    ? "Think of how masks are drawn, and of inference."
                                    : "Under given masks, MaskIgnoredInTraining uses them: its layer does not."));
        }
    }
}
