// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.data;

import io.github.masktape.io.DataFormatException;
import io.github.masktape.table.Cells;
import io.github.masktape.table.ColumnProfile;
import io.github.masktape.table.HeaderSigns;
import io.github.masktape.table.MissingValues;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The first row of a table: names of columns, or an example. */
final class FirstRow {
    private static final int NAMES_SHOWN = 12;
    private static final String WHOLE = "[+-]?[0-9]+";

    private final File file;
    private final long line;
    private final List<String> texts = new ArrayList<>();
    private final boolean[] numbers;
    private final boolean[] missing;

    /** Remembers the current row. */
    FirstRow(File file, Cells cells, MissingValues missingValues) throws IOException {
        this.file = file;
        this.line = cells.line();
        this.numbers = new boolean[cells.cells()];
        this.missing = new boolean[cells.cells()];
        for (int c = 0; c < numbers.length; c++) {
            texts.add(cells.word(c));
            numbers[c] = cells.isNumber(c);
            missing[c] = missingValues.contains(texts.get(c));
        }
    }

    int count() {
        return texts.size();
    }

    List<String> texts() {
        return texts;
    }

    long line() {
        return line;
    }

    DataFormatException broken(int c, String problem) {
        return new DataFormatException(file, line, c + 1, problem);
    }

    // Is it a header?

    /**
     * True if the row is a header by its own cells: if no feature is a number.
     *
     * @param wanted the label column as the options or the model name it; null for the last
     * @param hasTargets true if the label column should hold numbers
     * @throws DataFormatException if the cells do not settle the question
     */
    boolean isHeaderByItself(@Nullable String wanted, boolean hasTargets) throws DataFormatException {
        int label = wanted == null ? count() - 1 : number(wanted, count());
        if (label < 0 && texts.contains(wanted)) {
            return true;
        }
        boolean named = wanted != null && label < 0 && !wanted.matches(WHOLE);
        int word = -1;
        int blank = -1;
        int number = -1;
        for (int c = 0; c < count(); c++) {
            if (numbers[c]) {
                number = c == label ? number : c;
            } else if (c != label && missing[c] && !texts.get(c).isEmpty()) {
                blank = blank < 0 ? c : blank;
            } else if (c != label) {
                word = word < 0 ? c : word;
            }
        }
        if (named) {
            return number < 0;
        }
        if (word < 0 && blank >= 0) {
            throw broken(
                    blank,
                    "neither a header nor numbers: '" + texts.get(blank) + "' is a missing value" + HeaderSigns.ASK);
        }
        if (word < 0 && hasTargets && label >= 0 && !numbers[label] && !missing[label]) {
            word = label;
        }
        if (word >= 0 && number >= 0) {
            throw neither(word, number);
        }
        return word >= 0;
    }

    private DataFormatException neither(int word, int number) {
        return broken(
                word,
                "neither a header nor numbers: '" + Cells.shown(texts.get(word)) + "' is no number, column "
                        + (number + 1) + " is one" + HeaderSigns.ASK);
    }

    /**
     * True if the row is a header, judged by the other rows: a word above numbers is a name, a number above numbers or
     * a text that its column repeats is none. The names in R's tables begin with an empty one above the numbers of the
     * rows; beside it, a name may well be a text that occurs again, such as {@code y} above {@code y} and {@code n}.
     *
     * @throws DataFormatException if there are signs of both
     */
    boolean isHeader(ColumnProfile[] others) throws DataFormatException {
        int name = -1;
        int likelyName = -1;
        int example = -1;
        boolean lacksFirst = texts.get(0).isEmpty() && others[0].numbers() > 0 && others[0].countsUp();
        for (int c = 0; c < count(); c++) {
            ColumnProfile other = others[c];
            if (numbers[c]) {
                example = other.texts() == 0 && other.numbers() > 0 ? c : example;
            } else if (!missing[c]) {
                boolean repeated = other.different().find(texts.get(c)) >= 0;
                if (repeated) {
                    example = c;
                } else if (other.texts() == 0 && other.numbers() > 0) {
                    name = name < 0 ? c : name;
                } else if (other.texts() > 0) {
                    likelyName = c;
                }
            }
        }
        if (name >= 0 && example >= 0) {
            if (numbers[example]) {
                throw neither(name, example);
            }
            if (lacksFirst) {
                return true;
            }
            throw broken(
                    name,
                    "is this a header? '" + Cells.shown(texts.get(name)) + "' is no number as the cells below it, but '"
                            + Cells.shown(texts.get(example)) + "' occurs again in column " + (example + 1)
                            + HeaderSigns.ASK);
        }
        return example < 0 && (name >= 0 || likelyName >= 0);
    }

