// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.settings;

import io.github.masktape.text.Decimal;

/** A number of examples: a whole number from 1, or a share of less than 1 of those there are; or none. */
public record ExampleCount(double value) {
    /** The count of a part that has no examples. */
    public static final ExampleCount NONE = new ExampleCount(0);

    /** A fifth of the examples. */
    public static final ExampleCount FIFTH = new ExampleCount(0.2);

    /** True if there are to be no examples. */
    public boolean isNone() {
        return value == 0;
    }

    /** The count among {@code size} examples: at least one, unless there are to be none. */
    public int of(int size) {
        return (int) (value >= 1 || isNone() ? value : Math.max(1, Math.round(value * size)));
    }

    @Override
    public String toString() {
        return isNone() ? "none" : Decimal.shortest(value, 10);
    }
}
