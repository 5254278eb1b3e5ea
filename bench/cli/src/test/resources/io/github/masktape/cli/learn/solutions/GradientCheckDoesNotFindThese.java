// SPDX-License-Identifier: Apache-2.0
import java.util.Set;

class GradientCheckDoesNotFindThese {
    static Set<String> wrongValue() {
        return Set.of("ScaledTwice");
    }

    static Set<String> elsewhere() {
        return Set.of(
                "MasksDrawnOnce",
                "OneMaskForTheBatch",
                "KeepProbability",
                "BiasesDroppedAtInference",
                "MaskIgnoredInTraining",
                "BrokenByInference",
                "VarianceAsDeviation",
                "UnscaledMasks",
                "ActivationOfTheAverage");
    }
}
