package io.github.masktape.data;

import io.github.masktape.io.DataFormatException;
import io.github.masktape.tensor.Tensor;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A CSV file (RFC 4180, UTF-8, plain or gzipped) as examples: one column of labels or targets, numbers in all others.
 *
 * <pre>
 * Dataset data = Csv.of(new File("iris.csv")).label("species").read();
 * </pre>
 *
 * <p>Spaces around a number, a name or a label are ignored. A number is the float nearest to the decimal; NaN,
 * infinities, empty cells and anything else are errors with file, line and column ({@link DataFormatException}).
 * String labels are numbered in the order of their UTF-16 units; if all are whole numbers, by size.
 *
 * <p>The file is read twice, first to count its rows, so that while it loads the heap holds the features once (4 bytes
 * each), 4 bytes an example, and less than 1 MB more.
 */
public final class Csv {
    private static final int MOST_CLASSES = 1000;
    private static final int NAMES_SHOWN = 12;
    private static final String WHOLE = "[+-]?[0-9]+";
    private static final Progress SILENT = (done, total) -> {};

    private final File file;
    private final @Nullable String label;
    private final Task task;
    private final Header header;
    private final char delimiter;
    private final Progress progress;

    /** What the label column is for. */
    public enum Task {
        /** Its texts are the names of classes. */
        CLASSIFICATION,
        /** Its numbers are targets. */
        REGRESSION
    }

    /** Whether the first row holds the names of the columns. */
    public enum Header {
        /** It does if no cell of it in a feature column is a number, does not if all are, and else is an error. */
        AUTO,
        /** It does. */
        YES,
        /** It does not. */
        NO
    }

    /** What is told of the progress of a file. */
    @FunctionalInterface
    public interface Progress {
        /** {@code done} of {@code total} bytes are read; as a CSV file is read twice, that is twice its length. */
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

    /** A file whose last column holds the labels of a classification, whose delimiter is the comma. */
    public static Csv of(File file) {
        return new Csv(file, null, Task.CLASSIFICATION, Header.AUTO, ',', SILENT);
    }

    /** With another label column: its name or, if none has that name, its number, from 1, or from −1 for the last. */
    public Csv label(String nameOrNumber) {
        return new Csv(file, nameOrNumber.strip(), task, header, delimiter, progress);
    }

    /** With another label column, by its number: from 1, or from −1 for the last. */
    public Csv label(int number) {
        return label(Integer.toString(number));
    }

    /** For another task. Reading with a {@link Preprocessing} follows that one's task. */
    public Csv task(Task task) {
        return new Csv(file, label, task, header, delimiter, progress);
    }

    /** With the first row taken for what it is said to be. */
    public Csv header(Header header) {
        return new Csv(file, label, task, header, delimiter, progress);
    }

    /** With another delimiter, one ASCII character such as {@code ;} or a tab. */
    public Csv delimiter(char delimiter) {
        if (delimiter >= 128 || delimiter == '"' || delimiter == '\n' || delimiter == '\r' || delimiter == 0) {
            throw new IllegalArgumentException("delimiter: expected one ASCII character such as , ; or tab, got '"
                    + CsvCells.shown(String.valueOf(delimiter)) + "'");
        }
        return new Csv(file, label, task, header, delimiter, progress);
    }

    /** With someone who is told of the progress. */
    public Csv progress(Progress progress) {
        return new Csv(file, label, task, header, delimiter, progress);
    }

    /**
     * All examples, to train on.
     *
     * @throws DataFormatException if the file is not such a table, or has less than two classes
     */
    public Dataset read() throws IOException {
        return read(null, true).dataset();
    }

    /**
     * All examples, to test a model on: the features that it knows in its order, its classes. They are not standardized
     * yet: that is {@link Preprocessing#apply}'s.
     *
     * <p>If the model knows names and there is a header, columns are found by name; else the features are the columns
     * but for the label's, which is where it was in training.
     *
     * @throws DataFormatException if the file is not such a table, or has a label that is none of the classes
     */
    public Dataset read(Preprocessing known) throws IOException {
        return read(known, true).dataset();
    }

    /**
     * The features of all examples, to predict from: as {@link #read(Preprocessing)}, where the label column may be
     * missing and is not looked at.
     *
     * @throws DataFormatException if the file is not such a table
     */
    public Tensor readFeatures(Preprocessing known) throws IOException {
        return read(known, false).features;
    }

