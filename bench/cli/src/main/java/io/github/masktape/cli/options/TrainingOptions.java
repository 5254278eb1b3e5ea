// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.options;

import io.github.masktape.cli.settings.DataSettings;
import io.github.masktape.cli.settings.Defaults;
import io.github.masktape.cli.settings.Epochs;
import io.github.masktape.cli.settings.Schedule;
import io.github.masktape.cli.settings.StepSettings;
import io.github.masktape.cli.settings.TrainerSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of training. */
public final class TrainingOptions {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            converter = Converters.EpochCount.class,
            description = "Number of epochs, passes over the training data (default: 15; for a table by its size).")
    private @Nullable Epochs epochs;

    @Option(
            names = "--learning-rate",
            paramLabel = "RATE",
            converter = Converters.PositiveRate.class,
            description = "Learning rate of the first step (default: 0.1 with sgd, 0.003 with adam or adamw). A run"
                    + " with the default rate that diverges begins again with a quarter of it, at most 3 times.")
    private @Nullable Double learningRate;

    @Option(
            names = "--schedule",
            paramLabel = "S",
            converter = Converters.Schedules.class,
            description = "Schedule of the learning rate: constant, cosine (down to 0), or a-b-c such as 600-400-20:"
                    + " a epochs at the full rate, b each at 0.5 and 0.1 of it, then c each at 0.05, 0.01, 0.005 and"
                    + " 0.001 (default: ${DEFAULT-VALUE}).")
    private Schedule schedule = Schedule.COSINE;

    @Option(
            names = "--patience",
            paramLabel = "N",
            converter = Converters.Count.class,
            description = "Stop after N epochs without improvement on the --validation examples, and keep the"
                    + " weights of the best epoch (default: run all epochs; keep the best epoch's weights for a table"
                    + " with --validation, otherwise the last ones).")
    private @Nullable Integer patience;

    @Mixin
    private final StepOptions steps = new StepOptions();

    /** Refuses options that do not go together. */
    public void check(DataSettings data) {
        if (patience != null && !data.mayHaveValidation()) {
            throw new ParameterException(
                    spec.commandLine(), "--patience: expected --validation as well, to judge the epochs by");
        }
        steps.check(data);
    }

    /** The epochs that the user chose, or null. */
    public @Nullable Epochs epochs() {
        return epochs;
    }

    /** True if the user chose the learning rate. */
    public boolean hasLearningRate() {
        return learningRate != null;
    }

    /**
     * The settings that these options give, with defaults for the rest.
     *
     * @param validated true if there are examples for validation
     */
    public TrainerSettings settings(Defaults defaults, boolean validated) {
        Epochs passes = epochs == null ? Epochs.of(defaults.epochs()) : epochs;
        StepSettings step = steps.settings(defaults);
        return new TrainerSettings(
                passes,
                learningRate == null ? Defaults.learningRate(step.optimizer()) : learningRate,
                schedule,
                patience == null && validated && defaults.keepsBest() ? Integer.valueOf(passes.total()) : patience,
                step);
    }
}
