package io.github.masktape.cli;

import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.cli.terminal.Sanitized;
import io.github.masktape.cli.terminal.StatusLine;
import io.github.masktape.cli.terminal.VectorRelaunch;
import io.github.masktape.tensor.Compute;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.OptionalInt;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command {@code masktape}. Results go to stdout, everything else to stderr, both in UTF-8; what goes wrong becomes
 * one line there and an exit code: 2 for a usage mistake, 1 for a run that failed.
 */
@Command(
        name = "masktape",
        scope = ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        abbreviateSynopsis = true,
        sortOptions = false,
        synopsisHeading = "Usage: ",
        descriptionHeading = "%n",
        optionListHeading = "%nOptions:%n",
        commandListHeading = "%nCommands:%n",
        description = "Trains networks with DropConnect, and shows how their gradients come about.",
        footer = {
            "",
            "Examples:",
            "  java -jar masktape.jar train",
            "  java -jar masktape.jar train --data iris.csv --label-column species --out iris",
            "  java -jar masktape.jar eval --model iris",
            "  java -jar masktape.jar gradcheck",
            "  java -jar masktape.jar shell",
            "  java -jar masktape.jar train --help",
            "",
            "Results go to stdout, progress to stderr, in UTF-8. A file that is read is never overwritten: --out is",
            "refused if it names an input, by whatever path.",
            "Exit code: 0 done, 1 the run failed, 2 a usage mistake, 130 stopped by Ctrl-C."
        })
public final class MasktapeCommand implements Runnable {
    /** In the order of the help. */
    static final List<String> COMMANDS =
            List.of("train", "eval", "predict", "lr", "show", "export", "experiment", "gradcheck", "explain", "shell");

    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    @Option(
            names = "--stacktrace",
            scope = ScopeType.INHERIT,
            description = "After the line that says what went wrong, print where (default: false).")
    private boolean stacktrace;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private final PrintWriter results;
    private final PrintWriter messages;

    private MasktapeCommand(PrintStream out, PrintStream err) {
        results = utf8(out, false);
        messages = utf8(err, true);
    }

    /** Runs the command and ends the JVM with its exit code. */
    public static void main(String[] args) {
        VectorRelaunch.endWithParent();
        // First of all: reading the options takes longer than starting a JVM.
        OptionalInt code = VectorRelaunch.withVectors(args);
        if (code.isEmpty()) {
            code = OptionalInt.of(
                    run(args, System.out, System.err, commands(args, StatusLine.isOnTerminal(), System.out)));
        }
        System.exit(VectorRelaunch.exitCode(code.getAsInt()));
    }

    /** The command that is asked for, or all: that takes a quarter of a second in a cold JVM, one a tenth of that. */
    private static Object[] commands(String[] args, boolean terminal, PrintStream out) {
        List<String> names = args.length > 0 && COMMANDS.contains(args[0]) ? List.of(args[0]) : COMMANDS;
        Object[] commands = new Object[names.size()];
        for (int k = 0; k < commands.length; k++) {
            commands[k] = command(names.get(k), terminal, out);
        }
        return commands;
    }