    private Table read(@Nullable Preprocessing known, boolean labeled) throws IOException {
        long rows = CsvCells.count(file, progress);
        try (CsvCells cells = new CsvCells(file, delimiter, progress, file.length())) {
            if (!cells.next()) {
                throw new DataFormatException(file, 1, 1, "empty file; expected a table");
            }
            Layout layout = new Heading(cells, known, labeled).layout();
            if (layout.hasHeader && !cells.next()) {
                throw new DataFormatException(file, cells.line(), 1, "a header only; expected rows below it");
            }
            long examples = rows - (layout.hasHeader ? 1 : 0);
            int features = layout.featureColumns.length;
            if (examples * features > Integer.MAX_VALUE - 8) {
                throw new DataFormatException(
                        file, "too large: " + examples + " rows × " + features + " features; at most 2147483639 fit");
            }
            Table table = new Table(cells, layout, known, (int) Math.max(1, examples), labeled);
            try {
                table.fill();
            } catch (OutOfMemoryError e) {
                throw new IOException(
                        file + ": " + examples + " rows × " + features + " features need "
                                + (examples * features * 4 / 1_000_000) + " MB of memory; give Java more with -Xmx",
                        e);
            }
            return table;
        }
    }

    private boolean isRegression(@Nullable Preprocessing known) {
        return known == null ? task == Task.REGRESSION : known.isRegression();
    }

    /** Which column is what. */
    private record Layout(boolean hasHeader, int columns, int[] featureColumns, int labelColumn, String[] names) {

        /** The name of a column, or its number in words. */
        String name(int column) {
            String name = names.length == 0 ? "" : names[column];
            return name.isEmpty() ? "column " + (column + 1) : CsvCells.shown(name);
        }
    }

    /** The first row, and what it and the options say of the columns. */
    private final class Heading {
        private final CsvCells cells;
        private final @Nullable Preprocessing known;
        private final boolean labeled;
        private final int columns;
        private final String[] texts;

        Heading(CsvCells cells, @Nullable Preprocessing known, boolean labeled) throws IOException {
            this.cells = cells;
            this.known = known;
            this.labeled = labeled;
            this.columns = cells.cells();
            this.texts = new String[columns];
            for (int c = 0; c < columns; c++) {
                texts[c] = cells.text(c).strip();
            }
        }

        Layout layout() throws IOException {
            if (known == null && columns == 1) {
                String better = texts[0].contains(";") ? "';'" : texts[0].contains("\t") ? "a tab" : null;
                throw cells.broken(
                        0,
                        "expected features and a label separated by "
                                + (delimiter == '\t' ? "tabs" : "'" + delimiter + "'") + ", got one column"
                                + (better == null ? "" : "; is the delimiter " + better + "?"));
            }
            boolean hasHeader = hasHeader();
            if (hasHeader) {
                refuseRepeatedNames();
            }
            if (known != null && known.featureNames() != null && hasHeader) {
                return byName(known, known.featureNames());
            }
            if (known != null && columns != known.features() + 1 && (labeled || columns != known.features())) {
                throw cells.broken(
                        0,
                        "expected " + known.features() + " features as in training" + (labeled ? " and a label" : "")
                                + ", got " + columns + " columns");
            }
            int labelColumn = -1;
            if (known == null || labeled || columns != known.features()) {
                labelColumn = labelColumn(hasHeader);
            }
            int[] featureColumns = new int[labelColumn < 0 ? columns : columns - 1];
            for (int c = 0, f = 0; c < columns; c++) {
                if (c != labelColumn) {
                    featureColumns[f++] = c;
                }
            }
            return new Layout(hasHeader, columns, featureColumns, labelColumn, hasHeader ? texts : new String[0]);
        }

        private boolean hasHeader() throws IOException {
            if (header != Header.AUTO) {
                return header == Header.YES;
            }
            if (known != null
                    && known.featureNames() != null
                    && Arrays.asList(texts).containsAll(known.featureNames())) {
                return true;
            }
            String wanted = wantedLabel();
            int labelColumn = wanted == null ? columns - 1 : number(wanted, columns);
            if (labelColumn < 0 && Arrays.asList(texts).contains(wanted)) {
                return true;
            }
            boolean named = wanted != null && labelColumn < 0 && !wanted.matches(WHOLE);
            int word = -1;
            int number = -1;
            for (int c = 0; c < columns; c++) {
                if (cells.isNumber(c)) {
                    number = c == labelColumn ? number : c;
                } else if (c != labelColumn) {
                    word = word < 0 ? c : word;
                }
            }
            if (named) {
                return number < 0;
            }
            if (word >= 0 && number >= 0) {
                throw cells.broken(
                        word,
                        "neither a header nor numbers: '" + CsvCells.shown(texts[word]) + "' is no number, column "
                                + (number + 1) + " is one; say whether there is a header");
            }
            return word >= 0;
        }

        private void refuseRepeatedNames() throws DataFormatException {
            Map<String, Integer> seen = new HashMap<>();
            for (int c = 0; c < columns; c++) {
                Integer other = seen.put(texts[c], c);
                if (other != null) {
                    throw cells.broken(
                            c,
                            "the name '" + CsvCells.shown(texts[c]) + "' is also that of column " + (other + 1)
                                    + "; is this a header?");
                }
            }
        }

