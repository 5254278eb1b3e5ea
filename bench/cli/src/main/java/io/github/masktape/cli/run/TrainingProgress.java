// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.run;

import io.github.masktape.cli.settings.ExampleSets;
import io.github.masktape.cli.terminal.Percent;
import io.github.masktape.cli.terminal.StatusLine;
import io.github.masktape.cli.terminal.Terminal;
import io.github.masktape.optim.Evaluation;
import io.github.masktape.optim.Trainer;
import io.github.masktape.text.Decimal;
import java.io.PrintWriter;

/**
 * The progress display of a training run: a line for each epoch, or for some if there are many, and a moving bar on a
 * terminal.
 */
public final class TrainingProgress implements Trainer.Listener {
    private static final int WIDEST_BAR = 16;

    /** The number of epochs up to which each has a line, and the number of lines for more of them. */
    private static final int EACH = 30;

    private static final int LINES = 10;

    /** The time in nanoseconds after which the next epoch prints a line, whatever its number. */
    private static final long NANOS = 5_000_000_000L;

    private final PrintWriter err;
    private final StatusLine status;
    private final int epochs;
    private final int batchSize;
    private final ExampleSets examples;
    private final long start = System.nanoTime();
    private long epochStart = start;
    private long lastLine = start;
    private long lastStep = start;
    private final long firstStep;
    private long steps;
    private String lastError = "";
    private int stepsOfEpoch;

    /**
     * The progress of a run that starts or continues now.
     *
     * @param firstStep the number of steps made before
     */
    public TrainingProgress(Terminal streams, int epochs, int batchSize, ExampleSets examples, long firstStep) {
        err = streams.err();
        status = new StatusLine(streams);
        this.epochs = epochs;
        this.batchSize = batchSize;
        this.examples = examples;
        this.firstStep = firstStep;
        steps = firstStep;
    }

    /** The number of steps made, including those before the run was resumed. */
    long steps() {
        return steps;
    }

    @Override
    public void step(Trainer.Step step) {
        lastStep = System.nanoTime();
        steps = step.number();
        stepsOfEpoch++;
        if (status.isDue(lastStep)) {
            status.draw(bar(step));
        }
    }

    private String bar(Trainer.Step step) {
        double nanosPerStep = (double) (lastStep - start) / (step.number() - firstStep);
        String before = epoch(step.epoch()) + "  [";
        long total = step.total().orElseThrow();
        String after = "]  loss " + Decimal.fixed(step.epochLoss(), 4) + "  " + lastError + perSecond() + "  "
                + minutes(nanosPerStep * (total - step.number())) + " left";
        int width = Math.max(0, Math.min(WIDEST_BAR, status.columns() - before.length() - after.length()));
        int full = (int) ((double) step.number() / total * width);
        return before + "=".repeat(full) + " ".repeat(width - full) + after;
    }

    @Override
    public void epoch(Trainer.Epoch epoch) {
        status.clear();
        lastError =
                epoch.validation() == null ? "" : evaluated(epoch.validation()).replaceAll(" +", " ") + "  ";
        if (isShown(epoch.epoch())) {
            lastLine = lastStep;
            show(epoch);
        }
        epochStart = System.nanoTime();
        stepsOfEpoch = 0;
    }

    private boolean isShown(int epoch) {
        int every = epochs <= EACH ? 1 : (epochs - 1) / LINES + 1;
        return epoch == 1 || epoch == epochs || epoch % every == 0 || lastStep - lastLine > NANOS;
    }

    private void show(Trainer.Epoch epoch) {
        err.println(epoch(epoch.epoch()) + "  training loss " + Decimal.fixed(epoch.trainingLoss(), 4)
                + (epoch.validation() == null
                        ? ""
                        : "  " + examples.watchedName() + " " + evaluated(epoch.validation()))
                + "  " + seconds((double) (lastStep - epochStart)) + "  " + perSecond());
    }

    private String evaluated(Evaluation evaluation) {
        if (evaluation instanceof Evaluation.OfValues values) {
            return ExampleSets.rmse(
                    values, ExampleSets.unit(examples.preprocessing().targets()));
        }
        return "error " + padded(Percent.of(((Evaluation.OfLabels) evaluation).errorRate()), 7);
    }

    /** Reports the total time and the effect of patience. */
    void finish(Trainer.History history) {
        status.clear();
        if (history.ending() == Trainer.Ending.OUT_OF_PATIENCE) {
            err.println("stopped early, since no epoch after " + history.bestEpoch() + " was better");
        }
        if (history.ending() != Trainer.Ending.STOPPED) {
            err.println("trained in " + seconds((double) (System.nanoTime() - start)));
        }
    }

    /** Erases the bar. */
    public void clear() {
        status.clear();
    }

    private String epoch(int epoch) {
        return "epoch " + padded("" + epoch, ("" + epochs).length()) + "/" + epochs;
    }

    private String perSecond() {
        long count =
                Math.min((long) stepsOfEpoch * batchSize, examples.training().size());
        double seconds = Math.max(1, lastStep - epochStart) / 1e9;
        return Decimal.fixed(count / seconds, 0) + " examples/s";
    }

    private static String seconds(double nanos) {
        return Decimal.fixed(nanos / 1e9, 1) + " s";
    }

    private static String minutes(double nanos) {
        long seconds = Math.round(nanos / 1e9);
        return seconds / 60 + ":" + (seconds % 60 < 10 ? "0" : "") + seconds % 60;
    }

    private static String padded(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }
}
