// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.layers;

import io.github.masktape.autograd.Layer;
import io.github.masktape.tensor.Shape;
import io.github.masktape.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A reader of the words that describe a layer, and of the layer's tensors, see {@link LayerKind}. */
public final class LayerReader {
    private static final Pattern SIZE = Pattern.compile("[1-9][0-9]{0,8}");

    private final String[] tokens;
    private final List<LayerKind<?>> kinds;
    private final Architecture.WeightSource weights;
    private int at;
    private int depth;
    /** The beginning of the names of the tensors of the layer being read. */
    private String prefix = "";
    /** The number of outputs of the layer before; 0 if no layer before determines it. */
    private int features;

    LayerReader(String text, List<LayerKind<?>> kinds, Architecture.WeightSource weights) {
        this.tokens = text.isBlank()
                ? new String[0]
                : text.replaceAll("[,()]", " $0 ").strip().split("\\s+");
        this.kinds = kinds;
        this.weights = weights;
    }

    // ---- words ----

    /** Reads a word if it comes next; returns false and reads nothing if it does not. */
    public boolean took(String word) {
        boolean taken = next().equals(word);
        at += taken ? 1 : 0;
        return taken;
    }

    /** Reads a number of features or the like, at least 1. */
    public int size() {
        String token = next();
        if (!SIZE.matcher(token).matches()) {
            throw unexpected("a number of features");
        }
        at++;
        return Integer.parseInt(token);
    }

    /** Reads a number. */
    public double number() {
        String token = next();
        if (!token.matches("-?[0-9]+(\\.[0-9]+)?(e[-+][0-9]{1,3})?")) {
            throw unexpected("a number");
        }
        at++;
        return Double.parseDouble(token);
    }

    /**
     * Reads a network that the layer contains.
     *
     * @param name the beginning, without the dot, of the names of its parameters among those of the layer
     */
    public Sequential network(String name) {
        if (depth == Architecture.DEEPEST || !took("(")) {
            throw unexpected("a network in parentheses");
        }
        features = 0;
        Sequential net = inner(name + ".");
        features = 0;
        return net;
    }

    double probability() {
        String token = next();
        double probability =
                token.matches("[0-9]+(\\.[0-9]+)?(e[-+][0-9]{1,3})?") ? Double.parseDouble(token) : Double.NaN;
        if (!(probability >= 0 && probability < 1)) {
            throw unexpected("a drop probability in [0, 1)");
        }
        at++;
        return probability;
    }

    /** Reads one drop probability, or as many as there are outputs. */
    double[] probabilities(int outputs) {
        List<Double> all = new ArrayList<>(List.of(probability()));
        boolean isAlone = !next().matches("[0-9].*");
        while (!isAlone && all.size() < outputs) {
            all.add(probability());
        }
        return all.stream().mapToDouble(p -> p).toArray();
    }

    /** Reads the number of input features, which is that of the outputs of the layer before. */
    int inputs() {
        if (features > 0 && !next().equals(String.valueOf(features))) {
            throw unexpected(features + " input features, which the layer before gives");
        }
        return size();
    }

    /** Reads the number of outputs. */
    int outputs() {
        features = size();
        return features;
    }

    // ---- tensors ----

    /**
     * The matrix of this name, out×in: that of the file, or a random one of an initializer.
     *
     * @throws IllegalArgumentException if the file has none, or one of another shape
     */
    public Tensor weight(String name, int out, int in) {
        return weights.weight(prefix + name, Shape.of(out, in));
    }

    /**
     * The tensor of this name: that of the file, or one filled with a number.
     *
     * @param first the number that a new network begins with
     * @throws IllegalArgumentException if the file has none, or one of another shape
     */
    public Tensor filled(String name, double first, int... dims) {
        return weights.filled(prefix + name, first, Shape.of(dims));
    }

    // ---- networks ----

    Sequential whole() {
        Sequential net = layers();
        if (at < tokens.length) {
            throw unexpected("a comma or the end");
        }
        return net;
    }

    private Sequential layers() {
        String place = prefix;
        List<Layer> layers = new ArrayList<>();
        do {
            prefix = place + layers.size() + ".";
            layers.add(layer());
        } while (took(","));
        prefix = place;
        return Sequential.of(layers);
    }

    private Sequential inner(String name) {
        String place = prefix;
        prefix = place + name;
        depth++;
        Sequential net = layers();
        depth--;
        prefix = place;
        if (!took(")")) {
            throw unexpected("a comma or )");
        }
        return net;
    }

    private Layer layer() {
        if (depth < Architecture.DEEPEST && took("(")) {
            return inner("");
        }
        for (LayerKind<?> kind : kinds) {
            if (took(kind.name())) {
                Layer layer = kind.read(this);
                features = Architecture.isOurs(kind) ? features : 0;
                return layer;
            }
        }
        String names = kinds.stream().map(LayerKind::name).collect(Collectors.joining(", "));
        int last = names.lastIndexOf(", ");
        boolean isName = next().matches("[a-z][a-z0-9-]*");
        throw unexpected(
                names.substring(0, last) + " or " + names.substring(last + 2),
                isName ? "; pass the LayerKind of a layer of your own" : "");
    }

    private String next() {
        return at < tokens.length ? tokens[at] : "the end";
    }

    private IllegalArgumentException unexpected(String expected) {
        return unexpected(expected, "");
    }

    private IllegalArgumentException unexpected(String expected, String advice) {
        String token = next();
        return new IllegalArgumentException("architecture: expected " + expected + ", got "
                + (token.length() > 40 ? token.substring(0, 40) + "…" : token) + " (word " + (at + 1) + ")" + advice);
    }
}
