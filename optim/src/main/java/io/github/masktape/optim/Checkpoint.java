// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.optim;

import io.github.masktape.io.ByteSource;
import io.github.masktape.io.DataFormatException;
import io.github.masktape.io.SafeTensors;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.text.Decimal;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The complete state of a training run, from which it continues bit for bit as if it had never stopped, in one
 * safetensors file.
 *
 * <p>In the file the weights have their own names, so that any reader of safetensors finds them; {@code best.} prefixes
 * those of the best epoch, {@code optimizer.} the optimizer's tensors. The tensor {@code history} has a row for each
 * epoch: the training loss, then the validation's errors (−1 in a regression), examples, loss, variance (of a classifier
 * whose classes have weights, the weighted error rate) and mean squared error; NaN where there is no such number. Numbers that a float cannot represent are text in the metadata, under names that begin with
 * {@code checkpoint.}.
 *
 * @param step the number of steps that the run has made; the optimizer may have made more, see {@link Trainer}
 * @param unfinished the position within the unfinished epoch
 * @param epochs the metrics of the finished epochs
 * @param settings the settings that these steps depend on, including the data, as text, by name
 * @param weights the net's parameters and buffers, by name
 * @param bestWeights the weights of the best epoch, if patience needs them and an epoch is finished; otherwise empty
 * @param optimizer the optimizer's tensors, such as velocities, its settings, and the number of its steps
 * @param extra whatever the caller wants to store: the command, the architecture, the preprocessing
 */
