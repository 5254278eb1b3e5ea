package io.github.masktape.cli.report;

import io.github.masktape.tensor.Decimal;

/** Numbers as a report prints them. */
final class Numbers {
    private Numbers() {}

    /** Four significant digits. */
    static String plain(double value) {
        return Double.isNaN(value) ? "–" : Decimal.shortest(value, 4).replace("-", "−");
    }

    /** A number of the data: six significant digits, which FLOAT32 always has. */
    static String ofData(double value) {
        return Double.isNaN(value) ? "–" : Decimal.shortest(value, 6).replace("-", "−");
    }

    /** A share as a percentage with two decimals: {@code 1.84 %}, with a space that does not break. */
    static String percent(double share) {
        return Double.isNaN(share) ? "–" : Decimal.fixed(100 * share, 2) + "\u00A0%";
    }

    /** A whole number in groups of three digits: {@code 1,276,810}. */
    static String grouped(long number) {
        return Long.toString(number).replaceAll("(?<=\\d)(?=(\\d{3})+$)", ",");
    }
}
