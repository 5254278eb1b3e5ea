// SPDX-License-Identifier: Apache-2.0
/*
 * 1. For which p are the probabilities to keep and to drop equal?
 * 2. The kit counts how many connections a mask drops.
 * 3. The laws about the masks are listed on the page of the conformance kit; one of them is dropProbability….
 */
import io.github.masktape.cli.learn.Question;
import io.github.masktape.conformance.Conformance;
import io.github.masktape.conformance.Implementation;
import io.github.masktape.conformance.Verdict;
import io.github.masktape.conformance.zoo.Zoo;

public final class KeepProbabilityCheck implements Runnable {
    private static final int TRIES = 30;

    @Override
    public void run() {
        Question.byHand("unnoticed()")
                .withMistake(0.0, "With p = 0 the layer must keep everything; the mutant drops everything.")
                .withMistake(1.0, "p is below 1: a layer that drops everything computes nothing.")
                .withHint("Keep and drop must be equally likely.")
                .expect(0.5, KeepProbability::unnoticed);
        Question question = Question.of("law()");
        String law = question.answer(KeepProbability::law);
        if (!Conformance.laws().contains(law)) {
            throw question.wrong(law, "That is no law of the kit. The page of the conformance kit lists them.");
        }
        Implementation mutant = Zoo.mutants().stream()
                .map(Zoo.Mutant::implementation)
                .filter(implementation -> implementation.name().equals("KeepProbability"))
                .findFirst()
                .orElseThrow();
        if (Conformance.check(law, mutant, TRIES).verdict() != Verdict.BROKEN) {
            throw question.wrong(law, "The mutant obeys this law. Which one counts the dropped connections?");
        }
    }
}
