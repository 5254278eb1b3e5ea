// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.layers;

import io.github.masktape.autograd.Layer;
import io.github.masktape.io.ByteSource;
import io.github.masktape.io.DataFormatException;
import io.github.masktape.io.SafeTensors;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.MutableTensor;
import io.github.masktape.tensor.Shape;
import io.github.masktape.tensor.Tensor;
import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A network in a safetensors file: its parameters and buffers under their names in a PyTorch state dict, and its architecture. */
final class ModelFile {
    private static final String ARCHITECTURE = "masktape.architecture";
    private static final String FORMAT = "masktape.format";
    private static final String VERSION = "1";

    private ModelFile() {}

    static SafeTensors of(Sequential net, Map<String, String> metadata, List<LayerKind<?>> kinds) {
        Map<String, MutableTensor> state = net.state();
        requireOwn(state);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        state.forEach((name, cell) -> tensors.put(name, cell.value()));
        String architecture = Architecture.of(net, kinds);
        if (!kinds.isEmpty()) {
            // A kind may forget a setting or a tensor: better now than when the file is read.
            Sequential unused = build(architecture, tensors, kinds);
        }
        Map<String, String> all = new TreeMap<>(metadata);
        all.put(ARCHITECTURE, architecture);
        all.put(FORMAT, VERSION);
        return new SafeTensors(tensors, all);
    }

    /** Refuses a network with a shared parameter or buffer: a file or a copy would hold it twice. */
    static void requireOwn(Map<String, MutableTensor> state) {
        Map<MutableTensor, String> names = new HashMap<>();
        state.forEach((name, cell) -> {
            String other = names.put(cell, name);
            if (other != null) {
                throw new IllegalArgumentException("net: expected a parameter of its own for " + name + ", got that of "
                        + other + "; a model file or a copy would part them: save the tensors, net.state(), with"
                        + " SafeTensors and load them by name into a net made by your program");
            }
        });
    }

    static Sequential load(ByteSource source, List<LayerKind<?>> kinds) throws IOException {
        SafeTensors model = SafeTensors.read(source);
        try {
            return network(model, kinds);
        } catch (IllegalArgumentException e) {
            DataFormatException broken = new DataFormatException(source.name(), String.valueOf(e.getMessage()));
            broken.initCause(e);
            throw broken;
        }
    }

    static Sequential network(SafeTensors model, List<LayerKind<?>> kinds) {
        String architecture = model.metadata().get(ARCHITECTURE);
        if (architecture == null) {
            String guess = guess(model.tensors());
            throw new IllegalArgumentException(
                    "expected metadata " + ARCHITECTURE + ", which Sequential.save writes, got none"
                            + (guess == null
                                    ? ""
                                    : "; for a plain stack use Sequential.ofArchitecture(\"" + guess + "\", tensors)"));
        }
        String format = model.metadata().get(FORMAT);
        if (!VERSION.equals(format)) {
            throw new IllegalArgumentException("metadata " + FORMAT + ": expected " + VERSION + ", got " + format);
        }
        return build(architecture, model.tensors(), kinds);
    }

    /** A copy of a layer with state, whose tensors are changed by a function. */
    static Layer copy(Layer layer, UnaryOperator<Tensor> change, List<LayerKind<?>> kinds) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        layer.state().forEach((name, cell) -> tensors.put("0." + name, change.apply(cell.value())));
        return build(Architecture.ofExactly(layer, kinds), tensors, kinds)
                .layers()
                .get(0);
    }

    static Sequential build(String architecture, Map<String, Tensor> tensors, List<LayerKind<?>> kinds) {
        requireOneDType(tensors);
        Set<String> unused = new LinkedHashSet<>(tensors.keySet());
        Architecture.WeightSource source = new Architecture.WeightSource() {
            @Override
            public Tensor weight(String name, Shape expected) {
                Tensor tensor = tensors.get(name);
                if (tensor == null) {
                    throw new IllegalArgumentException(
                            "tensors: expected " + name + " of " + expected + " as in the architecture, got none");
                }
                if (!tensor.shape().equals(expected)) {
                    throw new IllegalArgumentException("tensors: expected " + name + " of " + expected
                            + " as in the architecture, got " + tensor.shape());
                }
                unused.remove(name);
                return tensor;
            }

            @Override
            public Tensor filled(String name, double first, Shape expected) {
                return weight(name, expected);
            }
        };
        Sequential net = Architecture.build(architecture, source, kinds);
        if (!unused.isEmpty()) {
            String name = unused.iterator().next();
            throw new IllegalArgumentException(
                    "tensors: expected those of the architecture " + architecture + ", got " + name + " as well");
        }
        return net;
    }

    private static void requireOneDType(Map<String, Tensor> tensors) {
        DType first = null;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            DType dtype = entry.getValue().dtype();
            first = first == null ? dtype : first;
            if (dtype != first) {
                throw new IllegalArgumentException("tensors: expected " + first + " for " + entry.getKey()
                        + " as for the tensor before, got " + dtype);
            }
        }
    }

    /**
     * The architecture, if the tensors are those of Linear layers with ReLU between them; null if the names do not fit.
     */
    private static @Nullable String guess(Map<String, Tensor> tensors) {
        Map<Integer, String> layers = new TreeMap<>();
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            String name = entry.getKey();
            if (!name.matches("[0-9]{1,3}\\.(weight|bias)")) {
                return null;
            }
            Shape shape = entry.getValue().shape();
            if (name.endsWith("weight") && shape.rank() == 2) {
                layers.put(
                        Integer.parseInt(name.substring(0, name.indexOf('.'))),
                        "linear " + shape.dim(1) + " " + shape.dim(0));
            }
        }
        if (layers.isEmpty()) {
            return null;
        }
        int last = Collections.max(layers.keySet());
        for (int i = 0; i < last; i++) {
            layers.putIfAbsent(i, "relu");
        }
        return String.join(", ", layers.values());
    }
}
