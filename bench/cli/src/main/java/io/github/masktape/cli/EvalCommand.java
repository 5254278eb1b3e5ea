// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli;

import io.github.masktape.cli.model.ModelOutputs;
import io.github.masktape.cli.model.QualityTable;
import io.github.masktape.cli.model.SavedModel;
import io.github.masktape.cli.model.TestData;
import io.github.masktape.cli.options.ComputeOptions;
import io.github.masktape.cli.options.Converters;
import io.github.masktape.cli.options.CsvOptions;
import io.github.masktape.cli.options.InferenceOptions;
import io.github.masktape.cli.options.ModelOptions;
import io.github.masktape.cli.run.RunMetadata;
import io.github.masktape.cli.settings.DataSource;
import io.github.masktape.cli.settings.ExampleSets;
import io.github.masktape.cli.terminal.Terminal;
import io.github.masktape.cli.terminal.TextTable;
import io.github.masktape.data.TargetKind;
import io.github.masktape.optim.Metrics;
import io.github.masktape.text.Printable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code masktape eval}, which computes the test error of saved models. */
@Command(
        name = "eval",
        description = {
            "Tests a saved model, or several that vote: the mean of their probabilities decides, or, for"
                    + " regressions, the mean of their predictions.",
            "",
            "The errors of each class, and how often which class is predicted as which, go to stderr."
        },
        footer = {
            "",
            "A table of measures goes to stdout, by scikit-learn's definitions: accuracy,",
            "balanced accuracy, macro F1, ROC AUC (of several classes, the mean of each",
            "against the rest; undefined if a class has no example), log loss, Brier score;",
            "or RMSE, MAE, R² (undefined if all targets are equal). The last line is",
            "  test error 1.84 %% (184 of 10000)",
            "or, for a regression, test rmse 0.123 (R² 0.9800, of 1000).",
            "",
            "Examples:",
            "  java -jar masktape.jar eval --model run",
            "  java -jar masktape.jar eval --model run --inference gaussian",
            "  java -jar masktape.jar eval --model run1 run2 run3 --data mnist",
            "  java -jar masktape.jar eval --model iris/model.safetensors --data new.csv"
        })
final class EvalCommand implements Callable<Integer> {
    private static final int MOST_CLASSES = 100;
    private static final int MOST_CONFUSED = 12;
    private static final int LONGEST_NAME = 12;

    private final boolean terminal;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private final ModelOptions models = new ModelOptions();

    @Option(
            names = "--data",
            paramLabel = "DATA",
            converter = Converters.Source.class,
            description = "Data to test on: a folder of IDX files (its test files), a CSV file (all of it), or"
                    + " generated digits, moons or spirals (default: the examples that were set aside for testing when"
                    + " the models were trained, which must be the same for all models).")
    private @Nullable DataSource data;

    @Mixin
    private final CsvOptions csv = new CsvOptions();

    @Mixin
    private final InferenceOptions inference = new InferenceOptions();

    @Mixin
    private final ComputeOptions compute = new ComputeOptions();

    EvalCommand(boolean terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        inference.check();
        if (data == null || data.kind() != DataSource.SourceKind.CSV) {
            csv.requireNone();
        }
        compute.settle();
        PrintWriter err = spec.commandLine().getErr();
        Terminal streams = new Terminal(spec.commandLine().getOut(), err, terminal);
        List<SavedModel> asked = models.read();
        csv.requireTaskOf(asked.get(0));
        TestData tests = data == null
                ? TestData.setApart(asked, RunMetadata.dataToRead(asked.get(0)), streams)
                : TestData.of(asked, data, csv.settings(), streams);
        ModelOutputs answers = ModelOutputs.of(asked, tests.features(), inference.settings(), tests.name());
        err.println("data      " + tests.name() + ": " + tests.raw().size() + " examples"
                + ExampleSets.firstRow(tests.raw()));
        for (SavedModel model : asked) {
            err.println("model     " + model.file() + ": " + model.net().architecture());
        }
        err.println("inference " + inference.settings().inference());
        if (asked.get(0).preprocessing().targets() instanceof TargetKind.Classes classes) {
            table(answers.predicted(), tests.raw().labels(), classes.names(), err);
        }
        QualityTable.of(answers, tests.raw()).print(streams.out());
        streams.out().println("test " + answers.quality(tests.raw()));
        return 0;
    }

    /** Prints the errors of each class, and the confusion matrix of a few. */
    private static void table(int[] predicted, int[] labels, List<String> names, PrintWriter err) {
        if (names.size() > MOST_CLASSES) {
            return;
        }
        int[][] counts = Metrics.confusions(predicted, labels, names.size());
        for (int c = 0; c < names.size(); c++) {
            int examples = Arrays.stream(counts[c]).sum();
            err.println("class     " + Printable.line(names.get(c)) + ": "
                    + (examples == 0 ? "no examples" : ExampleSets.errors(examples - counts[c][c], examples)));
        }
        if (names.size() <= MOST_CONFUSED) {
            List<List<String>> rows = new ArrayList<>();
            for (int c = 0; c < names.size(); c++) {
                List<String> row = new ArrayList<>(List.of(shown(names.get(c))));
                Arrays.stream(counts[c]).mapToObj(Integer::toString).forEach(row::add);
                rows.add(row);
            }
            List<String> heads = new ArrayList<>(List.of("class, predicted as"));
            names.forEach(name -> heads.add(shown(name)));
            rows.add(0, heads);
            TextTable.print(rows, err);
        }
    }

    private static String shown(String name) {
        return Printable.line(Printable.shortened(name, LONGEST_NAME));
    }
}
