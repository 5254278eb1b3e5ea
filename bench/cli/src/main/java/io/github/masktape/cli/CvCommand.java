// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli;

import io.github.masktape.cli.options.ComputeOptions;
import io.github.masktape.cli.options.Converters;
import io.github.masktape.cli.options.RunOptions;
import io.github.masktape.cli.run.RunFolder;
import io.github.masktape.cli.settings.DataSettings;
import io.github.masktape.cli.settings.ExampleCount;
import io.github.masktape.cli.settings.ExampleSets;
import io.github.masktape.cli.settings.RunSettings;
import io.github.masktape.cli.sweep.CellStore;
import io.github.masktape.cli.sweep.CellTraining;
import io.github.masktape.cli.sweep.CrossValidation;
import io.github.masktape.cli.sweep.FoldOptions;
import io.github.masktape.cli.sweep.FoldResults;
import io.github.masktape.cli.sweep.LocalExecutor;
import io.github.masktape.cli.sweep.Sweep;
import io.github.masktape.cli.sweep.SweepProgress;
import io.github.masktape.cli.sweep.TrainingCell;
import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.cli.terminal.ShutdownHook;
import io.github.masktape.cli.terminal.Terminal;
import io.github.masktape.data.Dataset;
import io.github.masktape.file.AtomicFile;
import io.github.masktape.tensor.Compute;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code masktape cv}, which estimates the error of settings by cross-validation. */
@Command(
        name = "cv",
        description = {
            "Estimates the error of train's settings by cross-validation.",
            "",
            "The examples are cut into folds; a network is trained for each fold on all others, and tested on it."
                    + " All examples of --data are used, or with --test those that are not set aside; the test images of"
                    + " a folder are not. One training runs on each processor."
        },
        footer = {
            "",
            "The table on stdout has the mean of each measure over all trainings, its standard",
            "error s/√K (s is the standard deviation of the trainings, K the number of",
            "folds; repeats are no new examples), and s. The last line is",
            "  cross-validation error 16.20 %% ± 1.10 %% (5 folds)",
            "or, for a regression, cross-validation rmse 2.81 ± 0.12 (5 folds).",
            "",
            "With --out, each training's result is stored as soon as it is finished. If",
            "interrupted, even by a kill, the same command goes on and gives the same bits.",
            "",
            "Examples:",
            "  java -jar masktape.jar cv --data iris.csv --label-column species",
            "  java -jar masktape.jar cv --data housing.csv --folds 10 --repeats 3 --out cv",
            "  java -jar masktape.jar cv --data iris.csv --hidden 32 --format json"
        })
final class CvCommand implements Callable<Integer> {
    private static final int INTERRUPTED = 130;

    private final boolean terminal;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private final RunOptions options = new RunOptions();

    @Mixin
    private final FoldOptions folds = new FoldOptions();

    @Option(
            names = "--format",
            paramLabel = "WORD",
            converter = ResultFormatWord.class,
            description = "Output on stdout: table; csv, with a line for each training; or json, with both (default:"
                    + " ${DEFAULT-VALUE}).")
    private FoldResults.ResultFormat format = FoldResults.ResultFormat.TABLE;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder for the results: cells, with a file for each training; cv.csv and cv.json (default:"
                    + " keep nothing).")
    private @Nullable File out;

    @Mixin
    private final ComputeOptions compute = new ComputeOptions();

    /**
     * A command that reports progress on a terminal, or not at all.
     *
     * @param terminal true to draw a line with the time that is left
     */
    CvCommand(boolean terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        options.check();
        compute.settle();
        if (out == null) {
            return validated(new CellStore(null));
        }
        RunFolder held = RunFolder.hold(out);
        try {
            return validated(new CellStore(out));
        } finally {
            held.close();
        }
    }

    private int validated(CellStore store) {
        PrintWriter err = spec.commandLine().getErr();
        Terminal streams = new Terminal(spec.commandLine().getOut(), err, terminal);
        DataSettings data = options.data();
        if (data.isTable() && data.test() == null && data.testData() == null) {
            data = data.withTest(ExampleCount.NONE);
        }
        Dataset all = data.rawTraining(streams);
        CrossValidation plan = folds.of(all.size());
        // As train would choose them for as many examples as a training has.
        Dataset.Split first = all.fold(0, plan.folds(), data.splitSeed());
        ExampleSets examples = options.data().prepared(first.training(), first.validation());
        RunSettings settings = options.settingsOfParts(examples);
        err.println("data      " + data.source() + ": " + all.size() + " examples in " + plan.folds() + " folds");
        err.println("network   "
                + settings.net()
                        .network(examples.inputs(), examples.outputs(), settings.seed())
                        .toString()
                        .replace("\n", "\n          "));
        err.println("training  " + settings.training());
        err.println("compute   " + Compute.description() + "; a training on each");

        SweepProgress progress = new SweepProgress(streams);
        LocalExecutor executor = new LocalExecutor(Compute.threads());
        Sweep sweep = new Sweep(new CellTraining(data, all), store, executor, progress);
        List<TrainingCell> cells = plan.cells(sweep.training(), settings, options.restarts());
        ShutdownHook stopping = new ShutdownHook(executor::stop);
        try {
            Compute.warmUp();
            if (!sweep.compute(cells)) {
                err.println("stopped after " + progress.count() + " trainings; "
                        + (out == null ? "nothing was kept: --out DIR keeps them" : "the same command goes on"));
                return INTERRUPTED;
            }
        } finally {
            stopping.close();
        }
        FoldResults results =
                new FoldResults(plan, cells.stream().map(sweep::result).toList());
        err.println("trained   " + cells.size() + " networks, " + (cells.size() - progress.count())
                + " of them before, in " + SweepProgress.minutes(Math.round(progress.seconds())));
        write(results);
        spec.commandLine().getOut().print(results.text(format));
        spec.commandLine().getOut().flush();
        return results.failures() == 0 ? 0 : 1;
    }

    private void write(FoldResults results) {
        if (out == null) {
            return;
        }
        try {
            AtomicFile.write(new File(out, "cv.csv"), results.csv());
            AtomicFile.write(new File(out, "cv.json"), results.json());
        } catch (IOException e) {
            throw new Failure(e);
        }
    }

    static final class ResultFormatWord extends Converters.EnumWord<FoldResults.ResultFormat> {
        ResultFormatWord() {
            super(FoldResults.ResultFormat.values());
        }
    }
}
