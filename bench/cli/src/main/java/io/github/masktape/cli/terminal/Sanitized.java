package io.github.masktape.cli.terminal;

/** Text of a file or of somewhere else, as it may stand in one line on a terminal. */
public final class Sanitized {
    private Sanitized() {}

    /** The text with a blank for each line's end, and a sign in place of characters that steer a terminal. */
    public static String of(String text) {
        return text.replaceAll("\\R\\s*", " ").replaceAll("\\p{Cc}", "�");
    }
}
