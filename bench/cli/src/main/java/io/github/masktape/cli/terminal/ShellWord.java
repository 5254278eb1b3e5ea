// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.terminal;

/** The quoting of words for a shell. */
public final class ShellWord {
    private ShellWord() {}

    /** The word, in quotation marks if it needs them. */
    public static String quoted(String word) {
        return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
