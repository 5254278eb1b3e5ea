// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance.zoo;

import io.github.masktape.conformance.Implementation;
import java.util.List;

/** All mutants, in the order of the documentation, each with the law that reveals its mistake. */
public final class Zoo {
    /**
     * A wrong implementation.
     *
     * @param implementation the implementation, named after its class
     * @param mistake the mistake in a few words
     * @param seenIn the library in which it was found
     * @param law the law that reveals it
     */
    public record Mutant(Implementation implementation, String mistake, String seenIn, String law) {}

    private Zoo() {}

    /** The correct implementation from which all mutants are derived. */
    public static Implementation plain() {
        return PlainDropConnect.implementation("PlainDropConnect", PlainDropConnect::new);
    }

    /** The fifteen mutants. */
    public static List<Mutant> mutants() {
        return List.of(
                mutant(
                        "UnmaskedGradient",
                        UnmaskedGradient::new,
                        "the gradient of W is not masked, so dropped weights move",
                        "DL4J 1.0.0-M2.1, mlpack",
                        "droppedWeightsReceiveExactlyZeroGradient"),
                mutant(
                        "UnscaledGradient",
                        UnscaledGradient::new,
                        "the scale is missing from the gradient",
                        "mlpack",
                        "keptWeightsReceiveTheirGradientTimesTheScale"),
                mutant(
                        "FreshMaskInBackward",
                        FreshMaskInBackward::new,
                        "backward draws a fresh mask",
                        "optirs",
                        "backwardUsesTheMaskOfForward"),
                mutant(
                        "ScaledTwice",
                        ScaledTwice::new,
                        "the scale is applied twice",
                        "keras-drop-connect",
                        "theScaleIsAppliedOnce"),
                mutant(
                        "MasksDrawnOnce",
                        MasksDrawnOnce::new,
                        "masks are drawn once and never again",
                        "the archived first version of dropconnect (PyPI)",
                        "everyStepDrawsNewMasks"),
                mutant(
                        "OneMaskForTheBatch",
                        OneMaskForTheBatch::new,
                        "one mask is shared by the whole batch, although each example should have its own",
                        "most libraries",
                        "everyExampleHasAMaskOfItsOwn"),
                mutant(
                        "SqueezedAxes",
                        SqueezedAxes::new,
                        "axes of size 1 are squeezed away, so a loss broadcasts silently",
                        "dropconnect 0.1 (PyPI)",
                        "axesOfSizeOneAreKept"),
                mutant(
                        "KeepProbability",
                        KeepProbability::new,
                        "p is the probability to keep",
                        "dropconnect 0.1 (PyPI), dropconnect-tensorflow",
                        "dropProbabilityIsTheProbabilityToDrop"),
                mutant(
                        "NoGradientToRawWeight",
                        NoGradientToRawWeight::new,
                        "no gradient reaches the raw weight",
                        "awd-lstm-lm's WeightDrop",
                        "theGradientReachesTheRawWeight"),
                mutant(
                        "BiasesDroppedAtInference",
                        BiasesDroppedAtInference::new,
                        "biases are dropped, at random, at inference",
                        "DL4J with applyToBiases",
                        "inferenceDropsNothing"),
                mutant(
                        "MaskIgnoredInTraining",
                        MaskIgnoredInTraining::new,
                        "the mask is ignored in training",
                        "dropconnect-tensorflow under Keras' fit",
                        "trainingDropsConnections"),
                mutant(
                        "BrokenByInference",
                        BrokenByInference::new,
                        "train, predict, train breaks the layer",
                        "PyTorch-NLP's WeightDrop",
                        "trainingGoesOnAfterInference"),
                mutant(
                        "VarianceAsDeviation",
                        VarianceAsDeviation::new,
                        "Gaussian inference uses the variance as the standard deviation",
                        "R darch",
                        "theDeviationIsTheRootOfTheVariance"),
                mutant(
                        "UnscaledMasks",
                        UnscaledMasks::new,
                        "masks are not scaled, nor is inference, so the mean is off by the factor 1 − p",
                        "DL4J",
                        "theMeanOfMIsOne"),
                mutant(
                        "ActivationOfTheAverage",
                        ActivationOfTheAverage::new,
                        "the activation is applied to the averaged pre-activation",
                        "common",
                        "theAverageIsTakenAfterTheActivation"));
    }

    private static Mutant mutant(
            String name, PlainDropConnect.Species species, String mistake, String seenIn, String law) {
        return new Mutant(PlainDropConnect.implementation(name, species), mistake, seenIn, law);
    }
}