    /**
     * True if the row is a header, judged by the columns of a model without names: if a word stands where the model has
     * numbers, or if no cell is a category that the model knows.
     */
    boolean isHeader(List<Column> columns, int[] places) {
        boolean known = false;
        boolean word = false;
        for (int i = 0; i < places.length; i++) {
            int c = places[i];
            if (columns.get(i).kind() instanceof Column.Categories categories) {
                known |= categories.names().contains(texts.get(c));
            } else {
                known |= numbers[c];
                word |= !numbers[c] && !missing[c] && columns.get(i).kind() instanceof Column.Numbers;
            }
        }
        return word && !known;
    }

    /**
     * True if the row counts the rows and features below it, as the first line of scikit-learn's own files does; there may
     * be a header between.
     */
    boolean counts(long rowsBelow, int columnsBelow) {
        return mayCount(columnsBelow)
                && (texts.get(0).equals(Long.toString(rowsBelow))
                        || texts.get(0).equals(Long.toString(rowsBelow - 1)));
    }

    /** True if {@link #counts} is for some number of rows. */
    boolean mayCount(int columnsBelow) {
        return count() > 2
                && texts.get(0).matches("[1-9][0-9]*")
                && texts.get(1).equals(Integer.toString(columnsBelow - 1))
                && !numbers[2];
    }

    /**
     * Makes the names of the columns different, if they are names: the second {@code x} becomes {@code x (2)}.
     *
     * @param most the largest number of names to change; with more of them, the row is hardly a header
     */
    void separateRepeatedNames(int most, Consumer<String> notes) throws DataFormatException {
        Map<String, Integer> seen = new HashMap<>();
        Set<String> all = new HashSet<>(texts);
        int changed = 0;
        for (int c = 0; c < count(); c++) {
            String name = texts.get(c);
            Integer other = seen.putIfAbsent(name, c);
            if (other == null) {
                continue;
            }
            if (changed++ == most) {
                throw broken(
                        c,
                        "the name '" + Cells.shown(name) + "' is also that of column " + (other + 1)
                                + "; is this a header?");
            }
            int number = 2;
            while (!all.add(name + " (" + number + ")")) {
                number++;
            }
            texts.set(c, name + " (" + number + ")");
            notes.accept("column " + (c + 1) + " is named '" + Cells.shown(name) + "' as column " + (other + 1)
                    + "; it is read as '" + Cells.shown(texts.get(c)) + "'");
        }
    }

    // Which column is it?

    /**
     * The place of a column, from 0.
     *
     * @param what the kind of column, for the error: {@code label column}
     * @param wanted its name or number
     */
    int place(String what, String wanted, boolean isHeader) throws DataFormatException {
        int named = isHeader ? texts.indexOf(wanted) : -1;
        int found = named >= 0 ? named : number(wanted, count());
        if (found >= 0) {
            return found;
        }
        if (wanted.matches(WHOLE)) {
            throw broken(0, what + " " + wanted + ": expected 1…" + count() + " or −" + count() + "…−1");
        }
        if (!isHeader) {
            throw broken(
                    0,
                    what + " '" + Cells.shown(wanted) + "': there is no header; name the column by its number, 1…"
                            + count());
        }
        throw broken(0, "no " + what + " '" + Cells.shown(wanted) + "'" + suggestion(wanted));
    }

    String suggestion(String wanted) {
        String nearest = "";
        int least = Math.max(1, wanted.length() / 3) + 1;
        for (String text : texts) {
            int distance = distance(wanted.toLowerCase(Locale.ROOT), text.toLowerCase(Locale.ROOT));
            if (distance < least) {
                least = distance;
                nearest = text;
            }
        }
        return (nearest.isEmpty() ? "; " : "; did you mean '" + Cells.shown(nearest) + "'? ") + "the columns are "
                + listed(texts);
    }

    /** The index of the column with a number from 1, or from −1 for the last; −1 if the text is no such number. */
    static int number(String text, int columns) {
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
            shown.add(Cells.shown(name));
        }
        return String.join(", ", shown) + (names.size() > NAMES_SHOWN ? ", … (" + names.size() + " in all)" : "");
    }

    /** The Levenshtein distance: the least number of characters to insert, delete or replace. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        Arrays.setAll(row, j -> j);
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
}
