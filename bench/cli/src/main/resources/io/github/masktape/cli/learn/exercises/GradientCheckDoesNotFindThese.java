// SPDX-License-Identifier: Apache-2.0
/*
 * What a gradient check does not find
 *
 * Which mutants of the zoo does the law everyGradientAgreesWithDifferencesOfTheOutputs not find? The mutants are:
 *
 *   UnmaskedGradient UnscaledGradient FreshMaskInBackward ScaledTwice MasksDrawnOnce OneMaskForTheBatch SqueezedAxes
 *   KeepProbability NoGradientToRawWeight BiasesDroppedAtInference MaskIgnoredInTraining BrokenByInference
 *   VarianceAsDeviation UnscaledMasks ActivationOfTheAverage
 */
import java.util.Set;

class GradientCheckDoesNotFindThese {
    /** Those whose gradient is right, but belongs to a wrong value. */
    static Set<String> wrongValue() {
        return Set.of();
    }

    /** Those whose mistake is not in the training pass under given masks, so that the law cannot find it. */
    static Set<String> elsewhere() {
        return Set.of();
    }
}
