// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.report;

import io.github.masktape.optim.Metrics;
import io.github.masktape.optim.Quality;
import io.github.masktape.report.Chart.Table;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.text.Decimal;
import io.github.masktape.text.Markup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** A classifier's predictions for the test set. */
public final class Classification implements TestResult {
    private static final int MOST_CLASSES = 20;
    private static final int MOST_CONFUSIONS = 20;
    private static final int MOST_PICTURES = 24;
    private static final int MOST_ROWS = 12;
    private static final int BINS = 10;

    private final Tensor probabilities;
    private final int[] labels;
    private final List<String> classes;

    /**
     * Predictions and the labels they are compared with.
     *
     * @param probabilities examples×classes
     * @param labels the class of each example; copied
     * @param classes the names of the classes
     */
    public Classification(Tensor probabilities, int[] labels, List<String> classes) {
        if (labels.length == 0) {
            throw new IllegalArgumentException("labels: expected at least one example, got none");
        }
        if (probabilities.shape().rank() != 2
                || probabilities.shape().dim(0) != labels.length
                || probabilities.shape().dim(1) != classes.size()) {
            throw new IllegalArgumentException("probabilities: expected " + labels.length + "×" + classes.size()
                    + " for as many labels and classes, got " + probabilities.shape());
        }
        for (int label : labels) {
            if (label < 0 || label >= classes.size()) {
                throw new IllegalArgumentException("labels: expected 0…" + (classes.size() - 1) + ", got " + label);
            }
        }
        this.probabilities = probabilities;
        this.labels = labels.clone();
        this.classes = List.copyOf(classes);
    }

    @Override
    public int examples() {
        return labels.length;
    }

    @Override
    public Curves.ErrorKind task() {
        return Curves.ErrorKind.CLASSIFICATION;
    }

    /** The number of examples whose likeliest class is not their label. */
    public int errors() {
        return Metrics.errors(probabilities.argMaxRows(), labels);
    }

    private List<Integer> mistakes() {
        int[] said = probabilities.argMaxRows();
        return IntStream.range(0, labels.length)
                .filter(i -> said[i] != labels[i])
                .boxed()
                .toList();
    }

    /**
     * The confusion matrix: the number of examples of each class (first index) that were predicted as each class
     * (second index).
     */
    int[][] counts() {
        return Metrics.confusions(probabilities.argMaxRows(), labels, classes.size());
    }

    @Override
    public String headline() {
        int errors = errors();
        ConfidenceInterval interval = ConfidenceInterval.wilson(errors, labels.length);
        return "<p class=\"result\"><strong>" + NumberFormats.percent((double) errors / labels.length)
                + "</strong> test error</p>\n<p>" + Decimal.grouped(errors) + " of " + Decimal.grouped(labels.length)
                + " examples are wrong; with 95\u00A0% confidence the error is between "
                + NumberFormats.percent(interval.low()) + " and " + NumberFormats.percent(interval.high())
                + " (Wilson’s interval). Always answering “" + Markup.escape(classes.get(frequent()))
                + "” would be wrong for "
                + NumberFormats.percent(1 - (double) sizes()[frequent()] / labels.length) + ".</p>\n";
    }

    private int[] sizes() {
        int[] sizes = new int[classes.size()];
        for (int label : labels) {
            sizes[label]++;
        }
        return sizes;
    }

    /** The most frequent class, the first if there are several. */
    private int frequent() {
        int[] sizes = sizes();
        int frequent = 0;
        for (int i = 1; i < sizes.length; i++) {
            frequent = sizes[i] > sizes[frequent] ? i : frequent;
        }
        return frequent;
    }

    @Override
    public String sections(ShownExamples examples) {
        return confusion() + measures() + worst(examples) + calibration();
    }

    private String measures() {
        Html.HtmlTable table =
                new Html.HtmlTable("On the test set").head("text", "measure").heads(List.of("value"));
        Quality.ofClasses(probabilities, labels)
                .measures()
                .forEach((name, value) -> table.row(name)
                        .cells(List.of(value.isPresent() ? Decimal.fixed(value.getAsDouble(), 4) : "undefined")));
        return Html.section("How good it is", table.html());
    }

    // ---- confusions ----

    private String confusion() {
        int[][] counts = counts();
        return Html.section(
                "Which classes are confused",
                classes.size() <= MOST_CLASSES ? matrix(counts) : "",
                classes.size() <= MOST_CLASSES ? "" : frequent(counts),
                perClass(counts));
    }

    private String matrix(int[][] counts) {
        int most = 1;
        for (int[] row : counts) {
            for (int j = 0; j < row.length; j++) {
                most = row == counts[j] ? most : Math.max(most, row[j]);
            }
        }
        Html.HtmlTable table = new Html.HtmlTable("Confusion matrix: rows are true, columns answers", "matrix")
                .heads(List.of("true"))
                .heads(classes);
        for (int i = 0; i < counts.length; i++) {
            table.row(classes.get(i));
            int all = Math.max(1, IntStream.of(counts[i]).sum());
            for (int j = 0; j < counts.length; j++) {
                int count = counts[i][j];
                if (i == j) {
                    table.shaded("right", (double) count / all, Integer.toString(count));
                } else if (count > 0) {
                    table.shaded("wrong", Math.sqrt((double) count / most), Integer.toString(count));
                } else {
                    table.cell("none", "·");
                }
            }
        }
        return table.html();
    }

