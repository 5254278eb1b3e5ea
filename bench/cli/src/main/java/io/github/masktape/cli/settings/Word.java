// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.settings;

import java.util.Locale;

/** The words for the constants of enums on the command line. */
public final class Word {
    private Word() {}

    /** The word for a constant: {@code per-example} for PER_EXAMPLE. */
    public static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
