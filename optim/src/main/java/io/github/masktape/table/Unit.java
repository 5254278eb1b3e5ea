// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.table;

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

    /** The longest text before or after a number, in bytes. */
    private static final int LONGEST = 8;

    /** The unit of the number in these bytes, which have no spaces around them; null if there is none. */
    static @Nullable Unit of(byte[] bytes, int from, int to, DecimalParser parser) {
        int begin = from;
        while (begin < to && !startsNumber(bytes, begin, to)) {
            begin++;
        }
        int end = to;
        while (end > begin && !isDigit(bytes[end - 1])) {
            end--;
        }
        if (begin - from > LONGEST || to - end > LONGEST || Double.isNaN(parser.parse(bytes, begin, end))) {
            return null;
        }
        Unit unit = new Unit(stripped(bytes, from, begin), stripped(bytes, end, to));
        return unit.isKnown() ? unit : null;
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

    /** In words: {@code number with '%'}. */
    @Override
    public String toString() {
        return "number with '" + before + after + "'";
    }
}
