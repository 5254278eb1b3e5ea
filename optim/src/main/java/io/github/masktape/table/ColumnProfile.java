// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.table;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The statistics of a column's cells, gathered row by row, from which its kind follows. */
public final class ColumnProfile {
    /** The largest number of different texts that are remembered. */
    public static final int MOST_WORDS = 10_000;

    private boolean all;
    private long numbers;
    private long infinite;
    private long missing;
    private long texts;
    private @Nullable Words words;
    private boolean whole = true;
    private boolean increasing = true;
    private boolean unitStep = true;
    private boolean constant = true;
    private double first;
    private double last;
    private int dates = DateFormat.ALL;
    private @Nullable Unit unit;

    /** Makes the profile remember the texts of all cells, those of numbers included. */
    public void rememberAll() {
        all = true;
    }

    /** Forgets the texts, to gather those of all cells by {@link #addText}. */
    public void forgetTexts() {
        words = null;
    }

    /** Remembers the text of a cell that holds a value, without counting it again. */
    public void addText(Cells cells, int c, MissingValues missingValues) throws IOException {
        if (!missingValues.contains(cells.parsed(c)) && !cells.isMissing(c, missingValues)) {
            cells.addTo(words(), c);
        }
    }

    /** Adds a cell of the next row. */
    public void add(Cells cells, int c, MissingValues missingValues) throws IOException {
        if (cells.isEmpty(c)) {
            missing++;
            increasing = false;
            return;
        }
        // Once numbers are known to be none of rows, their values no longer matter.
        boolean open = all || constant || increasing || missingValues.hasNumbers();
        int form = open ? 0 : cells.form(c);
        if (form == 1 || (form == 2 && !whole)) {
            numbers++;
            return;
        }
        double x = cells.parsed(c);
        if (Double.isNaN(x) || missingValues.contains(x)) {
            addText(cells, c, missingValues, x);
            return;
        }
        if (numbers > 0) {
            increasing &= x > last;
            unitStep &= x == last + 1;
            constant &= x == first;
        } else {
            first = x;
        }
        last = x;
        addNumber(cells, c, x);
    }

    /** Adds a cell of the row before all others. */
    public void addFirst(Cells cells, int c, MissingValues missingValues) throws IOException {
        double x = cells.parsed(c);
        if (Double.isNaN(x) || missingValues.contains(x)) {
            addText(cells, c, missingValues, x);
            return;
        }
        if (numbers > 0) {
            increasing &= x < first;
            unitStep &= x + 1 == first;
            constant &= x == first;
        } else {
            last = x;
        }
        first = x;
        addNumber(cells, c, x);
    }

    private void addNumber(Cells cells, int c, double x) throws IOException {
        numbers++;
        whole &= x == Math.rint(x);
        infinite += Double.isInfinite(x) ? 1 : 0;
        if (all) {
            cells.addTo(words(), c);
        }
    }

    private void addText(Cells cells, int c, MissingValues missingValues, double x) throws IOException {
        if (!Double.isNaN(x) || cells.isMissing(c, missingValues)) {
            missing++;
            return;
        }
        Unit own = texts == 0 || unit != null ? cells.unit(c) : null;
        unit = texts == 0 || (own != null && own.equals(unit)) ? own : null;
        texts++;
        if (dates != 0) {
            dates = cells.dateFormats(c, dates);
        }
        cells.addTo(words(), c);
    }

    private Words words() {
        if (words == null) {
            words = new Words(MOST_WORDS);
        }
        return words;
    }

    /** The number of cells that are numbers. */
    public long numbers() {
        return numbers;
    }

    /** The number of cells without a value. */
    public long missing() {
        return missing;
    }

    /** The number of cells with a text that is no number. */
    public long texts() {
        return texts;
    }

    /** The different texts. */
    public Words different() {
        return words();
    }

    /** True if a number is too large for a double. */
    public boolean hasInfinite() {
        return infinite > 0;
    }

    /** True if all numbers are whole. */
    public boolean isWhole() {
        return whole;
    }

    /** True if each number is larger than the one before. */
    public boolean isIncreasing() {
        return increasing;
    }

    /** True if each number is larger by 1 than the one before. */
    public boolean countsUp() {
        return unitStep;
    }

    /** True if all numbers are equal. */
    public boolean isConstant() {
        return constant;
    }

    /** The first number. */
    public double first() {
        return first;
    }

    /** The unit of every text, if all are numbers with this unit; otherwise null. */
    public @Nullable Unit unit() {
        return unit;
    }

