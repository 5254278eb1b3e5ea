// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.text;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** The formatting of numbers, the same on every JDK and in every locale, correctly rounded, half to even. */
public final class Decimal {
    private Decimal() {}

    /**
     * The text of {@code value} with exactly {@code digits} digits after the point: {@code fixed(2.0 / 3, 4)} is
     * 0.6667.
     */
    public static String fixed(double value, int digits) {
        if (!Double.isFinite(value)) {
            return special(value);
        }
        String text =
                new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
        return value < 0 && !text.startsWith("-") ? "-" + text : text;
    }

    /** The text of {@code value} in scientific form: {@code scientific(1234.5, 3)} is 1.234e+03. */
    public static String scientific(double value, int digits) {
        if (!Double.isFinite(value)) {
            return special(value);
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(digits + 1, RoundingMode.HALF_EVEN));
        int exponent = value == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
        String mantissa = rounded.movePointLeft(exponent)
                .setScale(digits, RoundingMode.HALF_EVEN)
                .toPlainString();
        int size = Math.abs(exponent);
        return mantissa + (exponent < 0 ? "e-" : "e+") + (size < 10 ? "0" : "") + size;
    }

    /**
     * The text of {@code value} rounded to {@code digits} significant digits: without zeros at the end from 0.00001 to
     * below 1,000,000,000, otherwise in scientific form with all of them; {@code shortest(1e9, 3)} is 1.00e+09.
     */
    public static String shortest(double value, int digits) {
        if (!Double.isFinite(value)) {
            return special(value);
        }
        if (value == 0) {
            return "0";
        }
        BigDecimal rounded = rounded(value, digits);
        int exponent = rounded.precision() - rounded.scale() - 1;
        return exponent < -5 || exponent >= 9
                ? scientific(value, digits - 1)
                : rounded.stripTrailingZeros().toPlainString();
    }

    /**
     * The shortest decimal that reads back as {@code value}: {@code exact(0.1 + 0.2)} is 0.30000000000000004. It is
     * plain from 0.00001 to below 10¹⁷, otherwise in scientific form.
     */
    public static String exact(double value) {
        if (!Double.isFinite(value) || value == 0) {
            return shortest(value, 1);
        }
        return exact(value, significantDigits(value));
    }

    /** The number of significant digits of the shortest decimal that reads back as {@code value}, which is finite. */
    public static int significantDigits(double value) {
        int digits = 17;
        while (digits > 1 && rounded(value, digits - 1).doubleValue() == value) {
            digits--;
        }
        return digits;
    }

    /** The shortest decimal that reads back as this float: {@code exact(0.1f)} is 0.1. */
    public static String exact(float value) {
        if (!Float.isFinite(value) || value == 0) {
            return shortest(value, 1);
        }
        int digits = 9;
        while (digits > 1 && rounded(value, digits - 1).floatValue() == value) {
            digits--;
        }
        return exact(value, digits);
    }

    private static String exact(double value, int digits) {
        BigDecimal rounded = rounded(value, digits);
        int exponent = rounded.precision() - rounded.scale() - 1;
        return exponent < -5 || exponent >= 17
                ? scientific(value, digits - 1)
                : rounded.stripTrailingZeros().toPlainString();
    }

    /** A whole number in groups of three digits: {@code 1,276,810}. */
    public static String grouped(long value) {
        StringBuilder text = new StringBuilder(Long.toString(value));
        for (int i = text.length() - 3; i > (value < 0 ? 1 : 0); i -= 3) {
            text.insert(i, ',');
        }
        return text.toString();
    }

    private static BigDecimal rounded(double value, int digits) {
        return new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_EVEN));
    }

    private static String special(double value) {
        return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
    }
}
