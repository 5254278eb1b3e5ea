// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.paper;

import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.cli.terminal.Percent;
import io.github.masktape.optim.Evaluation;
import io.github.masktape.optim.Trainer;
import io.github.masktape.paper.PaperRun.PaperSchedule;
import io.github.masktape.text.Decimal;
import java.io.File;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The record of how a network of the paper's experiment was trained, stored in its file of weights.
 *
 * @param curve for each epoch the mean training loss in nats, and the test error after it, 0…1
 * @param trainingError the share of training examples that the trained network misclassifies, 0…1
 * @param seconds the time of training; NaN if it was interrupted
 * @param data a checksum of the training examples
 * @param sha256 the hash of the weights
 */
record PaperModel(
        PaperRun run,
        PaperSchedule schedule,
        List<EpochResult> curve,
        double trainingError,
        double seconds,
        String data,
        String sha256) {

    /** The metrics of an epoch. */
    record EpochResult(double trainingLoss, double testError) {}

    PaperModel(
            PaperRun run,
            PaperSchedule schedule,
            Iterable<Trainer.Epoch> history,
            double trainingError,
            double seconds,
            String data,
            String sha256) {
        this(run, schedule, points(history), trainingError, seconds, data, sha256);
    }

    private static List<EpochResult> points(Iterable<Trainer.Epoch> history) {
        List<EpochResult> points = new ArrayList<>();
        history.forEach(epoch -> points.add(new EpochResult(
                epoch.trainingLoss(), ((Evaluation.OfLabels) Objects.requireNonNull(epoch.validation())).errorRate())));
        return points;
    }

    Map<String, String> toMetadata() {
        StringBuilder text = new StringBuilder();
        curve.forEach(point -> text.append(text.length() == 0 ? "" : ";")
                .append(Decimal.shortest(point.trainingLoss, 9))
                .append(',')
                .append(Decimal.shortest(point.testError, 9)));
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("paper.run", run.name());
        metadata.put("paper.schedule", schedule.toString());
        metadata.put("paper.curve", text.toString());
        metadata.put("paper.training-error", Decimal.fixed(trainingError, 9));
        if (seconds >= 0) {
            metadata.put("paper.seconds", Decimal.fixed(seconds, 3));
        }
        metadata.put("paper.data", data);
        metadata.put("paper.weights-sha256", sha256);
        return metadata;
    }

    /**
     * Reads a file's metadata.
     *
     * @throws Failure if the file does not belong to this run
     */
    static PaperModel ofMetadata(File file, PaperRun run, Map<String, String> metadata) {
        try {
            if (!run.name().equals(metadata.get("paper.run"))) {
                throw new IllegalArgumentException("another run");
            }
            List<EpochResult> curve = new ArrayList<>();
            for (String point : metadata.getOrDefault("paper.curve", "").split(";", -1)) {
                String[] pair = point.split(",", -1);
                curve.add(new EpochResult(Double.parseDouble(pair[0]), Double.parseDouble(pair[1])));
            }
            return new PaperModel(
                    run,
                    PaperSchedule.parse(metadata.getOrDefault("paper.schedule", "")),
                    curve,
                    Double.parseDouble(metadata.getOrDefault("paper.training-error", "")),
                    Double.parseDouble(metadata.getOrDefault("paper.seconds", "NaN")),
                    metadata.getOrDefault("paper.data", ""),
                    metadata.getOrDefault("paper.weights-sha256", ""));
        } catch (RuntimeException e) {
            throw new Failure(file + ": expected a network of the run " + run.name() + "; delete it to train it again");
        }
    }

    /** A summary on one line, for the screen. */
    @Override
    public String toString() {
        return run.name() + ": test error "
                + Percent.of(curve.get(curve.size() - 1).testError()) + " after " + schedule.epochs()
                + " epochs" + (seconds >= 0 ? ", " + Decimal.fixed(seconds, 1) + " s" : "");
    }
}
