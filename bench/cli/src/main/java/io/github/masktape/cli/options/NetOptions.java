package io.github.masktape.cli.options;

import io.github.masktape.autograd.Layer;
import io.github.masktape.layers.DropConnect;
import io.github.masktape.layers.Dropout;
import io.github.masktape.layers.Linear;
import io.github.masktape.layers.ReLU;
import io.github.masktape.layers.Sequential;
import io.github.masktape.layers.Sigmoid;
import io.github.masktape.layers.Tanh;
import io.github.masktape.tensor.Initializer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What network is trained. */
public final class NetOptions {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--hidden",
            paramLabel = "SIZES",
            converter = Converters.Sizes.Converter.class,
            description = "Sizes of the hidden layers, separated by commas; none for a linear model"
                    + " (default: ${DEFAULT-VALUE}).")
    private Converters.Sizes hidden = new Converters.Sizes(List.of(128));

    @Option(
            names = "--regularizer",
            paramLabel = "WORD",
            converter = Regularizer.Converter.class,
            description = "none, dropout (of hidden activations) or dropconnect (of the hidden layers' weights)"
                    + " (default: ${DEFAULT-VALUE}).")
    private Regularizer regularizer = Regularizer.DROPCONNECT;

    @Option(
            names = "--drop-probability",
            paramLabel = "P",
            converter = Converters.DropProbabilities.Converter.class,
            description =
                    "How likely each connection or activation is dropped, in [0, 1); one for all hidden layers, or"
                            + " one for each, separated by commas (default: ${DEFAULT-VALUE}).")
    private Converters.DropProbabilities dropProbability = new Converters.DropProbabilities(List.of(0.5));

    @Option(
            names = "--mask",
            paramLabel = "WORD",
            converter = Masks.Converter.class,
            description = "DropConnect's masks: per-example or per-batch (default: ${DEFAULT-VALUE}).")
    private Masks mask = Masks.PER_EXAMPLE;

    @Option(names = "--mask-bias", description = "Let DropConnect drop biases as well (default: false).")
    private boolean maskBias;

    @Option(
            names = "--activation",
            paramLabel = "WORD",
            converter = Activation.Converter.class,
            description = "relu (from He's initial weights), tanh or sigmoid (from Glorot's)"
                    + " (default: ${DEFAULT-VALUE}).")
    private Activation activation = Activation.RELU;

    /** Refuses options that do not go together. */
    public void check() {
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
    public Sequential network(int features, int classes, long seed) {
        return network(regularizer, activation, mask, features, classes, seed);
    }

    /** The network with its initial weights, whatever was asked for of regularizer, activation and masks. */
    public Sequential network(
            Regularizer regularizer, Activation activation, Masks mask, int features, int classes, long seed) {
        Initializer init =
                activation == Activation.RELU ? Initializer.heUniform(seed) : Initializer.glorotUniform(seed);
        List<Layer> layers = new ArrayList<>();
        int in = features;
        for (int i = 0; i < hidden.values().size(); i++) {
            int out = hidden.values().get(i);
            double dropped = dropProbability.ofLayer(i);
            layers.add(
                    regularizer == Regularizer.DROPCONNECT
                            ? dropConnect(in, out, dropped, mask, init)
                            : Linear.of(in, out, init));
            layers.add(activation.layer());
            if (regularizer == Regularizer.DROPOUT) {
                layers.add(new Dropout(dropped));
            }
            in = out;
        }
        layers.add(Linear.of(in, classes, init));
        return Sequential.of(layers);
    }

    private Layer dropConnect(int in, int out, double dropped, Masks mask, Initializer init) {
        DropConnect layer = DropConnect.of(in, out, dropped, init);
        layer = mask == Masks.PER_BATCH ? layer.perBatch() : layer;
        return maskBias ? layer.maskedBias() : layer;
    }

    /** A line about the masks, if there are any. */
    public Optional<String> masks() {
        if (regularizer != Regularizer.DROPCONNECT || hidden.values().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(mask + (maskBias ? ", of biases too" : "") + ", drop probability " + dropProbability);
    }

    /** What keeps the network from learning its examples by heart. */
    public enum Regularizer {
        NONE,
        DROPOUT,
        DROPCONNECT;

        @Override
        public String toString() {
            return Converters.word(this);
        }

        static final class Converter extends Converters.Word<Regularizer> {
            Converter() {
                super(Regularizer.values());
            }
        }
    }

    /** How many examples share a mask. */
    public enum Masks {
        PER_EXAMPLE,
        PER_BATCH;

        @Override
        public String toString() {
            return Converters.word(this);
        }

        static final class Converter extends Converters.Word<Masks> {
            Converter() {
                super(Masks.values());
            }
        }
    }

    /** The function after each hidden layer. */
    public enum Activation {
        RELU,
        TANH,
        SIGMOID;

        Layer layer() {
            return switch (this) {
                case RELU -> new ReLU();
                case TANH -> new Tanh();
                case SIGMOID -> new Sigmoid();
            };
        }

        @Override
        public String toString() {
            return Converters.word(this);
        }

        static final class Converter extends Converters.Word<Activation> {
            Converter() {
                super(Activation.values());
            }
        }
    }
}
