// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.sweep;

import io.github.masktape.cli.options.Converters;
import io.github.masktape.cli.settings.Word;

/** The measures of a model's quality by which settings can be compared; see {@code Quality} for their definitions. */
public enum Measure {
    ERROR(false),
    ACCURACY(true),
    BALANCED_ACCURACY(true),
    MACRO_F1(true),
    ROC_AUC(true),
    LOG_LOSS(false),
    BRIER_SCORE(false),
    RMSE(false),
    MAE(false),
    R2(true);

    private final boolean isBetterIfLarger;

    Measure(boolean isBetterIfLarger) {
        this.isBetterIfLarger = isBetterIfLarger;
    }

    /** The value, negated if larger is better. */
    double cost(double value) {
        return isBetterIfLarger ? -value : value;
    }

    /** True for a measure of classifiers. */
    public boolean isOfClasses() {
        return ordinal() < RMSE.ordinal();
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
