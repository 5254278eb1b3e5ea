// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.paper;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What the program did: its exit code and what it wrote, lines ending in \n. */
record CommandResult(int code, String out, String err) {
    /** Runs the program within this JVM; an argument for each word. */
    static CommandResult of(String options) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = PaperCommand.run(options.split(" "), new PrintStream(out), new PrintStream(err), false);
        return new CommandResult(code, text(out), text(err));
    }

    List<String> errLines() {
        return err.lines().toList();
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