    /** True if every text is a number in parentheses among others without. */
    public boolean hasParentheses() {
        return numbers > 0 && Unit.PARENTHESES.equals(unit);
    }

    /** True if every text is a date or time of this format. */
    public boolean isDate(DateFormat format) {
        return texts > 0 && (dates & format.bit) != 0;
    }

    /** True if a text, remembered of dates, holds a time of day. */
    public boolean hasTime() {
        Words all = words();
        int w = 0;
        while (w < all.size() && !DateFormat.hasTime(all.word(w))) {
            w++;
        }
        return w < all.size();
    }

    /**
     * The separator of thousands by which every text is a number, with the same unit if any; NUL if there is none.
     *
     * @param point the decimal point
     */
    public char thousands(char point) {
        for (char separator : new char[] {',', '.', ' ', '\''}) {
            // The separator cannot be the decimal point as well.
            char other = separator == '.' ? ',' : separator == ',' ? '.' : point;
            if (texts > 0 && areGrouped(new DecimalParser(other, separator))) {
                return separator;
            }
        }
        return 0;
    }

    private boolean areGrouped(DecimalParser parser) {
        Words all = words();
        int w = 0;
        while (w < all.size() && !separates(parser, Cells.utf8(all.word(w)))) {
            w++;
        }
        return w < all.size() && areNumbers(parser);
    }

    /** True if every text is a number, with the same unit if any. */
    public boolean areNumbers(DecimalParser parser) {
        return byUnit(parser).size() == 1;
    }

    /**
     * The first text with each unit, one of no text for plain numbers; empty if a remembered text is no number.
     *
     * @return the texts in the order of their cells
     */
    public Map<Unit, String> byUnit(DecimalParser parser) {
        Words all = words();
        Map<Unit, String> texts = new LinkedHashMap<>();
        for (int w = 0; w < all.size(); w++) {
            byte[] bytes = Cells.utf8(all.word(w));
            boolean isPlain = !Double.isNaN(parser.parse(bytes, 0, bytes.length));
            Unit unit = isPlain ? Unit.NONE : Unit.of(bytes, 0, bytes.length, parser);
            if (unit == null) {
                return Map.of();
            }
            texts.putIfAbsent(unit.equals(Unit.PARENTHESES) ? Unit.NONE : unit, all.word(w));
        }
        return texts;
    }

    /** The remembered texts that are no numbers, if all others are numbers with one unit and more than these. */
    public List<String> besideUnit(DecimalParser parser) {
        Words all = words();
        Set<Unit> units = new HashSet<>();
        List<String> others = new ArrayList<>();
        for (int w = 0; w < all.size() && units.size() < 2; w++) {
            byte[] bytes = Cells.utf8(all.word(w));
            Unit unit = Unit.of(bytes, 0, bytes.length, parser);
            if (unit == null) {
                others.add(all.word(w));
            } else {
                units.add(unit);
            }
        }
        return units.size() == 1 && numbers == 0 && 2 * others.size() < all.size() ? others : List.of();
    }

    /** True if all remembered texts are whole numbers with a unit. */
    public boolean isWhole(Unit unit, DecimalParser parser) {
        Words all = words();
        for (int w = 0; w < all.size(); w++) {
            byte[] bytes = Cells.utf8(all.word(w));
            double x = unit.parse(bytes, 0, bytes.length, parser);
            if (x != Math.rint(x)) {
                return false;
            }
        }
        return true;
    }

    /** The first text in which digits stand on both sides of a separator. */
    public String firstWith(char separator) {
        Words all = words();
        DecimalParser parser = new DecimalParser('.', separator);
        int w = 0;
        while (w < all.size() - 1 && !separates(parser, Cells.utf8(all.word(w)))) {
            w++;
        }
        return all.word(w);
    }

    private static boolean separates(DecimalParser parser, byte[] bytes) {
        for (int i = 1; i < bytes.length - 1; i++) {
            int after = i + parser.separator(bytes, i, bytes.length);
            if (after > i && after < bytes.length && isDigit(bytes[i - 1]) && isDigit(bytes[after])) {
                return true;
            }
        }
        return false;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** True if every text looks like a date in a form that no {@link DateFormat} reads, such as {@code 1/5/21}. */
    public boolean hasOtherDates() {
        Words all = words();
        for (int w = 0; w < all.size(); w++) {
            if (!DateFormat.isOther(all.word(w))) {
                return false;
            }
        }
        return numbers == 0 && all.size() > 1;
    }
}
