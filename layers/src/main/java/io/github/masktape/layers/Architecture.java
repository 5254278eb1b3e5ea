package io.github.masktape.layers;

import io.github.masktape.autograd.Layer;
import io.github.masktape.tensor.Activation;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.text.Decimal;
import java.util.ArrayList;
import java.util.List;

/**
 * A network without its weights, as a short text.
 *
 * <pre>
 *   network = layer {"," layer}
 *   layer   = "linear" IN OUT | "dropconnect" IN OUT P ["per-example" | "per-batch"] ["masked-bias"]
 *           | "dropout" P | "relu" | "tanh" | "sigmoid" | "(" network ")"
 * </pre>
 */
final class Architecture {
    private static final int DEEPEST = 16;

    private Architecture() {}

    /** A source of the weights of a network. */
    interface WeightSource {
        /** The weight W of the layer with this prefix, out×in. */
        Tensor weight(String layer, int out, int in);

        /** The bias b of the layer with this prefix. */
        Tensor bias(String layer, int out);
    }

    // ---- writing ----

    static String of(Sequential net) {
        return of(net, 0);
    }

    private static String of(Sequential net, int depth) {
        if (depth > DEEPEST) {
            throw new IllegalArgumentException(
                    "architecture: expected at most " + DEEPEST + " networks within each other, got more");
        }
        List<String> layers = new ArrayList<>();
        for (Layer layer : net.layers()) {
            layers.add(layer instanceof Sequential inner ? "(" + of(inner, depth + 1) + ")" : of(layer));
        }
        return String.join(", ", layers);
    }

    private static String of(Layer layer) {
        if (layer instanceof Linear linear) {
            return "linear " + dims(linear);
        }
        if (layer instanceof DropConnect drop) {
            return "dropconnect " + dims(drop) + " " + Decimal.exact(drop.dropProbability())
                    + (drop.isPerBatch() ? " per-batch" : " per-example")
                    + (drop.hasMaskedBias() ? " masked-bias" : "");
        }
        if (layer instanceof Dropout dropout) {
            return "dropout " + Decimal.exact(dropout.dropProbability());
        }
        if (layer instanceof ActivationLayer function) {
            return function.activation().toString();
        }
        throw new IllegalArgumentException("architecture: expected layers of this package, got " + layer
                + "; to keep only its numbers, write parameters() with SafeTensors");
    }

    private static String dims(Affine layer) {
        return layer.inputs() + " " + layer.outputs();
    }

    // ---- reading ----

    static Sequential build(String text, WeightSource weights) {
        Parser parser = new Parser(text, weights);
        Sequential net = parser.network("", 0);
        parser.end();
        return net;
    }

    private static final class Parser {
        private final String[] tokens;
        private final WeightSource weights;
        private int at;
        /** The number of outputs of the layer before; 0 if no layer before determines it. */
        private int features;

        Parser(String text, WeightSource weights) {
            this.tokens = text.isBlank()
                    ? new String[0]
                    : text.replaceAll("[,()]", " $0 ").strip().split("\\s+");
            this.weights = weights;
        }

        private String next() {
            return at < tokens.length ? tokens[at] : "the end";
        }

        private boolean took(String token) {
            boolean taken = next().equals(token);
            at += taken ? 1 : 0;
            return taken;
        }

        Sequential network(String prefix, int depth) {
            List<Layer> layers = new ArrayList<>();
            do {
                layers.add(layer(prefix + layers.size(), depth));
            } while (took(","));
            return Sequential.of(layers);
        }

        void end() {
            if (at < tokens.length) {
                throw unexpected("a comma or the end");
            }
        }

        private Layer layer(String place, int depth) {
            if (depth < DEEPEST && took("(")) {
                Sequential inner = network(place + ".", depth + 1);
                if (!took(")")) {
                    throw unexpected("a comma or )");
                }
                return inner;
            }
            if (took("linear")) {
                int in = inputs();
                int out = outputs();
                return Linear.of(weights.weight(place + ".", out, in), weights.bias(place + ".", out));
            }
            if (took("dropconnect")) {
                return dropConnect(place + ".");
            }
            if (took("dropout")) {
                return new Dropout(probability());
            }
            for (Activation activation : Activation.values()) {
                if (activation != Activation.IDENTITY && took(activation.toString())) {
                    return ActivationLayer.of(activation);
                }
            }
            throw unexpected("linear, dropconnect, dropout, relu, tanh or sigmoid");
        }

        private DropConnect dropConnect(String prefix) {
            int in = inputs();
            int out = outputs();
            double dropProbability = probability();
            boolean perBatch = !took("per-example") && took("per-batch");
            DropConnect layer =
                    DropConnect.of(weights.weight(prefix, out, in), weights.bias(prefix, out), dropProbability);
            layer = perBatch ? layer.withMaskPerBatch() : layer;
            return took("masked-bias") ? layer.withMaskedBias() : layer;
        }

        private int inputs() {
            if (features > 0 && !next().equals(String.valueOf(features))) {
                throw unexpected(features + " input features, which the layer before gives");
            }
            return size();
        }

        private int outputs() {
            features = size();
            return features;
        }

        private int size() {
            String token = next();
            if (!token.matches("[1-9][0-9]{0,8}")) {
                throw unexpected("a number of features");
            }
            at++;
            return Integer.parseInt(token);
        }

        private double probability() {
            String token = next();
            double probability =
                    token.matches("[0-9]+(\\.[0-9]+)?(e[-+][0-9]{1,3})?") ? Double.parseDouble(token) : Double.NaN;
            if (!(probability >= 0 && probability < 1)) {
                throw unexpected("a drop probability in [0, 1)");
            }
            at++;
            return probability;
        }

        private IllegalArgumentException unexpected(String expected) {
            String token = next();
            return new IllegalArgumentException("architecture: expected " + expected + ", got "
                    + (token.length() > 40 ? token.substring(0, 40) + "…" : token) + " (word " + (at + 1) + ")");
        }
    }
}
