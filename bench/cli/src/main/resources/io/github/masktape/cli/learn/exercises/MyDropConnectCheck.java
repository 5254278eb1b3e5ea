// SPDX-License-Identifier: Apache-2.0
/*
 * 1. Begin with pass: five lines in three loops, over examples, outputs and inputs. The law that breaks first says what to do
 *    next.
 * 2. Then draw: new RandomStream(RandomStream.derive(seed, step)) gives each step its own numbers. Check p first.
 * 3. The layer counts its steps, draws masks with that number, and calls the same code as pass: new Case(x, w, b, mask, null,
 *    dy, p) is a case.
 * 4. average: the mean of a(μ + σ·z) over normal z, where σ is the root of σ². Add a(μ + σ·z) − a(μ) up and divide by SAMPLES,
 *    so that the result is exact where σ is 0. A fixed seed is fine.
 */
import io.github.masktape.cli.learn.Question;
import io.github.masktape.conformance.Conformance;
import io.github.masktape.conformance.ConformanceReport;
import io.github.masktape.conformance.Implementation;
import io.github.masktape.conformance.Verdict;

public final class MyDropConnectCheck implements Runnable {
    private static final int TRIES = 20;

    @Override
    public void run() {
        Implementation mine = Implementation.named("mine")
                .backprop(MyDropConnect::pass)
                .masks(MyDropConnect::draw)
                .layer(MyDropConnect::new)
                .predictor(MyDropConnect::average, MyDropConnect.SAMPLES);
        int holds = 0;
        for (String law : Conformance.laws()) {
            ConformanceReport.Result result = Conformance.check(law, mine, TRIES);
            if (result.verdict() == Verdict.BROKEN) {
                throw Question.of(holds + " laws hold; the next is " + law + ":\n  " + result.formula())
                        .broken(result.message(), hint(law, result.subject()));
            }
            holds += result.verdict() == Verdict.HOLDS ? 1 : 0;
        }
    }

    private static String hint(String law, String subject) {
        return switch (law) {
            case "droppedWeightsReceiveExactlyZeroGradient", "theGradientOfWIsTheSumOfJMaskedByM" ->
                "J goes back through the mask that it came through: J ⊙ M.";
            case "everyStepDrawsNewMasks" -> "The step must lead to other random numbers.";
            case "everyExampleHasAMaskOfItsOwn" -> "Draw new numbers for each example.";
            case "dropProbabilityIsTheProbabilityToDrop" -> "p is the probability to drop.";
            case "backwardUsesTheMaskOfForward" -> "Draw the masks once a step, and use them in both directions.";
            case "theAverageWithoutActivationIsTheMean", "theDeviationIsTheRootOfTheVariance" ->
                "The mean of a(u) = u is μ, as W x + b; the draws must have the deviation σ, the root of σ².";
            case "theAverageIsTakenAfterTheActivation" -> "Apply a to each draw of u, then take the mean.";
            default ->
                subject.contains("training pass")
                        ? "The method is pass."
                        : subject.contains("masks it draws")
                                ? "The method is draw."
                                : subject.contains("averages") ? "The method is average." : "The methods are step and predict.";
        };
    }
}
