// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.model;

import io.github.masktape.autograd.NotFiniteOutputException;
import io.github.masktape.cli.settings.ExampleSets;
import io.github.masktape.cli.settings.InferenceSettings;
import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.Preprocessing;
import io.github.masktape.data.TargetKind;
import io.github.masktape.data.Values;
import io.github.masktape.layers.Inference;
import io.github.masktape.layers.Sequential;
import io.github.masktape.optim.Metrics;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.text.Decimal;
import io.github.masktape.text.Printable;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outputs of one or more models: for classifiers the probabilities, examples×classes; for regressions the targets
 * in the unit of the data.
 */
public final class ModelOutputs {
    /** The distance between floats just below 1, which is about the precision of a standardized prediction. */
    private static final double PRECISION = 0x1p-24;

    private final Tensor values;
    private final int[] predicted;
    private final List<String> targetNames;
    private final @Nullable Tensor deviations;
    private final @Nullable Interval interval;

    /**
     * Intervals around predictions.
     *
     * @param low the lower ends, examples×targets
     * @param high the upper ends
     */
    public record Interval(Tensor low, Tensor high) {}

    private ModelOutputs(
            Tensor values,
            int[] predicted,
            List<String> targetNames,
            @Nullable Tensor deviations,
            @Nullable Interval interval) {
        this.values = values;
        this.predicted = predicted;
        this.targetNames = targetNames;
        this.deviations = deviations;
        this.interval = interval;
    }

    /**
     * Computes the outputs of the models.
     *
     * @param features the features for each model, as its network takes them
     * @param data the name of the data
     */
    public static ModelOutputs of(
            List<SavedModel> models, List<Tensor> features, InferenceSettings settings, String data) {
        Inference inference = settings.inference();
        List<Tensor> answers = new ArrayList<>();
        int decimals = 0;
        for (int i = 0; i < models.size(); i++) {
            SavedModel model = models.get(i);
            try {
                if (model.preprocessing().targets() instanceof TargetKind.Quantities quantities) {
                    answers.add(quantities.restore(inference.outputs(model.net(), features.get(i))));
                    decimals = Math.max(decimals, decimals(quantities, model.preprocessing(), model.dtype()));
                } else {
                    answers.add(inference.probabilities(model.net(), features.get(i)));
                }
            } catch (NotFiniteOutputException e) {
                throw new Failure(notFinite(e, data, features.get(i), model.preprocessing()));
            }
        }
        Tensor mean = answers.size() == 1 ? answers.get(0) : Inference.vote(answers);
        List<String> names = models.get(0).preprocessing().targetNames();
        if (models.get(0).preprocessing().targets() instanceof TargetKind.Quantities) {
            return new ModelOutputs(rounded(mean, decimals), new int[0], names, null, null);
        }
        // The logits decide if nothing is averaged, because probabilities near 1 are rounded.
        boolean logits = models.size() == 1 && !settings.averagesProbabilities();
        Tensor ranked = logits ? inference.outputs(models.get(0).net(), features.get(0)) : mean;
        return new ModelOutputs(mean, ranked.argMaxRows(), names, null, null);
    }

    /**
     * Computes the outputs of a network in an inference pass.
     *
     * @param features the features, as the network takes them
     */
    public static ModelOutputs of(Sequential net, Preprocessing preprocessing, Tensor features) {
        Tensor outputs = Inference.mean().outputs(net, features);
        List<String> names = preprocessing.targetNames();
        if (preprocessing.targets() instanceof TargetKind.Quantities quantities) {
            return new ModelOutputs(predictions(quantities, preprocessing, outputs), new int[0], names, null, null);
        }
        Tensor probabilities = Inference.mean().probabilities(net, features);
        return new ModelOutputs(probabilities, outputs.argMaxRows(), names, null, null);
    }

    /**
     * Computes the outputs of a model with their standard deviations over random masks.
     *
     * @param features the features, as the network takes them
     * @param data the name of the data
     * @param level the share of the targets that intervals around the predictions hold, for a model that has them; or
     *     null
     */
    public static ModelOutputs withSpread(
            SavedModel model, Tensor features, InferenceSettings settings, String data, @Nullable Double level) {
        List<String> names = model.preprocessing().targetNames();
        Inference inference = settings.inference();
        try {
            if (model.preprocessing().targets() instanceof TargetKind.Quantities quantities) {
                Inference.Spread spread = inference.outputSpread(model.net(), features);
                int decimals = decimals(quantities, model.preprocessing(), model.dtype());
                Tensor values = quantities.restore(spread.mean());
                return new ModelOutputs(
                        rounded(values, decimals),
                        new int[0],
                        names,
                        rounded(inUnits(spread.deviation(), quantities.deviations()), decimals),
                        level == null ? null : interval(model, quantities, spread, level, values, decimals));
            }
            Inference.Spread spread = inference.probabilitySpread(model.net(), features);
            return new ModelOutputs(spread.mean(), spread.mean().argMaxRows(), names, spread.deviation(), null);
        } catch (NotFiniteOutputException e) {
            throw new Failure(notFinite(e, data, features, model.preprocessing()));
        }
    }

