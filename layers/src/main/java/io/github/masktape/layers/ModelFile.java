package io.github.masktape.layers;

import io.github.masktape.autograd.Parameter;
import io.github.masktape.io.DataFormatException;
import io.github.masktape.io.SafeTensors;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.Shape;
import io.github.masktape.tensor.Tensor;
import java.io.File;
import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A network in a safetensors file: its parameters under their names in a PyTorch state dict, and its architecture. */
final class ModelFile {
    private static final String ARCHITECTURE = "masktape.architecture";
    private static final String FORMAT = "masktape.format";
    private static final String VERSION = "1";

    private ModelFile() {}

    static SafeTensors of(Sequential net, Map<String, String> metadata) {
        Map<Parameter, String> names = new HashMap<>();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        net.parameters().forEach((name, parameter) -> {
            String other = names.put(parameter, name);
            if (other != null) {
                throw new IllegalArgumentException(
                        name + ": expected a parameter of its own, got that of " + other + "; a file would part them");
            }
            tensors.put(name, parameter.value());
        });
        Map<String, String> all = new TreeMap<>(metadata);
        all.put(ARCHITECTURE, net.architecture());
        all.put(FORMAT, VERSION);
        return new SafeTensors(tensors, all);
    }

    static Sequential load(File file) throws IOException {
        SafeTensors model = SafeTensors.read(file);
        try {
            return network(model);
        } catch (IllegalArgumentException e) {
            DataFormatException broken = new DataFormatException(file, String.valueOf(e.getMessage()));
            broken.initCause(e);
            throw broken;
        }
    }

    static Sequential network(SafeTensors model) {
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
        return build(architecture, model.tensors());
    }

    static Sequential build(String architecture, Initializer init) {
        return Architecture.build(architecture, new Architecture.WeightSource() {
            @Override
            public Tensor weight(String layer, int out, int in) {
                return init.weight(out, in);
            }

            @Override
            public Tensor bias(String layer, int out) {
                return init.bias(out);
            }
        });
    }

    static Sequential build(String architecture, Map<String, Tensor> tensors) {
        requireOneDType(tensors);
        Set<String> unused = new LinkedHashSet<>(tensors.keySet());
        Sequential net = Architecture.build(architecture, new Architecture.WeightSource() {
            @Override
            public Tensor weight(String layer, int out, int in) {
                return take(layer + "weight", out, in);
            }

            @Override
            public Tensor bias(String layer, int out) {
                return take(layer + "bias", out);
            }

            private Tensor take(String name, int... dims) {
                Tensor tensor = tensors.get(name);
                Shape expected = Shape.of(dims);
                if (tensor == null) {
                    throw new IllegalArgumentException(
                            name + ": expected a tensor " + expected + " as in the architecture, got none");
                }
                if (!tensor.shape().equals(expected)) {
                    throw new IllegalArgumentException(
                            name + ": expected shape " + expected + " as in the architecture, got " + tensor.shape());
                }
                unused.remove(name);
                return tensor;
            }
        });
        if (!unused.isEmpty()) {
            String name = unused.iterator().next();
            throw new IllegalArgumentException(name + ": expected no such tensor in the architecture " + architecture);
        }
        return net;
    }

    private static void requireOneDType(Map<String, Tensor> tensors) {
        DType first = null;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            DType dtype = entry.getValue().dtype();
            first = first == null ? dtype : first;
            if (dtype != first) {
                throw new IllegalArgumentException(
                        entry.getKey() + ": expected " + first + " as of the tensor before, got " + dtype);
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
