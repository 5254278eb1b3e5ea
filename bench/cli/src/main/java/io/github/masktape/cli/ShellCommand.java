// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli;

import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.tensor.Compute;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.Callable;
import jdk.jshell.tool.JavaShellToolBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The command {@code masktape shell}, which opens the JDK's JShell with the library on its class path and imported. */
@Command(
        name = "shell",
        description = {
            "Opens JShell, the JDK's Java shell, with Masktape on its class path and its packages imported.",
            "",
            "It needs a JDK, or a runtime with the module jdk.jshell. It uses the Vector API if the runtime has it."
        },
        footer = {
            "",
            "Examples:",
            "  java -jar masktape.jar shell",
            "  java -jar masktape.jar shell lesson.jsh",
            "  echo 'Tensor.identity(DType.FLOAT64, 2)' | java -jar masktape.jar shell",
            "",
            "A first line to try there, and how to leave:",
            "  Heatmap.of(Mask.bernoulli(2, 4, 8, 0.5, 1))",
            "  /exit"
        })
final class ShellCommand implements Callable<Integer> {
    private static final List<String> PACKAGES =
            List.of("tensor", "autograd", "picture", "layers", "optim", "data", "io");

    private final boolean terminal;
    private final InputStream in;
    private final PrintStream out;

    @Parameters(paramLabel = "FILE", arity = "0..*", description = "Files of snippets to run first.")
    private List<File> files = new ArrayList<>();

    /** A shell on a terminal, or one that reads snippets from {@code in} and writes to {@code out}. */
    ShellCommand(boolean terminal, InputStream in, PrintStream out) {
        this.terminal = terminal;
        this.in = in;
        this.out = out;
    }

    @Override
    public Integer call() {
        for (File file : files) {
            if (!file.isFile()) {
                throw new Failure(file + ": no such file of snippets");
            }
        }
        try {
            return run();
        } catch (NoClassDefFoundError e) {
            throw new Failure("this Java runtime (" + System.getProperty("java.home")
                    + ") has no module jdk.jshell; use the java of a JDK");
        }
    }

    private int run() {
        try {
            Path imports = Files.createTempFile("masktape", ".jsh");
            // Runs whenever the JVM ends, unless it is killed.
            imports.toFile().deleteOnExit();
            return start(Files.writeString(imports, imports()));
        } catch (IOException e) {
            throw new Failure(e);
        }
    }

    /** The imports of the shell, which follow JShell's own standard imports. */
    private static String imports() {
        StringBuilder imports = new StringBuilder();
        for (String name : PACKAGES) {
            imports.append("import io.github.masktape.").append(name).append(".*;\n");
        }
        return imports.toString();
    }

    /** True if JShell can keep its history and settings, which it does with the preferences of the user. */
    private static boolean canKeepPreferences() {
        String root = System.getProperty("java.util.prefs.userRoot", System.getProperty("user.home"));
        return new File(root, ".java").canWrite() || new File(root).canWrite();
    }

    private int start(Path imports) {
        List<String> options = new ArrayList<>(List.of("--class-path", System.getProperty("java.class.path")));
        options.addAll(List.of("--startup", "DEFAULT", "--startup", imports.toString()));
        options.addAll(List.of("-R-Dfile.encoding=UTF-8", "-R-Dstdout.encoding=UTF-8"));
        if (Compute.lacksVectorModule()
                || ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
            options.add("-R--add-modules=jdk.incubator.vector");
        }
        JavaShellToolBuilder builder = JavaShellToolBuilder.builder();
        if (!terminal || !canKeepPreferences()) {
            builder.persistence(new HashMap<>());
        }
        if (!terminal) {
            options.addAll(List.of("--feedback", "concise"));
            PrintStream results = new PrintStream(out, true, StandardCharsets.UTF_8);
            // Prompts and the echo of the input go to the console, which nobody sees. JShell has one only for an
            // input that is not System.in itself.
            PrintStream console = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
            // JShell ignores a last line without a line end.
            InputStream end = new ByteArrayInputStream(new byte[] {'\n'});
            builder.in(new SequenceInputStream(in, end), null)
                    .out(results, console, results)
                    .interactiveTerminal(false);
        }
        files.forEach(file -> options.add(file.toString()));
        try {
            return builder.start(options.toArray(String[]::new));
        } catch (Exception e) {
            throw new Failure("the shell ended: " + e.getMessage());
        }
    }
}
