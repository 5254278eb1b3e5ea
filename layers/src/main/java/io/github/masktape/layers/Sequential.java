// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.layers;

import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Variable;
import io.github.masktape.io.ByteSource;
import io.github.masktape.io.SafeTensors;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.Tensor;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A stack of layers, applied one after the other. Layer i gets {@code pass.child(i)}, and its parameters are named
 * {@code i.weight}, {@code i.bias}, as in a PyTorch state dict.
 */
public final class Sequential implements Layer {
    private final List<Layer> layers;

    private Sequential(List<Layer> layers) {
        this.layers = layers;
    }

    /** A network of these layers, in the order in which they are applied. */
    public static Sequential of(Layer... layers) {
        return of(List.of(layers));
    }

    /** A network of these layers, in the order in which they are applied. */
    public static Sequential of(List<Layer> layers) {
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("Sequential: expected at least one layer");
        }
        return new Sequential(List.copyOf(layers));
    }

    /**
     * A new network with an {@link #architecture}, with random weights and biases of 0.
     *
     * @throws IllegalArgumentException if the text is no architecture
     */
    public static Sequential ofArchitecture(String architecture, Initializer init, LayerKind<?>... kinds) {
        return Architecture.build(architecture, Architecture.random(init), List.of(kinds));
    }

    /**
     * A network with an {@link #architecture} and given weights, named as in a PyTorch state dict, so that it can read
     * a plain PyTorch stack.
     *
     * <pre>
     *   Sequential.ofArchitecture("linear 784 800, relu, linear 800 10", SafeTensors.read(file).tensors())
     * </pre>
     *
     * @throws IllegalArgumentException if the text is not an architecture, or a tensor is missing, left over or of the
     *     wrong shape
     */
    public static Sequential ofArchitecture(String architecture, Map<String, Tensor> tensors, LayerKind<?>... kinds) {
        return ModelFile.build(architecture, tensors, List.of(kinds));
    }

    /**
     * The network in the contents of a file that {@link #save} wrote.
     *
     * @param kinds the kinds of layers that are not of this package
     * @throws IllegalArgumentException if it has no architecture, or tensors that do not fit it
     */
    public static Sequential of(SafeTensors model, LayerKind<?>... kinds) {
        return ModelFile.network(model, List.of(kinds));
    }

    /**
     * Reads a network that {@link #save} wrote; it has the same outputs, and the same masks in training.
     *
     * @param kinds the kinds of layers that are not of this package
     * @throws io.github.masktape.io.DataFormatException if the file is broken or does not hold such a network
     */
    public static Sequential load(File file, LayerKind<?>... kinds) throws IOException {
        return load(ByteSource.of(file), kinds);
    }

    /**
     * Reads a network as {@link #load(File, LayerKind...)} does: from a path, a resource, a stream or bytes.
     *
     * @throws IOException if it cannot be read; an {@link io.github.masktape.io.DataFormatException} if it is broken
     */
    public static Sequential load(ByteSource source, LayerKind<?>... kinds) throws IOException {
        return ModelFile.load(source, List.of(kinds));
    }

    /**
     * Writes the network to a file as {@link #save(File, Map, LayerKind...)} does, without metadata of your own.
     *
     * @param kinds the kinds of layers that are not of this package
     * @throws IOException with one line, {@code path: cannot be written: why}
     */
    public void save(File file, LayerKind<?>... kinds) throws IOException {
        save(file, Map.of(), kinds);
    }

    /**
     * Writes {@link #toSafeTensors} to a file, replacing it if it exists, either completely or not at all. To write to
     * a stream, use {@code toSafeTensors(…).write(out)}.
     *
     * @param kinds the kinds of layers that are not of this package
     * @throws IOException with one line, {@code path: cannot be written: why}
     */
    public void save(File file, Map<String, String> metadata, LayerKind<?>... kinds) throws IOException {
        toSafeTensors(metadata, kinds).write(file);
    }

    /**
     * The {@link #state} by name, and metadata to which {@code masktape.architecture} and {@code masktape.format} are
     * added (and replaced). A composed layer is written, and so read back, as the fused one, which computes the same,
     * and a layer with a drop schedule as one without.
     *
     * @param kinds the kinds of layers that are not of this package
     * @throws IllegalArgumentException for a layer of another kind, or two that share a parameter
     */
    public SafeTensors toSafeTensors(Map<String, String> metadata, LayerKind<?>... kinds) {
        return ModelFile.of(this, metadata, List.of(kinds));
    }

    /**
     * The layers with all their settings, but not the weights, as a short text of ASCII characters.
     *
     * <pre>
     *   dropconnect 784 800 0.5 per-example masked-bias, relu, dropout 0.2, linear 800 10
     * </pre>
     *
     * @param kinds the kinds of layers that are not of this package
     * @throws IllegalArgumentException for a layer of another kind
     */
    public String architecture(LayerKind<?>... kinds) {
        return Architecture.of(this, List.of(kinds));
    }

    /**
     * A network with the same layers and settings and with parameters and buffers of its own, whose values are equal.
     *
     * @param kinds the kinds of layers with parameters or buffers that are not of this package
     * @throws IllegalArgumentException for a layer of another kind, or two that share a parameter
     */
    public Sequential copy(LayerKind<?>... kinds) {
        return changed(tensor -> tensor, List.of(kinds));
    }

    /** A {@link #copy} whose parameters and buffers have another dtype. */
    public Sequential to(DType dtype, LayerKind<?>... kinds) {
        return changed(tensor -> tensor.to(dtype), List.of(kinds));
    }

    private Sequential changed(UnaryOperator<Tensor> change, List<LayerKind<?>> kinds) {
        ModelFile.requireOwn(state());
        return of(layers.stream().map(layer -> changed(layer, change, kinds)).toList());
    }

    private static Layer changed(Layer layer, UnaryOperator<Tensor> change, List<LayerKind<?>> kinds) {
        if (layer.state().isEmpty()) {
            return layer;
        }
        if (layer instanceof Sequential inner) {
            return inner.changed(change, kinds);
        }
        return layer instanceof DropConnect drop
                ? drop.withParameters(
                        change.apply(drop.weight().value()),
                        change.apply(drop.bias().value()))
                : ModelFile.copy(layer, change, kinds);
    }

    /**
     * The layers in order. A part of the network, with the same parameters, is a network of some of them: {@code
     * Sequential.of(net.layers().subList(0, 3))}.
     */
    public List<Layer> layers() {
        return layers;
    }

    /**
     * A layer of a network that is not itself a {@code Sequential}.
     *
     * @param name the indices that lead to it, such as {@code 2} or {@code 1.0}, with which the names of its parameters
     *     begin
     * @param layer the layer
     * @param pass the pass that it receives
     */
    public record Leaf(String name, Layer layer, Pass pass) {}

    /**
     * The layers of this network and of those inside it, in order, with the pass that each receives when the network is
     * given one.
     */
    public List<Leaf> leaves(Pass pass) {
        List<Leaf> leaves = new ArrayList<>();
        collect("", pass, leaves);
        return leaves;
    }

    private void collect(String path, Pass pass, List<Leaf> leaves) {
        for (int i = 0; i < layers.size(); i++) {
            if (layers.get(i) instanceof Sequential inner) {
                inner.collect(path + i + ".", pass.child(i), leaves);
            } else {
                leaves.add(new Leaf(path + i, layers.get(i), pass.child(i)));
            }
        }
    }

    @Override
    public Variable forward(Variable x, Pass pass) {
        Variable y = x;
        for (int i = 0; i < layers.size(); i++) {
            y = layers.get(i).forward(y, pass.child(i));
        }
        return y;
    }

    /** The layers by their indices. */
    @Override
    public Map<String, Layer> parts() {
        Map<String, Layer> parts = new LinkedHashMap<>();
        for (int i = 0; i < layers.size(); i++) {
            parts.put(String.valueOf(i), layers.get(i));
        }
        return parts;
    }

    /** The layers, one a line, each with its index. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < layers.size(); i++) {
            text.append(i == 0 ? "" : "\n").append(i).append("  ").append(layers.get(i));
        }
        return text.toString();
    }
}