        /** The label column as the options or the model name it; null for the last. */
        private @Nullable String wantedLabel() {
            if (label != null || known == null) {
                return label;
            }
            if (known.labelNumber() > 0 && !namesLabel(known)) {
                return Integer.toString(known.labelNumber());
            }
            return known.labelColumn();
        }

        private boolean namesLabel(Preprocessing model) {
            return model.labelColumn() != null && Arrays.asList(texts).contains(model.labelColumn());
        }

        private int labelColumn(boolean hasHeader) throws DataFormatException {
            String wanted = wantedLabel();
            if (wanted == null) {
                return columns - 1;
            }
            int named = hasHeader ? Arrays.asList(texts).indexOf(wanted) : -1;
            int found = named >= 0 ? named : number(wanted, columns);
            if (found >= 0) {
                return found;
            }
            if (wanted.matches(WHOLE)) {
                throw cells.broken(0, "label column " + wanted + ": expected 1…" + columns + " or −" + columns + "…−1");
            }
            if (!hasHeader) {
                throw cells.broken(
                        0,
                        "label column '" + CsvCells.shown(wanted)
                                + "': there is no header; name the column by its number, 1…" + columns);
            }
            throw cells.broken(0, "no label column '" + CsvCells.shown(wanted) + "'" + suggestion(wanted));
        }

        private Layout byName(Preprocessing model, List<String> featureNames) throws DataFormatException {
            List<String> names = Arrays.asList(texts);
            int[] featureColumns = new int[featureNames.size()];
            for (int f = 0; f < featureColumns.length; f++) {
                featureColumns[f] = names.indexOf(featureNames.get(f));
                if (featureColumns[f] < 0) {
                    throw cells.broken(
                            0,
                            "no column '" + CsvCells.shown(featureNames.get(f)) + "', which the model needs"
                                    + suggestion(featureNames.get(f)));
                }
            }
            String wanted = label != null ? label : model.labelColumn();
            int labelColumn = wanted == null ? -1 : names.indexOf(wanted);
            if (labelColumn < 0 && label != null) {
                labelColumn = number(label, columns);
            }
            if (labelColumn < 0 && labeled) {
                throw cells.broken(
                        0,
                        "no label column"
                                + (wanted == null
                                        ? "; say which it is"
                                        : " '" + CsvCells.shown(wanted) + "'" + suggestion(wanted)));
            }
            if (labelColumn >= 0 && featureNames.contains(texts[labelColumn])) {
                throw cells.broken(
                        labelColumn,
                        "the label column '" + CsvCells.shown(texts[labelColumn]) + "' is a feature of the model");
            }
            for (int c = 0; c < columns; c++) {
                if (c != labelColumn && !featureNames.contains(texts[c])) {
                    throw cells.broken(
                            c,
                            "column '" + CsvCells.shown(texts[c]) + "' is not known to the model, which has "
                                    + listed(featureNames));
                }
            }
            return new Layout(true, columns, featureColumns, labelColumn, texts);
        }

        private String suggestion(String wanted) {
            String nearest = "";
            int least = Math.max(1, wanted.length() / 3) + 1;
            for (String text : texts) {
                int distance = distance(wanted.toLowerCase(Locale.ROOT), text.toLowerCase(Locale.ROOT));
                if (distance < least) {
                    least = distance;
                    nearest = text;
                }
            }
            return (nearest.isEmpty() ? "; " : "; did you mean '" + CsvCells.shown(nearest) + "'? ")
                    + "the columns are " + listed(Arrays.asList(texts));
        }
    }

    /** The column of a number from 1, or from −1 for the last; −1 if it is none. */
    private static int number(String text, int columns) {
        int number;
        try {
            number = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return -1;
        }
        int column = number < 0 ? columns + number : number - 1;
        return column >= 0 && column < columns ? column : -1;
    }

    private static String listed(List<String> names) {
        List<String> shown = new ArrayList<>();
        for (String name : names.subList(0, Math.min(names.size(), NAMES_SHOWN))) {
            shown.add(CsvCells.shown(name));
        }
        return String.join(", ", shown) + (names.size() > NAMES_SHOWN ? ", … (" + names.size() + " in all)" : "");
    }

    /** The least number of characters to insert, delete or replace (Levenshtein). */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }

    /** The rows, being read. */
    private final class Table {
        private final CsvCells cells;
        private final Layout layout;
        private final @Nullable Preprocessing known;
        private final boolean labeled;
        private final int examples;
        private final String[] featureNames;
        private final int[] labels;
        private final float[] targets;
        private final Map<String, Integer> classes = new HashMap<>();
        private Tensor features = Tensor.scalar(0);