    private static Object command(String name, boolean terminal, PrintStream out) {
        return switch (name) {
            case "train" -> new TrainCommand(terminal);
            case "eval" -> new EvalCommand(terminal);
            case "predict" -> new PredictCommand(terminal);
            case "lr" -> new LrCommand(terminal);
            case "show" -> new ShowCommand();
            case "export" -> new ExportCommand();
            case "experiment" -> ExperimentCommand.of(terminal);
            case "gradcheck" -> new GradcheckCommand();
            case "explain" -> new ExplainCommand();
            case "shell" -> new ShellCommand(terminal && StatusLine.isTerminal(0), System.in, out);
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** Runs a command without a terminal, in this JVM; returns its exit code. */
    static int run(String[] args, PrintStream out, PrintStream err) {
        return run(args, out, err, commands(args, false, out));
    }

    /** Runs one of the given commands; returns its exit code. */
    static int run(String[] args, PrintStream out, PrintStream err, Object... commands) {
        MasktapeCommand main = new MasktapeCommand(out, err);
        int code;
        try {
            CommandLine line = new CommandLine(main);
            for (Object command : commands) {
                line.addSubcommand(command);
            }
            // Not by annotation: what is inherited is asked for at once, but kernels are chosen by an option.
            line.getCommandSpec().versionProvider(new Version());
            line.getSubcommands().values().forEach(MasktapeCommand::giveVersion);
            code = line.setOut(main.results)
                    .setErr(main.messages)
                    .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF))
                    .setExecutionStrategy(MasktapeCommand::execute)
                    .setParameterExceptionHandler((mistake, all) -> main.report(mistake))
                    .setExecutionExceptionHandler((failure, command, parsed) -> main.report(failure))
                    .execute(args);
        } catch (Throwable failure) {
            code = main.report(failure);
        }
        main.results.flush();
        return code == 0 && out.checkError() ? main.report(new Failure("standard output cannot be written")) : code;
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
        command.getSubcommands().values().forEach(MasktapeCommand::giveVersion);
    }

    /** Writes text as UTF-8 bytes, whatever charset the stream has for text. */
    private static PrintWriter utf8(PrintStream stream, boolean lineByLine) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), lineByLine);
    }

    /** Without a command: the help. */
    @Override
    public void run() {
        spec.commandLine().usage(results);
    }

    private int report(Throwable thrown) {
        results.flush();
        Report report = Report.of(thrown);
        messages.println(Sanitized.of(report.line().strip()));
        if (stacktrace) {
            thrown.printStackTrace(messages);
        }
        messages.flush();
        return report.code();
    }

    /** What is said of something thrown, and the exit code. */
    private record Report(int code, String line) {
        static Report of(Throwable thrown) {
            if (thrown instanceof ParameterException mistake) {
                CommandSpec command = mistake.getCommandLine().getCommandSpec();
                return new Report(
                        MISUSED, "error: " + mistake(mistake) + "; see " + command.qualifiedName(" ") + " --help");
            }
            if (thrown instanceof Failure) {
                return new Report(FAILED, "error: " + thrown.getMessage());
            }
            if (thrown instanceof InvalidPathException path) {
                return new Report(
                        FAILED,
                        "error: " + path.getInput() + ": "
                                + (path.getReason().startsWith("Malformed input")
                                        ? "the locale has no such characters for names of files; set one with UTF-8,"
                                                + " for example LC_ALL=C.UTF-8"
                                        : path.getReason()));
            }
            if (thrown instanceof OutOfMemoryError) {
                long heap = Runtime.getRuntime().maxMemory();
                return new Report(
                        FAILED,
                        "error: out of memory (" + thrown.getMessage() + "): the heap has " + (heap >> 20)
                                + " MB; give more, for example java -Xmx" + Math.max(2, heap >> 29)
                                + "g -jar masktape.jar, or ask for less");
            }
            if (rootOf(thrown) instanceof IllegalArgumentException refusal
                    && String.valueOf(refusal.getMessage()).startsWith("-Dmasktape.")) {
                return new Report(MISUSED, "error: " + refusal.getMessage());
            }
            return new Report(FAILED, "internal error: " + thrown + "; run again with --stacktrace");
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
                + (similar.isEmpty() ? "" : " (did you mean " + String.join(" or ", similar) + "?)");
    }

    public static String version() {
        String version = MasktapeCommand.class.getPackage().getImplementationVersion();
        return version == null ? "(not from its jar)" : version;
    }

    /** Masktape's version, and what it runs on. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {
                "masktape " + version(),
                "Java " + Runtime.version() + "; " + Compute.description()
                        + (Compute.lacksVectorModule() ? "; train adds the module" : "")
            };
        }
    }
}
