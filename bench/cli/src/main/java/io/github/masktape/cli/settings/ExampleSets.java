// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.settings;

import io.github.masktape.cli.terminal.Percent;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.Preprocessing;
import io.github.masktape.data.TargetKind;
import io.github.masktape.optim.Evaluation;
import io.github.masktape.optim.Metrics;
import io.github.masktape.optim.Quality;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.text.Decimal;
import io.github.masktape.text.Printable;
import java.io.PrintWriter;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The examples for training, validation and testing, as the network takes them.
 *
 * @param name the name of the source
 * @param validation null if there is none
 * @param test null if there is none
 * @param rawTest the test examples in the unit of the data; null if there are none
 * @param preprocessing the preprocessing that made them from the data
 * @param columns the treatment of each column of a table, in words
 */
public record ExampleSets(
        String name,
        Dataset training,
        @Nullable Dataset validation,
        @Nullable Dataset test,
        @Nullable Dataset rawTest,
        Preprocessing preprocessing,
        List<String> columns) {
    private static final int MOST_COLUMNS = 60;
    private static final int DIGITS = 6;

    /** The remark about a table whose first row is not a header. */
    public static final String NO_HEADER = "no header, the first row is an example";

    /** The number of inputs that the network needs. */
    public int inputs() {
        return preprocessing.inputs();
    }

    /** True if the features appear to be pixels. */
    public boolean areImages() {
        return preprocessing.featureNames() == null && preprocessing.labelNumber() == 0;
    }

    /** The number of outputs that the network needs. */
    public int outputs() {
        return preprocessing.outputs();
    }

    /** Prints the treatment of the columns of a table. */
    public void printColumns(PrintWriter out) {
        String head = "columns   ";
        for (String column : columns.subList(0, Math.min(columns.size(), MOST_COLUMNS))) {
            out.println(head + column);
            head = " ".repeat(head.length());
        }
        if (columns.size() > MOST_COLUMNS) {
            out.println(head + "and " + (columns.size() - MOST_COLUMNS) + " more");
        }
    }

    /** True if the examples are the rows of a table. */
    public boolean isTable() {
        return training.labelNumber() > 0;
    }

    /**
     * The set that each epoch is evaluated on, or null if there is none. It is never the test part of a table: who
     * chooses settings by the errors of the epochs must not choose by the test.
     */
    public @Nullable Dataset watched() {
        return validation != null ? validation : isTable() ? null : test;
    }

    /** The same examples, with the test part watched in each epoch, as older versions did for tables. */
    public ExampleSets watchingTest() {
        return new ExampleSets(name, training, test, test, rawTest, preprocessing, columns);
    }

    /** The name of {@link #watched}. */
    public String watchedName() {
        return watched() == test && test != null ? "test" : "validation";
    }

    /**
     * The size of one network unit in the unit of the targets, in which a regression's errors are reported. Several
     * targets may have different units, so their common error is reported in standard deviations.
     */
    public static double unit(TargetKind targets) {
        return targets instanceof TargetKind.Quantities quantities && quantities.outputs() == 1
                ? quantities.deviations()[0]
                : 1;
    }

    /**
     * The quality of a regression in words: {@code rmse 0.123 (R² 0.98, of 100)}, or, if there are several targets,
     * {@code rmse height 0.123 (R² 0.98), weight 4.56 (R² 0.76), of 100}.
     *
     * @param names the names of the targets
     */
    public static String text(List<String> names, Tensor predicted, Tensor actual) {
        if (names.size() == 1) {
            return text(Metrics.regression(predicted, actual));
        }
        StringBuilder text = new StringBuilder("rmse ");
        for (int t = 0; t < names.size(); t++) {
            Quality.OfNumbers fit = Quality.ofNumbers(predicted, actual, t);
            text.append(Printable.line(names.get(t)))
                    .append(' ')
                    .append(Decimal.shortest(fit.rmse(), DIGITS))
                    .append(" (")
                    .append(rSquared(fit.r2()))
                    .append("), ");
        }
        return text.append("of ").append(actual.shape().dim(0)).toString();
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

    /** The error of a regression in words, converted by the size of its unit. */
    public static String rmse(Evaluation.OfValues evaluation, double unit) {
        return "rmse " + Decimal.shortest(unit * evaluation.rmse(), DIGITS);
    }

    /** The share of the variance that a regression explains: {@code R² 0.9876}, or {@code R² undefined}. */
    public static String rSquared(Evaluation.OfValues evaluation) {
        return rSquared(evaluation.r2());
    }

    private static String rSquared(OptionalDouble r2) {
        return "R² " + (r2.isPresent() ? Decimal.fixed(r2.getAsDouble(), 4) : "undefined");
    }

    @Override
    public String toString() {
        return name + ": " + training.size() + " examples for training, "
                + (validation == null ? "" : validation.size() + " for validation, ")
                + (test == null ? "none" : test.size()) + " for testing" + firstRow(training)
                + (test == null || firstRow(test).equals(firstRow(training))
                        ? ""
                        : "; for testing" + firstRow(test).replace(";", ":"));
    }

    /**
     * A remark, for the end of a line, on how the table's first row was interpreted; empty if the data are not from a
     * table.
     */
    public static String firstRow(Dataset data) {
        if (data.labelNumber() == 0) {
            return "";
        }
        return "; " + (data.labelColumn() == null ? NO_HEADER : "first row: names");
    }
}
