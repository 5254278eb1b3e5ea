// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.sweep;

import io.github.masktape.cli.model.Checksums;
import io.github.masktape.cli.model.ModelOutputs;
import io.github.masktape.cli.model.QualityTable;
import io.github.masktape.cli.settings.DataSettings;
import io.github.masktape.cli.settings.ExampleSets;
import io.github.masktape.cli.settings.RunSettings;
import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.Preprocessing;
import io.github.masktape.data.TargetKind;
import io.github.masktape.layers.Sequential;
import io.github.masktape.optim.DivergenceException;
import io.github.masktape.optim.Metrics;
import io.github.masktape.optim.Quality;
import io.github.masktape.optim.Trainer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * The computation of a cell's result: it trains on all folds but one, and tests on that. Several threads may use it at
 * the same time.
 */
public final class CellTraining {
    private final DataSettings data;
    private final Dataset all;
    private final String checksum;

    /**
     * The trainings on these examples.
     *
     * @param data the settings of the examples
     * @param all all examples to train and test on, in the unit of the data
     */
    public CellTraining(DataSettings data, Dataset all) {
        this.data = data;
        this.all = all;
        checksum = Checksums.of(all);
    }

    /** The number of examples. */
    public int examples() {
        return all.size();
    }

    /**
     * The cell of a fold.
     *
     * @param fold the fold to test on, from 0
     * @param restarts the number of times that the training may begin again if it diverges
     */
    public TrainingCell cell(RunSettings settings, int fold, int folds, int restarts) {
        return TrainingCell.of(checksum, fold, folds, restarts, settings);
    }

    /**
     * Trains and tests the network of a cell.
     *
     * @throws Failure if the cell is one of other data
     */
    public CellResult result(TrainingCell cell) {
        if (!cell.data().equals(checksum)) {
            throw new Failure(
                    data + ": expected data with the checksum " + cell.data() + " of the cell, got " + checksum);
        }
        RunSettings settings = cell.settings();
        DataSettings split = data.withValidation(settings.data().validation())
                .withSplitSeed(settings.data().splitSeed());
        Dataset.Split parts = all.fold(cell.fold(), cell.folds(), split.splitSeed());
        ExampleSets examples = split.prepared(parts.training(), parts.validation());
        settings.training().steps().requireTaskOf(examples);
        for (int left = cell.restarts(); ; left--) {
            try {
                return trained(settings, examples);
            } catch (DivergenceException e) {
                if (left == 0) {
                    return CellResult.failed(parts.validation().size(), String.valueOf(e.getMessage()));
                }
                settings = settings.with(settings.training().slower());
            } catch (ArithmeticException e) {
                return CellResult.failed(parts.validation().size(), String.valueOf(e.getMessage()));
            }
        }
    }

    private static CellResult trained(RunSettings settings, ExampleSets examples) {
        Sequential net = settings.net().network(examples.inputs(), examples.outputs(), settings.seed());
        Trainer trainer = settings.training().trainer(net, examples.training().targets());
        Dataset validation = examples.validation();
        // Never evaluated on the fold: that would only cost time.
        Trainer.History history =
                validation == null ? trainer.fit(examples.training()) : trainer.fit(examples.training(), validation);
        return new CellResult(
                Objects.requireNonNull(examples.rawTest()).size(),
                history.epochs().size(),
                Checksums.of(net),
                measures(net, examples),
                null);
    }

    private static Map<Measure, Double> measures(Sequential net, ExampleSets examples) {
        Preprocessing preprocessing = examples.preprocessing();
        Dataset raw = Objects.requireNonNull(examples.rawTest());
        Dataset test = Objects.requireNonNull(examples.test());
        ModelOutputs outputs = ModelOutputs.of(net, preprocessing, test.features());
        List<Quality> qualities = QualityTable.of(outputs, raw).qualities();
        Map<Measure, Double> measures = new EnumMap<>(Measure.class);
        if (qualities.get(0) instanceof Quality.OfClasses classes) {
            measures.put(Measure.ERROR, (double) Metrics.errors(outputs.predicted(), raw.labels()) / raw.size());
            measures.put(Measure.ACCURACY, classes.accuracy());
            measures.put(Measure.BALANCED_ACCURACY, classes.balancedAccuracy());
            measures.put(Measure.MACRO_F1, classes.macroF1());
            put(measures, Measure.ROC_AUC, classes.rocAuc());
            measures.put(Measure.LOG_LOSS, classes.logLoss());
            measures.put(Measure.BRIER_SCORE, classes.brierScore());
            return measures;
        }
        TargetKind.Quantities targets = (TargetKind.Quantities) preprocessing.targets();
        double squares = 0;
        double absolute = 0;
        OptionalDouble explained = OptionalDouble.of(0);
        for (int t = 0; t < qualities.size(); t++) {
            Quality.OfNumbers numbers = (Quality.OfNumbers) qualities.get(t);
            double unit = qualities.size() == 1 ? 1 : targets.deviations()[t];
            squares += numbers.rmse() / unit * (numbers.rmse() / unit);
            absolute += numbers.meanAbsoluteError() / unit;
            explained = explained.isEmpty() || numbers.r2().isEmpty()
                    ? OptionalDouble.empty()
                    : OptionalDouble.of(explained.getAsDouble() + numbers.r2().getAsDouble());
        }
        int n = qualities.size();
        measures.put(Measure.RMSE, n == 1 ? ((Quality.OfNumbers) qualities.get(0)).rmse() : Math.sqrt(squares / n));
        measures.put(Measure.MAE, absolute / n);
        if (explained.isPresent()) {
            measures.put(Measure.R2, explained.getAsDouble() / n);
        }
        return measures;
    }

    private static void put(Map<Measure, Double> measures, Measure measure, OptionalDouble value) {
        if (value.isPresent()) {
            measures.put(measure, value.getAsDouble());
        }
    }
}
