package io.github.masktape.data;

import io.github.masktape.io.DataFormatException;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Shape;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.text.Decimal;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A CSV file (RFC 4180, UTF-8, plain or gzipped) as examples: one column of labels or targets, numbers in all the rest.
 *
 * <pre>
 * Dataset data = Csv.of(new File("iris.csv")).withLabel("species").read();
 * </pre>
 *
 * <p>Spaces around a number, a name or a label are ignored. A number is the double nearest to the decimal; NaN,
 * infinities, empty cells and anything else are errors with file, line and column ({@link DataFormatException}). So are
 * missing labels: empty cells, and the words that programs write in their place, such as {@code ?}, {@code NA}, {@code
 * N/A}, {@code NaN}, {@code NULL} or {@code None}, are never the name of a class. String labels are numbered in the
 * order of their UTF-16 units; if all are whole numbers, by size. {@link Preprocessing} standardizes the numbers and
 * converts them to the dtype that networks compute in.
 *
 * <p>The file is read twice, first to count its rows. While it loads, the heap therefore holds the features only once
 * (8 bytes each), 4 bytes per example (8 in a regression), and less than 1 MB more.
 */
public final class Csv {
    private static final int MOST_CLASSES = 1000;

    /** The placeholder for the class of a row whose label is missing. */
    private static final int MISSING = -1;

    private static final Progress SILENT = (done, total) -> {};

