package io.github.masktape.cli;

import io.github.masktape.cli.options.ComputeOptions;
import io.github.masktape.cli.options.Converters;
import io.github.masktape.cli.options.DataOptions;
import io.github.masktape.cli.options.NetOptions;
import io.github.masktape.cli.options.TrainingOptions;
import io.github.masktape.cli.run.RunFolder;
import io.github.masktape.cli.run.RunMetadata;
import io.github.masktape.cli.run.TrainingRun;
import io.github.masktape.cli.settings.RunSettings;
import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.cli.terminal.Terminal;
import io.github.masktape.optim.Checkpoint;
import java.io.File;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/**
 * The command {@code masktape train}, which trains a multilayer perceptron and prints its weights' hash and its test
 * error.
 */
@Command(
        name = "train",
        description = {
            "Trains a multilayer perceptron and counts its errors on a test set.",
            "",
            "Without options, it trains on generated digits with DropConnect on the hidden layer, in about ten seconds."
                    + " The network has an affine layer and an activation per hidden size, then an affine output layer."
        },
        footer = {
            "",
            "The last two lines on stdout are",
            "  weights sha256 HEX",
            "  test error 1.84 %% (184 of 10000)",
            "where the hash is over all weights and biases, first layer to last, row by row,",
            "each number as four bytes, little-endian. The same command gives the same hash",
            "with any number of threads, on any machine and JDK, even if stopped and resumed.",
            "For a regression the last line is: test rmse 0.123 (R² 0.9800, of 1000).",
            "",
            "Ctrl-C stops it after the current step; with --out, --resume can then continue it.",
            "",
            "Examples:",
            "  java -jar masktape.jar train",
            "  java -jar masktape.jar train --regularizer none --epochs 5",
            "  java -jar masktape.jar train --data mnist --hidden 800,800 --epochs 3",
            "  java -jar masktape.jar train --data iris.csv --label-column species \\",
            "    --validation 20 --patience 10 --epochs 200 --out iris",
            "  java -jar masktape.jar train --resume iris"
        })
public final class TrainCommand implements Callable<Integer> {
    /** The options that may differ when a run continues, or that are not part of its settings. */
    private static final Set<String> PASSING =
            Set.of("--threads", "--kernels", "--checkpoint-seconds", "--out", "--resume", "--stacktrace");

    private final boolean terminal;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private final DataOptions data = new DataOptions();

    @Mixin
    private final NetOptions net = new NetOptions();

    @Mixin
    private final TrainingOptions training = new TrainingOptions();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "New or empty folder to save the run in: model.safetensors, metrics.csv, curves.svg,"
                            + " report.html, and checkpoint.safetensors, from which --resume continues (default: keep nothing).")
    private @Nullable File out;

    @Option(
            names = "--resume",
            paramLabel = "DIR",
            description = "Continue the run saved in this folder, with its original options.")
    private @Nullable File resume;

    @Option(
            names = "--checkpoint-seconds",
            paramLabel = "S",
            converter = Converters.Seconds.class,
            description = "Seconds between checkpoints within an epoch; each epoch also ends with one"
                    + " (default: ${DEFAULT-VALUE}).")
    private double checkpointSeconds = 60;

    @Mixin
    private final ComputeOptions compute = new ComputeOptions();

    /**
     * A command on a terminal or elsewhere.
     *
     * @param terminal true to draw a progress bar
     */
    public TrainCommand(boolean terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        check();
        compute.settle();
        return resume != null ? resumed(resume) : begun();
    }

    private void check() {
        if (resume != null) {
            requireNothingElse();
            RunFolder.requireRun(resume);
            return;
        }
        data.check();
        net.check();
        training.check(data.settings());
        if (out != null) {
            RunFolder.requireNoRun(out);
        } else if (spec.commandLine().getParseResult().hasMatchedOption("--checkpoint-seconds")) {
            throw new ParameterException(
                    spec.commandLine(), "--checkpoint-seconds: expected --out or --resume as well");
        }
    }

    private void requireNothingElse() {
        ParseResult given = spec.commandLine().getParseResult();
        for (OptionSpec option : given.matchedOptions()) {
            if (!PASSING.contains(option.longestName()) || option.longestName().equals("--out")) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--resume: expected no " + option.longestName()
                                + ", since a run continues with the options that it began with");
            }
        }
    }

    private int begun() {
        RunSettings settings = new RunSettings(data.settings(), net.settings(), training.settings()).withDefaults();
        if (out == null) {
            return new TrainingRun(settings, terminal(), null, null).train();
        }
        try (RunFolder folder = RunFolder.create(out)) {
            TrainingRun.Keeping keeping = new TrainingRun.Keeping(folder, checkpointSeconds, metadata(settings));
            return new TrainingRun(settings, terminal(), keeping, null).train();
        }
    }

    private int resumed(File dir) {
        try (RunFolder folder = RunFolder.resume(dir)) {
            Checkpoint checkpoint = Checkpoint.read(folder.checkpoint());
            RunSettings settings = RunMetadata.settings(folder.checkpoint(), checkpoint.extra());
            TrainingRun.Keeping keeping = new TrainingRun.Keeping(folder, checkpointSeconds, checkpoint.extra());
            return new TrainingRun(settings, terminal(), keeping, checkpoint).train();
        } catch (IOException e) {
            throw new Failure(e);
        }
    }

    private Map<String, String> metadata(RunSettings settings) {
        return RunMetadata.of(settings, spec.commandLine().getParseResult().originalArgs());
    }

    private Terminal terminal() {
        return new Terminal(spec.commandLine().getOut(), spec.commandLine().getErr(), terminal);
    }
}
