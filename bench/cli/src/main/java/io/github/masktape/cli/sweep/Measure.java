// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.sweep;

import io.github.masktape.cli.options.Converters;
import io.github.masktape.cli.settings.Word;

/** The measures of a model's quality by which settings can be compared; see {@code Quality} for their definitions. */
public enum Measure {
    ERROR(true, false),
    ACCURACY(true, true),
    BALANCED_ACCURACY(true, true),
    MACRO_F1(true, true),
    ROC_AUC(true, true),
    LOG_LOSS(true, false),
    BRIER_SCORE(true, false),
    RMSE(false, false),
    MAE(false, false),
    R2(false, true);

    private final boolean isOfClasses;
    private final boolean isBetterIfLarger;

    Measure(boolean isOfClasses, boolean isBetterIfLarger) {
        this.isOfClasses = isOfClasses;
        this.isBetterIfLarger = isBetterIfLarger;
    }

    /** The value, negated if larger is better. */
    double cost(double value) {
        return isBetterIfLarger ? -value : value;
    }

    /** True for a measure of classifiers. */
    public boolean isOfClasses() {
        return isOfClasses;
    }

    /** The word for it: {@code log-loss}. */
    @Override
    public String toString() {
        return Word.of(this);
    }

    public static final class MeasureWord extends Converters.EnumWord<Measure> {
        MeasureWord() {
            super(Measure.values());
        }
    }
}
