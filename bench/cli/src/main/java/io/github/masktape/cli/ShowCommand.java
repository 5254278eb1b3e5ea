// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli;

import io.github.masktape.cli.run.RunFolder;
import io.github.masktape.cli.settings.ExampleSets;
import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.cli.terminal.Percent;
import io.github.masktape.cli.terminal.TextTable;
import io.github.masktape.io.DataFormatException;
import io.github.masktape.io.Npz;
import io.github.masktape.io.SafeTensors;
import io.github.masktape.optim.Checkpoint;
import io.github.masktape.optim.Evaluation;
import io.github.masktape.optim.Trainer;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.text.Decimal;
import io.github.masktape.text.Printable;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code masktape show}, which prints the contents of a file of tensors. */
@Command(
        name = "show",
        description = {
            "Prints the contents of a model, a checkpoint, or any other safetensors, npz or npy file: its tensors with"
                    + " their shapes and statistics, its metadata and, for a checkpoint, the metrics of each epoch.",
            "",
            "For the folder of a run, it shows the checkpoint."
        },
        footer = {
            "",
            "Examples:",
            "  java -jar masktape.jar show run/model.safetensors",
            "  java -jar masktape.jar show run",
            "  java -jar masktape.jar show weights.npz"
        })
final class ShowCommand implements Callable<Integer> {
    private static final int DIGITS = 5;
    private static final int LONGEST_TEXT = 2000;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "A safetensors, npz or npy file, or the folder of a run.")
    private @Nullable File file;

    @Override
    public Integer call() {
        File named = Objects.requireNonNull(file);
        try {
            show(named.isDirectory() ? RunFolder.checkpoint(named) : named);
        } catch (IOException e) {
            throw new Failure(e);
        }
        return 0;
    }

    private void show(File shown) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        String name = shown.getName().toLowerCase(Locale.ROOT);
        if (name.endsWith(".npz")) {
            Npz content = Npz.read(shown);
            tensors(shown, content.tensors(), content.unread(), out);
        } else if (name.endsWith(".npy")) {
            tensors(shown, Map.of("array", Npz.readArray(shown)), Map.of(), out);
        } else {
            safetensors(shown, out);
        }
    }

    private static void safetensors(File shown, PrintWriter out) throws IOException {
        SafeTensors content = SafeTensors.read(shown);
        tensors(shown, content.tensors(), content.unread(), out);
        if (!content.metadata().isEmpty()) {
            out.println();
            out.println("metadata");
            new TreeMap<>(content.metadata())
                    .forEach((key, value) -> out.println("  " + text(key) + ": " + text(value)));
        }
        if (content.metadata().containsKey("checkpoint.version")) {
            history(Checkpoint.read(shown), out);
        }
    }

    /** A metadata value on one line, whatever its length and content. */
    private static String text(String value) {
        String line = Printable.line(value);
        return line.length() <= LONGEST_TEXT
                ? line
                : line.substring(0, LONGEST_TEXT) + "… (" + value.length() + " characters)";
    }

    private static void tensors(File shown, Map<String, Tensor> tensors, Map<String, String> unread, PrintWriter out)
            throws DataFormatException {
        if (tensors.isEmpty() && unread.isEmpty()) {
            throw new DataFormatException(shown, "expected at least one tensor, got none");
        }
        long numbers = tensors.values().stream()
                .mapToLong(tensor -> tensor.shape().size())
                .sum();
        out.println(shown + ": " + tensors.size() + (tensors.size() == 1 ? " tensor" : " tensors") + ", " + numbers
                + (numbers == 1 ? " number" : " numbers") + ", " + shown.length() + " bytes");
        if (!tensors.isEmpty()) {
            out.println();
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("tensor", "shape", "dtype", "mean", "sd", "min", "max"));
            tensors.forEach((name, tensor) -> rows.add(row(name, tensor)));
            TextTable.print(rows, out);
        }
        if (!unread.isEmpty()) {
            out.println();
            out.println("not read, because they hold no floats");
            unread.forEach((name, description) -> out.println("  " + text(name) + ": " + text(description)));
        }
    }

    private static List<String> row(String name, Tensor tensor) {
        double[] values = tensor.toDoubleArray();
        double mean = 0;
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            mean += value / values.length;
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        return List.of(
                text(name),
                tensor.shape().toString(),
                tensor.dtype().toString(),
                number(mean),
                number(Math.sqrt(squares / values.length)),
                number(min),
                number(max));
    }

    private static void history(Checkpoint checkpoint, PrintWriter out) {
        out.println();
        out.println("after epoch " + checkpoint.epochs().size() + ", step " + checkpoint.step());
        if (checkpoint.epochs().isEmpty()) {
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("epoch", "training loss", "loss", "error"));
        for (Trainer.Epoch epoch : checkpoint.epochs()) {
            Evaluation evaluation = epoch.validation();
            rows.add(List.of(
                    "" + epoch.epoch(),
                    number(epoch.trainingLoss()),
                    evaluation == null ? "" : number(evaluation.loss()),
                    evaluation == null ? "" : error(evaluation)));
        }
        TextTable.print(rows, out);
    }

    private static String error(Evaluation evaluation) {
        if (evaluation instanceof Evaluation.OfValues values) {
            return ExampleSets.rSquared(values);
        }
        return evaluation instanceof Evaluation.OfLabels labels ? Percent.of(labels.errorRate()) : "";
    }

    private static String number(double value) {
        return Decimal.shortest(value, DIGITS);
    }
}
