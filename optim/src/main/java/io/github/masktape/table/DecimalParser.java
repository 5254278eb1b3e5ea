// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.table;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * A parser of decimal numbers in bytes.
 *
 * <pre>
 * number = [+|-|−] (digits [point [digits]] | point digits) [(e|E) [+|-] digits]     spaces and tabs around it are ignored
 * </pre>
 *
 * <p>Separators of thousands that are spaces may be no-break spaces, and apostrophes may be typographic ones (’).
 *
 * <p>With at most 18 digits m and an exponent k, m·10ᵏ is m times or by a power of ten in double, rounded once, if both
 * are doubles (Clinger, "How to read floating point numbers accurately", PLDI 1990). Otherwise it is a product of 128
 * bits that is too small by less than 2⁶⁵, so rounding it to 53 bits is right unless it is that close to the midpoint
 * of two doubles. In that case, and for more digits, the JDK decides.
 */
public final class DecimalParser {
    /** The parser of numbers with a decimal point and no separators of thousands. */
    public static final DecimalParser PLAIN = new DecimalParser('.', '\0');

    /** The number of digits that always fit in a long. */
    private static final int DIGITS = 18;

    /** The powers 10⁰ … 10²², which doubles represent exactly, like all whole numbers up to 2⁵³. */
    static final double[] POWERS = powers();

    /** The powers 10⁰ … 10⁸. */
    static final int[] WHOLE_POWERS = {1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000};

    /** The minus sign of typesetting, U+2212. */
    private static final byte[] MINUS = Cells.utf8("\u2212");

    private static final byte[][] NO_BREAK_SPACES = {Cells.utf8("\u00a0"), Cells.utf8("\u202f")};
    private static final byte[][] APOSTROPHES = {Cells.utf8("\u2019")};
    private static final byte[][] NONE = {};

    private static final long EXACT = 1L << 53;

    /**
     * The least exponent of the table of powers of ten: 10ᵏ = (SIGNIFICANDS + δ)·2^BINARY, 0 ≤ δ &lt; 1, as unsigned
     * numbers of 64 bits.
     */
    private static final int LEAST_POWER = -64;

    private static final long[] SIGNIFICANDS = new long[-2 * LEAST_POWER + 1];
    private static final int[] BINARY = new int[SIGNIFICANDS.length];

    static {
        for (int i = 0; i < SIGNIFICANDS.length; i++) {
            int k = LEAST_POWER + i;
            BigInteger power = BigInteger.TEN.pow(Math.abs(k));
            BINARY[i] = k < 0 ? -power.bitLength() - 63 : power.bitLength() - 64;
            BigInteger bits = k < 0 ? BigInteger.ONE.shiftLeft(-BINARY[i]).divide(power) : power.shiftRight(BINARY[i]);
            SIGNIFICANDS[i] = bits.longValue();
        }
    }

    private final byte point;
    private final byte thousands;

    /** Other ways to write the separator of thousands. */
    private final byte[][] likeThousands;

    private byte[] scratch = {};

    /**
     * A parser of numbers with this decimal point.
     *
     * @param point {@code .} or {@code ,}
     * @param thousands the character that separates groups of three digits, or NUL for none
     */
    public DecimalParser(char point, char thousands) {
        this.point = (byte) point;
        this.thousands = (byte) thousands;
        this.likeThousands = thousands == ' ' ? NO_BREAK_SPACES : thousands == '\'' ? APOSTROPHES : NONE;
    }

    /**
     * The form of a number, without its value: 0 if it may be no number or must be parsed to know, 1 for at most 18
     * digits, 2 for digits with a point among them.
     */
    int form(byte[] bytes, int from, int to) {
        int p = from < to && bytes[from] == '-' ? from + 1 : from;
        int digits = to - p;
        int form = 1;
        for (; p < to; p++) {
            byte b = bytes[p];
            if (b < '0' || b > '9') {
                if (b != point || form == 2) {
                    return 0;
                }
                form = 2;
            }
        }
        return digits >= form && digits <= DIGITS ? form : 0;
    }

