// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a command did: its exit code and what it wrote, lines ending in \n. */
record CommandResult(int code, String out, String err) {
    /** Runs the program within this JVM; an argument for each word. */
    static CommandResult of(String commandLine) {
        return run((out, err) -> MasktapeCommand.run(words(commandLine), out, err));
    }

    /** Runs the program with one command of a test's own. */
    static CommandResult of(Object command, String commandLine) {
        return run((out, err) -> MasktapeCommand.run(words(commandLine), out, err, command));
    }

    List<String> outLines() {
        return out.lines().toList();
    }

    List<String> errLines() {
        return err.lines().toList();
    }

    @FunctionalInterface
    private interface Program {
        int run(PrintStream out, PrintStream err);
    }

    private static String[] words(String commandLine) {
        return commandLine.isEmpty() ? new String[0] : commandLine.split(" ");
    }

    /** The streams are ASCII for text, as under LANG=C: what they get must be UTF-8 all the same. */
    private static CommandResult run(Program program) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = program.run(
                new PrintStream(out, true, StandardCharsets.US_ASCII),
                new PrintStream(err, true, StandardCharsets.US_ASCII));
        return new CommandResult(code, text(out), text(err));
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
