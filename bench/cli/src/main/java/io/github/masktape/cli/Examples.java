package io.github.masktape.cli;

import io.github.masktape.data.Dataset;
import io.github.masktape.data.Preprocessing;
import io.github.masktape.optim.Trainer;
import io.github.masktape.tensor.Decimal;
import org.jspecify.annotations.Nullable;

/**
 * Examples to train on, to choose by and to test on, as the network wants them.
 *
 * @param name of where they come from
 * @param validation null if nothing is chosen: then the epochs are tested
 * @param preprocessing what made them of the data
 */
record Examples(
        String name, Dataset training, @Nullable Dataset validation, Dataset test, Preprocessing preprocessing) {
    static final int DIGITS = 5;

    /** How the first row of a table without a header was taken. */
    static final String NO_HEADER = "no header, the first row is an example";

    int features() {
        return preprocessing.features();
    }

    /** Whether each feature is a pixel, as far as is known. */
    boolean areImages() {
        return preprocessing.featureNames() == null && preprocessing.labelNumber() == 0;
    }

    /** What the network has to give for an example. */
    int outputs() {
        return preprocessing.outputs();
    }

    /** The set that each epoch is evaluated on. */
    Dataset watched() {
        return validation == null ? test : validation;
    }

    /** The name of {@link #watched}. */
    String watchedName() {
        return validation == null ? "test" : "validation";
    }

    /** One of the targets' unit, in which errors of a regression are told. */
    static double unit(Preprocessing preprocessing) {
        return preprocessing.isRegression() ? preprocessing.targetDeviations()[0] : 1;
    }

    /** An evaluation in words: {@code error 1.84 % (184 of 10000)} or {@code rmse 0.123 (R² 0.98, of 1000)}. */
    static String text(Trainer.Evaluation evaluation, Preprocessing preprocessing) {
        return evaluation.isRegression()
                ? rmse(evaluation, preprocessing) + " (R² " + Decimal.fixed(evaluation.r2(), 4) + ", of "
                        + evaluation.examples() + ")"
                : "error " + Progress.percent(evaluation.errorRate()) + " (" + evaluation.errors() + " of "
                        + evaluation.examples() + ")";
    }

    /** The error of a regression in the targets' unit. */
    static String rmse(Trainer.Evaluation evaluation, Preprocessing preprocessing) {
        return "rmse " + Decimal.shortest(evaluation.rmse() * unit(preprocessing), DIGITS);
    }

    @Override
    public String toString() {
        return name + ": " + training.size() + " examples for training, "
                + (validation == null ? "" : validation.size() + " for validation, ") + test.size() + " for testing"
                + firstRow(training)
                + (firstRow(test).equals(firstRow(training))
                        ? ""
                        : "; for testing" + firstRow(test).replace(";", ":"));
    }

    /** How the first row of the data's table was taken, for the end of a line; empty if they came from no table. */
    static String firstRow(Dataset data) {
        if (data.labelNumber() == 0) {
            return "";
        }
        return "; " + (data.featureNames() == null ? NO_HEADER : "first row: names");
    }
}