public record Checkpoint(
        long step,
        Unfinished unfinished,
        List<Trainer.Epoch> epochs,
        Map<String, String> settings,
        Map<String, Tensor> weights,
        Map<String, Tensor> bestWeights,
        Optimizer.State optimizer,
        Map<String, String> extra) {
    private static final String OURS = "checkpoint.";
    private static final String VERSION = OURS + "version";
    private static final String STEP = OURS + "step";
    private static final String EPOCH_STEPS = OURS + "epoch steps";
    private static final String LOSS_SUM = OURS + "loss sum";
    private static final String LOSS_WEIGHT = OURS + "loss weight";
    private static final String OPTIMIZER_STEPS = OURS + "optimizer steps";
    private static final String SETTING = OURS + "setting ";
    private static final String OPTIMIZER_SETTING = OURS + "optimizer setting ";
    private static final String CHECKSUM = OURS + "checksum";

    private static final String BEST = "best.";
    private static final String OPTIMIZER = "optimizer.";
    private static final String HISTORY = "history";
    private static final int COLUMNS = 6;
    /** The number of columns in version 1, in which the loss of a regression was always the squared error. */
    private static final int COLUMNS_1 = 5;
    /** The placeholder in the history for the errors of a regression, which has none. */
    private static final int NO_ERRORS = -1;

    /**
     * What was done of an unfinished epoch.
     *
     * @param steps the number of steps
     * @param lossSum the sum of the losses of their batches, each times its weight
     * @param weight the sum of the batches' weights: the number of examples, if these have no weights
     */
    public record Unfinished(long steps, double lossSum, double weight) {
        static final Unfinished NONE = new Unfinished(0, 0, 0);

        Unfinished plus(double loss, double batchWeight) {
            return new Unfinished(steps + 1, lossSum + loss * batchWeight, weight + batchWeight);
        }

        /** The mean loss of the examples. */
        double mean() {
            return lossSum / weight;
        }
    }

    /**
     * Copies the list and the maps, in their order.
     *
     * @throws IllegalArgumentException if a name of a weight or of {@code extra} is one that the file format uses
     *     itself
     */
    public Checkpoint {
        epochs = List.copyOf(epochs);
        settings = copy(settings);
        weights = copy(weights);
        bestWeights = copy(bestWeights);
        extra = copy(extra);
        requireFreeNames(weights, extra);
    }

    private static <T> Map<String, T> copy(Map<String, T> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    static void requireFreeNames(Map<String, ?> weights, Map<String, String> extra) {
        for (String name : weights.keySet()) {
            if (name.equals(HISTORY) || name.startsWith(BEST) || name.startsWith(OPTIMIZER)) {
                throw new IllegalArgumentException("checkpoint: expected names of parameters other than " + HISTORY
                        + ", " + BEST + "* and " + OPTIMIZER + "*, got " + name);
            }
        }
        for (String key : extra.keySet()) {
            if (key.startsWith(OURS)) {
                throw new IllegalArgumentException(
                        "checkpoint: expected extra keys that do not begin with " + OURS + ", got " + key);
            }
        }
    }

    // ---- files ----

    /**
     * Writes the file completely or not at all: if this fails, an existing file stays as it was.
     *
     * @throws IOException if it cannot be written
     */
    public void write(File file) throws IOException {
        content().write(file);
    }

    /**
     * Writes the bytes of the file to a stream, which stays open.
     *
     * @throws IOException if it cannot be written
     */
    public void write(OutputStream out) throws IOException {
        content().write(out);
    }

    /** The contents of the file. */
    SafeTensors content() {
        Map<String, Tensor> tensors = new LinkedHashMap<>(weights);
        bestWeights.forEach((name, tensor) -> tensors.put(BEST + name, tensor));
        optimizer.tensors().forEach((name, tensor) -> tensors.put(OPTIMIZER + name, tensor));
        if (!epochs.isEmpty()) {
            tensors.put(HISTORY, table(epochs));
        }
        Map<String, String> metadata = new LinkedHashMap<>(extra);
        metadata.put(VERSION, "2");
        metadata.put(STEP, String.valueOf(step));
        metadata.put(EPOCH_STEPS, String.valueOf(unfinished.steps));
        metadata.put(LOSS_SUM, text(unfinished.lossSum));
        metadata.put(LOSS_WEIGHT, text(unfinished.weight));
        metadata.put(OPTIMIZER_STEPS, String.valueOf(optimizer.steps()));
        settings.forEach((name, value) -> metadata.put(SETTING + name, value));
        optimizer.settings().forEach((name, value) -> metadata.put(OPTIMIZER_SETTING + name, value));
        metadata.put(CHECKSUM, Checksum.text(checksum(tensors, metadata)));
        return new SafeTensors(tensors, metadata);
    }

    /**
     * Reads a file that {@link #write} wrote.
     *
     * @throws DataFormatException if the file is something else or damaged
     */
    public static Checkpoint read(File file) throws IOException {
        return read(ByteSource.of(file));
    }

    /**
     * Reads a checkpoint as {@link #read(File)} does: from a path, a stream or bytes.
     *
     * @throws IOException if it cannot be read; a {@link DataFormatException} if it is broken
     */
    public static Checkpoint read(ByteSource source) throws IOException {
        return of(source.name(), SafeTensors.read(source));
    }

    static Checkpoint of(String file, SafeTensors content) throws DataFormatException {
        Map<String, String> metadata = new LinkedHashMap<>(content.metadata());
        String version = metadata.get(VERSION);
        if (version == null) {
            throw new DataFormatException(
                    file, "expected a checkpoint of a training run, got a safetensors file of another kind");
        }
        if (!content.unread().isEmpty()) {
            throw new DataFormatException(
                    file,
                    "corrupt: expected no tensors but floats, got "
                            + String.join(", ", content.unread().keySet()));
        }
        String checksum = metadata.remove(CHECKSUM);
        String actual = Checksum.text(checksum(content.tensors(), metadata));
        if (!actual.equals(checksum)) {
            throw new DataFormatException(file, "corrupt: expected checksum " + checksum + ", got " + actual);
        }
        if (!version.matches("[12]")) {
            throw new DataFormatException(file, "expected a checkpoint of version 1 or 2, got " + version);
        }
        try {
            return of(content.tensors(), metadata);
        } catch (IllegalArgumentException e) {
            throw new DataFormatException(file, String.valueOf(e.getMessage()));
        }
    }

    private static Checkpoint of(Map<String, Tensor> tensors, Map<String, String> metadata) {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        Map<String, Tensor> best = new LinkedHashMap<>();
        Map<String, Tensor> gathered = new LinkedHashMap<>();
        List<Trainer.Epoch> epochs = new ArrayList<>();
        tensors.forEach((name, tensor) -> {
            if (name.equals(HISTORY)) {
                epochs.addAll(epochs(tensor));
            } else if (!putAfter(BEST, name, tensor, best) && !putAfter(OPTIMIZER, name, tensor, gathered)) {
                weights.put(name, tensor);
            }
        });
        Map<String, String> settings = new LinkedHashMap<>();
        Map<String, String> optimizerSettings = new LinkedHashMap<>();
        Map<String, String> extra = new LinkedHashMap<>();
        metadata.forEach((key, value) -> {
            if (!putAfter(SETTING, key, value, settings)
                    && !putAfter(OPTIMIZER_SETTING, key, value, optimizerSettings)
                    && !key.startsWith(OURS)) {
                extra.put(key, value);
            }
        });
        long step = count(metadata, STEP);
        return new Checkpoint(
                step,
                "1".equals(metadata.get(VERSION))
                        ? unfinished1(metadata, step, epochs.size())
                        : new Unfinished(
                                count(metadata, EPOCH_STEPS),
                                number(metadata, LOSS_SUM),
                                number(metadata, LOSS_WEIGHT)),
                epochs,
                settings,
                weights,
                best,
                new Optimizer.State(count(metadata, OPTIMIZER_STEPS), optimizerSettings, gathered),
                extra);
    }

    /** Version 1 has the sum over batches, all of one size, as only the last of an epoch is smaller. */
    private static Unfinished unfinished1(Map<String, String> metadata, long step, int epochs) {
        if (!metadata.containsKey(SETTING + "batch size")) {
            // Not of a trainer's run, none of which would resume from it.
            return new Unfinished(step, number(metadata, LOSS_SUM), step);
        }
        long batchSize = count(metadata, SETTING + "batch size");
        long perEpoch = (count(metadata, SETTING + "training examples") - 1) / Math.max(1, batchSize) + 1;
        long steps = step - epochs * perEpoch;
        return new Unfinished(steps, batchSize * number(metadata, LOSS_SUM), (double) batchSize * steps);
    }

    private static <T> boolean putAfter(String prefix, String name, T value, Map<String, T> map) {
        if (!name.startsWith(prefix)) {
            return false;
        }
        map.put(name.substring(prefix.length()), value);
        return true;
    }

    private static long count(Map<String, String> metadata, String key) {
        String text = String.valueOf(metadata.get(key));
        if (!text.matches("[0-9]{1,18}")) {
            throw new IllegalArgumentException(key + ": expected a whole number from 0 on, got " + text);
        }
        return Long.parseLong(text);
    }

    private static double number(Map<String, String> metadata, String key) {
        String text = String.valueOf(metadata.get(key));
        double number;
        try {
            number = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            number = Double.NaN;
        }
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException(key + ": expected a finite number, got " + text);
        }
        return number;
    }

    /** The checksum of names, tensors and texts, in the order of the names. */
    static long checksum(Map<String, Tensor> tensors, Map<String, String> metadata) {
        long sum = Checksum.EMPTY;
        for (Map.Entry<String, Tensor> entry : new TreeMap<>(tensors).entrySet()) {
            sum = Checksum.append(Checksum.append(sum, entry.getKey()), entry.getValue());
        }
        for (Map.Entry<String, String> entry : new TreeMap<>(metadata).entrySet()) {
            sum = Checksum.append(Checksum.append(sum, entry.getKey()), entry.getValue());
        }
        return sum;
    }

    // ---- the history as a tensor ----

    private static Tensor table(List<Trainer.Epoch> epochs) {
        double[] table = new double[epochs.size() * COLUMNS];
        for (int i = 0; i < epochs.size(); i++) {
            Trainer.Epoch epoch = epochs.get(i);
            int at = i * COLUMNS;
            Arrays.fill(table, at, at + COLUMNS, Double.NaN);
            table[at] = epoch.trainingLoss();
            if (epoch.validation() != null) {
                table[at + 2] = epoch.validation().examples();
                table[at + 3] = epoch.validation().loss();
            }
            if (epoch.validation() instanceof Evaluation.OfLabels labels) {
                table[at + 1] = labels.errors();
                if (labels.weightedErrorRate() != labels.errorRate()) {
                    table[at + 4] = labels.weightedErrorRate();
                }
            } else if (epoch.validation() instanceof Evaluation.OfValues values) {
                table[at + 1] = NO_ERRORS;
                table[at + 4] = values.variance();
                table[at + 5] = values.meanSquaredError();
            }
        }
        return Tensor.of(table, epochs.size(), COLUMNS);
    }

    private static List<Trainer.Epoch> epochs(Tensor table) {
        boolean fits = table.shape().rank() == 2
                && (table.shape().dim(1) == COLUMNS || table.shape().dim(1) == COLUMNS_1);
        if (!fits || table.dtype() != DType.FLOAT64) {
            throw new IllegalArgumentException(HISTORY + ": expected a FLOAT64 matrix of " + COLUMNS + " columns, got "
                    + table.shape() + " " + table.dtype());
        }
        List<Trainer.Epoch> epochs = new ArrayList<>();
        for (int i = 0; i < table.shape().dim(0); i++) {
            epochs.add(new Trainer.Epoch(i + 1, table.get(i, 0), evaluation(table, i)));
        }
        return epochs;
    }

    private static @Nullable Evaluation evaluation(Tensor table, int row) {
        double examples = table.get(row, 2);
        if (Double.isNaN(examples)) {
            return null;
        }
        double errors = table.get(row, 1);
        double loss = table.get(row, 3);
        if (Double.isNaN(errors)) {
            return new Evaluation.OfLoss((int) examples, loss);
        }
        if (errors != NO_ERRORS) {
            double weighted = table.get(row, 4);
            return Double.isNaN(weighted)
                    ? new Evaluation.OfLabels((int) errors, (int) examples, loss)
                    : new Evaluation.OfLabels((int) errors, (int) examples, loss, weighted);
        }
        double squaredError = table.shape().dim(1) == COLUMNS_1 ? loss : table.get(row, 5);
        return new Evaluation.OfValues((int) examples, loss, squaredError, table.get(row, 4));
    }

    // ---- comparisons before a run continues ----

    /**
     * A decimal number that reads back as the same double, with six significant digits or as many more as that takes.
     */
    static String text(double value) {
        return Decimal.shortest(value, Math.max(6, Decimal.significantDigits(value)));
    }

    /**
     * Refuses settings that differ from a checkpoint's.
     *
     * @throws IllegalArgumentException naming the first that differs
     */
    static void requireSame(Map<String, String> expected, Map<String, String> actual) {
        Map<String, String> all = new LinkedHashMap<>(actual);
        expected.forEach(all::putIfAbsent);
        for (String name : all.keySet()) {
            String before = expected.getOrDefault(name, "none");
            String now = actual.getOrDefault(name, "none");
            if (!before.equals(now)) {
                throw new IllegalArgumentException(
                        "resume: " + name + ": expected " + before + " as in the checkpoint, got " + now);
            }
        }
    }

    /**
     * Refuses tensors whose names, shapes or dtypes differ from a checkpoint's.
     *
     * @throws IllegalArgumentException naming the first that differs
     */
    static void requireAlike(Map<String, Tensor> expected, Map<String, Tensor> actual) {
        requireSame(shapes(expected), shapes(actual));
    }

    private static Map<String, String> shapes(Map<String, Tensor> tensors) {
        Map<String, String> shapes = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> shapes.put(name, tensor.shape() + " " + tensor.dtype()));
        return shapes;
    }
}
