// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.paper;

import io.github.masktape.cli.Program;
import io.github.masktape.cli.options.Budget;
import io.github.masktape.cli.options.ComputeOptions;
import io.github.masktape.cli.options.Converters;
import io.github.masktape.cli.run.RunFolder;
import io.github.masktape.cli.settings.DataSettings;
import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.cli.terminal.StatusLine;
import io.github.masktape.cli.terminal.Terminal;
import io.github.masktape.data.Dataset;
import io.github.masktape.paper.PaperRun.Arm;
import io.github.masktape.paper.PaperRun.PaperSchedule;
import io.github.masktape.paper.PaperRun.Part;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code masktape-paper}: the DropConnect paper's comparison on MNIST, scaled to a budget of time. */
@Command(
        name = "masktape-paper",
        mixinStandardHelpOptions = true,
        abbreviateSynopsis = true,
        sortOptions = false,
        synopsisHeading = "Usage: ",
        descriptionHeading = "%n",
        optionListHeading = "%nOptions:%n",
        description = {
            "Compares No-Drop, Dropout and DropConnect as the DropConnect paper does.",
            "",
            "Wan, Zeiler, Zhang, LeCun, Fergus, \"Regularization of Neural Networks using DropConnect\", ICML 2013:"
                    + " 784-800-800-10 on MNIST, batches of 128, learning rate 0.1, momentum 0.9, p = 0.5 on the hidden"
                    + " layers, several networks an arm, their votes. A fourth arm shares each mask among the batch. The"
                    + " paper's schedule is 600-400-20: 600 epochs at the full rate, 400 at half and at a tenth of it,"
                    + " 20 at four still smaller. Here it is shortened until the runs fit the budget: an experiment, not"
                    + " a reproduction, unless --schedule 600-400-20 is given.",
            "",
            "The folder of --out keeps every network, its predictions for the test images, tables (results.md, runs.csv)"
                    + " and pictures (SVG). If interrupted, the same command continues where it was; with more --parts or"
                    + " --arms, it adds them."
        },
        footer = {
            "",
            "Parts: relu, tanh, sigmoid: a table of four arms each; rates: error against drop",
            "probability (784-400-400-10); widths: training and test error against layer width.",
            "Of those asked for, relu gets 50 shares of the budget, tanh and sigmoid 15, rates",
            "and widths 10. What a budget buys depends on the machine; the schedule it was",
            "turned into, printed and kept in plan.csv, gives the same bits anywhere.",
            "",
            "Examples:",
            "  java -jar masktape-paper.jar --data mnist --budget 45m --parts relu",
            "  java -jar masktape-paper.jar --data mnist --budget 8h --seeds 5",
            "  java -jar masktape-paper.jar --data mnist --schedule 14-9-1"
        })
public final class PaperCommand implements Callable<Integer> {
    private final boolean terminal;

