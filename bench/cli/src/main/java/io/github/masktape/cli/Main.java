package io.github.masktape.cli;

/** The command {@code masktape}. */
public final class Main {
    private Main() {}

    /** Runs the command. */
    public static void main(String[] args) {}
}
