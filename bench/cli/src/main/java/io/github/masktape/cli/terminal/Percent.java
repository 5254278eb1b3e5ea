// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.terminal;

import io.github.masktape.text.Decimal;

/** The format of percentages. */
public final class Percent {
    private Percent() {}

    /** The share with two decimals: {@code 1.84 %}. */
    public static String of(double share) {
        return Decimal.fixed(100 * share, 2) + " %";
    }
}