        Table(CsvCells cells, Layout layout, @Nullable Preprocessing known, int examples, boolean labeled) {
            this.cells = cells;
            this.layout = layout;
            this.known = known;
            this.labeled = labeled;
            this.examples = examples;
            this.labels = new int[labeled && !isRegression(known) ? examples : 0];
            this.targets = new float[labeled && isRegression(known) ? examples : 0];
            this.featureNames = new String[layout.featureColumns.length];
            for (int f = 0; f < featureNames.length; f++) {
                featureNames[f] = layout.name(layout.featureColumns[f]);
            }
            if (known != null && !known.isRegression()) {
                for (String name : known.classNames()) {
                    classes.put(name, classes.size());
                }
            }
        }

        void fill() throws IOException {
            features = Tensor.ofRows(examples, featureNames.length, this::read);
            if (cells.next()) {
                throw cells.broken(0, "the file changed while it was read");
            }
        }

        private void read(int i, float[] row) throws IOException {
            if (i > 0 && !cells.next()) {
                throw new DataFormatException(file, cells.line(), 1, "the file changed while it was read");
            }
            if (cells.cells() != layout.columns) {
                throw cells.broken(
                        Math.min(cells.cells(), layout.columns),
                        "expected " + layout.columns + " cells as in the first row, got " + cells.cells());
            }
            for (int f = 0; f < row.length; f++) {
                row[f] = cells.number(layout.featureColumns[f], featureNames[f]);
            }
            if (targets.length > 0) {
                targets[i] = cells.number(layout.labelColumn, layout.name(layout.labelColumn));
            } else if (labels.length > 0) {
                labels[i] = label(i);
            }
        }

        private int label(int i) throws IOException {
            String text = cells.text(layout.labelColumn).strip();
            Integer c = classes.get(text);
            if (c != null) {
                return c;
            }
            String name = layout.name(layout.labelColumn);
            if (text.isEmpty()) {
                throw cells.broken(layout.labelColumn, name + ": expected a label, got an empty cell");
            }
            if (known != null) {
                throw cells.broken(
                        layout.labelColumn,
                        name + ": label '" + CsvCells.shown(text) + "' was not seen in training, which had "
                                + listed(known.classNames()));
            }
            if (classes.size() == MOST_CLASSES) {
                throw cells.broken(
                        layout.labelColumn,
                        name + ": more than " + MOST_CLASSES + " different labels in " + (i + 1)
                                + " rows; is this a regression?");
            }
            classes.put(text, classes.size());
            return classes.size() - 1;
        }

        Dataset dataset() throws IOException {
            Dataset data;
            if (isRegression(known)) {
                data = Dataset.regression(features, Tensor.of(targets, examples, 1));
            } else if (known != null) {
                data = new Dataset(features, labels, known.classNames().size()).withClassNames(known.classNames());
            } else {
                data = classification();
            }
            if (!layout.hasHeader) {
                return data.withLabelColumn(null, layout.labelColumn + 1);
            }
            List<String> names = new ArrayList<>();
            for (int column : layout.featureColumns) {
                names.add(layout.names[column]);
            }
            return data.withFeatureNames(names)
                    .withLabelColumn(layout.names[layout.labelColumn], layout.labelColumn + 1);
        }

        private static boolean isNumber(String text) {
            byte[] bytes = new byte[text.length()];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) Math.min(text.charAt(i), 127);
            }
            return !Float.isNaN(CsvCells.parse(bytes, 0, bytes.length));
        }

        private Dataset classification() throws DataFormatException {
            List<String> names = new ArrayList<>(classes.keySet());
            boolean whole = names.stream().allMatch(name -> name.matches("-?[0-9]{1,18}"));
            names.sort(null);
            if (whole) {
                names.sort((a, b) -> Long.compare(Long.parseLong(a), Long.parseLong(b)));
            }
            String column = layout.name(layout.labelColumn);
            if (names.size() == 1) {
                throw new DataFormatException(
                        file,
                        layout.hasHeader ? 2 : 1,
                        layout.labelColumn + 1,
                        column + ": expected at least two classes, got '" + CsvCells.shown(names.get(0))
                                + "' in every row");
            }
            if (!whole && 2 * names.size() > examples && names.stream().allMatch(Table::isNumber)) {
                throw new DataFormatException(
                        file,
                        layout.hasHeader ? 2 : 1,
                        layout.labelColumn + 1,
                        column + ": " + names.size() + " different labels in " + examples
                                + " rows, all of them numbers; is this a regression?");
            }
            int[] number = new int[names.size()];
            for (int c = 0; c < number.length; c++) {
                number[classes.get(names.get(c))] = c;
            }
            for (int i = 0; i < labels.length; i++) {
                labels[i] = number[labels[i]];
            }
            return new Dataset(features, labels, number.length).withClassNames(names);
        }
    }
}
