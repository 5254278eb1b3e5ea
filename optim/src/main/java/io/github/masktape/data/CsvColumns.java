package io.github.masktape.data;

import io.github.masktape.io.DataFormatException;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The roles of a table's columns, found from its first row, the options and the names that a model remembers. */
final class CsvColumns {
    private static final int NAMES_SHOWN = 12;
    private static final String WHOLE = "[+-]?[0-9]+";

    final boolean hasHeader;
    final int count;

    /** The column of each feature, from 0. */
    final int[] features;

    /** The column of the labels or targets, from 0, or −1 if there is none. */
    final int label;

    /** The name of each column; empty without a header. */
    final String[] names;

    private CsvColumns(boolean hasHeader, int count, int[] features, int label, String[] names) {
        this.hasHeader = hasHeader;
        this.count = count;
        this.features = features;
        this.label = label;
        this.names = names;
    }

    /** Finds the roles of the columns from the current row, which is the first. */
    static CsvColumns of(
            CsvCells first,
            @Nullable String label,
            Csv.Header header,
            char delimiter,
            @Nullable Preprocessing known,
            boolean labeled,
            boolean hasValues)
            throws IOException {
        return new Heading(first, label, header, delimiter, known, labeled, hasValues).columns();
    }

    /** The name of a column, or its number in words. */
    String name(int column) {
        String name = names.length == 0 ? "" : names[column];
        return name.isEmpty() ? "column " + (column + 1) : CsvCells.shown(name);
    }

    /** The first row, and the roles of the columns that follow from it and the options. */
    private static final class Heading {
        private final CsvCells cells;
        private final @Nullable String label;
        private final Csv.Header header;
        private final char delimiter;
        private final @Nullable Preprocessing known;
        private final boolean labeled;
        private final boolean hasTargets;
        private final int columns;
        private final String[] texts;

        Heading(
                CsvCells cells,
                @Nullable String label,
                Csv.Header header,
                char delimiter,
                @Nullable Preprocessing known,
                boolean labeled,
                boolean hasValues)
                throws IOException {
            this.cells = cells;
            this.label = label;
            this.header = header;
            this.delimiter = delimiter;
            this.known = known;
            this.labeled = labeled;
            this.hasTargets = labeled && hasValues;
            this.columns = cells.cells();
            this.texts = new String[columns];
            for (int c = 0; c < columns; c++) {
                texts[c] = cells.word(c);
            }
        }

        CsvColumns columns() throws IOException {
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
            return new CsvColumns(hasHeader, columns, featureColumns, labelColumn, hasHeader ? texts : new String[0]);
        }

