package io.github.masktape.cli.settings;

import io.github.masktape.text.Decimal;

/** The largest norm that gradients may have; infinite for no limit. */
public record GradientNorm(double value) {
    /** The default for tables. */
    public static final GradientNorm ONE = new GradientNorm(1);

    /** No limit. */
    public static final GradientNorm UNLIMITED = new GradientNorm(Double.POSITIVE_INFINITY);

    /** True if there is a limit. */
    public boolean isLimit() {
        return value < Double.POSITIVE_INFINITY;
    }

    @Override
    public String toString() {
        return isLimit() ? Decimal.shortest(value, 10) : "none";
    }
}
