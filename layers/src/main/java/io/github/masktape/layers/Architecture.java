// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.layers;

import io.github.masktape.autograd.Layer;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.Shape;
import io.github.masktape.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A network without its weights, as a short text.
 *
 * <pre>
 *   network = layer {"," layer}
 *   layer   = "linear" IN OUT | "dropconnect" IN OUT P {P} [MASKS] ["masked-bias"]
 *           | "dropout" P | "batchnorm" FEATURES | "relu" | "tanh" | "sigmoid" | "(" network ")"
 *           | NAME {WORD | NUMBER | "(" network ")"}                               a kind of the caller
 *   MASKS   = "per-example" | "per-batch" | "flipout"
 * </pre>
 *
 * <p>A DropConnect layer has one drop probability P, or one for each output.
 */
final class Architecture {
    /** The most networks within each other. */
    static final int DEEPEST = 16;

    private static final List<LayerKind<?>> OURS = ours();

    private Architecture() {}

    private static List<LayerKind<?>> ours() {
        List<LayerKind<?>> kinds = new ArrayList<>();
        kinds.add(LayerKind.of("linear", Linear.class, Architecture::sizes, in -> {
            int inputs = in.inputs();
            int outputs = in.outputs();
            return Linear.of(in.weight("weight", outputs, inputs), in.filled("bias", 0, outputs));
        }));
        kinds.add(LayerKind.of("dropconnect", DropConnect.class, Architecture::dropConnect, Architecture::dropConnect));
        kinds.add(LayerKind.of(
                "dropout",
                Dropout.class,
                (layer, out) -> out.number(layer.dropProbability()),
                in -> new Dropout(in.probability())));
        kinds.add(BatchNorm.KIND);
        kinds.add(activation(ReLU.class, new ReLU()));
        kinds.add(activation(Tanh.class, new Tanh()));
        kinds.add(activation(Sigmoid.class, new Sigmoid()));
        return List.copyOf(kinds);
    }

    private static <L extends ActivationLayer> LayerKind<L> activation(Class<L> type, L layer) {
        return LayerKind.of(layer.activation().toString(), type, (same, out) -> {}, in -> layer);
    }

    private static void sizes(Affine layer, LayerWriter out) {
        out.size(layer.inputs());
        out.size(layer.outputs());
    }

    private static void dropConnect(DropConnect layer, LayerWriter out) {
        if (out.isExact() && !layer.isWritable()) {
            throw new IllegalArgumentException("copy: expected a DropConnect layer in fused form and without a schedule"
                    + " inside a layer of another package, got " + layer);
        }
        sizes(layer, out);
        Arrays.stream(layer.rates()).forEach(out::number);
        out.word(layer.maskSharing().toString());
        if (layer.hasMaskedBias()) {
            out.word("masked-bias");
        }
    }

    private static DropConnect dropConnect(LayerReader in) {
        int inputs = in.inputs();
        int outputs = in.outputs();
        double[] p = in.probabilities(outputs);
        MaskSharing sharing = Arrays.stream(MaskSharing.values())
                .filter(each -> in.took(each.toString()))
                .findFirst()
                .orElse(MaskSharing.PER_EXAMPLE);
        DropConnect layer = DropConnect.of(in.weight("weight", outputs, inputs), in.filled("bias", 0, outputs), p[0]);
        layer = p.length > 1 ? layer.withDropProbabilities(p) : layer;
        layer = layer.withMaskSharing(sharing);
        return in.took("masked-bias") ? layer.withMaskedBias() : layer;
    }

    static boolean isOurs(LayerKind<?> kind) {
        return OURS.contains(kind);
    }

    /** Our kinds, then those of the caller. */
    private static List<LayerKind<?>> all(List<LayerKind<?>> kinds) {
        List<LayerKind<?>> all = new ArrayList<>(OURS);
        for (LayerKind<?> kind : kinds) {
            if (all.stream().anyMatch(other -> other.name().equals(kind.name()))) {
                throw new IllegalArgumentException("LayerKind: expected names that differ, got two kinds " + kind);
            }
            all.add(kind);
        }
        return all;
    }

    // ---- writing ----

    static String of(Sequential net, List<LayerKind<?>> kinds) {
        return of(net, all(kinds), 0, false);
    }

    /** The text of a single layer, with every setting; fails if a setting has no text, such as a drop schedule. */
    static String ofExactly(Layer layer, List<LayerKind<?>> kinds) {
        return of(Sequential.of(layer), all(kinds), 0, true);
    }

    static String of(Sequential net, List<LayerKind<?>> kinds, int depth, boolean exact) {
        if (depth > DEEPEST) {
            throw new IllegalArgumentException(
                    "architecture: expected at most " + DEEPEST + " networks within each other, got more");
        }
        List<String> layers = new ArrayList<>();
        for (Layer layer : net.layers()) {
            layers.add(
                    layer instanceof Sequential inner
                            ? "(" + of(inner, kinds, depth + 1, exact) + ")"
                            : of(layer, kinds, depth, exact));
        }
        return String.join(", ", layers);
    }

    private static String of(Layer layer, List<LayerKind<?>> kinds, int depth, boolean exact) {
        for (LayerKind<?> kind : kinds) {
            if (kind.includes(layer)) {
                LayerWriter out = new LayerWriter(kinds, depth, exact);
                kind.write(layer, out);
                return out.toString();
            }
        }
        throw new IllegalArgumentException(
                "architecture: expected layers of io.github.masktape.layers, or of a LayerKind passed to this call, got "
                        + layer + "; pass its LayerKind, or write only its numbers, state(), with SafeTensors");
    }

    // ---- reading ----

    /** A source of the tensors of a network, by their full names. */
    interface WeightSource {
        /** A matrix of weights. */
        Tensor weight(String name, Shape shape);

        /** A tensor that a new network fills with a number. */
        Tensor filled(String name, double first, Shape shape);
    }

    /** A source of random weights. */
    static WeightSource random(Initializer init) {
        return new WeightSource() {
            @Override
            public Tensor weight(String name, Shape shape) {
                return init.weight(shape.dim(0), shape.dim(1));
            }

            @Override
            public Tensor filled(String name, double first, Shape shape) {
                return Tensor.full(init.dtype(), first, shape.dims());
            }
        };
    }

    static Sequential build(String text, WeightSource weights, List<LayerKind<?>> kinds) {
        return new LayerReader(text, all(kinds), weights).whole();
    }
}
