package io.github.masktape.autograd;

import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.RandomStream;

/**
 * One way through a network: training or inference, and where randomness comes from. A value: using it changes nothing.
 *
 * <p>The key of a place is the chain {@code derive(…derive(derive(derive(0, seed), i₁), i₂)…, step)} of
 * {@link RandomStream#derive} over the child numbers i₁, i₂, … that lead there; {@link Mask#bernoulli} goes on from it.
 */
public final class Pass {
    private final boolean training;
    private final long place;
    private final long step;
    private final String path;

    private Pass(boolean training, long place, long step, String path) {
        this.training = training;
        this.place = place;
        this.step = step;
        this.path = path;
    }

    /** A training pass; each step of a run has its own number, and so its own masks. */
    public static Pass training(long seed, long step) {
        return new Pass(true, RandomStream.derive(0, seed), step, "");
    }

    /** An inference pass: nothing is dropped. */
    public static Pass inference() {
        return new Pass(false, 0, 0, "");
    }

    /** The pass for the i-th part of a composite layer. */
    public Pass child(int i) {
        return new Pass(training, RandomStream.derive(place, i), step, path.isEmpty() ? "" + i : path + "." + i);
    }

    /** True in training, when layers drop. */
    public boolean isTraining() {
        return training;
    }

    /** The key of this place and step. */
    public long key() {
        return RandomStream.derive(place, step);
    }

    /**
     * The mask of this place and step: the same whenever it is asked for.
     *
     * @throws IllegalStateException in an inference pass, which drops nothing
     */
    public Mask mask(int examples, int outputs, int inputs, double dropProbability) {
        if (!training) {
            throw new IllegalStateException("mask: an inference pass drops nothing; use Pass.training(seed, step)");
        }
        return Mask.bernoulli(examples, outputs, inputs, dropProbability, key());
    }

    /** How an error names a layer at this place: {@code layer 2 (DropConnect 784→800)}; alone, just the layer. */
    public String describe(Layer layer) {
        return path.isEmpty() ? layer.toString() : "layer " + path + " (" + layer + ")";
    }
}
