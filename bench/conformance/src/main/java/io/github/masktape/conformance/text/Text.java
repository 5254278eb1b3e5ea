// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance.text;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Formats numbers, vectors and matrices on one line, for messages. */
public final class Text {
    /** The number of elements shown of each row, and of rows shown of each matrix. */
    private static final int SHOWN = 6;

    private Text() {}

    /** A number with up to 17 digits, as many as it takes to distinguish it from its neighbors. */
    public static String number(double value) {
        if (value == 0) {
            return 1 / value < 0 ? "-0" : "0";
        }
        if (!(Math.abs(value) <= Double.MAX_VALUE)) {
            return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }
        BigDecimal rounded = new BigDecimal(value);
        for (int digits = 1; digits <= 17; digits++) {
            rounded = new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (rounded.doubleValue() == value) {
                break;
            }
        }
        BigDecimal shortest = rounded.stripTrailingZeros();
        int exponent = shortest.precision() - shortest.scale() - 1;
        return exponent < -5 || exponent > 9 ? shortest.toString() : shortest.toPlainString();
    }

    public static String vector(double[] values) {
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < values.length && i < SHOWN; i++) {
            text.append(i == 0 ? "" : ", ").append(number(values[i]));
        }
        return text.append(values.length > SHOWN ? ", …]" : "]").toString();
    }

    public static String matrix(double[][] rows) {
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < rows.length && i < SHOWN; i++) {
            text.append(i == 0 ? "" : ", ").append(vector(rows[i]));
        }
        return text.append(rows.length > SHOWN ? ", …]" : "]").toString();
    }
}
