// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.data;

import io.github.masktape.io.DataFormatException;
import io.github.masktape.table.Cells;
import io.github.masktape.table.Dialect;
import io.github.masktape.table.MissingValues;
import io.github.masktape.table.Sniffer;
import io.github.masktape.table.TextEncoding;
import io.github.masktape.tensor.Tensor;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A table in a text file as examples: one column of labels or targets, features in the others.
 *
 * <pre>
 * Dataset data = Csv.of(new File("titanic.csv")).withLabel("Survived").read();
 * </pre>
 *
 * <p>The delimiter, the decimal point, the header, the kind of each column and the task follow from the file, and each
 * can be given instead. A column holds numbers (each the double nearest to its decimal), categories, or dates; a column
 * of row numbers, of almost all different texts or of a single value is ignored. A missing number is NaN, a missing
 * category as well. {@link Preprocessing} fills and encodes them. A row whose label is missing is left out. Everything
 * that was assumed is reported to the listener of {@link #withNotes}.
 *
 * <p>Missing are empty cells and the words that programs write in their place, such as {@code ?}, {@code NA}, {@code
 * N/A}, {@code NaN}, {@code NULL} or {@code None}; these are never the name of a class. Labels are numbered in the order
 * of their UTF-16 units; if all are numbers, by size, and {@code 1}, {@code 01} and {@code 1.0} are one class.
 *
 * <p>{@link #strict} reads CSV as RFC 4180 defines it: numbers in all columns of features, nothing missing, nothing
 * assumed. Whatever else it finds is an error with file, line and column ({@link DataFormatException}).
 *
 * <p>The file is read twice: once to find out what it holds, then to read it. While it loads, the heap therefore holds
 * the features only once (8 bytes each), 4 bytes per example (8 in a regression), and the different texts of each
 * column, up to a limit.
 */
public final class Csv {
    private static final Progress SILENT = (done, total) -> {};

    final File file;
    private final boolean strict;

    @Nullable
    String label;

    @Nullable
    Task task;

    Header header = Header.AUTO;
    Missing missing = Missing.FILL;
    MissingValues missingValues = MissingValues.USUAL;
    List<String> moreMissingValues = List.of();
    List<String> ignored = List.of();
    List<String> categorical = List.of();
    List<String> numeric = List.of();
    Progress progress = SILENT;
    Consumer<String> notes = note -> {};
    private @Nullable Character delimiter;
    private @Nullable Character point;
    private char thousands;
    private char comment;
    private Encoding encoding = Encoding.UTF_8;

    /** The use of the label column. */
    public enum Task {
        /** Its cells are names of classes. */
        CLASSIFICATION,
        /** Its cells are numbers to predict. */
        REGRESSION
    }

    /** The question whether the first row holds the names of the columns. */
    public enum Header {
        /**
         * The first row is a header if it differs from the rows below as names do: words above numbers, texts that no
         * other row has. If there are signs of both, or if numbers look like names, reading fails with an error that
         * asks for YES or NO.
         */
        AUTO,
        /** The first row is a header. */
        YES,
        /** The first row is data. */
        NO
    }

    /** The treatment of features that are missing. */
    public enum Missing {
        /** They are filled and flagged by {@link Preprocessing}. */
        FILL,
        /** They are errors. */
        ERROR
    }

    /** The encoding of the file. */
    public enum Encoding {
        /** UTF-8, with a byte order mark or without. */
        UTF_8,
        /** UTF-16, with a byte order mark or without. */
        UTF_16,
        /** Latin-1 (ISO 8859-1), with the additional characters of Windows-1252. */
        LATIN_1
    }

    /** A listener to the progress of reading a file. */
    @FunctionalInterface
    public interface Progress {
        /**
         * Called when {@code done} of {@code total} bytes have been read; a table is read twice, so the total is twice
         * its length.
         */
        void bytes(long done, long total);
    }

    private Csv(File file, boolean strict) {
        this.file = file;
        this.strict = strict;
    }

    private Csv(Csv other) {
        this(other.file, other.strict);
        label = other.label;
        task = other.task;
        header = other.header;
        missing = other.missing;
        missingValues = other.missingValues;
        moreMissingValues = other.moreMissingValues;
        ignored = other.ignored;
        categorical = other.categorical;
        numeric = other.numeric;
        progress = other.progress;
        notes = other.notes;
        delimiter = other.delimiter;
        point = other.point;
        thousands = other.thousands;
        comment = other.comment;
        encoding = other.encoding;
    }

    /** A file with labels or targets in its last column. */
    public static Csv of(File file) {
        return new Csv(file, false);
    }

    /** A CSV file of numbers, with commas as delimiters and class labels in its last column, in which all is as it should be. */
    public static Csv strict(File file) {
        Csv csv = new Csv(file, true);
        csv.missing = Missing.ERROR;
        return csv;
    }

    boolean isStrict() {
        return strict;
    }

    /**
     * The same file with another label column, given by its name or, if no column has that name, by its number: from 1,
     * or from −1 for the last.
     */
    public Csv withLabel(String nameOrNumber) {
        Csv csv = new Csv(this);
        csv.label = nameOrNumber.strip();
        return csv;
    }

    /** The same file with another label column, given by its number: from 1, or from −1 for the last. */
    public Csv withLabel(int number) {
        return withLabel(Integer.toString(number));
    }

    /** The same file for a given task. Reading with a {@link Preprocessing} follows the task of that preprocessing. */
    public Csv withTask(Task task) {
        Csv csv = new Csv(this);
        csv.task = task;
        return csv;
    }

    /** The same file, with a header, without one, or with one to be detected. */
    public Csv withHeader(Header header) {
        Csv csv = new Csv(this);
        csv.header = header;
        return csv;
    }

    /** True if the character can separate cells: ASCII, but no letter, digit, sign, point, quote, line end or NUL. */
    public static boolean isDelimiter(char c) {
        return Dialect.isDelimiter(c);
    }

    /**
     * The same file with a given delimiter, one ASCII character such as {@code ;} or a tab; a space stands for any
     * number of spaces and tabs. See {@link #isDelimiter}.
     */
    public Csv withDelimiter(char delimiter) {
        if (!isDelimiter(delimiter)) {
            throw new IllegalArgumentException("delimiter: expected one ASCII character such as , ; or tab, got '"
                    + Cells.shown(String.valueOf(delimiter)) + "'");
        }
        Csv csv = new Csv(this);
        csv.delimiter = delimiter;
        return csv;
    }

    /** The same file with decimal commas in its numbers, or with decimal points. */
    public Csv withDecimalComma(boolean comma) {
        Csv csv = new Csv(this);
        csv.point = comma ? ',' : '.';
        return csv;
    }

    /** The same file with a separator of thousands in its numbers: a comma, a point, a space or an apostrophe. */
    public Csv withThousands(char separator) {
        if (",. '".indexOf(separator) < 0) {
            throw new IllegalArgumentException("thousands: expected a comma, a point, a space or an apostrophe, got '"
                    + Cells.shown(String.valueOf(separator)) + "'");
        }
        Csv csv = new Csv(this);
        csv.thousands = separator;
        csv.point = csv.point != null ? csv.point : separator == '.' ? Character.valueOf(',') : Character.valueOf('.');
        return csv;
    }

    /** The same file without the lines that begin with this character. */
    public Csv withComment(char begin) {
        if (begin <= ' ' || begin >= 127 || begin == '"') {
            throw new IllegalArgumentException("comment: expected a printable ASCII character such as #, got '"
                    + Cells.shown(String.valueOf(begin)) + "'");
        }
        Csv csv = new Csv(this);
        csv.comment = begin;
        return csv;
    }

    /** The same file in another encoding. */
    public Csv withEncoding(Encoding encoding) {
        Csv csv = new Csv(this);
        csv.encoding = encoding;
        return csv;
    }

    /** The same file with another treatment of missing features. */
    public Csv withMissing(Missing missing) {
        Csv csv = new Csv(this);
        csv.missing = missing;
        return csv;
    }

    /** The same file in which other texts, too, stand for a missing value; a number stands for all its spellings. */
    public Csv withMissingValues(List<String> texts) {
        Csv csv = new Csv(this);
        csv.moreMissingValues = texts.stream().map(String::strip).distinct().toList();
        csv.missingValues = new MissingValues(csv.moreMissingValues);
        return csv;
    }

    /** The same file without these columns, given as for {@link #withLabel}. */
    public Csv withIgnored(List<String> columns) {
        Csv csv = new Csv(this);
        csv.ignored = List.copyOf(columns);
        return csv;
    }

    /** The same file with categories in these columns, whatever their cells are. */
    public Csv withCategorical(List<String> columns) {
        Csv csv = new Csv(this);
        csv.categorical = List.copyOf(columns);
        return csv;
    }

    /** The same file with numbers in these columns; other texts in them are errors. */
    public Csv withNumeric(List<String> columns) {
        Csv csv = new Csv(this);
        csv.numeric = List.copyOf(columns);
        return csv;
    }

    /** The same file, reporting to the given listener while it is read. */
    public Csv withProgress(Progress progress) {
        Csv csv = new Csv(this);
        csv.progress = progress;
        return csv;
    }

    /**
     * The same file, reporting to the given listener, each in a line without its end, what was assumed about the file
     * and what was left out.
     */
    public Csv withNotes(Consumer<String> notes) {
        Csv csv = new Csv(this);
        csv.notes = notes;
        return csv;
    }

    /**
     * Reads all examples, to train on.
     *
     * @throws DataFormatException if the file is not such a table, or has fewer than two classes
     */
    public Dataset read() throws IOException {
        return new TableReader(this, null, true).dataset();
    }

    /**
     * Reads all examples, to test a model on, with the model's classes and with its features in its order. They are not
     * encoded yet; {@link Preprocessing#apply} does that.
     *
     * <p>If the model knows names and there is a header, columns are found by name. Otherwise the features are all
     * columns except the label's, which is where it was in training.
     *
     * @throws DataFormatException if the file is not such a table, or has a label that is not one of the classes
     */
    public Dataset read(Preprocessing known) throws IOException {
        return new TableReader(this, known, true).dataset();
    }

    /**
     * Reads the features of all examples, to predict from. It works like {@link #read(Preprocessing)}, except that the
     * label column is ignored and may be missing.
     *
     * @throws DataFormatException if the file is not such a table
     */
    public Tensor readFeatures(Preprocessing known) throws IOException {
        return new TableReader(this, known, false).features();
    }

    /**
     * True if reading for a model takes the first row for the names of the columns.
     *
     * @throws DataFormatException if the first row is not that of such a table, or does not settle the question
     */
    public boolean hasHeader(Preprocessing known) throws IOException {
        return new TableReader(this, known, false).hasHeader();
    }

    /** The same file, in which the texts that were missing values in training are, too. */
    Csv withMissingValuesOf(Preprocessing known) {
        if (known.missingValues().isEmpty()) {
            return this;
        }
        List<String> all = new ArrayList<>(moreMissingValues);
        all.addAll(known.missingValues());
        return withMissingValues(all);
    }

    TextEncoding textEncoding() {
        return switch (encoding) {
            case UTF_8 -> TextEncoding.UTF_8;
            case UTF_16 -> TextEncoding.UTF_16;
            case LATIN_1 -> TextEncoding.LATIN_1;
        };
    }

    /** The dialect of the file, given or found. */
    Dialect dialect() throws IOException {
        if (strict) {
            return new Dialect(
                    delimiter == null ? ',' : delimiter,
                    point == null ? '.' : point,
                    thousands,
                    comment,
                    true,
                    false,
                    0);
        }
        Dialect dialect = Sniffer.sniff(file, textEncoding(), delimiter, point, thousands, comment);
        List<String> assumed = new ArrayList<>();
        if (delimiter == null && dialect.delimiter() != ',') {
            assumed.add("cells separated by " + dialect.delimiterName());
        }
        if (point == null && dialect.point() == ',') {
            assumed.add("decimal commas");
        }
        if (dialect.trailing()) {
            assumed.add("a delimiter at the end of each row");
        }
        if (!assumed.isEmpty()) {
            notes.accept(String.join(", ", assumed));
        }
        return dialect;
    }
}