    @Mixin
    private final ComputeOptions compute = new ComputeOptions();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            required = true,
            description = "Folder of IDX files with MNIST's names, plain or gzipped.")
    @SuppressWarnings("NullAway.Init")
    private File data;

    @Option(
            names = "--budget",
            paramLabel = "TIME",
            converter = Budget.BudgetConverter.class,
            description = "About how long all parts may take: 45m, 1h30m, 90s (default: ${DEFAULT-VALUE}).")
    private Budget budget = new Budget(45 * 60);

    @Option(
            names = "--schedule",
            paramLabel = "A-B-C",
            converter = ScheduleConverter.class,
            description = "The schedule of every run, in place of a budget.")
    private @Nullable PaperSchedule schedule;

    @Option(
            names = "--parts",
            paramLabel = "PART",
            split = ",",
            converter = Part.PartWord.class,
            description = "Of relu, tanh, sigmoid, rates, widths, those to run, relu first"
                    + " (default: relu,tanh,sigmoid,rates,widths).")
    private List<Part> parts = List.of(Part.values());

    @Option(
            names = "--arms",
            paramLabel = "ARM",
            split = ",",
            converter = Arm.ArmWord.class,
            description = "Of dropconnect, per-batch, flipout, dropout, no-drop, those to run"
                    + " (default: dropconnect,per-batch,dropout,no-drop).")
    private List<Arm> arms = List.of(Arm.DROPCONNECT, Arm.PER_BATCH, Arm.DROPOUT, Arm.NO_DROP);

    @Option(
            names = "--seeds",
            paramLabel = "N",
            converter = Converters.Count.class,
            description = "Networks of each arm of a table, of seeds 1…N (default: ${DEFAULT-VALUE}).")
    private int seeds = 4;

    @Option(
            names = "--samples",
            paramLabel = "N",
            converter = Converters.Count.class,
            description = "Draws of the inference methods sampled and montecarlo (default: ${DEFAULT-VALUE}).")
    private int samples = 50;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            converter = Converters.Threads.class,
            description = "Runs at the same time, which share the processors; no result depends on it"
                    + " (default: one per processor).")
    private int jobs = Runtime.getRuntime().availableProcessors();

    @Option(names = "--out", paramLabel = "DIR", description = "Folder of results (default: ${DEFAULT-VALUE}).")
    private File out = new File("paper");

    @Option(names = "--stacktrace", description = "Also print the stack trace of an error (default: false).")
    private boolean stacktrace;

    private PaperCommand(boolean terminal) {
        this.terminal = terminal;
    }

    /** Runs the experiment and ends the JVM with its exit code. */
    public static void main(String[] args) {
        Program.runAndExit(
                PaperCommand.class, true, args, () -> run(args, System.out, System.err, StatusLine.isOnTerminal()));
    }

    /** Runs the experiment in this JVM; returns its exit code. */
    static int run(String[] args, PrintStream out, PrintStream err, boolean terminal) {
        PaperCommand paper = new PaperCommand(terminal);
        return new Program(paper, () -> paper.stacktrace, out, err).run(args);
    }

    @Override
    public Integer call() throws Exception {
        if (schedule != null && spec.commandLine().getParseResult().hasMatchedOption("--budget")) {
            throw new ParameterException(spec.commandLine(), "--budget: expected no --schedule as well");
        }
        compute.settle();
        PrintWriter err = spec.commandLine().getErr();
        try {
            DataSettings.Pair images = DataSettings.images(data);
            RunFolder held = RunFolder.hold(out);
            try {
                run(images.training(), images.test(), err);
            } finally {
                held.close();
            }
        } catch (IOException e) {
            throw new Failure(e);
        }
        return 0;
    }

    private void run(Dataset training, Dataset test, PrintWriter err) throws IOException {
        PrintWriter results = spec.commandLine().getOut();
        PaperLab lab = new PaperLab(out, training, test, samples, jobs, new Terminal(results, err, terminal));
        Map<Part, PaperSchedule> plan = plan(lab, err);
        List<PaperRun> runs = runs(plan.keySet());
        lab.run(runs, plan);
        PaperResults tables = new PaperResults(lab.outcomes(runs), test);
        tables.write(out);
        results.print(tables.markdown());
    }

    private List<PaperRun> runs(Part part) {
        return PaperRun.of(part, seeds).stream()
                .filter(run -> arms.contains(run.arm()))
                .toList();
    }

    private List<PaperRun> runs(Collection<Part> parts) {
        List<PaperRun> runs = new ArrayList<>();
        new LinkedHashSet<>(parts).stream().sorted().forEach(part -> runs.addAll(runs(part)));
        return runs;
    }

    /** The schedule of each part: that of an earlier run, else that of --schedule, else one fitted to the budget. */
    private Map<Part, PaperSchedule> plan(PaperLab lab, PrintWriter err) throws IOException {
        Map<Part, PaperSchedule> plan = new EnumMap<>(Part.class);
        Map<Part, PaperSchedule> known = lab.plan();
        for (Part part : parts) {
            if (runs(part).isEmpty()) {
                throw new ParameterException(
                        spec.commandLine(), "--arms: expected one that the part " + part + " has, got " + arms);
            }
        }
        int shares = parts.stream().distinct().mapToInt(Part::share).sum();
        for (Part part : runs(parts).stream().map(PaperRun::part).distinct().toList()) {
            PaperSchedule before = known.get(part);
            if (before != null && schedule != null && !before.equals(schedule)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--schedule: " + out + " holds runs of " + part + " with " + before + ", got " + schedule
                                + "; choose another folder by --out");
            }
            PaperSchedule planned = before != null
                    ? before
                    : schedule != null
                            ? schedule
                            : lab.fit(runs(part), (double) budget.seconds() * part.share() / shares);
            plan.put(part, planned);
            int count = runs(part).size();
            err.println("part " + part + ": " + count + (count == 1 ? " run of " : " runs of ") + planned.epochs()
                    + " epochs, schedule " + planned
                    + (before != null
                            ? ", as planned before"
                            : planned.equals(PaperSchedule.SHORTEST) ? ", the shortest there is" : ""));
        }
        known.putAll(plan);
        lab.keepPlan(known);
        return plan;
    }

    static final class ScheduleConverter implements ITypeConverter<PaperSchedule> {
        @Override
        public PaperSchedule convert(String value) {
            return PaperSchedule.parse(value);
        }
    }
}
