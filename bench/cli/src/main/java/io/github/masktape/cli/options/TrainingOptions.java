package io.github.masktape.cli.options;

import io.github.masktape.layers.Sequential;
import io.github.masktape.optim.LearningRate;
import io.github.masktape.optim.Trainer;
import io.github.masktape.tensor.Decimal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How a network is trained. */
public final class TrainingOptions {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            converter = Converters.Count.class,
            description = "Times that training goes through the data (default: ${DEFAULT-VALUE}).")
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
            converter = Schedule.Converter.class,
            description = "The course of the learning rate: constant, cosine (down to 0), or a-b-c such as 600-400-20:"
                    + " a epochs at the full rate, b each at 0.5 and 0.1 of it, then c each at 0.05, 0.01, 0.005 and"
                    + " 0.001 (default: ${DEFAULT-VALUE}).")
    private Schedule schedule = new Schedule("cosine");

    @Option(
            names = "--patience",
            paramLabel = "N",
            converter = Converters.Count.class,
            description = "Stop once N epochs have brought nothing better on the examples of --validation, and keep the"
                    + " weights of the best epoch (default: run all epochs, keep the last weights).")
    private @Nullable Integer patience;

    @Mixin
    private final StepOptions steps = new StepOptions();

    /** Refuses options that do not go together. */
    public void check(DataOptions data) {
        if (patience != null && !data.hasValidation()) {
            throw new ParameterException(
                    spec.commandLine(), "--patience: expected --validation as well, to judge the epochs by");
        }
        steps.check(data);
    }

    public int epochs() {
        return epochs;
    }

    public int batchSize() {
        return steps.batchSize();
    }

    public double learningRate() {
        return learningRate;
    }

    public double labelSmoothing() {
        return steps.labelSmoothing();
    }

    public boolean isClipped() {
        return steps.isClipped();
    }

    public long seed() {
        return steps.seed();
    }

    /** The number of steps in an epoch of so many examples. */
    public long stepsPerEpoch(int examples) {
        return steps.perEpoch(examples);
    }

    /** The learning rate of each step, on so many examples. */
    public LearningRate learningRate(int examples) {
        return schedule.of(learningRate, epochs, stepsPerEpoch(examples));
    }

    /** Training of a net on so many examples. */
    public Trainer trainer(Sequential net, int examples) {
        Trainer trainer = steps.trainer(net, learningRate(examples), epochs);
        if (patience != null) {
            trainer.patience(patience);
        }
        return trainer;
    }

    @Override
    public String toString() {
        return epochs + (epochs == 1 ? " epoch" : " epochs") + " in batches of " + steps.batchSize()
                + ", learning rate " + Decimal.shortest(learningRate, 10) + " " + schedule + steps
                + (patience == null ? "" : ", patience " + patience);
    }

    /** The course of the learning rate, as it was asked for: {@code constant}, {@code cosine} or {@code a-b-c}. */
    record Schedule(String text) {
        private static final String STEPS = "[1-9]\\d{0,8}(-[1-9]\\d{0,8}){2}";

        LearningRate of(double rate, int epochs, long stepsPerEpoch) {
            return switch (text) {
                case "constant" -> LearningRate.constant(rate);
                case "cosine" -> LearningRate.cosine(rate, epochs * stepsPerEpoch);
                default -> {
                    String[] abc = text.split("-", -1);
                    yield LearningRate.steps(
                            rate,
                            stepsPerEpoch,
                            Integer.parseInt(abc[0]),
                            Integer.parseInt(abc[1]),
                            Integer.parseInt(abc[2]));
                }
            };
        }

        @Override
        public String toString() {
            return text;
        }

        static final class Converter implements ITypeConverter<Schedule> {
            @Override
            public Schedule convert(String value) {
                if (!value.equals("constant") && !value.equals("cosine") && !value.matches(STEPS)) {
                    throw Converters.refusal("constant, cosine or a-b-c of three positive numbers", value);
                }
                return new Schedule(value);
            }
        }
    }
}
