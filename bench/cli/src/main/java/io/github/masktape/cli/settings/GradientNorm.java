// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.settings;

import io.github.masktape.text.Decimal;

/** The limit of the norm of gradients; infinite for no limit. */
public record GradientNorm(double value) {
    /** The default for tables. */
    public static final GradientNorm ONE = new GradientNorm(1);

    /** The norm without a limit. */
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