        private boolean hasHeader() throws IOException {
            if (header != Csv.Header.AUTO) {
                return header == Csv.Header.YES;
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
            int missing = -1;
            int number = -1;
            for (int c = 0; c < columns; c++) {
                if (cells.isNumber(c)) {
                    number = c == labelColumn ? number : c;
                } else if (c != labelColumn && CsvCells.MissingValues.contains(texts[c]) && !texts[c].isEmpty()) {
                    missing = missing < 0 ? c : missing;
                } else if (c != labelColumn) {
                    word = word < 0 ? c : word;
                }
            }
            if (named) {
                return number < 0;
            }
            if (word < 0 && missing >= 0) {
                throw cells.broken(
                        missing,
                        "neither a header nor numbers: '" + texts[missing] + "' is a missing value" + FirstRow.ASK);
            }
            if (word < 0 && hasTargets && isWord(labelColumn)) {
                word = labelColumn;
            }
            if (word >= 0 && number >= 0) {
                throw cells.broken(
                        word,
                        "neither a header nor numbers: '" + CsvCells.shown(texts[word]) + "' is no number, column "
                                + (number + 1) + " is one" + FirstRow.ASK);
            }
            return word >= 0;
        }

        private boolean isWord(int column) {
            return column >= 0 && !cells.isNumber(column) && !CsvCells.MissingValues.contains(texts[column]);
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

        private CsvColumns byName(Preprocessing model, List<String> featureNames) throws DataFormatException {
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
            return new CsvColumns(true, columns, featureColumns, labelColumn, texts);
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

    /** The index of the column with a number from 1, or from −1 for the last; −1 if the text is no such number. */
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

    /** The first few names, for a message. */
    static String listed(List<String> names) {
        List<String> shown = new ArrayList<>();
        for (String name : names.subList(0, Math.min(names.size(), NAMES_SHOWN))) {
            shown.add(CsvCells.shown(name));
        }
        return String.join(", ", shown) + (names.size() > NAMES_SHOWN ? ", … (" + names.size() + " in all)" : "");
    }

    /** The Levenshtein distance: the least number of characters to insert, delete or replace. */
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

    /**
     * The first row of a table, taken for an example because its features are numbers, and the signs that it is a
     * header after all, with names such as 0, 1, 2 or 2019, 2020, 2021.
     *
     * <p>Any such sign leads to an error that asks whether there is a header, since a header taken for an example adds
     * a wrong example, and often a class that does not exist. The signs are:
     *
     * <ul>
     *   <li>its label occurs in no other row and is the only one that is no number;
     *   <li>its label occurs in no other row, at most one in five rows has such a unique label, and its cells all
     *       differ, as names do; <li>it has three or more whole numbers that grow by equal steps. Three are a sign only
     *       if the second row has a number that is not whole; more than three are a sign if those of the second row do
     *       not grow like that.
     * </ul>
     */
    static final class FirstRow {
        /** The advice at the end of errors that ask for the option. */
        static final String ASK = "; say whether there is a header (--header yes or --header no)";

        private static final int LEAST_STEPS = 3;
        private static final int ONE_IN = 5;

        private final File file;
        private final CsvColumns columns;
        private final boolean isDistinct;
        private final int steps;

        /** Remembers the current row. */
        FirstRow(File file, CsvCells cells, CsvColumns columns) throws IOException {
            this.file = file;
            this.columns = columns;
            this.isDistinct = isDistinct(cells);
            this.steps = steps(cells);
        }

        private static boolean isDistinct(CsvCells cells) throws IOException {
            HashSet<String> seen = new HashSet<>();
            for (int c = 0; c < cells.cells(); c++) {
                if (!seen.add(cells.word(c))) {
                    return false;
                }
            }
            return true;
        }

        /**
         * Throws an error that asks for the option if the numbers look like names, compared with the second row, the
         * current one.
         */
        void compare(CsvCells second) throws IOException {
            boolean isSign = steps == LEAST_STEPS ? !isWhole(second) : steps > LEAST_STEPS && steps(second) == 0;
            if (isSign) {
                throw ask(0, "is this a header? its numbers grow by equal steps, as names do");
            }
        }

        /**
         * Throws an error that asks for the option if the label looks like a name, compared with those of the other
         * rows.
         *
         * @param names the names of the classes
         * @param counts the number of examples of each class
         * @param own the class of the first row
         */
        void compare(List<String> names, int[] counts, int own) throws DataFormatException {
            if (counts[own] > 1) {
                return;
            }
            String label = "'" + CsvCells.shown(names.get(own)) + "'";
            boolean isWord = !CsvCells.isNumber(names.get(own));
            if (isWord && names.stream().filter(CsvCells::isNumber).count() == names.size() - 1) {
                throw ask(columns.label, "is this a header? " + label + " is the only label that is no number");
            }
            long single = Arrays.stream(counts).filter(count -> count == 1).count();
            if (isDistinct && ONE_IN * (single - 1) <= Arrays.stream(counts).sum()) {
                throw ask(columns.label, "is this a header? the label " + label + " occurs in no other row");
            }
        }

        private DataFormatException ask(int column, String problem) {
            return new DataFormatException(file, 1, column + 1, problem + ASK);
        }

        /**
         * The length of the row, or of its features, if these are whole numbers that grow by equal steps; 0 otherwise.
         */
        private int steps(CsvCells cells) throws IOException {
            int[] all = new int[columns.count];
            Arrays.setAll(all, c -> c);
            int steps = growBySteps(cells, all) ? all.length : 0;
            return steps == 0 && growBySteps(cells, columns.features) ? columns.features.length : steps;
        }

        private static boolean growBySteps(CsvCells cells, int[] columns) throws IOException {
            if (columns.length < LEAST_STEPS) {
                return false;
            }
            long step = 0;
            Long last = null;
            for (int c : columns) {
                Long number = wholeNumber(cells, c);
                if (number == null) {
                    return false;
                }
                if (last != null) {
                    if (number <= last || (step > 0 && number - last != step)) {
                        return false;
                    }
                    step = number - last;
                }
                last = number;
            }
            return true;
        }

        private boolean isWhole(CsvCells cells) throws IOException {
            for (int c : columns.features) {
                if (wholeNumber(cells, c) == null) {
                    return false;
                }
            }
            return true;
        }

        private static @Nullable Long wholeNumber(CsvCells cells, int c) throws IOException {
            String text = cells.word(c);
            return text.matches("-?[0-9]{1,17}") ? Long.valueOf(text) : null;
        }
    }
}
