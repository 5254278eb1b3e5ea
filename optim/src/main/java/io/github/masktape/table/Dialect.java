// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.table;

/**
 * The form in which a file writes a table.
 *
 * @param delimiter the character between cells; a space stands for any number of spaces and tabs
 * @param point the decimal point, {@code .} or {@code ,}
 * @param thousands the separator of thousands, or NUL for none
 * @param comment the character at the beginning of a line that is a comment, or NUL for none
 * @param strict true if blank lines between rows and spaces outside quotes are errors
 * @param trailing true if a delimiter ends each row, so that the empty cell after it is none
 * @param rowNames true if the first row lacks a cell before all others, since it does not name the column of row names,
 *     as R writes tables
 * @param skipped the number of lines before the first row that are no rows
 * @param layout the arrangement of cells and rows for the eye
 */
public record Dialect(
        char delimiter,
        char point,
        char thousands,
        char comment,
        boolean strict,
        boolean trailing,
        boolean rowNames,
        int skipped,
        Layout layout) {
    /**
     * The arrangement of a table that is written to be looked at.
     *
     * @param wide true if one space is part of a cell, and only several separate two cells
     * @param ruled true if there are lines of dashes or the like, which are no rows
     * @param framed true if a delimiter begins each row, so that the empty cell before it is none
     */
    public record Layout(boolean wide, boolean ruled, boolean framed) {
        /** None. */
        public static final Layout PLAIN = new Layout(false, false, false);
    }

    /** True if the character can separate cells: ASCII, but no letter, digit, sign, point, quote, line end or NUL. */
    public static boolean isDelimiter(char c) {
        return c < 128 && c != 0 && "\"\n\r+-.".indexOf(c) < 0 && !Character.isLetterOrDigit(c);
    }

    /** A strict dialect with this delimiter. */
    public static Dialect strict(char delimiter) {
        return new Dialect(delimiter, '.', '\0', '\0', true, false, false, 0, Layout.PLAIN);
    }

    /** The same dialect, with another number of lines before the first row. */
    public Dialect withSkipped(int lines) {
        return new Dialect(delimiter, point, thousands, comment, strict, trailing, rowNames, lines, layout);
    }

    /** True if any number of spaces and tabs separates two cells. */
    public boolean isAligned() {
        return delimiter == ' ' && !strict;
    }

    /** The delimiter in words: {@code ','}, {@code a tab} or {@code spaces}. */
    public String delimiterName() {
        return delimiter == '\t'
                ? "a tab"
                : isAligned() ? (layout.wide ? "two or more spaces" : "spaces") : "'" + delimiter + "'";
    }

    /** The parser of this dialect's numbers. */
    public DecimalParser numbers() {
        return point == '.' && thousands == 0 ? DecimalParser.PLAIN : new DecimalParser(point, thousands);
    }
}
