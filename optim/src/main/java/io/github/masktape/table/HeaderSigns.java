// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.table;

import io.github.masktape.io.DataFormatException;
import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

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
public final class HeaderSigns {
    /** The advice at the end of errors that ask for the option. */
    public static final String ASK = "; say whether there is a header (--header yes or --header no)";

    private static final int LEAST_STEPS = 3;
    private static final int ONE_IN = 5;

    private final File file;
    private final int count;
    private final int label;
    private final int[] features;
    private final boolean isDistinct;
    private final int steps;

    /** Remembers the current row. */
    public HeaderSigns(File file, Cells cells, int label) throws IOException {
        this.file = file;
        this.count = cells.cells();
        this.label = label;
        this.features = IntStream.range(0, count).filter(c -> c != label).toArray();
        this.isDistinct = isDistinct(cells);
        this.steps = steps(cells);
    }

    private static boolean isDistinct(Cells cells) throws IOException {
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
    public void compare(Cells second) throws IOException {
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
    public void compare(List<String> names, int[] counts, int own) throws DataFormatException {
        if (counts[own] > 1) {
            return;
        }
        String shown = "'" + Cells.shown(names.get(own)) + "'";
        boolean isWord = !Cells.isNumber(names.get(own));
        if (isWord && names.stream().filter(Cells::isNumber).count() == names.size() - 1) {
            throw ask(label, "is this a header? " + shown + " is the only label that is no number");
        }
        long single = Arrays.stream(counts).filter(count -> count == 1).count();
        if (isDistinct && ONE_IN * (single - 1) <= Arrays.stream(counts).sum()) {
            throw ask(label, "is this a header? the label " + shown + " occurs in no other row");
        }
    }

    private DataFormatException ask(int column, String problem) {
        return new DataFormatException(file, 1, column + 1, problem + ASK);
    }

    /**
     * The length of the row, or of its features, if these are whole numbers that grow by equal steps; 0 otherwise.
     */
    private int steps(Cells cells) throws IOException {
        int[] all = new int[count];
        Arrays.setAll(all, c -> c);
        int steps = growBySteps(cells, all) ? all.length : 0;
        return steps == 0 && growBySteps(cells, features) ? features.length : steps;
    }

    private static boolean growBySteps(Cells cells, int[] columns) throws IOException {
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

    private boolean isWhole(Cells cells) throws IOException {
        for (int c : features) {
            if (wholeNumber(cells, c) == null) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable Long wholeNumber(Cells cells, int c) throws IOException {
        String text = cells.word(c);
        return text.matches("-?[0-9]{1,17}") ? Long.valueOf(text) : null;
    }
}
