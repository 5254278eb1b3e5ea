package io.github.masktape.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code masktape experiment}: long comparisons that can be interrupted. */
@Command(
        name = "experiment",
        description = "Runs a comparison of networks, and writes its tables and pictures.",
        footer = {"", "Example:", "  java -jar masktape.jar experiment paper --data mnist --budget 45m"})
final class ExperimentCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    /** Without an experiment's name: the help. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** The command with its experiments. */
    static CommandLine of(boolean terminal) {
        return new CommandLine(new ExperimentCommand()).addSubcommand(new PaperCommand(terminal));
    }
}
