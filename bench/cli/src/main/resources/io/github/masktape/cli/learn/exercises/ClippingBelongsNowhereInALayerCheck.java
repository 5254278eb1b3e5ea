// SPDX-License-Identifier: Apache-2.0
/*
 * 1. Math.max(-10, Math.min(10, gradient)).
 * 2. Only the gradient of W is clipped. Laws about y, dX and db hold.
 * 3. A gradient of 0 stays 0, so the law about dropped weights holds too. The laws about the size of dW do not.
 */
import io.github.masktape.cli.learn.Question;
import io.github.masktape.conformance.Case;
import io.github.masktape.conformance.Conformance;
import io.github.masktape.conformance.Implementation;
import io.github.masktape.conformance.PassResult;
import io.github.masktape.conformance.Verdict;

public final class ClippingBelongsNowhereInALayerCheck implements Runnable {
    private static final int TRIES = 30;

    @Override
    public void run() {
        for (double gradient : new double[] {0, 3, 10, 12, -3, -25}) {
            double clipped = Math.max(-10, Math.min(10, gradient));
            Question.of("clip(" + gradient + ")")
                    .withMistake(gradient, "It is out of the range.")
                    .withMistake(10.0, "The range has a lower end too: −10.")
                    .expect(clipped, () -> ClippingBelongsNowhereInALayer.clip(gradient));
        }
        Implementation mutant = Implementation.named("clipped").backprop(ClippingBelongsNowhereInALayerCheck::pass);
        for (String law : new String[] {
            "theGradientOfWIsTheSumOfJMaskedByM",
            "everyGradientAgreesWithDifferencesOfTheOutputs",
            "eachExampleSeesTheWeightsThroughItsMask",
            "theGradientOfXPassesThroughTheMaskedWeights",
            "theGradientOfBIsTheSumOverExamples",
            "droppedWeightsReceiveExactlyZeroGradient",
        }) {
            boolean broken = Conformance.check(law, mutant, TRIES).verdict() == Verdict.BROKEN;
            Question.of("breaks(\"" + law + "\")")
                    .withHint(
                            broken
                                    ? "A gradient of 12 becomes 10, and no longer is the gradient of the loss."
                                    : "Clipping changes only dW, and leaves a gradient of 0 alone.")
                    .expect(broken, () -> ClippingBelongsNowhereInALayer.breaks(law));
        }
        Question.byHand("belongsIn()")
                .withMistake("layer", "In a layer it is a mistake: what it returns is no gradient.")
                .withHint("Answer \"layer\" or \"optimizer\".")
                .expect("optimizer", ClippingBelongsNowhereInALayer::belongsIn);
    }

    private static PassResult pass(Case c) {
        double[][] y = new double[c.examples()][c.out()];
        double[][] dx = new double[c.examples()][c.in()];
        double[][] dw = new double[c.out()][c.in()];
        double[] db = new double[c.out()];
        for (int n = 0; n < c.examples(); n++) {
            for (int j = 0; j < c.out(); j++) {
                db[j] += c.dy()[n][j];
                for (int q = 0; q < c.in(); q++) {
                    y[n][j] += c.mask(n, j, q) * c.w()[j][q] * c.x()[n][q];
                    dx[n][q] += c.mask(n, j, q) * c.w()[j][q] * c.dy()[n][j];
                    dw[j][q] += c.mask(n, j, q) * c.dy()[n][j] * c.x()[n][q];
                }
                y[n][j] += c.b()[j];
            }
        }
        for (double[] row : dw) {
            for (int q = 0; q < row.length; q++) {
                row[q] = ClippingBelongsNowhereInALayer.clip(row[q]);
            }
        }
        return new PassResult(y, dx, dw, db);
    }
}
