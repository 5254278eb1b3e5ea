// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.sweep;

import io.github.masktape.cli.sweep.CrossValidation.MeanEstimate;
import io.github.masktape.cli.terminal.TextTable;
import io.github.masktape.report.Chart;
import io.github.masktape.text.Decimal;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The trials of a search from best to worst, each beside the first trial, that of the defaults.
 *
 * @param plan the trainings of a trial
 * @param by the measure that decides
 * @param options the options that the search chose
 * @param defaults the results of the first trial
 * @param rows the trials, best first
 */
public record Leaderboard(
        CrossValidation plan, Measure by, List<String> options, List<CellResult> defaults, List<RankedTrial> rows) {
    private static final int DIGITS = 4;
    private static final int MOST_PRINTED = 10;
    private static final int MOST_DRAWN = 24;
    private static final int CHART_WIDTH = 800;
    private static final int CHART_HEIGHT = 420;

    /** Copies the lists. */
    public Leaderboard {
        options = List.copyOf(options);
        defaults = List.copyOf(defaults);
        rows = List.copyOf(rows);
    }

    /**
     * A trial with its results.
     *
     * @param results the results of its trainings, as many as it made
     */
    public record RankedTrial(SearchTrial trial, List<CellResult> results) {
        /** Copies the list. */
        public RankedTrial {
            results = List.copyOf(results);
        }
    }

    /** The best trial. */
    public SearchTrial best() {
        return rows.get(0).trial();
    }

    /** The mean of the measure; null if a training diverged. */
    private @Nullable MeanEstimate estimate(RankedTrial row) {
        double[] values = row.results.stream()
                .mapToDouble(result -> result.measure(by).orElse(Double.NaN))
                .toArray();
        MeanEstimate estimate = plan.estimate(values);
        return Double.isNaN(estimate.mean()) ? null : estimate;
    }

    /** The mean difference from the first trial over the trainings that both made; null if there is none. */
    private @Nullable MeanEstimate difference(RankedTrial row) {
        int n = Math.min(row.results.size(), defaults.size());
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = row.results.get(i).measure(by).orElse(Double.NaN)
                    - defaults.get(i).measure(by).orElse(Double.NaN);
        }
        MeanEstimate estimate = plan.estimate(values);
        return n == 0 || Double.isNaN(estimate.mean()) ? null : estimate;
    }

    /** The result of the best trial and that of the first one in words. */
    public String summary() {
        StringBuilder text = new StringBuilder(by + " " + text(estimate(rows.get(0))));
        for (RankedTrial row : rows) {
            if (row.trial.number() == 0) {
                text.append(", defaults ").append(text(estimate(row)));
            }
        }
        return text.toString();
    }

    /** Prints the best trials and the first one. */
    public void print(PrintWriter out) {
        List<List<String>> lines = new ArrayList<>();
        List<String> heads = new ArrayList<>(List.of("rank", "trial", "folds", by.toString(), "vs. defaults"));
        options.forEach(option -> heads.add(option.substring(2)));
        lines.add(heads);
        for (int i = 0; i < rows.size(); i++) {
            RankedTrial row = rows.get(i);
            if (i >= MOST_PRINTED && row.trial.number() != 0) {
                continue;
            }
            List<String> line = new ArrayList<>(List.of(
                    Integer.toString(i + 1),
                    row.trial.number() == 0 ? "defaults" : Integer.toString(row.trial.number()),
                    Integer.toString(row.results.size()),
                    text(estimate(row)),
                    row.trial.number() == 0 ? "" : text(difference(row))));
            options.forEach(option -> line.add(row.trial.chosen().getOrDefault(option, "")));
            lines.add(line);
        }
        TextTable.print(lines, out);
    }

    private static String text(@Nullable MeanEstimate estimate) {
        return estimate == null
                ? "diverged"
                : Decimal.shortest(estimate.mean(), DIGITS)
                        + (Double.isNaN(estimate.standardError())
                                ? ""
                                : " ± " + Decimal.shortest(estimate.standardError(), 2));
    }

    /** A line for each trial, CSV as in RFC 4180; a number that is undefined is an empty cell. */
    public String csv() {
        String name = by.toString().replace('-', '_');
        StringBuilder csv = new StringBuilder("rank,trial,trainings," + name + "," + name
                + "_standard_error,difference," + "difference_standard_error");
        options.forEach(option -> csv.append(',').append(option.substring(2).replace('-', '_')));
        csv.append("\r\n");
        for (int i = 0; i < rows.size(); i++) {
            RankedTrial row = rows.get(i);
            csv.append(i + 1).append(',').append(row.trial.number()).append(',').append(row.results.size());
            for (MeanEstimate estimate : new @Nullable MeanEstimate[] {estimate(row), difference(row)}) {
                csv.append(',').append(number(estimate == null ? Double.NaN : estimate.mean(), ""));
                csv.append(',').append(number(estimate == null ? Double.NaN : estimate.standardError(), ""));
            }
            for (String option : options) {
                String value = row.trial.chosen().getOrDefault(option, "");
                csv.append(',').append(value.contains(",") ? '"' + value + '"' : value);
            }
            csv.append("\r\n");
        }
        return csv.toString();
    }

    /** The same with the results of each training, which name the weights' checksums. */
    public String json() {
        StringBuilder json = new StringBuilder("{\n  \"folds\": " + plan.folds() + ",\n  \"repeats\": " + plan.repeats()
                + ",\n  \"by\": \"" + by + "\",\n  \"trials\": [");
        for (int i = 0; i < rows.size(); i++) {
            RankedTrial row = rows.get(i);
            MeanEstimate estimate = estimate(row);
            MeanEstimate difference = difference(row);
            json.append(i == 0 ? "" : ",").append("\n    {\"rank\": ").append(i + 1);
            json.append(", \"trial\": ").append(row.trial.number());
            json.append(", \"mean\": ").append(number(estimate == null ? Double.NaN : estimate.mean(), "null"));
            json.append(", \"standard_error\": ")
                    .append(number(estimate == null ? Double.NaN : estimate.standardError(), "null"));
            json.append(", \"difference\": ")
                    .append(number(difference == null ? Double.NaN : difference.mean(), "null"));
            json.append(", \"difference_standard_error\": ")
                    .append(number(difference == null ? Double.NaN : difference.standardError(), "null"));
            json.append(",\n     \"options\": {");
            String comma = "";
            for (Map.Entry<String, String> each : row.trial.chosen().entrySet()) {
                json.append(comma).append(quoted(each.getKey())).append(": ").append(quoted(each.getValue()));
                comma = ", ";
            }
            json.append("},\n     \"trainings\": [");
            for (int k = 0; k < row.results.size(); k++) {
                CellResult result = row.results.get(k);
                json.append(k == 0 ? "" : ", ").append("{\"value\": ");
                json.append(number(result.measure(by).orElse(Double.NaN), "null"));
                json.append(", \"weights_sha256\": ")
                        .append(quoted(result.weights()))
                        .append('}');
            }
            json.append("]}");
        }
        return json.append("\n  ]\n}\n").toString();
    }

    private static String number(double value, String undefined) {
        return Double.isNaN(value) ? undefined : Decimal.exact(value);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** The best trials and the first one as a chart, each with its standard error. */
    public String svg() {
        Chart.Table points = new Chart.Table("trial", "mean", "low", "high", "series");
        List<String> names = new ArrayList<>();
        double base = Double.NaN;
        int drawn = 0;
        for (RankedTrial row : rows) {
            MeanEstimate estimate = estimate(row);
            boolean isFirst = row.trial.number() == 0;
            if (estimate == null || row.results.size() < plan.trainings() || (drawn >= MOST_DRAWN && !isFirst)) {
                continue;
            }
            drawn++;
            String name = isFirst ? "defaults" : Integer.toString(row.trial.number());
            names.add(name);
            double half = Double.isNaN(estimate.standardError()) ? 0 : estimate.standardError();
            points.row(
                    name,
                    estimate.mean(),
                    estimate.mean() - half,
                    estimate.mean() + half,
                    isFirst ? "defaults" : "trial");
            base = isFirst ? estimate.mean() : base;
        }
        Map<String, Object> mapping = Chart.map("x", "trial", "y", "mean", "color", "series");
        Chart chart = new Chart(
                "Cross-validated " + by + " of the best trials",
                "mean ± standard error over " + plan.trainings() + " trainings of each; a line at the defaults",
                CHART_WIDTH,
                CHART_HEIGHT);
        if (!Double.isNaN(base)) {
            chart.layer(
                    "hline",
                    new Chart.Table("y").row(base),
                    Chart.map("yintercept", "y"),
                    "color",
                    Chart.COLORS.get(1),
                    "linetype",
                    "dashed");
        }
        return chart.layer(
                        "errorbar",
                        points,
                        Chart.map("x", "trial", "ymin", "low", "ymax", "high", "color", "series"),
                        "width",
                        0.3,
                        "size",
                        1)
                .layer("point", points, mapping, "size", 4)
                .names("x", "trial", names)
                .automatic("y", by.toString())
                .series(List.of("trial", "defaults"))
                .svg();
    }
}
