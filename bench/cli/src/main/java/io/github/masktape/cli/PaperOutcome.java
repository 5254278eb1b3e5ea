package io.github.masktape.cli;

import io.github.masktape.cli.PaperRun.Schedule;
import io.github.masktape.io.SafeTensors;
import io.github.masktape.optim.Trainer;
import io.github.masktape.tensor.Decimal;
import io.github.masktape.tensor.Tensor;
import java.io.File;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What is known of one trained network of the paper's experiment.
 *
 * @param curve epochs×2: the mean training loss of each epoch in nats, and the test error after it, 0…1
 * @param trainingError the share of training examples that the trained network has wrong, 0…1
 * @param seconds of training
 * @param sha256 of the weights
 * @param probabilities examples×classes for the test set, by inference method
 */
record PaperOutcome(
        PaperRun run,
        Schedule schedule,
        Tensor curve,
        double trainingError,
        double seconds,
        String sha256,
        Map<String, Tensor> probabilities) {
    private static final String CURVE = "curve";

    static Tensor curve(List<Trainer.Epoch> history) {
        double[][] rows = history.stream()
                .map(epoch -> new double[] {epoch.trainingLoss(), epoch.test().errorRate()})
                .toArray(double[][]::new);
        return Tensor.of(rows);
    }

    void write(File file) throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put(CURVE, curve);
        tensors.putAll(probabilities);
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("run", run.name());
        metadata.put("schedule", schedule.toString());
        metadata.put("training-error", Decimal.fixed(trainingError, 9));
        metadata.put("seconds", Decimal.fixed(seconds, 3));
        metadata.put("weights-sha256", sha256);
        new SafeTensors(tensors, metadata).write(file);
    }

    static PaperOutcome read(File file, PaperRun run) throws IOException {
        SafeTensors content = SafeTensors.read(file);
        Map<String, String> metadata = content.metadata();
        Map<String, Tensor> probabilities = new LinkedHashMap<>(content.tensors());
        Tensor curve = probabilities.remove(CURVE);
        if (curve == null || !run.name().equals(metadata.get("run"))) {
            throw new Failure(file + ": expected the outcome of " + run.name() + "; delete it to have the run again");
        }
        return new PaperOutcome(
                run,
                Schedule.parse(metadata.getOrDefault("schedule", "")),
                curve,
                Double.parseDouble(metadata.getOrDefault("training-error", "")),
                Double.parseDouble(metadata.getOrDefault("seconds", "")),
                metadata.getOrDefault("weights-sha256", ""),
                probabilities);
    }

    /** By gaussian inference if the network has masked weights, else by mean inference. */
    Tensor best() {
        return Objects.requireNonNull(probabilities.getOrDefault("gaussian", probabilities.get("mean")));
    }

    /** The examples that have another class than the likeliest. */
    static int errors(Tensor probabilities, int[] labels) {
        int[] predicted = probabilities.argMaxRows();
        int errors = 0;
        for (int i = 0; i < labels.length; i++) {
            errors += predicted[i] == labels[i] ? 0 : 1;
        }
        return errors;
    }

    /** One line for the screen. */
    @Override
    public String toString() {
        double last = curve.get(curve.shape().dim(0) - 1, 1);
        return run.name() + ": test error " + Progress.percent(last) + " after " + schedule.epochs() + " epochs, "
                + Decimal.fixed(seconds, 1) + " s";
    }
}
