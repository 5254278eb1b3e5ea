// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.table;

import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The text before or after each number of a column, such as a currency or a unit of measurement.
 *
 * @param before the text before the number, without spaces around it; empty if there is none
 * @param after the text after the number, likewise
 */
public record Unit(String before, String after) {
    /** The signs that stand before or after numbers. */
    private static final Set<String> SIGNS = Set.of("$", "€", "£", "¥", "%", "‰", "°", "°C", "°F", "US$");

    /** The abbreviations that stand after numbers. Other letters may be codes, such as the A in A12. */
    private static final Set<String> ABBREVIATIONS = Set.of(
            "kg", "g", "mg", "lb", "lbs", "oz", "t", "km", "m", "cm", "mm", "mi", "ft", "in", "l", "L", "ml", "mL", "h",
            "hr", "hrs", "hours", "min", "mins", "minutes", "s", "sec", "ms", "days", "years", "yrs", "months", "weeks",
            "USD", "EUR", "GBP", "CHF", "kW", "W", "kWh", "V", "A", "Hz", "MHz", "GHz", "kB", "MB", "GB", "TB", "mph",
            "kmh", "km/h", "m/s", "hp", "bhp", "PS", "kmpl", "mpg", "CC", "cc", "pt", "px", "C", "F");

    private static final char NO_BREAK_SPACE = '\u00a0';
    private static final char NARROW_SPACE = '\u202f';

    /** No text but parentheses, which make a number negative. Other numbers have none. */
    public static final Unit PARENTHESES = new Unit("(", ")");

    /** No text. */
    public static final Unit NONE = new Unit("", "");

    private static final int MINUS_LENGTH = 3;

    /** The longest text before or after a number, in bytes. */
    private static final int LONGEST = 8;

    /** The unit of the number in these bytes, which have no spaces around them; null if there is none. */
    static @Nullable Unit of(byte[] bytes, int from, int to, DecimalParser parser) {
        Unit unit = ofUnsigned(bytes, from, to, parser);
        if (unit == null && isInParentheses(bytes, from, to)) {
            unit = ofUnsigned(bytes, from + 1, to - 1, parser);
        } else if (unit == null) {
            unit = ofUnsigned(bytes, from + minus(bytes, from, to), to, parser);
        }
        return unit == null || Double.isNaN(unit.parse(bytes, from, to, parser)) ? null : unit;
    }

    private static @Nullable Unit ofUnsigned(byte[] bytes, int from, int to, DecimalParser parser) {
        int begin = from;
        while (begin < to && !startsNumber(bytes, begin, to)) {
            begin++;
        }
        int end = to;
        while (end > begin && !isDigit(bytes[end - 1])) {
            end--;
        }
        if (begin > from && end < to && isInParentheses(bytes, begin - 1, end + 1)) {
            begin--;
            end++;
        }
        if (begin - from > LONGEST || to - end > LONGEST || Double.isNaN(number(bytes, begin, end, parser))) {
            return null;
        }
        Unit unit = new Unit(stripped(bytes, from, begin), stripped(bytes, end, to));
        if (unit.before.isEmpty() && unit.after.isEmpty() && isInParentheses(bytes, from, to)) {
            return PARENTHESES;
        }
        return unit.isKnown() ? unit : null;
    }

    /**
     * The number with this unit in these bytes; NaN if there is none. Negative are {@code -$5}, {@code $-5}, {@code ($5)}
     * and {@code $(5)}.
     */
    double parse(byte[] bytes, int from, int to, DecimalParser parser) {
        double x = parseInside(bytes, from, to, parser);
        if (!Double.isNaN(x)) {
            return x;
        }
        if (isInParentheses(bytes, from, to)) {
            return negative(parseInside(bytes, from + 1, to - 1, parser));
        }
        int minus = before.isEmpty() ? 0 : minus(bytes, from, to);
        return minus == 0 ? Double.NaN : negative(parseInside(bytes, from + minus, to, parser));
    }

    /** Parses a number between the texts of the unit. */
    private double parseInside(byte[] bytes, int from, int to, DecimalParser parser) {
        boolean isText = !equals(PARENTHESES);
        byte[] left = Cells.utf8(isText ? before : "");
        byte[] right = Cells.utf8(isText ? after : "");
        int begin = from + left.length;
        int end = to - right.length;
        boolean fits = begin < end
                && Arrays.equals(left, 0, left.length, bytes, from, begin)
                && Arrays.equals(right, 0, right.length, bytes, end, to);
        if (!fits) {
            return Double.NaN;
        }
        begin = DecimalParser.pastSpaces(bytes, begin, end);
        return number(bytes, begin, DecimalParser.beforeSpaces(bytes, begin, end), parser);
    }

    /** A number without a text, which is negative in parentheses; NaN if there is none. */
    private static double number(byte[] bytes, int from, int to, DecimalParser parser) {
        return isInParentheses(bytes, from, to)
                ? negative(parser.parse(bytes, from + 1, to - 1))
                : parser.parse(bytes, from, to);
    }

    /** The opposite of a positive number, NaN of another one, which has two signs. */
    private static double negative(double x) {
        return Math.copySign(1, x) > 0 ? -x : Double.NaN;
    }

    private static boolean isInParentheses(byte[] bytes, int from, int to) {
        return to - from > 2 && bytes[from] == '(' && bytes[to - 1] == ')';
    }

    /** The length, in bytes, of the minus sign at a place; 0 if there is none. */
    private static int minus(byte[] bytes, int from, int to) {
        return from < to && bytes[from] == '-' ? 1 : DecimalParser.isMinus(bytes, from, to) ? MINUS_LENGTH : 0;
    }

    /** True if it has one of the usual texts on one side. */
    private boolean isKnown() {
        return before.isEmpty()
                ? SIGNS.contains(after) || ABBREVIATIONS.contains(after)
                : after.isEmpty() && SIGNS.contains(before);
    }

    /** A text without the spaces around it, which in French and SI style do not break. */
    private static String stripped(byte[] bytes, int from, int to) {
        String text = Cells.decoded(bytes, from, to);
        return text.replace(NO_BREAK_SPACE, ' ').replace(NARROW_SPACE, ' ').strip();
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static boolean startsNumber(byte[] bytes, int at, int to) {
        byte b = bytes[at];
        return isDigit(b)
                || DecimalParser.isMinus(bytes, at, to)
                || ((b == '-' || b == '+' || b == '.') && at + 1 < to && isDigit(bytes[at + 1]));
    }

    /** The text as it stands beside the numbers: {@code %}; empty if there are parentheses only. */
    public String symbol() {
        return equals(PARENTHESES) ? "" : before + after;
    }

    /** In words: {@code number with '%'}. */
    @Override
    public String toString() {
        return equals(PARENTHESES) ? "number, negative in parentheses" : "number with '" + before + after + "'";
    }
}
