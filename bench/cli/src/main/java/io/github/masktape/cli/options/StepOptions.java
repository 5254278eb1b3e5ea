package io.github.masktape.cli.options;

import io.github.masktape.cli.settings.DataSettings;
import io.github.masktape.cli.settings.GradientNorm;
import io.github.masktape.cli.settings.StepSettings;
import io.github.masktape.data.Csv;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of a training step, except its learning rate. */
public final class StepOptions {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            converter = Converters.Count.class,
            description = "Examples in a step (default: ${DEFAULT-VALUE}).")
    private int batchSize = 64;

    @Option(
            names = "--momentum",
            paramLabel = "M",
            converter = Converters.Momentum.class,
            description = "Momentum, in [0, 1) (default: ${DEFAULT-VALUE}).")
    private double momentum = 0.9;

    @Option(
            names = "--weight-decay",
            paramLabel = "D",
            converter = Converters.WeightDecay.class,
            description = "Weight decay, at least 0 (default: ${DEFAULT-VALUE}).")
    private double weightDecay;

    @Option(
            names = "--clip",
            paramLabel = "NORM",
            converter = Converters.Norm.class,
            description = "Largest norm of the gradients over all parameters; larger gradients are scaled down; or none"
                    + " (default: 1 for a CSV file, none otherwise).")
    private @Nullable GradientNorm clip;

    @Option(
            names = "--label-smoothing",
            paramLabel = "E",
            converter = Converters.Share.class,
            description = "Share of each label that is spread over all classes, in [0, 1) (default: ${DEFAULT-VALUE}).")
    private double labelSmoothing;

    @Option(
            names = "--seed",
            paramLabel = "N",
            converter = Converters.Seed.class,
            description = "Seed of initial weights, shuffling and masks (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    /** Refuses options that do not go together. */
    public void check(DataSettings data) {
        if (labelSmoothing > 0 && data.csv().task() == Csv.Task.REGRESSION) {
            throw new ParameterException(
                    spec.commandLine(), "--label-smoothing: expected a classification, got --task regression");
        }
    }

    /** The settings that these options give. */
    public StepSettings settings() {
        return new StepSettings(batchSize, momentum, weightDecay, clip, labelSmoothing, seed);
    }
}
