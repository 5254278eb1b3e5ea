// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.run;

import io.github.masktape.autograd.Parameter;
import io.github.masktape.cli.model.ModelOutputs;
import io.github.masktape.cli.options.SettingsText;
import io.github.masktape.cli.settings.ExampleSets;
import io.github.masktape.cli.settings.RunSettings;
import io.github.masktape.data.Column;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.Preprocessing;
import io.github.masktape.data.TargetKind;
import io.github.masktape.layers.Inference;
import io.github.masktape.layers.Sequential;
import io.github.masktape.optim.Evaluation;
import io.github.masktape.optim.LearningRate;
import io.github.masktape.optim.PermutationImportance;
import io.github.masktape.optim.Trainer;
import io.github.masktape.report.Classification;
import io.github.masktape.report.Curves;
import io.github.masktape.report.Regression;
import io.github.masktape.report.ReportPage;
import io.github.masktape.report.ShownExamples;
import io.github.masktape.report.StepPictures;
import io.github.masktape.report.TestResult;
import io.github.masktape.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The charts and the report page of a run. */
final class RunReport {
    private static final int REPEATS = 5;
    private static final int LEAST_EXAMPLES = 50;

    /** The number of products that about a second of one processor's time is enough for. */
    private static final long MOST_PRODUCTS = 1_000_000_000L;

    private final ExampleSets examples;
    private final LearningRate learningRate;
    private final long stepsPerEpoch;
    private final Map<String, String> origins;
    private final RunSettings settings;

    RunReport(RunSettings settings, ExampleSets examples, Map<String, String> origins) {
        this.examples = examples;
        this.origins = origins;
        this.settings = settings;
        stepsPerEpoch = settings.training().stepsPerEpoch(examples.training().size());
        learningRate = settings.training().learningRates(examples.training().size());
    }

    /** The content of {@code curves.svg} for a history of at least one epoch. */
    String curves(Trainer.History history) {
        return new Curves(
                        epochs(history),
                        examples.preprocessing().targets() instanceof TargetKind.Quantities
                                ? Curves.ErrorKind.REGRESSION
                                : Curves.ErrorKind.CLASSIFICATION,
                        history.bestEpoch(),
                        examples.watchedName())
                .svg();
    }

    /** The content of {@code report.html}. */
    String page(Trainer.History history, Sequential net, int bestEpoch) {
        return new ReportPage(
                        title(net),
                        origins.getOrDefault(RunMetadata.COMMAND, ""),
                        SettingsText.values(settings),
                        ReportPage.here(),
                        epochs(history),
                        bestEpoch,
                        examples.watchedName(),
                        net,
                        settings.seed(),
                        step(bestEpoch == 0 ? history.epochs().size() : bestEpoch),
                        outcome(net),
                        shown(),
                        importance(net))
                .html();
    }

    /**
     * The importance of a table's columns, on as many of its test examples as can be computed in about a second; null if
     * these are too few, or the examples are not from a table.
     */
    private @Nullable PermutationImportance importance(Sequential net) {
        if (!examples.isTable()) {
            return null;
        }
        Dataset raw = Objects.requireNonNull(examples.rawTest());
        long weights = 0;
        for (Parameter parameter : net.parameters().values()) {
            weights += parameter.shape().size();
        }
        long most = MOST_PRODUCTS / (weights * raw.features().shape().dim(1) * REPEATS);
        if (most < Math.min(raw.size(), LEAST_EXAMPLES)) {
            return null;
        }
        int n = (int) Math.min(raw.size(), most);
        int[] picked = IntStream.range(0, n)
                .map(k -> (int) ((long) k * raw.size() / n))
                .toArray();
        Dataset some = n == raw.size() ? raw : raw.select(picked);
        return PermutationImportance.of(net, examples.preprocessing(), some, REPEATS, settings.seed());
    }

    /** The step that follows after this many epochs. */
    private StepPictures step(int epochs) {
        return StepPictures.first(
                examples.training(),
                epochs * stepsPerEpoch,
                settings.training().steps().loss(examples.training().targets()));
    }

    private String title(Sequential net) {
        String[] layers = net.architecture().split(", ", -1);
        return examples.name() + ": a network of " + layers.length + (layers.length == 1 ? " layer" : " layers");
    }

    private List<Curves.EpochMetrics> epochs(Trainer.History history) {
        List<Curves.EpochMetrics> epochs = new ArrayList<>();
        for (Trainer.Epoch epoch : history.epochs()) {
            Evaluation evaluation = epoch.validation();
            epochs.add(new Curves.EpochMetrics(
                    epoch.epoch(),
                    epoch.trainingLoss(),
                    evaluation == null ? Double.NaN : evaluation.loss(),
                    evaluation == null ? Double.NaN : error(evaluation),
                    learningRate.at(epoch.epoch() * stepsPerEpoch - 1)));
        }
        return epochs;
    }

    private double error(Evaluation evaluation) {
        if (evaluation instanceof Evaluation.OfValues values) {
            return values.rmse() * ExampleSets.unit(examples.preprocessing().targets());
        }
        return ((Evaluation.OfLabels) evaluation).errorRate();
    }

    private TestResult outcome(Sequential net) {
        Dataset test = Objects.requireNonNull(examples.test());
        Preprocessing preprocessing = examples.preprocessing();
        if (preprocessing.targets() instanceof TargetKind.Classes classes) {
            Tensor probabilities = Inference.mean().probabilities(net, test.features());
            return new Classification(probabilities, test.labels(), classes.names());
        }
        Tensor outputs = Inference.mean().outputs(net, test.features());
        return new Regression(
                ModelOutputs.predictions((TargetKind.Quantities) preprocessing.targets(), preprocessing, outputs),
                Objects.requireNonNull(examples.rawTest()).values(),
                preprocessing.targetTitles());
    }

    /** The test set in the unit of the data. */
    private ShownExamples shown() {
        Tensor raw = Objects.requireNonNull(examples.rawTest()).features();
        int width = raw.shape().dim(1);
        int side = (int) Math.round(Math.sqrt(width));
        if (examples.areImages() && side * side == width) {
            return ShownExamples.images(raw, side, side);
        }
        List<Column> columns = examples.preprocessing().columns().stream()
                .filter(column -> !(column.kind() instanceof Column.Ignored))
                .toList();
        return ShownExamples.table(
                raw,
                names(width),
                (j, value) -> columns.isEmpty() ? null : columns.get(j).text(value));
    }

    private List<String> names(int width) {
        List<String> names = examples.preprocessing().featureNames();
        if (names != null) {
            return names;
        }
        List<String> numbers = new ArrayList<>();
        for (int j = 1; j <= width; j++) {
            numbers.add("feature " + j);
        }
        return numbers;
    }
}