    private String frequent(int[][] counts) {
        record Confusion(int label, int said, int count) {}
        List<Confusion> all = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            for (int j = 0; j < counts.length; j++) {
                if (i != j && counts[i][j] > 0) {
                    all.add(new Confusion(i, j, counts[i][j]));
                }
            }
        }
        all.sort(Comparator.comparingInt(Confusion::count).reversed());
        Html.HtmlTable table = new Html.HtmlTable("The most frequent confusions")
                .heads(List.of("true"))
                .head("text", "answer")
                .heads(List.of("times"));
        all.stream()
                .limit(MOST_CONFUSIONS)
                .forEach(one -> table.row(classes.get(one.label()))
                        .cell("text", classes.get(one.said()))
                        .cells(List.of(Integer.toString(one.count()))));
        return table.html();
    }

    private String perClass(int[][] counts) {
        Html.HtmlTable table = new Html.HtmlTable("Class by class")
                .heads(List.of("class", "examples", "wrong", "error", "95 % interval", "answers", "of them wrong"));
        for (int i = 0; i < counts.length; i++) {
            int all = IntStream.of(counts[i]).sum();
            int wrong = all - counts[i][i];
            int column = i;
            int answers = IntStream.range(0, counts.length)
                    .map(row -> counts[row][column])
                    .sum();
            int mistaken = answers - counts[i][i];
            table.row(classes.get(i))
                    .cells(List.of(
                            Decimal.grouped(all),
                            Decimal.grouped(wrong),
                            share(wrong, all),
                            all == 0 ? "–" : interval(wrong, all),
                            Decimal.grouped(answers),
                            share(mistaken, answers)));
        }
        return table.html();
    }

    private static String share(int count, int all) {
        return all == 0 ? "–" : NumberFormats.percent((double) count / all);
    }

    private static String interval(int count, int all) {
        ConfidenceInterval interval = ConfidenceInterval.wilson(count, all);
        return NumberFormats.percent(interval.low()) + " – " + NumberFormats.percent(interval.high());
    }

    // ---- the worst ----

    private String worst(ShownExamples examples) {
        int most = examples.areImages() ? MOST_PICTURES : MOST_ROWS;
        int[] said = probabilities.argMaxRows();
        List<ShownExamples.Shown> shown = mistakes().stream()
                .sorted(Comparator.comparingDouble((Integer i) -> probabilities.get(i, labels[i])))
                .limit(most)
                .map(i -> new ShownExamples.Shown(
                        i,
                        List.of(
                                classes.get(labels[i]),
                                classes.get(said[i]) + " (" + confidence(probabilities.get(i, said[i])) + ")")))
                .toList();
        if (shown.isEmpty()) {
            return Html.section("The worst mistakes", Html.note("There are none: every example is right."));
        }
        return Html.section(
                "The worst mistakes",
                Html.note("The " + shown.size()
                        + " wrong examples whose true class the network thinks least likely; in parentheses how sure it is"
                        + " of its answer."),
                examples.html(List.of("true", "answer"), shown));
    }

    private static String confidence(double probability) {
        return probability > 0.995 ? "> 99\u00A0%" : Math.round(100 * probability) + "\u00A0%";
    }

    // ---- calibration ----

    private String calibration() {
        int[] said = probabilities.argMaxRows();
        int[] all = new int[BINS];
        int[] right = new int[BINS];
        double[] sure = new double[BINS];
        for (int i = 0; i < labels.length; i++) {
            double confidence = Double.isNaN(probabilities.get(i, said[i])) ? 0 : probabilities.get(i, said[i]);
            int bin = (int) Math.min(BINS - 1, BINS * confidence);
            all[bin]++;
            sure[bin] += confidence;
            right[bin] += said[i] == labels[i] ? 1 : 0;
        }
        Table points = new Table("x", "y", "low", "high");
        double gap = 0;
        Html.HtmlTable table =
                new Html.HtmlTable("The same in numbers").heads(List.of("how sure", "examples", "mean", "right"));
        for (int bin = 0; bin < BINS; bin++) {
            if (all[bin] > 0) {
                double mean = sure[bin] / all[bin];
                double share = (double) right[bin] / all[bin];
                ConfidenceInterval interval = ConfidenceInterval.wilson(right[bin], all[bin]);
                points.row(100 * mean, 100 * share, 100 * interval.low(), 100 * interval.high());
                gap += Math.abs(sure[bin] - right[bin]);
                table.row(100 * bin / BINS + "–" + 100 * (bin + 1) / BINS + "\u00A0%")
                        .cells(List.of(
                                Decimal.grouped(all[bin]), NumberFormats.percent(mean), NumberFormats.percent(share)));
            }
        }
        Chart chart = new Chart("Calibration", "Bars: 95 % intervals. Dashed: as sure as right.", 480, 340)
                .layer(
                        "segment",
                        new Table("x", "y", "to").row(0, 0, 100),
                        Chart.map("x", "x", "y", "y", "xend", "to", "yend", "to"),
                        "linetype",
                        "dashed",
                        "color",
                        "#777777")
                .layer("linerange", points, Chart.map("x", "x", "ymin", "low", "ymax", "high"), "color", "#0072B2")
                .layer("point", points, Chart.map("x", "x", "y", "y"), "color", "#0072B2", "size", 4)
                .linear("x", "how sure, %", 100)
                .linear("y", "right, %", 100);
        return Html.section(
                "Is it as sure as it is right?",
                "<div class=\"charts\">\n",
                chart.svg(
                        "calibration",
                        "Share of right answers against how sure the network is; the table has the numbers"),
                table.html(),
                "</div>\n",
                Html.note("Mean distance between the two (expected calibration error): "
                        + NumberFormats.percent(gap / labels.length) + "."));
    }
}
