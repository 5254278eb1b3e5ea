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
 * How a CSV file is read; null for a default.
 *
 * @param labelColumn the column of labels or targets, by name or number
 * @param task what is learned
 * @param header whether the first row holds the columns' names
 * @param delimiter what separates the cells
 */
public record CsvSettings(
        @Nullable String labelColumn,
        Csv.@Nullable Task task,
        Csv.@Nullable Header header,
        @Nullable Character delimiter) {
    /** All defaults. */
    public static final CsvSettings DEFAULTS = new CsvSettings(null, null, null, null);

    /** What is learned, by default classes. */
    Csv.Task taskOrDefault() {
        return task == null ? Csv.Task.CLASSIFICATION : task;
    }

    /** All examples, to train on. */
    public Dataset read(File file, Terminal streams) throws IOException {
        try (ReadingProgress progress = new ReadingProgress(streams, file)) {
            return csv(file).withProgress(progress).read();
        }
    }

    /** All examples for a model. */
    public Dataset read(File file, Preprocessing known, Terminal streams) throws IOException {
        try (ReadingProgress progress = new ReadingProgress(streams, file)) {
            return csv(file).withProgress(progress).read(known);
        }
    }

    /** The features of all examples for a model. */
    public Tensor readFeatures(File file, Preprocessing known, Terminal streams) throws IOException {
        try (ReadingProgress progress = new ReadingProgress(streams, file)) {
            return csv(file).withProgress(progress).readFeatures(known);
        }
    }

    /** Whether its first row is taken for names when the features are read. */
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
