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
import java.util.function.Predicate;
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
    private static final String THOUSANDS = ",. '";

    final File file;
    private final boolean strict;

    /** The columns of labels or targets, as given; empty for the last. */
    List<String> labels = List.of();

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
    private @Nullable Encoding encoding;

    /** The number of rows at the end that are none. */
    int skippedLast;

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
        labels = other.labels;
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
        skippedLast = other.skippedLast;
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
        csv.labels = List.of(nameOrNumber.strip());
        return csv;
    }

    /**
     * The same file with the targets of a regression in several columns, given as for {@link #withLabel(String)}. A row
     * in which one of them is missing is left out.
     */
    public Csv withLabels(List<String> namesOrNumbers) {
        Csv csv = new Csv(this);
        csv.labels = namesOrNumbers.stream().map(String::strip).toList();
        if (csv.labels.isEmpty() || csv.labels.stream().distinct().count() < csv.labels.size()) {
            throw new IllegalArgumentException("label columns: expected different columns, got " + namesOrNumbers);
        }
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

    /**
     * The same file with a separator of thousands in its numbers: a comma, a point, a space or an apostrophe. Spaces may
     * be no-break spaces, and apostrophes typographic ones, whichever of them is given.
     */
    public Csv withThousands(char character) {
        char separator =
                character == '\u00a0' || character == '\u202f' ? ' ' : character == '\u2019' ? '\'' : character;
        if (THOUSANDS.indexOf(separator) < 0) {
            throw new IllegalArgumentException("thousands: expected a comma, a point, a space or an apostrophe, got '"
                    + Cells.shown(String.valueOf(separator)) + "'");
        }
        Csv csv = new Csv(this);
        csv.thousands = separator;
        return csv;
    }

    /** The same file without the lines that begin with this character. */
    public Csv withComment(char begin) {
        if (!isComment(begin)) {
            throw new IllegalArgumentException("comment: expected a printable ASCII character such as #, got '"
                    + Cells.shown(String.valueOf(begin)) + "'");
        }
        Csv csv = new Csv(this);
        csv.comment = begin;
        return csv;
    }

    private static boolean isComment(char c) {
        return c > ' ' && c < 127 && c != '"';
    }

    /** The same file in another encoding. */
    public Csv withEncoding(Encoding encoding) {
        Csv csv = new Csv(this);
        csv.encoding = encoding;
        return csv;
    }

    /** The same file without its last rows, such as sums or remarks below the table. */
    public Csv withoutLast(int rows) {
        if (rows < 0) {
            throw new IllegalArgumentException("last rows: expected a number of at least 0, got " + rows);
        }
        Csv csv = new Csv(this);
        csv.skippedLast = rows;
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
     * A column as it is written in the file.
     *
     * @param name its name, or {@code column 3} if there is no header
     * @param cells the texts of its cells, without quotes around them, one for each example
     */
    public record TextColumn(String name, List<String> cells) {
        /** Copies the list. */
        public TextColumn {
            cells = List.copyOf(cells);
        }
    }

    /**
     * Reads columns as they are written, such as the names of the examples that {@link #readFeatures} returns, in the
     * same order.
     *
     * @param columns their names or numbers, given as for {@link #withLabel(String)}
     * @throws DataFormatException if the file is not such a table, or has no such column
     */
    public List<TextColumn> readTexts(Preprocessing known, List<String> columns) throws IOException {
        return new TableReader(this, known, false).texts(columns);
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
        return switch (encoding == null ? Encoding.UTF_8 : encoding) {
            case UTF_8 -> TextEncoding.UTF_8;
            case UTF_16 -> TextEncoding.UTF_16;
            case LATIN_1 -> TextEncoding.LATIN_1;
        };
    }

    /** The same file, read as a model's training table was, as far as nothing else is given. */
    Csv withFormatOf(Preprocessing known) {
        TableFormat format = known.format();
        if (format == null || strict) {
            return this;
        }
        Csv csv = new Csv(this);
        csv.encoding = encoding == null ? format.encoding : encoding;
        csv.comment = comment == 0 ? format.comment : comment;
        boolean free = thousands == 0 && (point == null || point != format.thousands);
        csv.thousands = free ? format.thousands : thousands;
        csv.point = point == null && thousands == 0 && format.isPointGiven ? Character.valueOf(format.point) : point;
        return csv;
    }

    /** True if the decimal point was given. */
    boolean isPointGiven() {
        return point != null;
    }

    /** The decimal point as far as it is given, perhaps by the separator of thousands. */
    private @Nullable Character givenPoint() {
        if (point != null && point == thousands) {
            throw new IllegalArgumentException(
                    "thousands: expected another separator than the decimal point, got '" + thousands + "'");
        }
        return point != null || (thousands != '.' && thousands != ',')
                ? point
                : Character.valueOf(thousands == '.' ? ',' : '.');
    }

    /** The form of the file, to be remembered by a model; null if it is that of most files. */
    @Nullable
    TableFormat format(Dialect dialect) {
        TableFormat format = new TableFormat(
                dialect.delimiter(),
                dialect.point(),
                givenPoint() != null,
                thousands,
                comment,
                encoding == null ? Encoding.UTF_8 : encoding);
        return strict || format.isUsual() ? null : format;
    }

    /**
     * The dialect of the file, given or found.
     *
     * @param known the model that it is read for, or null
     * @param fits true for the first row of a table for this model
     */
    Dialect dialect(@Nullable Preprocessing known, Predicate<List<String>> fits) throws IOException {
        Character decimal = givenPoint();
        if (strict) {
            return new Dialect(
                    delimiter == null ? ',' : delimiter,
                    decimal == null ? '.' : decimal,
                    thousands,
                    comment,
                    true,
                    false,
                    false,
                    0,
                    Dialect.Layout.PLAIN);
        }
        TableFormat format = known == null ? null : known.format();
        Dialect dialect = Sniffer.sniff(
                file,
                textEncoding(),
                new Sniffer.Known(
                        delimiter,
                        decimal,
                        thousands,
                        comment,
                        header != Header.NO,
                        format == null ? null : new Sniffer.Likely(format.delimiter, format.point, fits)));
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
        if (dialect.layout().ruled()) {
            assumed.add("lines of dashes, which are no rows");
        }
        if (dialect.rowNames()) {
            assumed.add("names of the rows in the first column, which the header leaves out");
        }
        if (!assumed.isEmpty()) {
            notes.accept(String.join(", ", assumed));
        }
        return dialect;
    }

    /**
     * The form of a training table, which a model remembers for the tables to come.
     *
     * @param delimiter the character between cells
     * @param point the decimal point
     * @param isPointGiven true if the decimal point was given, not found
     * @param thousands the separator of thousands, or NUL for none
     * @param comment the character that begins a comment, or NUL for none
     * @param encoding the encoding
     */
    record TableFormat(
            char delimiter, char point, boolean isPointGiven, char thousands, char comment, Encoding encoding) {
        private static final String TAB = "tab";
        private static final String SPACE = "space";

        /** True for commas between cells, decimal points and UTF-8. */
        private boolean isUsual() {
            return delimiter == ',' && point == '.' && thousands == 0 && comment == 0 && encoding == Encoding.UTF_8;
        }

        /** The form as words, a pair for each part that most files do not have. */
        String toText() {
            List<String> words = new ArrayList<>();
            words.add("delimiter " + word(delimiter));
            words.add((isPointGiven ? "decimal " : "decimals-found ") + point);
            if (thousands != 0) {
                words.add("thousands " + word(thousands));
            }
            if (comment != 0) {
                words.add("comment " + comment);
            }
            if (encoding != Encoding.UTF_8) {
                words.add("encoding " + encoding.name());
            }
            return String.join("\n", words);
        }

        private static String word(char c) {
            return c == '\t' ? TAB : c == ' ' ? SPACE : String.valueOf(c);
        }

        /**
         * Reads what {@link #toText} wrote.
         *
         * @throws IllegalArgumentException if it is no such text; the message says what was expected
         */
        static TableFormat ofText(String text) {
            char delimiter = ',';
            char point = '.';
            boolean isPointGiven = false;
            char thousands = 0;
            char comment = 0;
            Encoding encoding = Encoding.UTF_8;
            for (String line : text.split("\n", -1)) {
                int space = line.indexOf(' ');
                String key = space < 0 ? line : line.substring(0, space);
                String value = line.substring(space + 1);
                switch (key) {
                    case "delimiter" -> delimiter = among(line, value, Csv::isDelimiter);
                    case "decimal", "decimals-found" -> {
                        point = among(line, value, c -> c == '.' || c == ',');
                        isPointGiven = key.equals("decimal");
                    }
                    case "thousands" -> thousands = among(line, value, c -> THOUSANDS.indexOf(c) >= 0);
                    case "comment" -> comment = among(line, value, Csv::isComment);
                    case "encoding" -> encoding = encoding(value);
                    default -> throw expected("delimiter, decimal, thousands, comment or encoding", line);
                }
            }
            if (thousands == point) {
                throw expected("a separator of thousands that is not the decimal point", text);
            }
            return new TableFormat(delimiter, point, isPointGiven, thousands, comment, encoding);
        }

        private static char among(String line, String value, Predicate<Character> known) {
            char c = value.equals(TAB) ? '\t' : value.equals(SPACE) ? ' ' : value.length() == 1 ? value.charAt(0) : 0;
            if (c == 0 || !known.test(c)) {
                throw expected("another character", line);
            }
            return c;
        }

        private static Encoding encoding(String name) {
            for (Encoding each : Encoding.values()) {
                if (each.name().equals(name)) {
                    return each;
                }
            }
            throw expected("an encoding", name);
        }

        private static IllegalArgumentException expected(String what, String got) {
            return new IllegalArgumentException("expected " + what + ", got '" + Cells.shown(got) + "'");
        }
    }
}
