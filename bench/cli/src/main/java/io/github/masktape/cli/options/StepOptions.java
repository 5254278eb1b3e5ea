// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.options;

import io.github.masktape.cli.settings.DataSettings;
import io.github.masktape.cli.settings.Defaults;
import io.github.masktape.cli.settings.GradientNorm;
import io.github.masktape.cli.settings.OptimizerKind;
import io.github.masktape.cli.settings.StepSettings;
import io.github.masktape.cli.settings.StepSettings.ClassWeights;
import io.github.masktape.cli.settings.Word;
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
            description = "Examples in a step (default: 64; for a table by its size).")
    private @Nullable Integer batchSize;

    @Option(
            names = "--optimizer",
            paramLabel = "WORD",
            converter = OptimizerWord.class,
            description = "sgd, adam or adamw (default: adamw for a table, otherwise sgd).")
    private @Nullable OptimizerKind optimizer;

    @Option(
            names = "--momentum",
            paramLabel = "M",
            converter = Converters.Momentum.class,
            description = "Momentum of sgd, in [0, 1) (default: ${DEFAULT-VALUE}).")
    private double momentum = 0.9;

    @Option(
            names = "--weight-decay",
            paramLabel = "D",
            converter = Converters.WeightDecay.class,
            description = "Weight decay, at least 0 (default: 0; with adamw 0.01, or for a table by its size).")
    private @Nullable Double weightDecay;

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
            names = "--class-weights",
            paramLabel = "WEIGHTS",
            converter = Converters.ClassWeighting.class,
            description =
                    "Weights of the classes in the loss: balanced, to let each class count the same however rare it"
                            + " is; or some of them by name, such as yes=5, with 1 for the rest (default: none).")
    private ClassWeights classWeights = ClassWeights.NONE;

    @Option(
            names = "--seed",
            paramLabel = "N",
            converter = Converters.Seed.class,
            description = "Seed of initial weights, shuffling and masks (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    /** Refuses options that do not go together. */
    public void check(DataSettings data) {
        OptimizerKind kind = optimizer == null ? Defaults.optimizer(data.isTable()) : optimizer;
        if (!kind.hasMomentum() && spec.commandLine().getParseResult().hasMatchedOption("--momentum")) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--momentum: expected --optimizer sgd, got " + Word.of(kind)
                            + (optimizer == null ? ", the default for a table" : ""));
        }
        if (labelSmoothing > 0 && data.csv().task() == Csv.Task.REGRESSION) {
            throw new ParameterException(
                    spec.commandLine(), "--label-smoothing: expected a classification, got --task regression");
        }
        if (!classWeights.isNone() && data.csv().task() == Csv.Task.REGRESSION) {
            throw new ParameterException(
                    spec.commandLine(), "--class-weights: expected a classification, got --task regression");
        }
    }

    /** The settings that these options give, with defaults for the rest. */
    public StepSettings settings(Defaults defaults) {
        OptimizerKind kind = optimizer == null ? defaults.optimizer() : optimizer;
        return new StepSettings(
                batchSize == null ? defaults.batchSize() : batchSize,
                kind,
                momentum,
                weightDecay != null ? weightDecay : kind == OptimizerKind.ADAMW ? defaults.weightDecay() : 0,
                clip == null ? defaults.clip() : clip,
                labelSmoothing,
                classWeights,
                seed);
    }

    static final class OptimizerWord extends Converters.EnumWord<OptimizerKind> {
        OptimizerWord() {
            super(OptimizerKind.values());
        }
    }
}
