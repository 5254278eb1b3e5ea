// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.report;

import io.github.masktape.report.Chart.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The course of a run: loss and error after each epoch.
 *
 * @param history the epochs in order
 * @param task the kind of error
 * @param watched the name of the set that each epoch is evaluated on: validation, or test
 * @param bestEpoch the epoch to mark, 0 for none
 */
public record Curves(List<EpochMetrics> history, ErrorKind task, int bestEpoch, String watched) {
    private static final String TRAINING = "training";
    private static final String BEST = "#777777";
    /** The most epochs that are drawn with points; more points would hide the line. */
    private static final int MOST_POINTS = 40;

    /** The kind of task, which determines the kind of error. */
    public enum ErrorKind {
        CLASSIFICATION("error, %", 100),
        REGRESSION("root mean square error", 1);

        private final String error;
        private final double unit;

        ErrorKind(String error, double unit) {
            this.error = error;
            this.unit = unit;
        }
    }

    /**
     * The metrics of an epoch; NaN stands for what was not measured.
     *
     * @param epoch the epoch, from 1
     * @param trainingLoss the mean over the epoch's examples
     * @param validationLoss the loss after the epoch
     * @param validationError the error after the epoch: the share of misclassified examples, or a regression's root
     *     mean square error
     * @param learningRate the learning rate of the epoch's last step
     */
    public record EpochMetrics(
            int epoch, double trainingLoss, double validationLoss, double validationError, double learningRate) {}

    /** The curves of a history. */
    public Curves {
        history = List.copyOf(history);
        if (!canBeDrawn(history)) {
            throw new IllegalArgumentException("history: expected an epoch with a finite training loss, got none");
        }
    }

    /** True if the history has anything to draw. */
    public static boolean canBeDrawn(List<EpochMetrics> history) {
        return history.stream().anyMatch(epoch -> Double.isFinite(epoch.trainingLoss()));
    }

    /** The file {@code curves.svg}: the loss chart above the error chart. */
    public String svg() {
        Table table = table();
        addLoss(table);
        addError(table);
        return chart("Training", 720, 640, table)
                .panels("panel")
                .automatic("y", "")
                .svg("curves", description());
    }

    /** Loss and error as separate pictures, for a page. */
    String[] pictures() {
        List<String> pictures = new ArrayList<>();
        pictures.add(loss().svg("loss", description()));
        if (history.stream().anyMatch(epoch -> Double.isFinite(epoch.validationError()))) {
            pictures.add(error().svg("error", "The " + watched + " error by epoch"));
        }
        if (history.stream().mapToDouble(EpochMetrics::learningRate).distinct().count() > 1) {
            pictures.add(learningRate().svg("rate", "The learning rate by epoch"));
        }
        return pictures.toArray(String[]::new);
    }

    /** The chart of the losses. */
    private Chart loss() {
        Table table = table();
        addLoss(table);
        return chart("Loss", 480, 340, table).automatic("y", task == ErrorKind.CLASSIFICATION ? "nats" : "");
    }

    /** The chart of the errors. */
    private Chart error() {
        Table table = table();
        addError(table);
        return chart(capitalized(watched) + " error", 480, 340, table)
                .automatic("y", task.error)
                .unnamed();
    }

    private static String capitalized(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }

    private Chart learningRate() {
        Table table = table();
        for (EpochMetrics epoch : history) {
            add(table, epoch, epoch.learningRate(), TRAINING, "learning rate");
        }
        return chart("Learning rate", 480, 340, table).automatic("y", "").unnamed();
    }

    private String description() {
        EpochMetrics last = history.get(history.size() - 1);
        return "Curves of " + history.size() + (history.size() == 1 ? " epoch" : " epochs")
                + "; training loss at the end " + NumberFormats.plain(last.trainingLoss())
                + (Double.isFinite(last.validationLoss())
                        ? ", " + watched + " loss " + NumberFormats.plain(last.validationLoss())
                        : "");
    }

    private boolean hasValidation() {
        return history.stream()
                .anyMatch(epoch -> Double.isFinite(epoch.validationLoss()) || Double.isFinite(epoch.validationError()));
    }

    private static Table table() {
        return new Table("epoch", "value", "series", "panel");
    }

    private void addLoss(Table table) {
        String panel = task == ErrorKind.CLASSIFICATION ? "loss, nats" : "loss";
        for (EpochMetrics epoch : history) {
            add(table, epoch, epoch.trainingLoss(), TRAINING, panel);
            add(table, epoch, epoch.validationLoss(), watched, panel);
        }
    }

    private void addError(Table table) {
        for (EpochMetrics epoch : history) {
            add(table, epoch, task.unit * epoch.validationError(), watched, task.error);
        }
    }

    private static void add(Table table, EpochMetrics epoch, double value, String series, String panel) {
        if (Double.isFinite(value)) {
            table.row(epoch.epoch(), value, series, panel);
        }
    }

    private Chart chart(String title, int width, int height, Table table) {
        String best = bestEpoch == 0 ? "" : "dashed: the best epoch, " + bestEpoch;
        Chart chart = new Chart(title, best, width, height);
        if (bestEpoch > 0) {
            chart.layer(
                    "vline",
                    new Table("x").row(bestEpoch),
                    Chart.map("xintercept", "x"),
                    "color",
                    BEST,
                    "linetype",
                    "dashed");
        }
        chart.layer("line", table, Chart.map("x", "epoch", "y", "value", "color", "series"), "size", 1);
        if (history.size() <= MOST_POINTS) {
            chart.layer(
                    "point",
                    table,
                    Chart.map("x", "epoch", "y", "value", "color", "series", "shape", "series"),
                    "size",
                    3);
        }
        int first = history.get(0).epoch();
        int last = history.get(history.size() - 1).epoch();
        return chart.counts("x", "epoch", first, last)
                .series(hasValidation() ? List.of(TRAINING, watched) : List.of(TRAINING));
    }
}
