// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.run;

import io.github.masktape.autograd.NotFiniteOutputException;
import io.github.masktape.cli.model.Checksums;
import io.github.masktape.cli.model.ModelOutputs;
import io.github.masktape.cli.model.QualityTable;
import io.github.masktape.cli.model.TestData;
import io.github.masktape.cli.settings.ExampleSets;
import io.github.masktape.cli.settings.InferenceSettings;
import io.github.masktape.cli.settings.RunSettings;
import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.Values;
import io.github.masktape.file.AtomicFile;
import io.github.masktape.file.Countdown;
import io.github.masktape.layers.PredictionIntervals;
import io.github.masktape.layers.Sequential;
import io.github.masktape.optim.Checkpoint;
import io.github.masktape.optim.Trainer;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The files next to a run's checkpoint. All are made from it, so that the next ones are right whatever a kill left of
 * them.
 *
 * <p>They follow the checkpoint, never precede it: {@code metrics.csv} has no epoch that a resumed run has to make
 * again.
 */
final class RunFiles {
    /** The minimum number of seconds between writes, for runs with many short epochs. */
    private static final double SECONDS = 2;

    /** The most examples from which intervals around predictions are computed. */
    private static final int MOST_HELD_OUT = 1000;

    private final RunFolder folder;
    private final ExampleSets examples;
    private final String architecture;
    private final Map<String, String> metadata;
    private final RunReport report;
    private final Countdown countdown = new Countdown(SECONDS);
    private @Nullable Checkpoint last;
    private int written = -1;

    /**
     * The files of a run.
     *
     * @param origins the metadata about their origin
     */
    RunFiles(
            RunFolder folder,
            RunSettings settings,
            ExampleSets examples,
            String architecture,
            Map<String, String> origins) {
        this.folder = folder;
        this.examples = examples;
        this.architecture = architecture;
        report = new RunReport(settings, examples, origins);
        metadata = new LinkedHashMap<>(origins);
        metadata.putAll(examples.preprocessing().toMetadata());
        Dataset test = examples.test();
        if (test != null) {
            metadata.put(TestData.CHECKSUM, Checksums.of(test));
        }
    }

    RunFolder folder() {
        return folder;
    }

    /** The metadata of the checkpoint, besides the state of the run. */
    Map<String, String> metadata() {
        return metadata;
    }

    /** A listener that calls another one and then writes the run's files. */
    Trainer.Listener after(Trainer.Listener first) {
        return new Trainer.Listener() {
            @Override
            public void step(Trainer.Step step) {
                first.step(step);
            }

            @Override
            public void epoch(Trainer.Epoch epoch) {
                first.epoch(epoch);
            }

            @Override
            public void saved(File file, Checkpoint checkpoint) {
                follow(checkpoint);
            }
        };
    }

    private void follow(Checkpoint checkpoint) {
        last = checkpoint;
        if (checkpoint.epochs().size() == written) {
            return;
        }
        written = checkpoint.epochs().size();
        try {
            if (countdown.isOver()) {
                writeMetrics(checkpoint.epochs());
                writeModel(checkpoint, Map.of());
                countdown.restart();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /** Writes the model and its metrics again, at the end of a run or after it was stopped. */
    void writeModel(Trainer.History history) {
        Checkpoint checkpoint = last;
        if (checkpoint == null) {
            return;
        }
        try {
            writeMetrics(history.epochs());
            writeModel(checkpoint, intervals(net(checkpoint)));
        } catch (IOException e) {
            throw new Failure(e);
        }
    }

    /** Writes the metrics up to the last checkpoint, of a run that has failed. */
    void writeMetrics() {
        Checkpoint checkpoint = last;
        if (checkpoint == null) {
            return;
        }
        try {
            writeMetrics(checkpoint.epochs());
        } catch (IOException e) {
            throw new Failure(e);
        }
    }

    /**
     * Writes {@code curves.svg}, and, if there is a test set, {@code test.csv} and {@code report.html}, which show how
     * good its predictions are.
     */
    void finish(Trainer.History history) {
        Checkpoint checkpoint = last;
        if (checkpoint == null) {
            return;
        }
        try {
            Sequential net = net(checkpoint);
            if (!history.epochs().isEmpty()) {
                AtomicFile.write(folder.file("curves.svg"), report.curves(history));
            }
            Dataset test = examples.test();
            if (test != null) {
                AtomicFile.write(
                        folder.file("test.csv"),
                        QualityTable.of(
                                        ModelOutputs.of(net, examples.preprocessing(), test.features()),
                                        Objects.requireNonNull(examples.rawTest()))
                                .csv());
                int best = checkpoint.bestWeights().isEmpty() ? 0 : history.bestEpoch();
                AtomicFile.write(folder.file("report.html"), report.page(history, net, best));
            }
        } catch (IOException e) {
            throw new Failure(e);
        }
    }

    private void writeMetrics(List<Trainer.Epoch> epochs) throws IOException {
        AtomicFile.write(
                folder.file("metrics.csv"),
                MetricsCsv.csv(
                        epochs, examples.watchedName(), examples.preprocessing().targets()));
    }

    private void writeModel(Checkpoint checkpoint, Map<String, String> intervals) throws IOException {
        Map<String, String> all = RunMetadata.ofModel(checkpoint.extra());
        all.putAll(intervals);
        net(checkpoint).save(folder.file("model.safetensors"), all);
    }

    /**
     * The intervals around the predictions of a regression, from examples for testing if there are any, since validation
     * may have chosen the epoch.
     */
    private Map<String, String> intervals(Sequential net) {
        Dataset heldOut = examples.test() != null ? examples.test() : examples.validation();
        if (heldOut == null || !(heldOut.targets() instanceof Values)) {
            return Map.of();
        }
        int step = (heldOut.size() - 1) / MOST_HELD_OUT + 1;
        int[] some = new int[(heldOut.size() - 1) / step + 1];
        Arrays.setAll(some, i -> i * step);
        Dataset few = heldOut.select(some);
        try {
            return PredictionIntervals.of(
                            InferenceSettings.SPREAD.inference().outputSpread(net, few.features()), few.values())
                    .toMetadata();
        } catch (NotFiniteOutputException | IllegalArgumentException e) {
            // The test of the model reports what is wrong.
            return Map.of();
        }
    }

    /** The network with the best weights if there are any, otherwise with the last ones. */
    private Sequential net(Checkpoint checkpoint) {
        return Sequential.ofArchitecture(
                architecture, checkpoint.bestWeights().isEmpty() ? checkpoint.weights() : checkpoint.bestWeights());
    }
}
