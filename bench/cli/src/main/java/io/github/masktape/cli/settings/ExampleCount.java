package io.github.masktape.cli.settings;

import io.github.masktape.text.Decimal;

/** A number of examples: a whole number from 1, or a share of less than 1 of those there are. */
public record ExampleCount(double value) {
    /** A fifth of the examples. */
    public static final ExampleCount FIFTH = new ExampleCount(0.2);

    /** The count among {@code size} examples: at least one. */
    public int of(int size) {
        return (int) (value >= 1 ? value : Math.max(1, Math.round(value * size)));
    }

    @Override
    public String toString() {
        return Decimal.shortest(value, 10);
    }
}