    /** The double nearest to the number between two places, infinite if too large, NaN if there is none. */
    public double parse(byte[] bytes, int from, int to) {
        if (thousands != 0) {
            for (int p = from; p < to; p++) {
                if (separator(bytes, p, to) > 0) {
                    return parseGroups(bytes, from, to);
                }
            }
        }
        return parse(bytes, from, to, point);
    }

    /** The double nearest to the number that a text is, infinite if too large, NaN if it is none. */
    public double parse(String text) {
        byte[] bytes = Cells.utf8(text);
        return parse(bytes, 0, bytes.length);
    }

    /** Parses a number such as 1,234,567.8: groups of three digits, except the first, up to the point. */
    private double parseGroups(byte[] bytes, int from, int to) {
        if (scratch.length < to - from) {
            scratch = new byte[to - from];
        }
        int length = 0;
        int group = 0;
        boolean grouped = false;
        boolean whole = true;
        for (int p = from; p < to; p++) {
            byte b = bytes[p];
            boolean digit = b >= '0' && b <= '9';
            int separator = separator(bytes, p, to);
            if (separator > 0) {
                p += separator - 1;
                if (!whole || group < 1 || group > 3 || (grouped && group != 3)) {
                    return Double.NaN;
                }
                grouped = true;
                group = 0;
                continue;
            }
            if (whole && grouped && !digit && group > 0) {
                if (group != 3) {
                    return Double.NaN;
                }
                whole = false;
            }
            group += digit ? 1 : 0;
            scratch[length++] = b;
        }
        return whole && group != 3 ? Double.NaN : parse(scratch, 0, length, point);
    }

    /** The length, in bytes, of the separator of thousands at a place; 0 if there is none. */
    int separator(byte[] bytes, int at, int to) {
        if (bytes[at] == thousands) {
            return 1;
        }
        return bytes[at] < 0 ? longest(likeThousands, bytes, at, to) : 0;
    }

    /** The length of that of some sequences which begins at a place; 0 if none does. */
    private static int longest(byte[][] sequences, byte[] bytes, int at, int to) {
        for (byte[] sequence : sequences) {
            if (startsWith(sequence, bytes, at, to)) {
                return sequence.length;
            }
        }
        return 0;
    }

    private static boolean startsWith(byte[] sequence, byte[] bytes, int at, int to) {
        int end = at + sequence.length;
        return end <= to && bytes[at] == sequence[0] && Arrays.equals(sequence, 0, sequence.length, bytes, at, end);
    }

    /** True if the minus sign of typesetting is at a place. */
    static boolean isMinus(byte[] bytes, int at, int to) {
        return startsWith(MINUS, bytes, at, to);
    }

    /** The first place that is no space or tab, even one at which no line breaks. */
    static int pastSpaces(byte[] bytes, int from, int to) {
        int at = from;
        int length = 1;
        while (at < to && length > 0) {
            length = isSpace(bytes[at]) ? 1 : longest(NO_BREAK_SPACES, bytes, at, to);
            at += length;
        }
        return at;
    }

    /** The end of the last byte that is no space or tab, even one at which no line breaks. */
    static int beforeSpaces(byte[] bytes, int from, int to) {
        int end = to;
        int length = 1;
        while (end > from && length > 0) {
            length = isSpace(bytes[end - 1]) ? 1 : 0;
            for (byte[] space : NO_BREAK_SPACES) {
                boolean ends = end - space.length >= from && startsWith(space, bytes, end - space.length, end);
                length = ends ? space.length : length;
            }
            end -= length;
        }
        return end;
    }

    /** True for a space or a tab, which are ignored around a number. */
    static boolean isSpace(int c) {
        return c == ' ' || c == '\t';
    }

    /** The number between two places, infinite if too large, NaN if there is none. */
    private static double parse(byte[] bytes, int from, int to, byte point) {
        int p = from;
        boolean negative = p < to && bytes[p] == '-';
        p += negative ? 1 : 0;
        int begin = p;
        int fraction = to;
        long m = 0;
        for (; p < to; p++) {
            int digit = bytes[p] - '0';
            if (digit < 0 || digit > 9) {
                if (bytes[p] != point || fraction < to) {
                    break;
                }
                fraction = p + 1;
            } else {
                m = 10 * m + digit;
            }
        }
        if (p == to && to - begin <= DIGITS && to > begin && m > 0) {
            double x = product(m, fraction - to);
            if (!Double.isNaN(x)) {
                return negative ? -x : x;
            }
        }
        return parseAny(bytes, from, to, point);
    }

