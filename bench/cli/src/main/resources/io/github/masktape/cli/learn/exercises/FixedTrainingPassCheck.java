// SPDX-License-Identifier: Apache-2.0
/*
 * 1. Read the counterexample: it is right with one example, and wrong with two.
 * 2. The law that breaks first says which result is wrong: the gradient of b is a sum over examples.
 * 3. A sum needs +=.
 */
import io.github.masktape.cli.learn.Question;
import io.github.masktape.conformance.Conformance;
import io.github.masktape.conformance.ConformanceReport;
import io.github.masktape.conformance.Implementation;
import io.github.masktape.conformance.Verdict;

public final class FixedTrainingPassCheck implements Runnable {
    private static final int TRIES = 30;

    @Override
    public void run() {
        Implementation mine = Implementation.named("mine").backprop(FixedTrainingPass::pass);
        for (String law : Conformance.laws()) {
            ConformanceReport.Result result = Conformance.check(law, mine, TRIES);
            if (result.verdict() == Verdict.BROKEN) {
                throw Question.of("pass(c) breaks the law " + law + ":\n  " + result.formula())
                        .broken(result.message(), hint(law));
            }
        }
    }

    private static String hint(String law) {
        if (law.contains("OfB")) {
            return "Each example adds its share to the gradient of b: = or +=?";
        }
        if (law.contains("Axes") || law.contains("axes")) {
            return "Keep the sizes of the results as the stub makes them.";
        }
        if (law.contains("OfX")) {
            return "dX goes through the masked weights m·W, as y does.";
        }
        return law.contains("OfW") || law.contains("dropped") || law.contains("Weight")
                ? "The gradient of W is Σₙ Jₙ ⊙ Mₙ, with J[j][q] = dy[j]·x[q]."
                : "Each example sees the weights through its mask: m·W.";
    }
}
