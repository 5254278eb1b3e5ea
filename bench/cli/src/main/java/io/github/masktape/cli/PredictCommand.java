// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli;

import io.github.masktape.cli.model.ModelOutputs;
import io.github.masktape.cli.model.PredictionsCsv;
import io.github.masktape.cli.model.SavedModel;
import io.github.masktape.cli.model.TestData;
import io.github.masktape.cli.options.ComputeOptions;
import io.github.masktape.cli.options.Converters;
import io.github.masktape.cli.options.CsvOptions;
import io.github.masktape.cli.options.InferenceOptions;
import io.github.masktape.cli.options.ModelOptions;
import io.github.masktape.cli.settings.DataSource;
import io.github.masktape.cli.settings.ExampleSets;
import io.github.masktape.cli.settings.Texts;
import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.cli.terminal.Terminal;
import io.github.masktape.data.Csv;
import io.github.masktape.data.Idx;
import io.github.masktape.data.TargetKind;
import io.github.masktape.file.AtomicFile;
import io.github.masktape.tensor.Tensor;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code masktape predict}, which writes the predictions of saved models for new examples. */
@Command(
        name = "predict",
        description = {
            "Writes the predictions of a saved model, or the mean predictions of several, for new examples, as CSV: a"
                    + " header, then a line for each example, in the order of the data.",
            "",
            "For a classifier: the most likely class, then the probability of each. For a regression: the predicted"
                    + " number, or one for each target, in the unit of the data it was trained on, which the"
                    + " header names if the cells did: price (€). Numbers have the full precision of the"
                    + " network. The columns of a CSV file are found by name if it has a header; a label column is"
                    + " ignored."
        },
        footer = {
            "",
            "Examples:",
            "  java -jar masktape.jar predict --model iris --data new.csv",
            "  cat new.csv | java -jar masktape.jar predict --model iris --data -",
            "  java -jar masktape.jar predict --model run1 run2 --data mnist \\",
            "    --inference gaussian --out answers.csv",
            "  java -jar masktape.jar predict --model iris --data new.csv --inference montecarlo --spread",
            "  java -jar masktape.jar predict --model prices --data new.csv --keep id --interval 0.9"
        })
final class PredictCommand implements Callable<Integer> {
    private final boolean terminal;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private final ModelOptions models = new ModelOptions();

    @Option(
            names = "--data",
            paramLabel = "DATA",
            required = true,
            converter = Converters.Source.class,
            description = "A CSV file, an IDX file of images, a folder of IDX files (its test files), - for a CSV file"
                    + " on standard input, or generated digits, moons or spirals.")
    private @Nullable DataSource data;