    private final File file;
    private final @Nullable String label;
    private final Task task;
    private final Header header;
    private final char delimiter;
    private final Progress progress;

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
         * The first row is a header if none of its feature cells is a number, and data if all are. If only some are, or
         * if they are numbers that look like names, reading fails with an error that asks for YES or NO.
         */
        AUTO,
        /** The first row is a header. */
        YES,
        /** The first row is data. */
        NO
    }

    /** A listener to the progress of reading a file. */
    @FunctionalInterface
    public interface Progress {
        /**
         * Called when {@code done} of {@code total} bytes have been read; a CSV file is read twice, so the total is
         * twice its length.
         */
        void bytes(long done, long total);
    }

    private Csv(File file, @Nullable String label, Task task, Header header, char delimiter, Progress progress) {
        this.file = file;
        this.label = label;
        this.task = task;
        this.header = header;
        this.delimiter = delimiter;
        this.progress = progress;
    }

    /** A file with commas as delimiters and class labels in its last column. */
    public static Csv of(File file) {
        return new Csv(file, null, Task.CLASSIFICATION, Header.AUTO, ',', SILENT);
    }

    /**
     * The same file with another label column, given by its name or, if no column has that name, by its number: from 1,
     * or from −1 for the last.
     */
    public Csv withLabel(String nameOrNumber) {
        return new Csv(file, nameOrNumber.strip(), task, header, delimiter, progress);
    }

    /** The same file with another label column, given by its number: from 1, or from −1 for the last. */
    public Csv withLabel(int number) {
        return withLabel(Integer.toString(number));
    }

    /** The same file for another task. Reading with a {@link Preprocessing} follows the task of that preprocessing. */
    public Csv withTask(Task task) {
        return new Csv(file, label, task, header, delimiter, progress);
    }

    /** The same file, with a header, without one, or with one to be detected. */
    public Csv withHeader(Header header) {
        return new Csv(file, label, task, header, delimiter, progress);
    }

    /** True if the character can separate cells: ASCII, but no letter, digit, sign, point, quote, line end or NUL. */
    public static boolean isDelimiter(char c) {
        return c < 128 && c != 0 && "\"\n\r+-.".indexOf(c) < 0 && !Character.isLetterOrDigit(c);
    }

    /**
     * The same file with another delimiter, one ASCII character such as {@code ;} or a tab; see {@link #isDelimiter}.
     */
    public Csv withDelimiter(char delimiter) {
        if (!isDelimiter(delimiter)) {
            throw new IllegalArgumentException("delimiter: expected one ASCII character such as , ; or tab, got '"
                    + CsvCells.shown(String.valueOf(delimiter)) + "'");
        }
        return new Csv(file, label, task, header, delimiter, progress);
    }

    /** The same file, reporting to the given listener while it is read. */
    public Csv withProgress(Progress progress) {
        return new Csv(file, label, task, header, delimiter, progress);
    }

    /**
     * Reads all examples, to train on.
     *
     * @throws DataFormatException if the file is not such a table, or has fewer than two classes
     */
    public Dataset read() throws IOException {
        return read(null, true).dataset();
    }

    /**
     * Reads all examples, to test a model on, with the model's classes and with its features in its order. They are not
     * standardized yet; {@link Preprocessing#apply} does that.
     *
     * <p>If the model knows names and there is a header, columns are found by name. Otherwise the features are all
     * columns except the label's, which is where it was in training.
     *
     * @throws DataFormatException if the file is not such a table, or has a label that is not one of the classes
     */
    public Dataset read(Preprocessing known) throws IOException {
        return read(known, true).dataset();
    }

    /**
     * Reads the features of all examples, to predict from. It works like {@link #read(Preprocessing)}, except that the
     * label column is ignored and may be missing.
     *
     * @throws DataFormatException if the file is not such a table
     */
    public Tensor readFeatures(Preprocessing known) throws IOException {
        return read(known, false).features;
    }

    /**
     * True if reading for a model takes the first row for the names of the columns.
     *
     * @throws DataFormatException if the first row is not that of such a table, or does not settle the question
     */
    public boolean hasHeader(Preprocessing known) throws IOException {
        try (CsvCells cells = new CsvCells(file, delimiter, SILENT, file.length())) {
            return cells.next() && columns(cells, known, false).hasHeader;
        }
    }

    private CsvColumns columns(CsvCells first, @Nullable Preprocessing known, boolean labeled) throws IOException {
        return CsvColumns.of(first, label, header, delimiter, known, labeled, hasValues(known));
    }

    private RowReader read(@Nullable Preprocessing known, boolean labeled) throws IOException {
        UnpackedFile.Signature.requireTable(file);
        long rows = CsvCells.count(file, progress);
        try (CsvCells cells = new CsvCells(file, delimiter, progress, file.length())) {
            if (!cells.next()) {
                throw new DataFormatException(file, 1, 1, "empty file; expected a table");
            }
            CsvColumns columns = columns(cells, known, labeled);
            if (columns.hasHeader && !cells.next()) {
                throw new DataFormatException(file, cells.line(), 1, "a header only; expected rows below it");
            }
            long examples = rows - (columns.hasHeader ? 1 : 0);
            int features = columns.features.length;
            if (examples * features > Integer.MAX_VALUE - 8) {
                throw new DataFormatException(
                        file, "too large: " + examples + " rows × " + features + " features; at most 2147483639 fit");
            }
            RowReader table = new RowReader(cells, columns, known, (int) Math.max(1, examples), labeled);
            try {
                table.fill();
            } catch (OutOfMemoryError e) {
                throw new IOException(
                        file + ": " + examples + " rows × " + features + " features need "
                                + (examples * features * 8 / 1_000_000) + " MB of memory; give Java more with -Xmx",
                        e);
            }
            return table;
        }
    }

    private boolean hasValues(@Nullable Preprocessing known) {
        return known == null ? task == Task.REGRESSION : known.targets() instanceof TargetKind.Quantities;
    }

    /** The rows while they are read. */
    private final class RowReader {
        private final CsvCells cells;
        private final CsvColumns columns;
        private final @Nullable Preprocessing known;
        private final int examples;
        private final String[] featureNames;

        /** The name of the column of labels or targets, if there is one. */
        private final String lastName;

        /** The names of a model's classes; empty if the classes are those of the file. */
        private final List<String> knownClasses;

        private final int[] labels;
        private final double[] targets;
        private final Map<String, Integer> classes = new HashMap<>();

        /**
         * The class of each label by its bytes in the file, so that only the first occurrence of a label is decoded.
         */
        private final Map<CsvCells.Bytes, Integer> classesOfBytes = new TreeMap<>();

        private Tensor features = Tensor.scalar(0);

        /** Null if it is known whether there is a header. */
        private CsvColumns.@Nullable FirstRow firstRow;

        /** The number of rows whose label is missing, and the place of the first of these labels. */
        private int missing;

        private long missingLine;
        private String missingText = "";

        /** The current row: its features, the number of them that are filled in, and the number of the next row. */
        private final double[] row;

        private int taken;
        private int nextRow;

        RowReader(CsvCells cells, CsvColumns columns, @Nullable Preprocessing known, int examples, boolean labeled) {
            this.cells = cells;
            this.columns = columns;
            this.known = known;
            this.examples = examples;
            this.knownClasses =
                    known != null && known.targets() instanceof TargetKind.Classes kind ? kind.names() : List.of();
            this.labels = new int[labeled && !hasValues(known) ? examples : 0];
            this.targets = new double[labeled && hasValues(known) ? examples : 0];
            this.featureNames = new String[columns.features.length];
            this.row = new double[featureNames.length];
            this.taken = row.length;
            this.lastName = columns.label < 0 ? "" : columns.name(columns.label);
            for (int f = 0; f < featureNames.length; f++) {
                featureNames[f] = columns.name(columns.features[f]);
            }
            for (String name : knownClasses) {
                classes.put(name, classes.size());
            }
        }

        void fill() throws IOException {
            features = Tensor.ofElements(DType.FLOAT64, Shape.of(examples, featureNames.length), this::nextFeature);
            if (cells.next()) {
                throw cells.broken(0, "the file changed while it was read");
            }
        }

        private double nextFeature() throws IOException {
            if (taken == row.length) {
                read(nextRow++);
                taken = 0;
            }
            return row[taken++];
        }

        private void read(int i) throws IOException {
            if (i > 0 && !cells.next()) {
                throw new DataFormatException(file, cells.line(), 1, "the file changed while it was read");
            }
            if (cells.cells() != columns.count) {
                throw cells.broken(
                        Math.min(cells.cells(), columns.count),
                        "expected " + columns.count + " cells as in the first row, got " + cells.cells());
            }
            if (i == 0 && header == Header.AUTO && !columns.hasHeader) {
                firstRow = new CsvColumns.FirstRow(file, cells, columns);
            } else if (i == 1 && firstRow != null) {
                firstRow.compare(cells);
            }
            for (int f = 0; f < row.length; f++) {
                row[f] = cells.number(columns.features[f], featureNames[f]);
            }
            if (targets.length > 0) {
                targets[i] = cells.number(columns.label, lastName);
            } else if (labels.length > 0) {
                labels[i] = label(i);
            }
        }

        private int label(int i) throws IOException {
            CsvCells.Bytes bytes = cells.bytes(columns.label);
            Integer seen = bytes == null ? null : classesOfBytes.get(bytes);
            int c = seen == null ? newLabel(i) : seen;
            if (seen == null && bytes != null && classesOfBytes.size() < MOST_CLASSES) {
                classesOfBytes.put(bytes.copy(), c);
            }
            missing += c == MISSING ? 1 : 0;
            return c;
        }

        private int newLabel(int i) throws IOException {
            String text = cells.word(columns.label);
            Integer c = classes.get(text);
            if (c != null) {
                return c;
            }
            if (CsvCells.MissingValues.contains(text)) {
                if (missing == 0) {
                    missingLine = cells.line(columns.label);
                    missingText = text;
                }
                return MISSING;
            }
            if (known != null) {
                throw cells.broken(
                        columns.label,
                        lastName + ": label '" + CsvCells.shown(text) + "' was not seen in training, which had "
                                + CsvColumns.listed(knownClasses)
                                + (i == 0 && firstRow != null ? CsvColumns.FirstRow.ASK : ""));
            }
            if (classes.size() == MOST_CLASSES) {
                throw cells.broken(
                        columns.label,
                        lastName + ": more than " + MOST_CLASSES + " different labels in " + (i + 1)
                                + " rows; is this a regression?");
            }
            classes.put(text, classes.size());
            return classes.size() - 1;
        }

        Dataset dataset() throws IOException {
            requireLabels();
            Dataset data = new Dataset(features, targets());
            if (!columns.hasHeader) {
                return data.withLabelColumn(null, columns.label + 1);
            }
            List<String> names = new ArrayList<>();
            for (int column : columns.features) {
                names.add(columns.names[column]);
            }
            return data.withFeatureNames(names).withLabelColumn(columns.names[columns.label], columns.label + 1);
        }

        private Targets targets() throws DataFormatException {
            if (hasValues(known)) {
                if (known == null) {
                    requireDifferentTargets();
                }
                return new Values(Tensor.of(targets, examples, 1));
            }
            return known != null
                    ? Labels.owning(labels, knownClasses.size()).withNames(knownClasses)
                    : classification();
        }

        private void requireLabels() throws DataFormatException {
            if (missing == 0) {
                return;
            }
            String rename = missingText.isEmpty() ? "" : ", or rename the class if it is one";
            throw new DataFormatException(
                    file,
                    missingLine,
                    columns.label + 1,
                    lastName + ": expected a label, got " + CsvCells.MissingValues.shown(missingText)
                            + "; the label is missing in " + missing + " of " + examples
                            + " rows; fill it in or remove these rows" + rename);
        }

        private void requireDifferentTargets() throws DataFormatException {
            for (double target : targets) {
                if (target != targets[0]) {
                    return;
                }
            }
            throw new DataFormatException(
                    file,
                    columns.hasHeader ? 2 : 1,
                    columns.label + 1,
                    lastName + ": expected at least two different targets, got " + Decimal.exact(targets[0])
                            + " in every row");
        }

        private Labels classification() throws DataFormatException {
            List<String> names = new ArrayList<>(classes.keySet());
            boolean whole = names.stream().allMatch(name -> name.matches("-?[0-9]{1,18}"));
            names.sort(null);
            if (whole) {
                names.sort((a, b) -> Long.compare(Long.parseLong(a), Long.parseLong(b)));
            }
            if (names.size() == 1) {
                throw new DataFormatException(
                        file,
                        columns.hasHeader ? 2 : 1,
                        columns.label + 1,
                        lastName + ": expected at least two classes, got '" + CsvCells.shown(names.get(0))
                                + "' in every row");
            }
            if (!whole && 2 * names.size() > examples && names.stream().allMatch(CsvCells::isNumber)) {
                throw new DataFormatException(
                        file,
                        columns.hasHeader ? 2 : 1,
                        columns.label + 1,
                        lastName + ": " + names.size() + " different labels in " + examples
                                + " rows, all of them numbers; is this a regression?");
            }
            int[] number = new int[names.size()];
            classes.forEach((name, c) -> number[c] = names.indexOf(name));
            for (int i = 0; i < labels.length; i++) {
                labels[i] = number[labels[i]];
            }
            Labels numbered = Labels.owning(labels, number.length).withNames(names);
            if (firstRow != null) {
                firstRow.compare(names, numbered.counts(), labels[0]);
            }
            return numbered;
        }
    }
}
