// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.sweep;

import io.github.masktape.cli.settings.Word;
import io.github.masktape.cli.sweep.CrossValidation.MeanEstimate;
import io.github.masktape.cli.terminal.Percent;
import io.github.masktape.cli.terminal.TextTable;
import io.github.masktape.text.Decimal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The results of a cross-validation.
 *
 * @param plan the plan
 * @param results the result of each training, in the plan's order
 */
public record FoldResults(CrossValidation plan, List<CellResult> results) {
    private static final int DIGITS = 6;

    /** Copies the list. */
    public FoldResults {
        results = List.copyOf(results);
    }

    /** The forms in which they are printed. */
    public enum ResultFormat {
        TABLE,
        CSV,
        JSON;

        @Override
        public String toString() {
            return Word.of(this);
        }
    }

    /** The number of trainings that failed. */
    public long failures() {
        return results.stream().filter(result -> result.failure() != null).count();
    }

    /** The mean of each measure that is defined for all folds. */
    public Map<Measure, MeanEstimate> estimates() {
        Map<Measure, MeanEstimate> estimates = new EnumMap<>(Measure.class);
        for (Measure measure : Measure.values()) {
            double[] values = results.stream()
                    .map(result -> result.measure(measure))
                    .filter(OptionalDouble::isPresent)
                    .mapToDouble(OptionalDouble::getAsDouble)
                    .toArray();
            if (values.length == results.size()) {
                estimates.put(measure, plan.estimate(values));
            }
        }
        return estimates;
    }

    /** The text of a form. */
    public String text(ResultFormat format) {
        return switch (format) {
            case TABLE -> table();
            case CSV -> csv();
            case JSON -> json();
        };
    }

    /** The means with their standard errors, and a line with the error. */
    private String table() {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        Map<Measure, MeanEstimate> estimates = estimates();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("measure", "mean", "standard error", "deviation of folds"));
        estimates.forEach((measure, estimate) -> rows.add(List.of(
                measure.toString(),
                number(estimate.mean()),
                number(estimate.standardError()),
                number(estimate.deviation()))));
        TextTable.print(rows, out);
        out.println(summary(estimates));
        out.flush();
        return text.toString();
    }

    private String summary(Map<Measure, MeanEstimate> estimates) {
        String of =
                " (" + plan.folds() + " folds" + (plan.repeats() == 1 ? "" : ", " + plan.repeats() + " times") + ")";
        MeanEstimate error = estimates.get(Measure.ERROR);
        MeanEstimate rmse = estimates.get(Measure.RMSE);
        return error != null
                ? "cross-validation error " + Percent.of(error.mean()) + " ± " + Percent.of(error.standardError()) + of
                : rmse != null
                        ? "cross-validation rmse " + number(rmse.mean()) + " ± " + number(rmse.standardError()) + of
                        : "cross-validation failed: " + failures() + " of " + results.size() + " trainings diverged";
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "?" : Decimal.shortest(value, DIGITS);
    }

    /** A line for each training, CSV as in RFC 4180; a measure that is undefined is an empty cell. */
    public String csv() {
        List<Measure> measures = measures();
        StringBuilder csv = new StringBuilder("repeat,fold,examples,epochs,weights_sha256");
        measures.forEach(measure -> csv.append(',').append(measure.toString().replace('-', '_')));
        csv.append("\r\n");
        for (int i = 0; i < results.size(); i++) {
            CellResult result = results.get(i);
            csv.append(i / plan.folds() + 1).append(',').append(i % plan.folds() + 1);
            csv.append(',').append(result.examples()).append(',').append(result.epochs());
            csv.append(',').append(result.weights());
            measures.forEach(measure -> csv.append(',').append(exact(result.measure(measure), "")));
            csv.append("\r\n");
        }
        return csv.toString();
    }

    private List<Measure> measures() {
        List<Measure> measures = new ArrayList<>();
        for (Measure measure : Measure.values()) {
            if (results.stream().anyMatch(result -> result.measure(measure).isPresent())) {
                measures.add(measure);
            }
        }
        return measures;
    }

    /** The means and the results of all trainings; a number that is undefined is null. */
    public String json() {
        StringBuilder json = new StringBuilder(
                "{\n  \"folds\": " + plan.folds() + ",\n  \"repeats\": " + plan.repeats() + ",\n  \"measures\": {");
        String comma = "";
        for (Map.Entry<Measure, MeanEstimate> each : estimates().entrySet()) {
            MeanEstimate estimate = each.getValue();
            json.append(comma).append("\n    \"").append(each.getKey()).append("\": {\"mean\": ");
            json.append(exact(estimate.mean()))
                    .append(", \"standard_error\": ")
                    .append(exact(estimate.standardError()));
            json.append(", \"deviation\": ").append(exact(estimate.deviation())).append('}');
            comma = ",";
        }
        json.append("\n  },\n  \"trainings\": [");
        for (int i = 0; i < results.size(); i++) {
            CellResult result = results.get(i);
            json.append(i == 0 ? "" : ",").append("\n    {\"repeat\": ").append(i / plan.folds() + 1);
            json.append(", \"fold\": ")
                    .append(i % plan.folds() + 1)
                    .append(", \"examples\": ")
                    .append(result.examples());
            json.append(", \"epochs\": ").append(result.epochs());
            json.append(", \"weights_sha256\": \"").append(result.weights()).append('"');
            measures()
                    .forEach(measure -> json.append(", \"")
                            .append(measure)
                            .append("\": ")
                            .append(exact(result.measure(measure), "null")));
            json.append('}');
        }
        return json.append("\n  ]\n}\n").toString();
    }

    private static String exact(OptionalDouble value, String undefined) {
        return value.isPresent() ? Decimal.exact(value.getAsDouble()) : undefined;
    }

    static String exact(double value) {
        return Double.isNaN(value) ? "null" : Decimal.exact(value);
    }
}
