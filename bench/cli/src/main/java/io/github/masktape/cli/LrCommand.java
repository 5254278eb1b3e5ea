// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli;

import io.github.masktape.cli.options.ComputeOptions;
import io.github.masktape.cli.options.Converters;
import io.github.masktape.cli.options.DataOptions;
import io.github.masktape.cli.options.NetOptions;
import io.github.masktape.cli.options.StepOptions;
import io.github.masktape.cli.settings.Defaults;
import io.github.masktape.cli.settings.ExampleSets;
import io.github.masktape.cli.settings.StepSettings;
import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.cli.terminal.Terminal;
import io.github.masktape.cli.terminal.TextTable;
import io.github.masktape.file.AtomicFile;
import io.github.masktape.layers.Sequential;
import io.github.masktape.optim.DivergenceException;
import io.github.masktape.optim.RateSearch;
import io.github.masktape.report.Chart;
import io.github.masktape.tensor.Compute;
import io.github.masktape.text.Decimal;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code masktape lr}, which searches for a learning rate. */
@Command(
        name = "lr",
        description = {
            "Searches for a learning rate: trains briefly, with a rate that grows from step to step until the loss"
                    + " explodes, and suggests a tenth of the rate at which the smoothed loss was smallest.",
            "",
            "The options for data, network and steps are the same as for train."
        },
        footer = {
            "",
            "The last line on stdout is: suggested learning rate 0.03",
            "",
            "Examples:",
            "  java -jar masktape.jar lr",
            "  java -jar masktape.jar lr --data mnist --hidden 800,800 --out lr.svg"
        })
final class LrCommand implements Callable<Integer> {
    private static final int LEAST_STEPS = 150;
    private static final int ROWS = 20;
    private static final int DIGITS = 3;

    private final boolean terminal;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private final DataOptions data = new DataOptions();

    @Mixin
    private final NetOptions net = new NetOptions();

    @Mixin
    private final StepOptions steps = new StepOptions();

    @Option(
            names = "--from",
            paramLabel = "RATE",
            converter = Converters.Positive.class,
            description = "Smallest learning rate to try (default: ${DEFAULT-VALUE}).")
    private double from = 1e-5;

    @Option(
            names = "--to",
            paramLabel = "RATE",
            converter = Converters.Positive.class,
            description = "Largest learning rate to try (default: ${DEFAULT-VALUE}).")
    private double to = 10;

    @Option(names = "--out", paramLabel = "FILE", description = "File for the curve, in SVG (default: none).")
    private @Nullable File out;

    @Mixin
    private final ComputeOptions compute = new ComputeOptions();

    LrCommand(boolean terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        data.check();
        net.check(data.settings());
        steps.check(data.settings());
        if (from >= to) {
            throw new ParameterException(spec.commandLine(), "--from: expected a rate below that of --to");
        }
        compute.settle();
        PrintWriter print = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        ExampleSets examples = data.settings().load(new Terminal(print, err, terminal));
        Defaults defaults = Defaults.of(examples);
        StepSettings step = steps.settings(defaults);
        step.requireTaskOf(examples);
        Sequential network = net.settings(defaults).network(examples.inputs(), examples.outputs(), step.seed());
        int epochs = (int) Math.max(
                1, (LEAST_STEPS - 1) / step.perEpoch(examples.training().size()) + 1);
        err.println("data      " + examples);
        examples.printColumns(err);
        err.println("network   " + network.toString().replace("\n", "\n          "));
        err.println("compute   " + Compute.description());
        RateSearch search = search(step, network, examples, epochs);
        table(search, print);
        print.println();
        OptionalDouble suggestion = search.suggestion();
        print.println(
                suggestion.isPresent()
                        ? "suggested learning rate " + Decimal.shortest(suggestion.getAsDouble(), 1)
                        : "suggested learning rate: none, since the loss never fell; try a smaller --from");
        print.flush();
        draw(search);
        return 0;
    }

    private RateSearch search(StepSettings step, Sequential network, ExampleSets examples, int epochs) {
        try {
            return RateSearch.of(
                    rate -> step.trainer(
                            network, rate, epochs, examples.training().targets()),
                    examples.training(),
                    from,
                    to);
        } catch (DivergenceException e) {
            throw new Failure(e.getMessage() + "; try a smaller --from");
        }
    }

    private static void table(RateSearch search, PrintWriter out) {
        List<RateSearch.Trial> trials = search.trials();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("learning rate", "loss", "smoothed loss"));
        int every = Math.max(1, trials.size() / ROWS);
        for (int i = 0; i < trials.size(); i += every) {
            RateSearch.Trial trial = trials.get(i);
            rows.add(List.of(
                    Decimal.shortest(trial.rate(), DIGITS),
                    Decimal.fixed(trial.loss(), 4),
                    Decimal.fixed(trial.smoothedLoss(), 4)));
        }
        TextTable.print(rows, out);
    }

    private void draw(RateSearch search) {
        if (out == null) {
            return;
        }
        Chart.Table table = new Chart.Table("rate", "loss");
        double most = 0;
        for (RateSearch.Trial trial : search.trials()) {
            table.row(trial.rate(), trial.smoothedLoss());
            most = Math.max(most, trial.smoothedLoss());
        }
        String svg = new Chart("Loss by learning rate", "smoothed; the rate grows from step to step", 720, 400)
                .layer("line", table, Chart.map("x", "rate", "y", "loss"), "size", 1, "color", Chart.COLORS.get(0))
                .logarithmic("x", "learning rate", from, to)
                .linear("y", "loss", most)
                .svg();
        try {
            AtomicFile.write(out, svg);
        } catch (IOException e) {
            throw new Failure(e);
        }
    }
}