    /** Parses a number of any form. */
    private static double parseAny(byte[] bytes, int from, int to, byte point) {
        int p = from;
        int end = to;
        while (p < end && isSpace(bytes[p])) {
            p++;
        }
        while (p < end && isSpace(bytes[end - 1])) {
            end--;
        }
        boolean minus = isMinus(bytes, p, end);
        boolean negative = minus || (p < end && bytes[p] == '-');
        if (negative || (p < end && bytes[p] == '+')) {
            p += minus ? MINUS.length : 1;
        }
        int begin = p;
        long m = 0;
        int digits = 0;
        int exponent = 0;
        int seen = 0;
        boolean fraction = false;
        for (; p < end; p++) {
            int digit = bytes[p] - '0';
            if (digit >= 0 && digit <= 9) {
                seen++;
                if (digits < DIGITS) {
                    m = 10 * m + digit;
                    digits += m == 0 ? 0 : 1;
                    exponent -= fraction ? 1 : 0;
                } else {
                    digits++;
                }
            } else if (bytes[p] == point && !fraction) {
                fraction = true;
            } else {
                break;
            }
        }
        if (seen == 0) {
            return Double.NaN;
        }
        if (p < end) {
            if (bytes[p] != 'e' && bytes[p] != 'E') {
                return Double.NaN;
            }
            p++;
            boolean down = p < end && bytes[p] == '-';
            if (down || (p < end && bytes[p] == '+')) {
                p++;
            }
            int size = 0;
            if (p == end) {
                return Double.NaN;
            }
            for (; p < end; p++) {
                int digit = bytes[p] - '0';
                if (digit < 0 || digit > 9) {
                    return Double.NaN;
                }
                size = Math.min(100_000, 10 * size + digit);
            }
            exponent += down ? -size : size;
        }
        if (m == 0) {
            return negative ? -0.0 : 0.0;
        }
        double x = digits <= DIGITS ? product(m, exponent) : Double.NaN;
        if (Double.isNaN(x)) {
            x = Double.parseDouble(ascii(bytes, begin, end, point));
        }
        return negative ? -x : x;
    }

    /** The product m·10ᵏ for m in 1…10¹⁸, or NaN if its rounding is uncertain. */
    private static double product(long m, int k) {
        if (m <= EXACT && Math.abs(k) < POWERS.length) {
            return k < 0 ? m / POWERS[-k] : m * POWERS[k];
        }
        if (Math.abs(k) > -LEAST_POWER) {
            return Double.NaN;
        }
        int shift = Long.numberOfLeadingZeros(m);
        long a = m << shift;
        long b = SIGNIFICANDS[k - LEAST_POWER];
        // The upper half of the unsigned product: the exact value is in [high, high + 2).
        long high = Math.multiplyHigh(a, b) + a + b;
        int dropped = high < 0 ? 11 : 10;
        long half = 1L << (dropped - 1);
        long rest = high & (2 * half - 1);
        if (rest == half || rest == half - 1) {
            return Double.NaN;
        }
        long significand = (high >>> dropped) + (rest > half ? 1 : 0);
        int exponent = 64 + BINARY[k - LEAST_POWER] - shift + dropped;
        return significand * Double.longBitsToDouble((exponent + 1023L) << 52); // a power of two: exact
    }

    private static String ascii(byte[] bytes, int from, int to, byte point) {
        StringBuilder text = new StringBuilder(to - from);
        for (int i = from; i < to; i++) {
            text.append(bytes[i] == point ? '.' : (char) bytes[i]);
        }
        return text.toString();
    }

    private static double[] powers() {
        double[] powers = new double[23];
        for (int k = 0; k < powers.length; k++) {
            powers[k] = Double.parseDouble("1e" + k);
        }
        return powers;
    }
}
