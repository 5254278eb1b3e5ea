package io.github.masktape.cli;

import io.github.masktape.cli.Perceptron.Masks;
import io.github.masktape.cli.Perceptron.Regularizer;
import io.github.masktape.layers.Sequential;
import io.github.masktape.tensor.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What network is trained. */
final class NetOptions {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--hidden",
            paramLabel = "SIZES",
            converter = Accepts.Sizes.Converter.class,
            description = "Sizes of the hidden layers, separated by commas; none for a linear model"
                    + " (default: ${DEFAULT-VALUE}).")
    private Accepts.Sizes hidden = new Accepts.Sizes(List.of(128));

    @Option(
            names = "--regularizer",
            paramLabel = "WORD",
            converter = RegularizerWord.class,
            description = "none, dropout (of hidden activations) or dropconnect (of the hidden layers' weights)"
                    + " (default: ${DEFAULT-VALUE}).")
    private Regularizer regularizer = Regularizer.DROPCONNECT;

    @Option(
            names = "--drop-probability",
            paramLabel = "P",
            converter = Accepts.DropProbabilities.Converter.class,
            description =
                    "How likely each connection or activation is dropped, in [0, 1); one for all hidden layers, or"
                            + " one for each, separated by commas (default: ${DEFAULT-VALUE}).")
    private Accepts.DropProbabilities dropProbability = new Accepts.DropProbabilities(List.of(0.5));

    @Option(
            names = "--mask",
            paramLabel = "WORD",
            converter = MasksWord.class,
            description = "DropConnect's masks: per-example or per-batch (default: ${DEFAULT-VALUE}).")
    private Masks mask = Masks.PER_EXAMPLE;

    @Option(names = "--mask-bias", description = "Let DropConnect drop biases as well (default: false).")
    private boolean maskBias;

    @Option(
            names = "--activation",
            paramLabel = "WORD",
            converter = ActivationWord.class,
            description = "relu (from He's initial weights), tanh or sigmoid (from Glorot's)"
                    + " (default: ${DEFAULT-VALUE}).")
    private Activation activation = Activation.RELU;

    /** Refuses options that do not go together. */
    void check() {
        int layers = hidden.values().size();
        int given = dropProbability.values().size();
        if (given > 1 && given != layers) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--drop-probability: expected one number, or one for each of the " + layers + " hidden layers, got "
                            + given);
        }
        if (layers == 0) {
            for (String option : List.of("--regularizer", "--drop-probability", "--mask", "--mask-bias")) {
                requireNone(option, "hidden layers, got --hidden none");
            }
        }
        if (regularizer == Regularizer.NONE) {
            requireNone("--drop-probability", "--regularizer dropout or dropconnect, got none");
        }
        if (regularizer != Regularizer.DROPCONNECT) {
            requireNone("--mask", "--regularizer dropconnect, got " + regularizer);
            requireNone("--mask-bias", "--regularizer dropconnect, got " + regularizer);
        }
    }

    private void requireNone(String option, String expected) {
        if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
            throw new ParameterException(spec.commandLine(), option + ": expected " + expected);
        }
    }

    /** The network with its initial weights. */
    Sequential network(int features, int outputs, long seed) {
        return plan().network(features, outputs, seed);
    }

    private Perceptron plan() {
        List<Perceptron.Hidden> layers = new ArrayList<>();
        for (int i = 0; i < hidden.values().size(); i++) {
            layers.add(new Perceptron.Hidden(hidden.values().get(i), dropProbability.ofLayer(i)));
        }
        return new Perceptron(layers, activation, regularizer, mask, maskBias);
    }

    /** A line about the masks, if there are any. */
    Optional<String> masks() {
        if (regularizer != Regularizer.DROPCONNECT || hidden.values().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(mask + (maskBias ? ", of biases too" : "") + ", drop probability " + dropProbability);
    }

    static final class RegularizerWord extends Accepts.Word<Regularizer> {
        RegularizerWord() {
            super(Regularizer.values());
        }
    }

    static final class MasksWord extends Accepts.Word<Masks> {
        MasksWord() {
            super(Masks.values());
        }
    }

    static final class ActivationWord extends Accepts.Word<Activation> {
        ActivationWord() {
            super(new Activation[] {Activation.RELU, Activation.TANH, Activation.SIGMOID});
        }
    }
}
