package io.github.masktape.autograd;

import java.util.Map;

/**
 * A function with parameters. Given the same input, parameters and pass it gives the same result, bit for bit: what is
 * random comes from the pass.
 *
 * <p>A layer made of layers must give each of them a pass of its own, {@code pass.child(i)}: two that are given one
 * pass draw equal masks.
 */
public interface Layer {
    /** The layer's result for a batch, one example a row. */
    Variable forward(Variable x, Pass pass);

    /**
     * The parameters by name; names as in a PyTorch state dict ({@code weight}, {@code bias}). A fixed order, such as a
     * {@link java.util.LinkedHashMap} has, is the order of files and reports; training does not depend on it.
     */
    Map<String, Parameter> parameters();
}
