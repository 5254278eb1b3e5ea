package io.github.masktape.cli.options;

import io.github.masktape.cli.settings.DataSettings;
import io.github.masktape.cli.settings.Schedule;
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
            converter = Converters.Count.class,
            description = "Number of epochs, passes over the training data (default: ${DEFAULT-VALUE}).")
    private int epochs = 15;

    @Option(
            names = "--learning-rate",
            paramLabel = "RATE",
            converter = Converters.LearningRate.class,
            description = "Learning rate of the first step (default: ${DEFAULT-VALUE}).")
    private double learningRate = 0.1;

    @Option(
            names = "--schedule",
            paramLabel = "S",
            converter = Converters.Schedules.class,
            description = "Schedule of the learning rate: constant, cosine (down to 0), or a-b-c such as 600-400-20:"
                    + " a epochs at the full rate, b each at 0.5 and 0.1 of it, then c each at 0.05, 0.01, 0.005 and"
                    + " 0.001 (default: ${DEFAULT-VALUE}).")
    private Schedule schedule = new Schedule("cosine");

    @Option(
            names = "--patience",
            paramLabel = "N",
            converter = Converters.Count.class,
            description = "Stop after N epochs without improvement on the --validation examples, and keep the"
                    + " weights of the best epoch (default: run all epochs, keep the last weights).")
    private @Nullable Integer patience;

    @Mixin
    private final StepOptions steps = new StepOptions();

    /** Refuses options that do not go together. */
    public void check(DataSettings data) {
        if (patience != null && !data.hasValidation()) {
            throw new ParameterException(
                    spec.commandLine(), "--patience: expected --validation as well, to judge the epochs by");
        }
        steps.check(data);
    }

    /** The settings that these options give. */
    public TrainerSettings settings() {
        return new TrainerSettings(epochs, learningRate, schedule, patience, steps.settings());
    }
}
