package io.github.masktape.tensor;

/**
 * The arithmetic of an optimizer's step, for {@link MutableTensor#update}: plain loops over arrays, which are changed in
 * place. Several threads call it for separate ranges, so an element may depend on elements of its own index only. Use
 * {@link Compute#fma} for a fused multiply-add that is the same on every machine.
 */
public interface Update {
    /**
     * Elements {@code from} (inclusive) to {@code to} (exclusive), in single precision.
     *
     * @param w the numbers to update
     * @param g their gradient, not to be changed
     * @param states what the optimizer keeps for them, such as a velocity, to be changed as well
     */
    void apply(float[] w, float[] g, float[][] states, int from, int to);

    /** The same in double precision. */
    void apply(double[] w, double[] g, double[][] states, int from, int to);
}
