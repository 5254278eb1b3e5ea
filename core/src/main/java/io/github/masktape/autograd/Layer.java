// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.autograd;

import io.github.masktape.tensor.MutableTensor;
import io.github.masktape.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A function with parameters. The same input, parameters, buffers and pass give the same result, bit for bit: all
 * randomness comes from the pass. A layer without parameters can be a lambda:
 *
 * <pre>
 *   Layer square = (x, pass) -&gt; Ops.square(x);
 * </pre>
 *
 * <p>A layer made of layers must give each of them a pass of its own, {@code pass.child(i)}: two layers with the same
 * pass would draw equal masks, which is an error on one tape. It names its layers in {@link #parts}, from which the
 * parameters and buffers follow:
 *
 * <pre>
 *   record Residual(Layer inner) implements Layer {
 *       public Variable forward(Variable x, Pass pass) {
 *           return Ops.add(x, inner.forward(x, pass.child(0)));
 *       }
 *       public Map&lt;String, Layer&gt; parts() {
 *           return Map.of("inner", inner);
 *       }
 *   }
 * </pre>
 */
@FunctionalInterface
public interface Layer {
    /** The layer's result for a batch, one example a row. */
    Variable forward(Variable x, Pass pass);

    /**
     * The layers that this one is made of, by name, like the submodules of a PyTorch module. Files and reports follow
     * the order of the map, so it should be fixed, as in a {@link LinkedHashMap}; training does not depend on it.
     */
    default Map<String, Layer> parts() {
        return Map.of();
    }

    /**
     * The parameters by name, with names as in a PyTorch state dict ({@code weight}, {@code bias}), in a fixed order. By
     * default, those of the {@link #parts}, each named {@code part.name}; a layer with further ones adds them.
     */
    default Map<String, Parameter> parameters() {
        return LayerParts.named(this, Layer::parameters);
    }

    /**
     * The buffers by name, with names as in a PyTorch state dict ({@code running_mean}); no parameter has such a name.
     * By default, those of the {@link #parts}, each named {@code part.name}.
     */
    default Map<String, Buffer> buffers() {
        return LayerParts.named(this, Layer::buffers);
    }

    /**
     * Everything that training changes, by name, as in a PyTorch state dict: the parameters, then the buffers.
     *
     * @throws IllegalStateException if a parameter and a buffer have the same name
     */
    default Map<String, MutableTensor> state() {
        Map<String, MutableTensor> state = new LinkedHashMap<>(parameters());
        buffers().forEach((name, buffer) -> {
            if (state.put(name, buffer) != null) {
                throw new IllegalStateException(
                        name + ": expected the name of a parameter or of a buffer, got both in " + this);
            }
        });
        return state;
    }

    /**
     * Sets the parameters and buffers to the tensors of the same name, shape and dtype, and reports what did not match.
     *
     * <pre>
     *   net.load(SafeTensors.read(file).tensors()).requireComplete();
     * </pre>
     *
     * @throws IllegalArgumentException if no tensor matches, or two that differ match one parameter that has two names;
     *     then nothing changes
     */
    default LoadReport load(Map<String, Tensor> tensors) {
        return LoadReport.load(state(), tensors);
    }
}
