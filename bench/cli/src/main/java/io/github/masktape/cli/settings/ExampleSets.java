package io.github.masktape.cli.settings;

import io.github.masktape.cli.terminal.Percent;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.Preprocessing;
import io.github.masktape.data.TargetKind;
import io.github.masktape.optim.Evaluation;
import io.github.masktape.text.Decimal;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Examples to train on, to choose by and to test on, as the network wants them.
 *
 * @param name of where they come from
 * @param validation null if nothing is chosen: then the epochs are tested
 * @param rawTest those to test on as the data have them
 * @param preprocessing what made them of the data
 */
public record ExampleSets(
        String name,
        Dataset training,
        @Nullable Dataset validation,
        Dataset test,
        Dataset rawTest,
        Preprocessing preprocessing) {
    private static final int DIGITS = 6;

    /** How the first row of a table without a header was taken. */
    public static final String NO_HEADER = "no header, the first row is an example";

    public int features() {
        return preprocessing.features();
    }

    /** Whether each feature is a pixel, as far as is known. */
    public boolean areImages() {
        return preprocessing.featureNames() == null && preprocessing.labelNumber() == 0;
    }

    /** What the network has to give for an example. */
    public int outputs() {
        return preprocessing.outputs();
    }

    /** The set that each epoch is evaluated on. */
    public Dataset watched() {
        return validation == null ? test : validation;
    }

    /** The name of {@link #watched}. */
    public String watchedName() {
        return validation == null ? "test" : "validation";
    }

    /** One of the targets' unit, in which errors of a regression are told. */
    public static double unit(TargetKind targets) {
        return targets instanceof TargetKind.Quantities quantities ? quantities.deviations()[0] : 1;
    }

    /** An evaluation in words: {@code error 1.84 % (184 of 10000)} or {@code rmse 0.123 (R² 0.98, of 100)}. */
    public static String text(Evaluation evaluation) {
        if (evaluation instanceof Evaluation.OfValues values) {
            return rmse(values, 1) + " (" + rSquared(values) + ", of " + values.examples() + ")";
        }
        Evaluation.OfLabels labels = (Evaluation.OfLabels) evaluation;
        return errors(labels.errors(), labels.examples());
    }

    /** The errors of a classifier in words. */
    public static String errors(int errors, int examples) {
        return "error " + Percent.of((double) errors / examples) + " (" + errors + " of " + examples + ")";
    }

    /** The error of a regression, whose unit is a number of the targets' units. */
    public static String rmse(Evaluation.OfValues evaluation, double unit) {
        return "rmse " + Decimal.shortest(unit * evaluation.rmse(), DIGITS);
    }

    /** The share of the variance that a regression explains: {@code R² 0.9876}, or {@code R² undefined}. */
    public static String rSquared(Evaluation.OfValues evaluation) {
        OptionalDouble r2 = evaluation.r2();
        return "R² " + (r2.isPresent() ? Decimal.fixed(r2.getAsDouble(), 4) : "undefined");
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
    public static String firstRow(Dataset data) {
        if (data.labelNumber() == 0) {
            return "";
        }
        return "; " + (data.featureNames() == null ? NO_HEADER : "first row: names");
    }
}
