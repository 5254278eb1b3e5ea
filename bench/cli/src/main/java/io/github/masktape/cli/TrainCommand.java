// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli;

import io.github.masktape.cli.options.ComputeOptions;
import io.github.masktape.cli.options.Converters;
import io.github.masktape.cli.options.RunOptions;
import io.github.masktape.cli.run.RunFolder;
import io.github.masktape.cli.run.RunMetadata;
import io.github.masktape.cli.run.TrainingRun;
import io.github.masktape.cli.run.TrainingRun.Keeping;
import io.github.masktape.cli.settings.Epochs;
import io.github.masktape.cli.settings.ExampleSets;
import io.github.masktape.cli.settings.RunSettings;
import io.github.masktape.cli.settings.TrainerSettings;
import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.cli.terminal.Terminal;
import io.github.masktape.optim.Checkpoint;
import io.github.masktape.optim.Evaluation;
import io.github.masktape.optim.Trainer;
import java.io.File;
import java.io.IOException;
import java.util.List;
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
            "For a table, the measures that eval prints come before these lines.",
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
            Set.of("--threads", "--kernels", "--checkpoint-seconds", "--resume", "--stacktrace", "--epochs");

    private final boolean terminal;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private final RunOptions options = new RunOptions();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "New or empty folder to save the run in: model.safetensors, metrics.csv, test.csv,"
                            + " curves.svg, report.html, and checkpoint.safetensors, from which --resume continues (default: keep nothing).")
    private @Nullable File out;

    @Option(
            names = "--resume",
            paramLabel = "DIR",
            description = "Continue the run saved in this folder, with its original options. With --epochs N, extend"
                    + " it to N epochs: after those that it had, the schedule begins another cycle.")
    private @Nullable File resume;

    @Option(
            names = "--checkpoint-seconds",
            paramLabel = "S",
            converter = Converters.Seconds.class,
            description = "Seconds between checkpoints within an epoch; each epoch also ends with one,"
                    + " unless the last one is less than half a second old (default: ${DEFAULT-VALUE}).")
    private double checkpointSeconds = 60;

    @Mixin
    private final ComputeOptions compute = new ComputeOptions();

    /**
     * A command that reports progress on a terminal or in plain lines.
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
        options.check();
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
            if (!PASSING.contains(option.longestName())) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--resume: expected no " + option.longestName()
                                + ", since a run continues with the options that it began with, except for --epochs");
            }
        }
    }

    private int begun() {
        ExampleSets examples = options.data().load(terminal());
        RunSettings settings = options.settings(examples);
        int restarts = options.restarts();
        if (out == null) {
            return TrainingRun.train(settings, examples, terminal(), null, restarts);
        }
        try (RunFolder folder = RunFolder.create(out)) {
            Map<String, String> metadata = RunMetadata.of(
                    settings, restarts, spec.commandLine().getParseResult().originalArgs());
            Keeping keeping = new Keeping(folder, checkpointSeconds, metadata, null);
            return TrainingRun.train(settings, examples, terminal(), keeping, restarts);
        }
    }

    private int resumed(File dir) {
        try (RunFolder folder = RunFolder.resume(dir)) {
            Checkpoint checkpoint = Checkpoint.read(folder.checkpoint());
            RunSettings settings = RunMetadata.settings(folder.checkpoint(), checkpoint.extra());
            Map<String, String> metadata = checkpoint.extra();
            Epochs epochs = options.training().epochs();
            if (epochs != null) {
                requireUnfinished(dir, settings.training(), checkpoint);
                settings = settings.with(extended(settings.training(), epochs));
                metadata = RunMetadata.extended(
                        metadata, settings, spec.commandLine().getParseResult().originalArgs());
            }
            Keeping keeping = new Keeping(folder, checkpointSeconds, metadata, checkpoint);
            return TrainingRun.train(
                    settings, settings.data().load(terminal()), terminal(), keeping, RunMetadata.restarts(metadata));
        } catch (IOException e) {
            throw new Failure(e);
        }
    }

    /** Refuses a run that its patience has ended, since no further epoch would be trained. */
    private static void requireUnfinished(File dir, TrainerSettings settings, Checkpoint checkpoint) {
        Integer patience = settings.patience();
        if (patience != null && !settings.runsAll() && epochsSinceBest(checkpoint.epochs()) >= patience) {
            throw new Failure(dir + ": this run ended early because of --patience " + patience
                    + "; start another one with a greater patience");
        }
    }

    private static int epochsSinceBest(List<Trainer.Epoch> epochs) {
        Evaluation best = null;
        int since = 0;
        for (Trainer.Epoch epoch : epochs) {
            Evaluation now = epoch.validation();
            since++;
            if (now != null && (best == null || now.isBetterThan(best))) {
                best = now;
                since = 0;
            }
        }
        return since;
    }

    private TrainerSettings extended(TrainerSettings begun, Epochs wanted) {
        if (wanted.ends().size() > 1 || wanted.total() <= begun.epochs().total()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--epochs: expected one number above the " + begun.epochs().total()
                            + " epochs that the run has already, got " + wanted);
        }
        return begun.extendedTo(wanted.total());
    }

    private Terminal terminal() {
        return new Terminal(spec.commandLine().getOut(), spec.commandLine().getErr(), terminal);
    }
}
