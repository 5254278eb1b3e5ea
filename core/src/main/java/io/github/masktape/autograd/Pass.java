package io.github.masktape.autograd;

import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Workspace;
import org.jspecify.annotations.Nullable;

/**
 * A pass through a network: training or inference, and the source of its randomness. It is a value: using it changes
 * nothing.
 *
 * <p>The key of a place is the chain {@code derive(…derive(derive(derive(0, seed), i₁), i₂)…, step)} of {@link
 * RandomStream#derive} over the child numbers i₁, i₂, … that lead there; {@link Mask#bernoulli} continues from it.
 */
public final class Pass {
    private final boolean training;
    private final long place;
    private final long step;
    private final @Nullable Pass parent;
    private final int number;
    private final @Nullable Workspace workspace;

    private Pass(
            boolean training, long place, long step, @Nullable Pass parent, int number, @Nullable Workspace workspace) {
        this.training = training;
        this.place = place;
        this.step = step;
        this.parent = parent;
        this.number = number;
        this.workspace = workspace;
    }

    /** A training pass. Each step of a run has its own number, and so its own masks. */
    public static Pass training(long seed, long step) {
        return new Pass(true, RandomStream.derive(0, seed), step, null, 0, null);
    }

    /** An inference pass, in which nothing is dropped. */
    public static Pass inference() {
        return new Pass(false, 0, 0, null, 0, null);
    }

    /** The pass for the i-th part of a composite layer. */
    public Pass child(int i) {
        return new Pass(training, RandomStream.derive(place, i), step, this, i, workspace);
    }

    /**
     * The same pass for use on one tape only: on a workspace's tape, its masks live in the workspace's memory and end
     * with the tape's tensors. The masks are the same.
     */
    public Pass on(Tape tape) {
        return new Pass(training, place, step, parent, number, tape.workspace());
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
     * The mask of this place and step, the same at every call.
     *
     * @throws IllegalStateException in an inference pass, which drops nothing
     */
    public Mask mask(int examples, int outputs, int inputs, double dropProbability) {
        if (!training) {
            throw new IllegalStateException("mask: an inference pass drops nothing; use Pass.training(seed, step)");
        }
        return workspace == null
                ? Mask.bernoulli(examples, outputs, inputs, dropProbability, key())
                : workspace.bernoulli(examples, outputs, inputs, dropProbability, key());
    }

    /**
     * The name of a layer in error messages, such as {@code layer 2 (DropConnect 784→800)}, or just the layer if it
     * stands alone.
     */
    public String describe(Layer layer) {
        return parent == null ? layer.toString() : "layer " + path() + " (" + layer + ")";
    }

    private String path() {
        if (parent == null) {
            return "";
        }
        return parent.parent == null ? "" + number : parent.path() + "." + number;
    }
}
