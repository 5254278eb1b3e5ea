// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli;

import io.github.masktape.autograd.NotFiniteOutputException;
import io.github.masktape.cli.model.ModelOutputs;
import io.github.masktape.cli.model.PredictionsCsv;
import io.github.masktape.cli.model.SavedModel;
import io.github.masktape.cli.model.TestData;
import io.github.masktape.cli.options.ComputeOptions;
import io.github.masktape.cli.options.Converters;
import io.github.masktape.cli.options.CsvOptions;
import io.github.masktape.cli.run.RunMetadata;
import io.github.masktape.cli.settings.DataSettings;
import io.github.masktape.cli.settings.DataSource;
import io.github.masktape.cli.settings.ExampleSets;
import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.cli.terminal.Percent;
import io.github.masktape.cli.terminal.Terminal;
import io.github.masktape.cli.terminal.TextTable;
import io.github.masktape.data.TargetKind;
import io.github.masktape.file.AtomicFile;
import io.github.masktape.optim.PermutationImportance;
import io.github.masktape.text.Decimal;
import io.github.masktape.text.Printable;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code masktape importance}, which ranks the columns of a table by what a model's error owes to them. */
@Command(
        name = "importance",
        description = {
            "Ranks the columns of a table by their permutation importance: how much a model's test error rises when the"
                    + " cells of a column are shuffled among the rows.",
            "",
            "A column near 0 hardly helps, or another column says the same. A column with nearly all the importance may"
                    + " give the label away."
        },
        footer = {
            "",
            "The table on stdout has a line for each column, the most important first: the",
            "mean rise of the error over the repeats, its standard error, and a bar. The",
            "error is the share of wrong examples; for a regression it is the root mean",
            "squared error, in the unit of the target; for several targets, in their standard",
            "deviations.",
            "",
            "Examples:",
            "  java -jar masktape.jar importance --model titanic",
            "  java -jar masktape.jar importance --model titanic --repeats 30 --out importance.csv"
        })
final class ImportanceCommand implements Callable<Integer> {
    private static final int BAR = 30;
    private static final int DIGITS = 4;
    private static final int LONGEST_NAME = 30;

    private final boolean terminal;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--model",
            paramLabel = "FILE",
            required = true,
            description = "A model written by train --out, or its folder.")
    private @Nullable File file;

    @Option(
            names = "--data",
            paramLabel = "DATA",
            converter = Converters.Source.class,
            description = "The CSV file whose columns to shuffle (default: the examples that were set aside for testing"
                    + " when the model was trained).")
    private @Nullable DataSource data;

    @Mixin
    private final CsvOptions csv = new CsvOptions();

    @Option(
            names = "--repeats",
            paramLabel = "N",
            converter = Converters.Count.class,
            description = "The number of times that each column is shuffled (default: ${DEFAULT-VALUE}).")
    private int repeats = 10;

    @Option(
            names = "--seed",
            paramLabel = "N",
            converter = Converters.Seed.class,
            description = "Seed of the shuffling (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "File for the same table as CSV, with all digits (default: none).")
    private @Nullable File out;

    @Mixin
    private final ComputeOptions compute = new ComputeOptions();

    ImportanceCommand(boolean terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (data == null || data.kind() != DataSource.SourceKind.CSV) {
            csv.requireNone();
        }
        compute.settle();
        Terminal streams =
                new Terminal(spec.commandLine().getOut(), spec.commandLine().getErr(), terminal);
        SavedModel model = SavedModel.read(Objects.requireNonNull(file));
        csv.requireTaskOf(model);
        TestData tests =
                data == null ? setApart(model, streams) : TestData.of(List.of(model), data, csv.settings(), streams);
        if (tests.raw().labelNumber() == 0) {
            throw new Failure(tests.name() + ": expected a table, whose columns can be shuffled, got images or points");
        }
        streams.err()
                .println("data      " + tests.name() + ": " + tests.raw().size() + " examples"
                        + ExampleSets.firstRow(tests.raw()));
        streams.err().println("model     " + model.file() + ": " + model.net().architecture());
        PermutationImportance importance = importance(model, tests);
        boolean classifies = model.preprocessing().targets() instanceof TargetKind.Classes;
        streams.err().println("error     " + text(importance.error(), classifies) + ", before anything is shuffled");
        print(importance, classifies, streams);
        if (out != null) {
            try {
                AtomicFile.write(out, csv(importance));
            } catch (IOException e) {
                throw new Failure(e);
            }
        }
        return 0;
    }

    private TestData setApart(SavedModel model, Terminal streams) {
        DataSettings trained = RunMetadata.dataToRead(model);
        if (out != null) {
            InputFiles.requireNotOverwritten(spec, out, "the model's data", trained.files());
        }
        return TestData.setApart(List.of(model), trained, streams);
    }

    private PermutationImportance importance(SavedModel model, TestData tests) {
        try {
            return PermutationImportance.of(model.net(), model.preprocessing(), tests.raw(), repeats, seed);
        } catch (NotFiniteOutputException e) {
            throw new Failure(
                    ModelOutputs.notFinite(e, tests.name(), tests.features().get(0), model.preprocessing()));
        }
    }

    private static void print(PermutationImportance importance, boolean classifies, Terminal streams) {
        double most = importance.columns().get(0).mean();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("column", "error rises by", "std. error", ""));
        for (PermutationImportance.Rise rise : importance.columns()) {
            String error = rise.standardError().isPresent()
                    ? text(rise.standardError().getAsDouble(), classifies)
                    : "undefined";
            int length = most > 0 ? (int) Math.round(BAR * Math.max(0, rise.mean()) / most) : 0;
            rows.add(List.of(
                    Printable.line(Printable.shortened(rise.column(), LONGEST_NAME)),
                    text(rise.mean(), classifies),
                    error,
                    "█".repeat(length) + " ".repeat(BAR - length)));
        }
        TextTable.print(rows, streams.out());
        streams.out().flush();
    }

    private static String text(double error, boolean isShare) {
        return isShare ? Percent.of(error) : Decimal.shortest(error, DIGITS);
    }

    /** The table as CSV (RFC 4180). A number reads back as the same double; an undefined error is an empty cell. */
    private static String csv(PermutationImportance importance) {
        StringBuilder text = new StringBuilder("column,error_rise,standard_error\r\n");
        for (PermutationImportance.Rise rise : importance.columns()) {
            text.append(PredictionsCsv.cell(rise.column()))
                    .append(',')
                    .append(Decimal.exact(rise.mean()))
                    .append(',');
            rise.standardError().ifPresent(error -> text.append(Decimal.exact(error)));
            text.append("\r\n");
        }
        return text.toString();
    }
}
