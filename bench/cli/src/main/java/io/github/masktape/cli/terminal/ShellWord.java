package io.github.masktape.cli.terminal;

/** A word of a command line, as a shell takes it. */
public final class ShellWord {
    private ShellWord() {}

    /** The word, in quotation marks if it needs them. */
    public static String quoted(String word) {
        return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
