// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.text;

/**
 * A format for numbers that are shown together: all with the same number of decimals, at most four, or all in
 * scientific form, whichever suits them. Zeros, NaN and infinities suit any form.
 */
public final class NumberForm {
    private static final int MOST_DECIMALS = 4;

    private final boolean scientific;
    private final int decimals;

    private NumberForm(boolean scientific, int decimals) {
        this.scientific = scientific;
        this.decimals = decimals;
    }

    /** The form that suits these numbers. */
    public static NumberForm of(double[] values) {
        double largest = 0;
        for (double value : values) {
            double size = Math.abs(value);
            largest = size <= Double.MAX_VALUE ? Math.max(largest, size) : largest;
        }
        if (largest >= 1e8 || (largest > 0 && largest < 1e-3)) {
            return new NumberForm(true, MOST_DECIMALS);
        }
        int decimals = 0;
        for (double value : values) {
            if (value != 0 && Math.abs(value) <= Double.MAX_VALUE) {
                decimals = Math.max(decimals, decimalsOf(value));
            }
        }
        return new NumberForm(false, decimals);
    }

    private static int decimalsOf(double value) {
        String text = Decimal.fixed(value, MOST_DECIMALS);
        int used = text.length();
        while (text.charAt(used - 1) == '0') {
            used--;
        }
        int digits = used - text.indexOf('.') - 1;
        return digits == 0 && text.matches("-?0\\.0*") ? MOST_DECIMALS : digits;
    }

    /** A number in this form. A zero is a bare 0. */
    public String text(double value) {
        if (value == 0) {
            return "0";
        }
        return scientific ? Decimal.scientific(value, decimals) : Decimal.fixed(value, decimals);
    }

    /** A number in this form, with blanks after a bare 0 so that it is aligned with the units. */
    public String aligned(double value) {
        return value == 0 && decimals > 0 && !scientific ? "0" + " ".repeat(decimals + 1) : text(value);
    }
}
