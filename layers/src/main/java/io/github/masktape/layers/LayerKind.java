// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.layers;

import io.github.masktape.autograd.Layer;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * A kind of layer that an {@link Sequential#architecture} can name: how the settings of such a layer are written as
 * words, and how the layer is made again from these words and the tensors of a file. Programs pass the kinds of their
 * own layers when they save, load or copy a network.
 *
 * <pre>
 *   LayerKind&lt;Residual&gt; residual = LayerKind.of(
 *           "residual", Residual.class,
 *           (layer, out) -&gt; out.network(layer.inner()),
 *           in -&gt; new Residual(in.network("inner")));
 *   net.save(file, Map.of(), residual);                                "residual (linear 8 8, relu)"
 *   Sequential.load(file, residual);
 * </pre>
 *
 * @param <L> the class of the layers
 */
public final class LayerKind<L extends Layer> {
    private final String name;
    private final Class<L> type;
    private final BiConsumer<L, LayerWriter> writer;
    private final Function<LayerReader, L> reader;

    private LayerKind(String name, Class<L> type, BiConsumer<L, LayerWriter> writer, Function<LayerReader, L> reader) {
        this.name = name;
        this.type = type;
        this.writer = writer;
        this.reader = reader;
    }

    /**
     * A kind of layer.
     *
     * @param <L> the class of its layers
     * @param name its name: lower-case letters, digits and hyphens, beginning with a letter
     * @param type the class of its layers; subclasses are not of this kind
     * @param writer writes the settings of a layer, but not its tensors
     * @param reader reads the settings in the order in which they were written, takes the tensors by their names in
     *     {@link Layer#state}, and makes the layer
     */
    public static <L extends Layer> LayerKind<L> of(
            String name, Class<L> type, BiConsumer<L, LayerWriter> writer, Function<LayerReader, L> reader) {
        LayerWriter.requireWord("LayerKind: name", name);
        return new LayerKind<>(name, type, writer, reader);
    }

    /** The name, with which the text of a layer begins. */
    public String name() {
        return name;
    }

    boolean includes(Layer layer) {
        return layer.getClass() == type;
    }

    void write(Layer layer, LayerWriter out) {
        out.word(name);
        writer.accept(type.cast(layer), out);
    }

    L read(LayerReader in) {
        return reader.apply(in);
    }

    /** The name with which the text of a layer begins. */
    @Override
    public String toString() {
        return name;
    }
}
