package io.github.masktape.cli;

import io.github.masktape.layers.Sequential;
import io.github.masktape.optim.LearningRate;
import io.github.masktape.optim.SGD;
import io.github.masktape.optim.Trainer;
import io.github.masktape.tensor.Decimal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How a network is trained. */
final class TrainingOptions {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            converter = Accepts.Count.class,
            description = "Times that training goes through the data (default: ${DEFAULT-VALUE}).")
    private int epochs = 15;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            converter = Accepts.Count.class,
            description = "Examples in a step (default: ${DEFAULT-VALUE}).")
    private int batchSize = 64;

    @Option(
            names = "--learning-rate",
            paramLabel = "RATE",
            converter = Accepts.LearningRate.class,
            description = "Learning rate of the first step (default: ${DEFAULT-VALUE}).")
    private double learningRate = 0.1;

    @Option(
            names = "--momentum",
            paramLabel = "M",
            converter = Accepts.Momentum.class,
            description = "Momentum, in [0, 1) (default: ${DEFAULT-VALUE}).")
    private double momentum = 0.9;

    @Option(
            names = "--weight-decay",
            paramLabel = "D",
            converter = Accepts.WeightDecay.class,
            description = "Weight decay, at least 0 (default: ${DEFAULT-VALUE}).")
    private double weightDecay;

    @Option(
            names = "--schedule",
            paramLabel = "S",
            converter = Schedule.Converter.class,
            description = "The course of the learning rate: constant, cosine (down to 0), or a-b-c such as 600-400-20:"
                    + " a epochs at the full rate, b each at 0.5 and 0.1 of it, then c each at 0.05, 0.01, 0.005 and"
                    + " 0.001 (default: ${DEFAULT-VALUE}).")
    private Schedule schedule = new Schedule("cosine");

    @Option(
            names = "--clip",
            paramLabel = "NORM",
            converter = Accepts.Positive.class,
            description = "Shorten gradients whose norm, over all parameters, is longer than this (default: do not).")
    private @Nullable Double clip;

    @Option(
            names = "--label-smoothing",
            paramLabel = "E",
            converter = Accepts.Share.class,
            description = "Share of each label that is spread over all classes, in [0, 1) (default: ${DEFAULT-VALUE}).")
    private double labelSmoothing;

    @Option(
            names = "--patience",
            paramLabel = "N",
            converter = Accepts.Count.class,
            description = "Stop once N epochs have brought nothing better on the examples of --validation, and keep the"
                    + " weights of the best epoch (default: run all epochs, keep the last weights).")
    private @Nullable Integer patience;

    @Option(
            names = "--seed",
            paramLabel = "N",
            converter = Accepts.Seed.class,
            description = "Seed of initial weights, shuffling and masks (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    /** Refuses options that do not go together. */
    void check(DataOptions data) {
        if (patience != null && !data.hasValidation()) {
            throw new ParameterException(
                    spec.commandLine(), "--patience: expected --validation as well, to judge the epochs by");
        }
        if (labelSmoothing > 0 && data.isRegression()) {
            throw new ParameterException(
                    spec.commandLine(), "--label-smoothing: expected a classification, got --task regression");
        }
    }

    int epochs() {
        return epochs;
    }

    int batchSize() {
        return batchSize;
    }

    double learningRate() {
        return learningRate;
    }

    long seed() {
        return seed;
    }

    /** The number of steps in an epoch of so many examples. */
    long stepsPerEpoch(int examples) {
        return (examples - 1L) / batchSize + 1;
    }

    /** The learning rate of each step, on so many examples. */
    LearningRate learningRate(int examples) {
        return schedule.of(learningRate, epochs, stepsPerEpoch(examples));
    }

    /** Training of a net on so many examples. */
    Trainer trainer(Sequential net, int examples) {
        SGD sgd = new SGD(net.parameters(), learningRate(examples))
                .momentum(momentum)
                .weightDecay(weightDecay);
        Trainer trainer = new Trainer(net, sgd, epochs, batchSize, seed).labelSmoothing(labelSmoothing);
        if (clip != null) {
            trainer.clipGradients(clip);
        }
        if (patience != null) {
            trainer.patience(patience);
        }
        return trainer;
    }

    @Override
    public String toString() {
        return epochs + (epochs == 1 ? " epoch" : " epochs") + " in batches of " + batchSize + ", learning rate "
                + Decimal.shortest(learningRate, 10) + " " + schedule + ", momentum "
                + Decimal.shortest(momentum, 10)
                + (weightDecay == 0 ? "" : ", weight decay " + Decimal.shortest(weightDecay, 10))
                + (clip == null ? "" : ", gradients of norm at most " + Decimal.shortest(clip, 10))
                + (labelSmoothing == 0 ? "" : ", label smoothing " + Decimal.shortest(labelSmoothing, 10))
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
                    throw Accepts.refusal("constant, cosine or a-b-c of three positive numbers", value);
                }
                return new Schedule(value);
            }
        }
    }
}