    @Mixin
    private final CsvOptions csv = new CsvOptions();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "File to write, all or nothing; or - for standard output, the default.")
    private @Nullable File out;

    @Mixin
    private final InferenceOptions inference = new InferenceOptions();

    @Option(
            names = "--spread",
            description = "Also writes the standard deviation of each number over the random masks, which measures the"
                    + " network's uncertainty: one more column sd(...) each. It needs one model and --inference"
                    + " montecarlo with at least 2 --samples.")
    private boolean spread;

    @Option(
            names = "--interval",
            paramLabel = "LEVEL",
            converter = Converters.Level.class,
            description = "Regression: also writes an interval around each number that holds the share LEVEL of the"
                    + " actual ones, such as 0.9: the columns low(...) and high(...). Its width comes from the"
                    + " spread over the random masks of --inference montecarlo and from the errors on the examples"
                    + " that training left out. It needs one model.")
    private @Nullable Double interval;

    @Option(
            names = "--keep",
            paramLabel = "COLUMNS",
            converter = Converters.TextList.class,
            description =
                    "Table: columns to write in front of the predictions, exactly as they are in the data, by name"
                            + " or number, separated by commas.")
    private @Nullable Texts keep;

    @Mixin
    private final ComputeOptions compute = new ComputeOptions();

    PredictCommand(boolean terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (interval != null) {
            inference.preferMonteCarlo();
        }
        inference.check();
        String byMasks = spread ? "--spread" : interval != null ? "--interval" : null;
        if (byMasks != null) {
            inference.requireSpread(byMasks);
        }
        DataSource source = Objects.requireNonNull(data);
        boolean table = source.kind() == DataSource.SourceKind.CSV;
        if (!table) {
            csv.requireNone();
            if (keep != null) {
                throw new ParameterException(spec.commandLine(), "--keep: expected a CSV file as --data");
            }
        }
        compute.settle();
        Terminal streams =
                new Terminal(spec.commandLine().getOut(), spec.commandLine().getErr(), terminal);
        List<SavedModel> asked = models.read();
        csv.requireTaskOf(asked.get(0));
        if (byMasks != null && asked.size() > 1) {
            throw new ParameterException(spec.commandLine(), byMasks + ": expected one --model, got " + asked.size());
        }
        if (interval != null && asked.get(0).preprocessing().targets() instanceof TargetKind.Classes) {
            throw new ParameterException(spec.commandLine(), "--interval: expected a regression, got a classifier");
        }
        List<Tensor> features = features(asked, source, table, streams);
        ModelOutputs answers = byMasks != null
                ? ModelOutputs.withSpread(
                        asked.get(0), features.get(0), inference.settings(), source.toString(), interval)
                : ModelOutputs.of(asked, features, inference.settings(), source.toString());
        write(new PredictionsCsv(answers, asked.get(0).preprocessing(), kept(asked, source), spread), streams);
        return 0;
    }

    private List<Csv.TextColumn> kept(List<SavedModel> asked, DataSource source) {
        if (keep == null) {
            return List.of();
        }
        try {
            return csv.settings().readTexts(source.file(), asked.get(0).preprocessing(), keep);
        } catch (IOException e) {
            throw new Failure(e);
        }
    }

    private List<Tensor> features(List<SavedModel> asked, DataSource source, boolean table, Terminal streams) {
        try {
            if (source.kind() == DataSource.SourceKind.IDX_FILE) {
                return images(asked, source.file());
            }
            if (!table) {
                return TestData.of(asked, source, csv.settings(), streams).features();
            }
            List<Tensor> features = new ArrayList<>();
            for (SavedModel model : asked) {
                features.add(model.preprocessing()
                        .applyFeatures(
                                csv.settings().readFeatures(source.file(), model.preprocessing(), streams),
                                model.dtype()));
            }
            if (!csv.settings().hasHeader(source.file(), asked.get(0).preprocessing())) {
                streams.err().println("data      " + source + ": " + ExampleSets.NO_HEADER);
            }
            return features;
        } catch (IOException e) {
            throw new Failure(e);
        }
    }

    private static List<Tensor> images(List<SavedModel> asked, File file) throws IOException {
        Tensor images = Idx.images(file);
        List<Tensor> features = new ArrayList<>();
        for (SavedModel model : asked) {
            int expected = model.preprocessing().features();
            if (images.shape().dim(1) != expected) {
                throw new Failure(file + ": expected " + expected + " features as " + model.file() + ", got "
                        + images.shape().dim(1));
            }
            features.add(model.preprocessing().applyFeatures(images, model.dtype()));
        }
        return features;
    }

    private void write(PredictionsCsv predictions, Terminal streams) {
        if (out == null || out.getPath().equals("-")) {
            predictions.lines(streams.out()::println);
            return;
        }
        AtomicFile.Content content = stream -> {
            PrintWriter writer = new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
            predictions.lines(line -> writer.print(line + "\n"));
            writer.flush();
        };
        try {
            if (out.exists() && !out.isFile() && !out.isDirectory()) {
                // A pipe or a device cannot be replaced.
                try (OutputStream stream = new FileOutputStream(out)) {
                    content.writeTo(stream);
                }
                return;
            }
            AtomicFile.write(out, content);
        } catch (IOException e) {
            throw new Failure(e);
        }
        streams.err().println("wrote " + predictions.examples() + " lines to " + out);
    }
}
