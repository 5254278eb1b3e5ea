package io.github.masktape.cli.settings;

import io.github.masktape.cli.terminal.ReadingProgress;
import io.github.masktape.cli.terminal.Terminal;
import io.github.masktape.data.Csv;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.Preprocessing;
import io.github.masktape.tensor.Tensor;
import java.io.File;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The settings for reading a CSV file; null stands for a default.
 *
 * @param labelColumn the column of labels or targets, by name or number
 * @param task the task that the label column defines
 * @param header whether the first row holds the columns' names
 * @param delimiter what separates the cells
 */
public record CsvSettings(
        @Nullable String labelColumn,
        Csv.@Nullable Task task,
        Csv.@Nullable Header header,
        @Nullable Character delimiter) {
    /** The settings with all defaults. */
    public static final CsvSettings DEFAULTS = new CsvSettings(null, null, null, null);

    /** The task, by default a classification. */
    Csv.Task taskOrDefault() {
        return task == null ? Csv.Task.CLASSIFICATION : task;
    }

    /** Reads all examples, to train on. */
    public Dataset read(File file, Terminal streams) throws IOException {
        try (ReadingProgress progress = new ReadingProgress(streams, file)) {
            return csv(file).withProgress(progress).read();
        }
    }

    /** Reads all examples for a model. */
    public Dataset read(File file, Preprocessing known, Terminal streams) throws IOException {
        try (ReadingProgress progress = new ReadingProgress(streams, file)) {
            return csv(file).withProgress(progress).read(known);
        }
    }

    /** Reads the features of all examples for a model. */
    public Tensor readFeatures(File file, Preprocessing known, Terminal streams) throws IOException {
        try (ReadingProgress progress = new ReadingProgress(streams, file)) {
            return csv(file).withProgress(progress).readFeatures(known);
        }
    }

    /** True if the first row counts as the column names when the features are read. */
    public boolean hasHeader(File file, Preprocessing known) throws IOException {
        return csv(file).hasHeader(known);
    }

    private Csv csv(File file) {
        Csv csv = Csv.of(file);
        csv = labelColumn == null ? csv : csv.withLabel(labelColumn);
        csv = task == null ? csv : csv.withTask(task);
        csv = header == null ? csv : csv.withHeader(header);
        return delimiter == null ? csv : csv.withDelimiter(delimiter);
    }
}
