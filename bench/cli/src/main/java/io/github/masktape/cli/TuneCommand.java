// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli;

import io.github.masktape.cli.options.Budget;
import io.github.masktape.cli.options.ComputeOptions;
import io.github.masktape.cli.options.Converters;
import io.github.masktape.cli.options.RunOptions;
import io.github.masktape.cli.run.RunFolder;
import io.github.masktape.cli.run.RunMetadata;
import io.github.masktape.cli.run.TrainingRun;
import io.github.masktape.cli.settings.ExampleSets;
import io.github.masktape.cli.settings.RunSettings;
import io.github.masktape.cli.sweep.CellStore;
import io.github.masktape.cli.sweep.CellTraining;
import io.github.masktape.cli.sweep.CrossValidation;
import io.github.masktape.cli.sweep.FoldOptions;
import io.github.masktape.cli.sweep.HalvingSearch;
import io.github.masktape.cli.sweep.Leaderboard;
import io.github.masktape.cli.sweep.LocalExecutor;
import io.github.masktape.cli.sweep.Measure;
import io.github.masktape.cli.sweep.SearchPlan;
import io.github.masktape.cli.sweep.SearchSpace;
import io.github.masktape.cli.sweep.SearchTrial;
import io.github.masktape.cli.sweep.Sweep;
import io.github.masktape.cli.sweep.SweepProgress;
import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.cli.terminal.ShutdownHook;
import io.github.masktape.cli.terminal.Terminal;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.TargetKind;
import io.github.masktape.file.AtomicFile;
import io.github.masktape.optim.Checkpoint;
import io.github.masktape.tensor.Compute;
import io.github.masktape.text.Printable;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code masktape tune}, which searches for good settings and trains a network with the best ones. */
@Command(
        name = "tune",
        description = {
            "Searches for good settings by cross-validation, and trains a network with the best ones.",
            "",
            "The first trial has train's settings; each further one draws values from sensible ranges around them."
                    + " Options of train that you give stay as they are. Trials are made in rounds of 16: all of a round"
                    + " are tested on some folds, the better half on twice as many, and so on; with 5 folds, all on two and"
                    + " the better half on all five. The test examples are never used for the choice."
        },
        footer = {
            "",
            "stdout has the best trials, with the mean of the measure and its standard error",
            "over the folds and the mean difference from the first trial, that of the defaults,",
            "on the same folds; then the lines that train prints for the final network, which",
            "is trained on all training examples. The folder of --out is also that network's",
            "run: predict and eval take it.",
            "",
            "With --trials, everything is a function of the data, the options and --seed: the",
            "same bits on any machine. With --budget, only the number of trials depends on the",
            "clock: it follows from the time of the first trial and of each round. The command",
            "reports it, and --trials with that number gives the same result.",
            "",
            "A training's result is stored as soon as it is finished. If interrupted, even by a",
            "kill, the same command goes on, with the rest of its budget; more --trials later",
            "add rounds to those that are there.",
            "",
            "A file of --space has a line for each option of train to search, with values or a",
            "range:",
            "  --hidden            32 | 64,64 | none",
            "  --drop-probability  0 .. 0.5",
            "  --learning-rate     0.0005 .. 0.02 log",
            "",
            "Examples:",
            "  java -jar masktape.jar tune --data titanic.csv --label-column Survived --budget 10m",
            "  java -jar masktape.jar tune --data housing.csv --trials 48 --folds 10 --out tuned",
            "  java -jar masktape.jar predict --model tuned --data new.csv"
        })
final class TuneCommand implements Callable<Integer> {
    private static final int INTERRUPTED = 130;
    private static final int TRIALS = 32;
    private static final double CHECKPOINT_SECONDS = 60;

    /** The time that a random trial takes longer than the mean so far, to be on the safe side. */
    private static final double CAUTION = 1.2;

    /** The time of the final training, in trainings on a processor of its own. */
    private static final double FINAL = 2;

    private final boolean terminal;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private final RunOptions options = new RunOptions();

    @Option(
            names = "--budget",
            paramLabel = "TIME",
            converter = Budget.BudgetConverter.class,
            description = "About how long it may take: 10m, 1h30m, 90s; the number of trials follows.")
    private @Nullable Budget budget;

    @Option(
            names = "--trials",
            paramLabel = "N",
            converter = Converters.Count.class,
            description = "Number of trials, the first with the defaults (default: " + TRIALS + " without --budget).")
    private @Nullable Integer trials;

    @Option(
            names = "--space",
            paramLabel = "FILE",
            description = "File of the options to search and their values, see below (default: ranges around train's"
                    + " settings; they are printed).")
    private @Nullable File space;

