// SPDX-License-Identifier: Apache-2.0
/*
 * 1. Draw one number for each example and output, not for each input.
 * 2. A kept entry is 1/(1 − p).
 * 3. Arrays.fill(m[n][j], random.nextDouble() < p ? 0 : 1 / (1 - p)).
 */
import io.github.masktape.cli.learn.Question;
import io.github.masktape.conformance.Conformance;
import io.github.masktape.conformance.ConformanceReport;
import io.github.masktape.conformance.Implementation;
import io.github.masktape.conformance.Verdict;
import java.util.Arrays;

public final class WholeOutputsDroppedCheck implements Runnable {
    private static final int TRIES = 30;

    @Override
    public void run() {
        Question question = Question.of("draw(2, 3, 4, 0.5, 1, 0)");
        for (double[][] example : question.answer(() -> WholeOutputsDropped.draw(2, 3, 4, 0.5, 1, 0))) {
            for (double[] row : example) {
                if (Arrays.stream(row).distinct().count() > 1) {
                    throw question.wrong(row, "The inputs of an output must be kept or dropped together.");
                }
            }
        }
        Implementation mine = Implementation.named("mine").masks(WholeOutputsDropped::draw);
        law(mine, "impossibleProbabilitiesAreRefused", "An error if p is not in [0, 1).");
        law(mine, "withProbabilityZeroNothingIsDropped", "With p = 0 all entries are 1.");
        law(mine, "entriesAreZeroOrTheScale", "A kept entry is the scale 1/(1 − p).");
        law(mine, "theSameSeedGivesTheSameMasks", "Draw from the seed and the step alone.");
        double[][][] masks = draw(1, 0);
        differ(masks[0], masks[1], "examples 0 and 1", "Draw new numbers for each example.");
        differ(masks[0], draw(1, 1)[0], "steps 0 and 1", "The step must lead to other random numbers.");
        differ(masks[0], draw(2, 0)[0], "seeds 1 and 2", "The seed must lead to other random numbers.");
        double share = Arrays.stream(masks[0]).filter(row -> row[0] == 0).count() / (double) masks[0].length;
        if (Math.abs(share - 0.2) > 0.1) {
            throw Question.of("the share of outputs that draw(2, 200, 3, 0.2, 1, 0) drops")
                    .wrong(share, "p is the probability to drop.");
        }
        if (Conformance.check("neighborsInAMaskAreIndependent", mine, TRIES).verdict() != Verdict.BROKEN) {
            throw question.wrong("masks of independent entries", "The inputs of an output must be kept or dropped together.");
        }
    }

    private static double[][][] draw(long seed, long step) {
        String call = "draw(2, 200, 3, 0.2, " + seed + ", " + step + ")";
        return Question.of(call).answer(() -> WholeOutputsDropped.draw(2, 200, 3, 0.2, seed, step));
    }

    private static void differ(double[][] a, double[][] b, String which, String hint) {
        if (Arrays.deepEquals(a, b)) {
            throw Question.of("the masks of " + which).wrong("equal masks", hint);
        }
    }

    private static void law(Implementation mine, String law, String hint) {
        ConformanceReport.Result result = Conformance.check(law, mine, TRIES);
        if (result.verdict() == Verdict.BROKEN) {
            throw Question.of("draw breaks the law " + law + ":\n  " + result.formula()).broken(result.message(), hint);
        }
    }
}
