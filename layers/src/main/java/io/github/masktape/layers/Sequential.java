package io.github.masktape.layers;

import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Variable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Layers one after the other. Layer i gets {@code pass.child(i)}, and its parameters are named {@code i.weight},
 * {@code i.bias}, as in a PyTorch state dict.
 */
public final class Sequential implements Layer {
    private final List<Layer> layers;

    private Sequential(List<Layer> layers) {
        this.layers = layers;
    }

    /** The layers in the order in which they are applied. */
    public static Sequential of(Layer... layers) {
        return of(List.of(layers));
    }

    /** The layers in the order in which they are applied. */
    public static Sequential of(List<Layer> layers) {
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("Sequential: expected at least one layer");
        }
        return new Sequential(List.copyOf(layers));
    }

    /** The layers in order. */
    public List<Layer> layers() {
        return layers;
    }

    @Override
    public Variable forward(Variable x, Pass pass) {
        Variable y = x;
        for (int i = 0; i < layers.size(); i++) {
            y = layers.get(i).forward(y, pass.child(i));
        }
        return y;
    }

    @Override
    public Map<String, Parameter> parameters() {
        Map<String, Parameter> all = new LinkedHashMap<>();
        for (int i = 0; i < layers.size(); i++) {
            String prefix = i + ".";
            layers.get(i).parameters().forEach((name, parameter) -> all.put(prefix + name, parameter));
        }
        return all;
    }

    /** A line for each layer, with its index. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < layers.size(); i++) {
            text.append(i == 0 ? "" : "\n").append(i).append("  ").append(layers.get(i));
        }
        return text.toString();
    }
}