    private static Interval interval(
            SavedModel model,
            TargetKind.Quantities quantities,
            Inference.Spread spread,
            double level,
            Tensor values,
            int decimals) {
        try {
            Tensor half = inUnits(model.intervals().halfWidths(spread, level), quantities.deviations());
            return new Interval(rounded(values.sub(half), decimals), rounded(values.add(half), decimals));
        } catch (IllegalArgumentException e) {
            throw new Failure("--" + e.getMessage());
        }
    }

    /** Deviations of standardized predictions in the unit of the targets. */
    private static Tensor inUnits(Tensor deviations, double[] units) {
        double[] scaled = deviations.toDoubleArray();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= units[i % units.length];
        }
        return Tensor.of(scaled, deviations.shape().dims());
    }

    /**
     * The predictions of a regression in the targets' unit, FLOAT64, rounded to the precision of the network.
     *
     * @param outputs the outputs of the regression's network
     */
    public static Tensor predictions(TargetKind.Quantities quantities, Preprocessing preprocessing, Tensor outputs) {
        return rounded(quantities.restore(outputs), decimals(quantities, preprocessing, outputs.dtype()));
    }

    /** The number of decimals that any prediction needs; unlimited unless it is a standardized float. */
    private static int decimals(TargetKind.Quantities quantities, Preprocessing preprocessing, DType dtype) {
        if (!preprocessing.isStandardized() || dtype == DType.FLOAT64) {
            return Integer.MAX_VALUE;
        }
        int decimals = 0;
        for (double deviation : quantities.deviations()) {
            BigDecimal unit = new BigDecimal(Math.max(Double.MIN_VALUE, deviation * PRECISION));
            decimals = Math.max(decimals, unit.scale() - unit.precision() + 1);
        }
        return decimals;
    }

    private static Tensor rounded(Tensor values, int decimals) {
        if (decimals == Integer.MAX_VALUE) {
            return values;
        }
        double[] rounded = values.toDoubleArray();
        for (int i = 0; i < rounded.length; i++) {
            rounded[i] = new BigDecimal(rounded[i])
                    .setScale(decimals, RoundingMode.HALF_EVEN)
                    .doubleValue();
        }
        return Tensor.of(rounded, values.shape().dims());
    }

    /** The message for an example without a finite output, with the reason. */
    public static String notFinite(
            NotFiniteOutputException e, String data, Tensor features, Preprocessing preprocessing) {
        List<String> names = preprocessing.featureNames();
        List<Preprocessing.Input> inputs = preprocessing.encodedInputs();
        String name = !inputs.isEmpty()
                ? inputs.get(e.feature()).name()
                : names == null ? "feature " + (e.feature() + 1) : names.get(e.feature());
        String feature = Printable.line(name);
        double x = features.get(e.example(), e.feature());
        double raw = inputs.isEmpty()
                ? x
                : x * inputs.get(e.feature()).deviation()
                        + inputs.get(e.feature()).mean();
        String reason;
        if (!e.hasLargeFeature()) {
            reason =
                    "no feature of it is far from the training data, so the weights are too large; train with a smaller"
                            + " learning rate or --clip";
        } else if (!preprocessing.isStandardized()) {
            reason = feature + " is " + few(raw) + "; correct the example or leave it out";
        } else {
            reason = feature + " is "
                    + (Double.isFinite(x) ? few(raw) + ", " + few(Math.abs(x)) : "more than " + few(Float.MAX_VALUE))
                    + " standard deviations from the mean of the training data; correct the example or leave it out";
        }
        return data + ": example " + (e.example() + 1) + " of "
                + features.shape().dim(0)
                + (e.count() == 1 ? "" : ", the first of " + e.count() + " such")
                + ": expected a finite output of the network, got NaN or infinity: " + reason;
    }

    /** A number with as many digits as a message needs. */
    private static String few(double number) {
        return Double.isFinite(number)
                ? Decimal.exact(Double.parseDouble(Decimal.shortest(number, 3)))
                : Decimal.exact(number);
    }

    /** The mean of the models' outputs. */
    public Tensor values() {
        return values;
    }

    /** The standard deviations of the values over random masks, or null if they were not computed. */
    public @Nullable Tensor deviations() {
        return deviations;
    }

    /** The intervals around the values, or null if there are none. */
    public @Nullable Interval interval() {
        return interval;
    }

    /** The names of the targets. */
    public List<String> targetNames() {
        return targetNames;
    }

    /** The likeliest class of each example; empty in a regression. */
    public int[] predicted() {
        return predicted.clone();
    }

    /**
     * The test error in words.
     *
     * @param raw the examples in the unit of the data
     */
    public String quality(Dataset raw) {
        return raw.targets() instanceof Values actual
                ? ExampleSets.text(targetNames, values, actual.tensor())
                : ExampleSets.errors(Metrics.errors(predicted, raw.labels()), raw.size());
    }
}
