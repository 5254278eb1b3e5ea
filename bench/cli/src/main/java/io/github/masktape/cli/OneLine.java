package io.github.masktape.cli;

/** Text of a file or of somewhere else, as it may stand in one line on a terminal. */
final class OneLine {
    private OneLine() {}

    /** The text with a blank for each line's end, and a sign in place of characters that steer a terminal. */
    static String of(String text) {
        return text.replaceAll("\\R\\s*", " ").replaceAll("\\p{Cc}", "�");
    }
}
