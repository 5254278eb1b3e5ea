package io.github.masktape.autograd;

import java.util.Map;

/**
 * A function with parameters. The same input, parameters and pass give the same result, bit for bit: all randomness
 * comes from the pass.
 *
 * <p>A layer made of layers must give each of them a pass of its own, {@code pass.child(i)}: two layers with the same
 * pass draw equal masks.
 */
public interface Layer {
    /** The layer's result for a batch, one example a row. */
    Variable forward(Variable x, Pass pass);

    /**
     * The parameters by name, with names as in a PyTorch state dict ({@code weight}, {@code bias}). Files and reports
     * follow the order of the map, so it should be fixed, as in a {@link java.util.LinkedHashMap}; training does not
     * depend on it.
     */
    Map<String, Parameter> parameters();
}
