package io.github.masktape.cli.options;

import io.github.masktape.layers.Sequential;
import io.github.masktape.optim.LearningRate;
import io.github.masktape.optim.SGD;
import io.github.masktape.optim.Trainer;
import io.github.masktape.tensor.Decimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What is done in a step of training, but for its learning rate. */
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
            converter = Converters.GradientNorm.Converter.class,
            description = "Scale gradients down to this norm, taken over all parameters, where it is larger; or none"
                    + " (default: 1 for a CSV file, none otherwise).")
    private Converters.@Nullable GradientNorm clip;

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

    /**
     * Refuses options that do not go together, and chooses the default of {@code --clip}. A run keeps the choice among
     * its settings, so that resuming it does not choose again.
     */
    public void check(DataOptions data) {
        if (clip == null && data.isTable()) {
            clip = Converters.GradientNorm.ONE;
        }
        if (labelSmoothing > 0 && data.isRegression()) {
            throw new ParameterException(
                    spec.commandLine(), "--label-smoothing: expected a classification, got --task regression");
        }
    }

    int batchSize() {
        return batchSize;
    }

    public long seed() {
        return seed;
    }

    double labelSmoothing() {
        return labelSmoothing;
    }

    /** The number of steps in an epoch of so many examples. */
    public long perEpoch(int examples) {
        return (examples - 1L) / batchSize + 1;
    }

    /** Training of a net with these steps. */
    public Trainer trainer(Sequential net, LearningRate learningRate, int epochs) {
        SGD sgd = new SGD(net.parameters(), learningRate).momentum(momentum).weightDecay(weightDecay);
        Trainer trainer = new Trainer(net, sgd, epochs, batchSize, seed).labelSmoothing(labelSmoothing);
        return isClipped() ? trainer.clipGradients(Objects.requireNonNull(clip).value()) : trainer;
    }

    /** True if gradients have a largest norm. */
    boolean isClipped() {
        return clip != null && clip.isLimit();
    }

    /** What follows the learning rate in a description. */
    @Override
    public String toString() {
        return ", momentum " + Decimal.shortest(momentum, 10)
                + (weightDecay == 0 ? "" : ", weight decay " + Decimal.shortest(weightDecay, 10))
                + (isClipped() ? ", gradients of norm at most " + clip : "")
                + (labelSmoothing == 0 ? "" : ", label smoothing " + Decimal.shortest(labelSmoothing, 10));
    }
}
