// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.report;

import io.github.masktape.optim.Quality;
import io.github.masktape.report.Chart.Table;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.text.Decimal;
import io.github.masktape.text.Markup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/**
 * A regression's predictions for the test set, in the units of the data.
 *
 * @param predicted examples×targets
 * @param actual examples×targets
 * @param targets the names of the targets
 */
public record Regression(Tensor predicted, Tensor actual, List<String> targets) implements TestResult {
    private static final String REFERENCE = "#777777";
    private static final int MOST_POINTS = 1000;
    private static final int MOST_CHARTS = 4;
    private static final int MOST_PICTURES = 24;
    private static final int MOST_ROWS = 12;

    /** Checks that predictions and targets match. */
    public Regression {
        targets = List.copyOf(targets);
        if (predicted.shape().size() == 0
                || !predicted.shape().equals(actual.shape())
                || predicted.shape().rank() != 2
                || predicted.shape().dim(1) != targets.size()) {
            throw new IllegalArgumentException("predicted: expected examples×" + targets.size() + " as actual, got "
                    + predicted.shape() + " and " + actual.shape());
        }
    }

    @Override
    public int examples() {
        return predicted.shape().dim(0);
    }

    @Override
    public Curves.ErrorKind task() {
        return Curves.ErrorKind.REGRESSION;
    }

    Quality.OfNumbers fit(int target) {
        return Quality.ofNumbers(predicted, actual, target);
    }

    private static String rSquared(Quality.OfNumbers fit) {
        return fit.r2().isPresent() ? NumberFormats.plain(fit.r2().getAsDouble()) : "undefined";
    }

    @Override
    public String headline() {
        StringBuilder html = new StringBuilder();
        for (int t = 0; t < Math.min(targets.size(), MOST_CHARTS); t++) {
            Quality.OfNumbers fit = fit(t);
            html.append("<p class=\"result\"><strong>R² ")
                    .append(rSquared(fit))
                    .append("</strong> ")
                    .append(Markup.escape(targets.get(t)))
                    .append("</p>\n<p>On ")
                    .append(Decimal.grouped(examples()))
                    .append(" test examples the root mean square error is ")
                    .append(NumberFormats.plain(fit.rmse()))
                    .append(", the mean absolute error ")
                    .append(NumberFormats.plain(fit.meanAbsoluteError()))
                    .append(".</p>\n");
        }
        return html.toString();
    }

    @Override
    public String sections(ShownExamples examples) {
        Html.HtmlTable table = new Html.HtmlTable("Target by target")
                .heads(List.of("target", "root mean square error", "mean absolute error", "R²"));
        for (int t = 0; t < targets.size(); t++) {
            Quality.OfNumbers fit = fit(t);
            table.row(targets.get(t))
                    .cells(List.of(
                            NumberFormats.plain(fit.rmse()),
                            NumberFormats.plain(fit.meanAbsoluteError()),
                            rSquared(fit)));
        }
        List<String> charts = new ArrayList<>();
        for (int t = 0; t < Math.min(targets.size(), MOST_CHARTS); t++) {
            charts.add(scatter(t));
            charts.add(residuals(t));
        }
        return Html.section(
                        "Predicted against actual",
                        Html.charts(charts.toArray(String[]::new)),
                        examples() > MOST_POINTS
                                ? Html.note(
                                        "Points: " + MOST_POINTS + " of " + examples() + " examples, evenly picked.")
                                : "",
                        table.html())
                + worst(examples);
    }

    private String scatter(int target) {
        Table points = new Table("x", "y");
        double[] range = gather(target, (x, y) -> points.row(x, y));
        Chart chart = new Chart("", "Dashed: predicted = actual.", 480, 400);
        if (range[0] <= range[1]) {
            chart.layer(
                    "segment",
                    new Table("from", "to").row(range[0], range[1]),
                    Chart.map("x", "from", "y", "from", "xend", "to", "yend", "to"),
                    "linetype",
                    "dashed",
                    "color",
                    REFERENCE);
        }
        return figure(chart, points, "actual", "predicted", "scatter", target, "Predicted against actual values of ");
    }

    private String residuals(int target) {
        Table points = new Table("x", "y");
        gather(target, (x, y) -> points.row(y, x - y));
        Chart chart = new Chart("", "Dashed: no error.", 480, 400)
                .layer(
                        "hline",
                        new Table("y").row(0),
                        Chart.map("yintercept", "y"),
                        "linetype",
                        "dashed",
                        "color",
                        REFERENCE);
        return figure(
                chart, points, "predicted", "actual − predicted", "residuals", target, "Residuals of predictions of ");
    }

    /** Passes actual and predicted values of evenly picked examples on, and returns the least and the largest of them. */
    private double[] gather(int target, BiConsumer<Double, Double> points) {
        double[] range = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
        int shown = Math.min(examples(), MOST_POINTS);
        for (int k = 0; k < shown; k++) {
            int i = (int) ((long) k * examples() / shown);
            double x = actual.get(i, target);
            double y = predicted.get(i, target);
            if (Double.isFinite(x) && Double.isFinite(y) && Double.isFinite(x - y)) {
                points.accept(x, y);
                range[0] = Math.min(range[0], Math.min(x, y));
                range[1] = Math.max(range[1], Math.max(x, y));
            }
        }
        return range;
    }

    private String figure(
            Chart chart, Table points, String across, String up, String name, int target, String description) {
        String svg = chart.layer(
                        "point", points, Chart.map("x", "x", "y", "y"), "color", "#0072B2", "alpha", 0.5, "size", 2.5)
                .automatic("x", across)
                .automatic("y", up)
                .svg(name + (char) ('a' + target), description + targets.get(target));
        return "<figure>\n<figcaption>" + Markup.escape(targets.get(target)) + "</figcaption>\n" + svg + "</figure>\n";
    }

    private String worst(ShownExamples examples) {
        int most = examples.areImages() ? MOST_PICTURES : MOST_ROWS;
        double[] distances = distances();
        List<ShownExamples.Shown> shown = IntStream.range(0, examples())
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -distances[i]))
                .limit(most)
                .map(i -> new ShownExamples.Shown(i, List.of(row(actual, i), row(predicted, i))))
                .toList();
        return Html.section(
                "The worst predictions",
                Html.note("The " + shown.size() + " examples farthest from their target"
                        + (targets.size() > 1 ? ", each target measured by its root mean square error." : ".")),
                examples.html(List.of("actual", "predicted"), shown));
    }

    /** The squared error of each example, each target's in units of its mean squared error. */
    private double[] distances() {
        double[] distances = new double[examples()];
        for (int t = 0; t < targets.size(); t++) {
            double typical = fit(t).rmse();
            for (int i = 0; i < distances.length && typical > 0; i++) {
                double error = (predicted.get(i, t) - actual.get(i, t)) / typical;
                distances[i] += error * error;
            }
        }
        return distances;
    }

    private static String row(Tensor values, int example) {
        return String.join(", ", NumberFormats.ofData(values.row(example)));
    }
}
