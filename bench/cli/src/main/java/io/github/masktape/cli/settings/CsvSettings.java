// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.settings;

import io.github.masktape.cli.terminal.ReadingProgress;
import io.github.masktape.cli.terminal.Terminal;
import io.github.masktape.data.Csv;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.Preprocessing;
import io.github.masktape.tensor.Tensor;
import java.io.File;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings for reading a table; null stands for a default.
 *
 * @param labelColumns the column of labels, or those of targets, by name or number
 * @param task the task that the label column defines
 * @param columns the meaning of the other columns
 * @param format the format of the file
 */
public record CsvSettings(@Nullable Texts labelColumns, Csv.@Nullable Task task, Columns columns, Format format) {
    /** The settings with all defaults. */
    public static final CsvSettings DEFAULTS = new CsvSettings(
            null,
            null,
            new Columns(null, null, null, null, null),
            new Format(false, null, 0, null, null, null, null, null));

    /**
     * The meaning of the columns of features.
     *
     * @param ignore those to leave out
     * @param categorical those that hold categories
     * @param numeric those that hold numbers
     * @param missing the treatment of missing features
     * @param missingValues the texts that stand for a missing value, besides the usual ones
     */
    public record Columns(
            @Nullable Texts ignore,
            @Nullable Texts categorical,
            @Nullable Texts numeric,
            Csv.@Nullable Missing missing,
            @Nullable Texts missingValues) {}

    /**
     * The format of a file.
     *
     * @param strict true if nothing about the file is assumed
     * @param header whether the first row holds the columns' names
     * @param skippedLast the number of rows at the end that are no examples
     * @param delimiter what separates the cells
     * @param decimal the decimal point
     * @param thousands the separator of thousands
     * @param comment the character that begins a comment
     * @param encoding the encoding
     */
    public record Format(
            boolean strict,
            Csv.@Nullable Header header,
            int skippedLast,
            @Nullable Character delimiter,
            @Nullable DecimalPoint decimal,
            @Nullable Thousands thousands,
            @Nullable Character comment,
            Csv.@Nullable Encoding encoding) {}

    /** The decimal point. */
    public enum DecimalPoint {
        POINT,
        COMMA
    }

    /** A separator of thousands. */
    public enum Thousands {
        COMMA(','),
        POINT('.'),
        SPACE(' '),
        APOSTROPHE('\'');

        private final char character;

        Thousands(char character) {
            this.character = character;
        }
    }

    /** Reads all examples, to train on. */
    public Dataset read(File file, Terminal streams) throws IOException {
        try (ReadingProgress progress = new ReadingProgress(streams, file)) {
            return csv(file, streams).withProgress(progress).read();
        }
    }

    /** Reads all examples for a model. */
    public Dataset read(File file, Preprocessing known, Terminal streams) throws IOException {
        try (ReadingProgress progress = new ReadingProgress(streams, file)) {
            return csv(file, streams).withProgress(progress).read(known);
        }
    }

    /** Reads the features of all examples for a model. */
    public Tensor readFeatures(File file, Preprocessing known, Terminal streams) throws IOException {
        try (ReadingProgress progress = new ReadingProgress(streams, file)) {
            return csv(file, streams).withProgress(progress).readFeatures(known);
        }
    }

    /** Reads columns as they are written, one cell for each example that {@link #readFeatures} returns. */
    public List<Csv.TextColumn> readTexts(File file, Preprocessing known, Texts names) throws IOException {
        return csv(file).readTexts(known, names.values());
    }

    /** True if the first row counts as the column names when the features are read. */
    public boolean hasHeader(File file, Preprocessing known) throws IOException {
        return csv(file).hasHeader(known);
    }

    /** The file, with notes on what was assumed going to stderr. */
    private Csv csv(File file, Terminal streams) {
        return csv(file).withNotes(note -> streams.err().println("note      " + file.getName() + ": " + note));
    }

    private Csv csv(File file) {
        Csv csv = format.strict ? Csv.strict(file) : Csv.of(file);
        csv = labelColumns == null ? csv : csv.withLabels(labelColumns.values());
        csv = task == null ? csv : csv.withTask(task);
        csv = columns.ignore == null ? csv : csv.withIgnored(columns.ignore.values());
        csv = columns.categorical == null ? csv : csv.withCategorical(columns.categorical.values());
        csv = columns.numeric == null ? csv : csv.withNumeric(columns.numeric.values());
        csv = columns.missing == null ? csv : csv.withMissing(columns.missing);
        csv = columns.missingValues == null ? csv : csv.withMissingValues(columns.missingValues.values());
        csv = format.header == null ? csv : csv.withHeader(format.header);
        csv = csv.withoutLast(format.skippedLast);
        csv = format.delimiter == null ? csv : csv.withDelimiter(format.delimiter);
        csv = format.decimal == null ? csv : csv.withDecimalComma(format.decimal == DecimalPoint.COMMA);
        csv = format.thousands == null ? csv : csv.withThousands(format.thousands.character);
        csv = format.comment == null ? csv : csv.withComment(format.comment);
        return format.encoding == null ? csv : csv.withEncoding(format.encoding);
    }
}