    @Option(
            names = "--grid",
            description = "Try all combinations of the values in --space, instead of random ones (default: false).")
    private boolean grid;

    @Option(
            names = "--by",
            paramLabel = "MEASURE",
            converter = Measure.MeasureWord.class,
            description = "The measure that decides: error, accuracy, balanced-accuracy, macro-f1, roc-auc, log-loss,"
                    + " brier-score; rmse, mae, r2 (default: error; for a regression rmse).")
    private @Nullable Measure by;

    @Mixin
    private final FoldOptions folds = new FoldOptions();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder for the search and the final run: leaderboard.csv, .json and .svg, cells with a file"
                    + " for each training, and the files of a run (default: tune- and the name of the data).")
    private @Nullable File out;

    @Mixin
    private final ComputeOptions compute = new ComputeOptions();

    /**
     * A command that reports progress on a terminal or in plain lines.
     *
     * @param terminal true to draw a line with the time that is left
     */
    TuneCommand(boolean terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        options.check();
        require(budget == null || trials == null, "--budget: expected no --trials as well");
        require(!grid || space != null, "--grid: expected --space as well, with the values to combine");
        require(!grid || (budget == null && trials == null), "--grid: expected no --trials or --budget as well");
        compute.settle();
        File folder = out == null ? new File("tune-" + name()) : out;
        if (!new File(folder, SearchPlan.FILE).exists()) {
            RunFolder.requireNoRun(folder);
        }
        try (RunFolder held = RunFolder.hold(folder)) {
            return tuned(folder, held);
        } catch (IOException e) {
            throw new Failure(e);
        }
    }

    private void require(boolean condition, String message) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }

    /** The name of the data, without its folder and its endings. */
    private String name() {
        String file = new File(options.data().source().text()).getName();
        int dot = file.indexOf('.');
        return dot > 0 ? file.substring(0, dot) : file;
    }

    private int tuned(File folder, RunFolder held) throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        Terminal streams = new Terminal(spec.commandLine().getOut(), err, terminal);
        ExampleSets examples = options.data().load(streams);
        RunSettings base = options.settingsOfParts(examples);
        base.training().steps().requireTaskOf(examples);
        Measure measure = measure(examples);
        // The notes on the file were printed when it was read before.
        Terminal quiet =
                new Terminal(new PrintWriter(Writer.nullWriter()), new PrintWriter(Writer.nullWriter()), false);
        Dataset all = options.data().rawTraining(quiet);
        CrossValidation plan = folds.of(all.size());
        SearchSpace searched = space(base);
        SweepProgress progress = new SweepProgress(streams);
        LocalExecutor executor = new LocalExecutor(Compute.threads());
        Sweep sweep = new Sweep(new CellTraining(options.data(), all), new CellStore(folder), executor, progress);
        HalvingSearch search = new HalvingSearch(sweep, plan, measure, searched, base, options.restarts());
        SearchPlan known = SearchPlan.in(
                folder,
                plan.cell(sweep.training(), base, options.restarts(), 0).text() + "\n\nrepeats " + plan.repeats()
                        + "\nby " + measure + (grid ? "\ngrid" : "") + "\n" + searched + "\n");
        err.println("data      " + examples);
        err.println("search    " + searched.toString().replace("\n", "\n          "));
        err.println("compute   " + Compute.description() + "; a training on each");

        boolean done;
        ShutdownHook stopping = new ShutdownHook(executor::stop);
        try {
            Compute.warmUp();
            Rounds rounds = new Rounds(folder, search, plan, progress, known);
            done = budget != null
                    ? rounds.within((double) budget.seconds())
                    : rounds.of(trials == null ? TRIALS : trials);
        } finally {
            stopping.close();
        }
        if (!done) {
            err.println("stopped after " + progress.count() + " trainings; the same command goes on");
            return INTERRUPTED;
        }
        Leaderboard leaderboard = search.leaderboard();
        AtomicFile.write(new File(folder, "leaderboard.csv"), leaderboard.csv());
        AtomicFile.write(new File(folder, "leaderboard.json"), leaderboard.json());
        AtomicFile.write(new File(folder, "leaderboard.svg"), leaderboard.svg());
        leaderboard.print(streams.out());
        streams.out().flush();
        SearchTrial best = leaderboard.best();
        int count = search.trials().size();
        err.println("searched  " + count + (count == 1 ? " trial" : " trials") + " in "
                + SweepProgress.minutes(Math.round(progress.seconds()))
                + (budget == null ? "" : "; --trials " + count + " gives the same"));
        err.println("best      " + (best.number() == 0 ? "the defaults" : Printable.line(best.options())));
        RunSettings chosen = new RunSettings(
                options.settings(examples).data(),
                best.settings().net(),
                best.settings().training());
        return finished(held, chosen, examples, best.restarts(), streams);
    }

    /** Trains the final network, or goes on with it; a run with other settings is replaced. */
    private int finished(RunFolder held, RunSettings settings, ExampleSets examples, int restarts, Terminal streams)
            throws IOException {
        Map<String, String> metadata = RunMetadata.of(
                settings, restarts, spec.commandLine().getParseResult().originalArgs());
        Checkpoint checkpoint = held.checkpoint().exists() ? Checkpoint.read(held.checkpoint()) : null;
        if (checkpoint != null && !RunMetadata.isRunOf(metadata, checkpoint.extra())) {
            held.deleteRun();
            checkpoint = null;
        }
        return TrainingRun.train(
                checkpoint == null ? settings : RunMetadata.settings(held.checkpoint(), checkpoint.extra()),
                examples,
                streams,
                new TrainingRun.Keeping(
                        held, CHECKPOINT_SECONDS, checkpoint == null ? metadata : checkpoint.extra(), checkpoint),
                restarts);
    }

    private Measure measure(ExampleSets examples) {
        boolean classes = examples.preprocessing().targets() instanceof TargetKind.Classes;
        if (by == null) {
            return classes ? Measure.ERROR : Measure.RMSE;
        }
        require(
                by.isOfClasses() == classes,
                "--by: expected a measure of " + (classes ? "a classification" : "a regression") + ", got " + by);
        return by;
    }

    private SearchSpace space(RunSettings base) throws IOException {
        List<String> given = new ArrayList<>();
        spec.commandLine().getParseResult().matchedOptions().forEach(option -> given.add(option.longestName()));
        SearchSpace searched = space == null
                ? SearchSpace.around(base).without(given::contains)
                : SearchSpace.of(Files.readAllLines(space.toPath(), StandardCharsets.UTF_8), space.toString(), base);
        for (String name : searched.names()) {
            require(!given.contains(name), name + ": expected it on the command line or in " + space + ", not both");
        }
        require(!searched.names().isEmpty(), "--space: expected an option to search, got none");
        return searched;
    }

    /** The rounds of a search, a line on stderr for each. */
    private final class Rounds {
        private final File folder;
        private final HalvingSearch search;
        private final CrossValidation plan;
        private final SweepProgress progress;
        private SearchPlan known;
        private final double before;

        Rounds(File folder, HalvingSearch search, CrossValidation plan, SweepProgress progress, SearchPlan known) {
            this.folder = folder;
            this.search = search;
            this.plan = plan;
            this.progress = progress;
            this.known = known;
            before = known.seconds();
        }

        /** Makes a number of trials; false if the executor was stopped. */
        boolean of(int count) {
            write(Math.max(count, known.trials()));
            if (grid) {
                search.addGrid();
            }
            int all = grid ? search.trials().size() : count;
            progress.expect(search.trainings(all) + plan.trainings());
            for (int end = Math.min(all, HalvingSearch.ROUND); ; end = Math.min(all, end + HalvingSearch.ROUND)) {
                if (!search.search(end)) {
                    return false;
                }
                report();
                if (end == all || search.isExhausted()) {
                    return true;
                }
            }
        }

        /** Makes as many trials as fit into this time; false if the executor was stopped. */
        boolean within(double seconds) {
            if (known.trials() == 0) {
                if (!search.first()) {
                    return false;
                }
                write(1);
            }
            while (true) {
                if (known.trials() > 1) {
                    progress.expect(search.trainings(known.trials()) - search.finished());
                    if (!search.search(known.trials())) {
                        return false;
                    }
                    write(known.trials());
                    report();
                    if (known.trials() % HalvingSearch.ROUND != 0 || search.isExhausted()) {
                        return true;
                    }
                }
                int begin = known.trials() == 1 ? 0 : known.trials();
                int more = fitting(seconds);
                if (more < 2) {
                    return true;
                }
                write(begin + more);
            }
        }

        /** The number of trials of the next round. */
        private int fitting(double seconds) {
            double measured = progress.secondsPerTraining();
            double each = measured > 0 ? measured : spent() / Math.max(1, search.finished());
            double left = seconds - spent() - FINAL * each * Compute.threads();
            int more = HalvingSearch.ROUND;
            while (more > 0 && search.trainings(more) * each * CAUTION > left) {
                more--;
            }
            return more;
        }

        private double spent() {
            return before + progress.seconds();
        }

        private void write(int count) {
            known = known.with(count, spent());
            known.write(folder);
        }

        private void report() {
            Leaderboard leaderboard = search.leaderboard();
            spec.commandLine()
                    .getErr()
                    .println("round     " + search.trials().size() + " trials, best " + leaderboard.summary());
        }
    }
}
