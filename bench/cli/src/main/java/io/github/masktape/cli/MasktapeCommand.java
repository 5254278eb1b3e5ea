// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli;

import io.github.masktape.cli.terminal.ResultStream;
import io.github.masktape.cli.terminal.StatusLine;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code masktape}. */
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
        description = "Trains networks with DropConnect, and shows how their gradients are computed.",
        footer = {
            "",
            "Examples:",
            "  java -jar masktape.jar train",
            "  java -jar masktape.jar train --data iris.csv --label-column species --out iris",
            "  java -jar masktape.jar eval --model iris",
            "  java -jar masktape.jar gradcheck",
            "  java -jar masktape.jar learn",
            "  java -jar masktape.jar shell",
            "  java -jar masktape.jar train --help",
            "",
            "Results go to stdout, progress to stderr, in UTF-8. An input file is never overwritten: --out is",
            "refused if it names an input, even under another path.",
            "Exit code: 0 success, 1 failure, 2 usage error, 130 stopped by Ctrl-C."
        })
public final class MasktapeCommand implements Runnable {
    /** The names of the commands, in the order of the help. */
    static final List<String> COMMANDS = List.of(
            "train",
            "cv",
            "tune",
            "eval",
            "predict",
            "importance",
            "lr",
            "show",
            "export",
            "gradcheck",
            "explain",
            "learn",
            "notebook",
            "shell");

    /** The commands with computing options, which vectors can make faster. */
    static final Set<String> COMPUTING = Set.of("train", "cv", "tune", "eval", "predict", "importance", "lr");

    @Option(
            names = "--stacktrace",
            scope = ScopeType.INHERIT,
            description = "Also print the stack trace of an error (default: false).")
    private boolean stacktrace;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private MasktapeCommand() {}

    /** Runs the command and ends the JVM with its exit code. */
    public static void main(String[] args) {
        PrintStream out = ResultStream.standard();
        Program.runAndExit(
                MasktapeCommand.class,
                args.length > 0 && COMPUTING.contains(args[0]),
                args,
                () -> run(args, out, System.err, commands(args, StatusLine.isOnTerminal(), out)));
    }

    /**
     * The requested command, or all commands if it is unclear. In a cold JVM, all take a quarter of a second, one takes
     * a tenth of that.
     */
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
            case "cv" -> new CvCommand(terminal);
            case "tune" -> new TuneCommand(terminal);
            case "eval" -> new EvalCommand(terminal);
            case "predict" -> new PredictCommand(terminal);
            case "importance" -> new ImportanceCommand(terminal);
            case "lr" -> new LrCommand(terminal);
            case "show" -> new ShowCommand();
            case "export" -> new ExportCommand();
            case "gradcheck" -> new GradcheckCommand();
            case "explain" -> new ExplainCommand();
            case "learn" -> new LearnCommand(System.in);
            case "notebook" -> new NotebookCommand(NotebookCommand.kernels(System.getenv()));
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
        MasktapeCommand masktape = new MasktapeCommand();
        return new Program(masktape, () -> masktape.stacktrace, out, err).run(args, commands);
    }

    /** Prints the help if no command is given. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
