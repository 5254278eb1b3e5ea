// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli;

import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.cli.terminal.ResultStream;
import io.github.masktape.cli.terminal.VectorRelaunch;
import io.github.masktape.cli.terminal.Version;
import io.github.masktape.file.FileErrors;
import io.github.masktape.text.Printable;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * A command-line program. Results go to stdout, everything else to stderr, both in UTF-8. An error becomes one line on
 * stderr and an exit code: 2 for a usage mistake, 1 for a failed run.
 */
public final class Program {
    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    private final CommandLine line;
    private final BooleanSupplier stacktrace;
    private final PrintStream out;
    private final PrintWriter results;
    private final PrintWriter messages;

    /**
     * A program that writes to these streams. It ends quietly if nobody reads a {@link ResultStream} any more.
     *
     * @param stacktrace true if the command's options request the stack trace of an error
     */
    public Program(Object command, BooleanSupplier stacktrace, PrintStream out, PrintStream err) {
        line = new CommandLine(command);
        this.stacktrace = stacktrace;
        this.out = out;
        results = utf8(out, false);
        messages = utf8(err, true);
    }

    /**
     * Runs a program in this JVM, or in another that has vectors, and ends this JVM with its exit code.
     *
     * @param main the class of its main method
     * @param computes true if vectors can make it faster
     * @param here runs it in this JVM
     */
    public static void runAndExit(Class<?> main, boolean computes, String[] args, IntSupplier here) {
        VectorRelaunch.endWithParent();
        // This comes first: reading the options takes longer than starting a JVM.
        OptionalInt code = computes ? VectorRelaunch.run(main, args) : OptionalInt.empty();
        System.exit(VectorRelaunch.exitCode(code.isPresent() ? code.getAsInt() : here.getAsInt()));
    }

    /** Runs the command, or one of its subcommands; returns the exit code. */
    public int run(String[] args, Object... subcommands) {
        int code;
        try {
            for (Object subcommand : subcommands) {
                line.addSubcommand(subcommand);
            }
            // Not by annotation: an inherited version is computed at once, but kernels are chosen by an option.
            giveVersion(line);
            code = line.setExpandAtFiles(false)
                    .setOut(results)
                    .setErr(messages)
                    .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF))
                    .setExecutionStrategy(Program::execute)
                    .setParameterExceptionHandler((mistake, all) -> report(mistake))
                    .setExecutionExceptionHandler((failure, command, parsed) -> report(failure))
                    .execute(args);
        } catch (Throwable failure) {
            code = report(failure);
        }
        results.flush();
        if (code != 0 || !out.checkError() || (out instanceof ResultStream stream && stream.isUnread())) {
            return code;
        }
        return report(new Failure("standard output cannot be written"));
    }

    private static int execute(ParseResult parsed) {
        Integer helped = CommandLine.executeHelpRequest(parsed);
        if (helped != null) {
            return helped;
        }
        InputFiles.requireNotOverwritten(parsed);
        return new RunLast().execute(parsed);
    }

    private static void giveVersion(CommandLine command) {
        command.getCommandSpec().versionProvider(new Version());
        command.getSubcommands().values().forEach(Program::giveVersion);
    }

    /** Writes text as UTF-8 bytes, whatever charset the stream has for text. */
    private static PrintWriter utf8(PrintStream stream, boolean lineByLine) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), lineByLine);
    }

    private int report(Throwable thrown) {
        results.flush();
        Explanation explanation = Explanation.of(thrown, line.getCommandName());
        messages.println(Printable.line(explanation.line().strip()));
        if (stacktrace.getAsBoolean()) {
            thrown.printStackTrace(messages);
        }
        messages.flush();
        return explanation.code();
    }

    /** The line that explains an exception, and the exit code. */
    private record Explanation(int code, String line) {
        static Explanation of(Throwable thrown, String program) {
            if (thrown instanceof ParameterException mistake) {
                CommandSpec command = mistake.getCommandLine().getCommandSpec();
                return new Explanation(
                        MISUSED, "error: " + mistake(mistake) + "; see " + command.qualifiedName(" ") + " --help");
            }
            if (thrown instanceof Failure) {
                return new Explanation(FAILED, "error: " + thrown.getMessage());
            }
            if (thrown instanceof InvalidPathException path) {
                return new Explanation(FAILED, "error: " + path.getInput() + ": " + FileErrors.reason(path));
            }
            if (thrown instanceof OutOfMemoryError) {
                long heap = Runtime.getRuntime().maxMemory();
                return new Explanation(
                        FAILED,
                        "error: out of memory (" + thrown.getMessage() + "): the heap has " + (heap >> 20)
                                + " MB; give more, for example java -Xmx" + Math.max(2, heap >> 29)
                                + "g -jar " + program + ".jar, or ask for less");
            }
            if (rootOf(thrown) instanceof IllegalArgumentException refusal
                    && String.valueOf(refusal.getMessage()).startsWith("-Dmasktape.")) {
                return new Explanation(MISUSED, "error: " + refusal.getMessage());
            }
            return new Explanation(FAILED, "internal error: " + thrown + "; run again with --stacktrace");
        }
    }

    private static Throwable rootOf(Throwable thrown) {
        Throwable cause = thrown.getCause();
        return cause == null ? thrown : rootOf(cause);
    }

    private static String mistake(ParameterException mistake) {
        if (mistake.getCause() instanceof TypeConversionException refusal
                && mistake.getArgSpec() instanceof OptionSpec option) {
            return option.longestName() + ": " + refusal.getMessage();
        }
        String message = String.valueOf(mistake.getMessage());
        List<String> similar =
                mistake instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        return Character.toLowerCase(message.charAt(0))
                + message.substring(1)
                + (similar.isEmpty() ? "" : " (did you mean " + similar.get(0) + "?)");
    }
}
