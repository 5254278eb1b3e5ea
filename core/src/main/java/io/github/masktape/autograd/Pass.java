// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.autograd;

import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Workspace;
import org.jspecify.annotations.Nullable;

/**
 * A pass through a network: training or inference, and the source of its randomness. It is a value: using it changes
 * nothing.
 *
 * <pre>
 *                 masks are drawn ({@link #drops})   batch statistics are used ({@link #isTraining})
 *   training      yes                      yes
 *   sampling      yes                      no
 *   inference     no                       no
 * </pre>
 *
 * <p>The key of a place is the chain {@code derive(…derive(derive(derive(0, seed), i₁), i₂)…, step)} of {@link
 * RandomStream#derive} over the child numbers i₁, i₂, … that lead there; {@link Mask#bernoulli} continues from it.
 */
public final class Pass {
    private enum Purpose {
        TRAINING,
        SAMPLING,
        INFERENCE,
        AVERAGING
    }

    private final Purpose purpose;
    private final long place;
    private final long step;
    private final @Nullable Pass parent;
    private final int number;
    private final @Nullable Workspace workspace;

    private Pass(
            Purpose purpose, long place, long step, @Nullable Pass parent, int number, @Nullable Workspace workspace) {
        this.purpose = purpose;
        this.place = place;
        this.step = step;
        this.parent = parent;
        this.number = number;
        this.workspace = workspace;
    }

    private static Pass of(Purpose purpose, long seed, long step) {
        return new Pass(purpose, RandomStream.derive(0, seed), step, null, 0, null);
    }

    /**
     * A training pass. Each step of a run has its own number, and so its own masks. Optimizers refuse two steps in a row
     * with the same masks.
     */
    public static Pass training(long seed, long step) {
        return of(Purpose.TRAINING, seed, step);
    }

    /** An inference pass that draws the masks of {@code training(seed, step)}, for predictions over random masks. */
    public static Pass sampling(long seed, long step) {
        return of(Purpose.SAMPLING, seed, step);
    }

    /** An inference pass, in which nothing is dropped. */
    public static Pass inference() {
        return new Pass(Purpose.INFERENCE, 0, 0, null, 0, null);
    }

    /**
     * An inference pass through a composite layer whose result should be a mean over masks. A layer with masks refuses
     * it, because the mean depends on what the composite does with the layer's result.
     */
    public static Pass averaging() {
        return new Pass(Purpose.AVERAGING, 0, 0, null, 0, null);
    }

    /** The pass for the i-th part of a composite layer. */
    public Pass child(int i) {
        return new Pass(purpose, RandomStream.derive(place, i), step, this, i, workspace);
    }

    /**
     * The same pass for use on one tape only: on a workspace's tape, its masks live in the workspace's memory and end
     * with the tape's tensors. The masks are the same.
     */
    public Pass on(Tape tape) {
        return new Pass(purpose, place, step, parent, number, tape.workspace());
    }

    /**
     * The same pass for use by one layer on one tape, see {@link #on(Tape)}.
     *
     * @throws IllegalArgumentException if another layer has used a pass of the same place and step on this tape, so
     *     that both would draw from the same random numbers
     */
    public Pass on(Tape tape, Layer layer) {
        Layer user = tape.userOf(key(), layer);
        if (user != layer) {
            throw new IllegalArgumentException(describe(layer) + ": expected a pass of its own, got that of " + user
                    + "; give each layer of a composite pass.child(i)");
        }
        return on(tape);
    }

    /** True in training, when layers use the statistics of the batch and update their buffers. */
    public boolean isTraining() {
        return purpose == Purpose.TRAINING;
    }

    /** True if layers drop, in training and for predictions over random masks. */
    public boolean drops() {
        return purpose == Purpose.TRAINING || purpose == Purpose.SAMPLING;
    }

    /** True if a layer with masks must refuse this pass, see {@link #averaging()}. */
    public boolean isAveraging() {
        return purpose == Purpose.AVERAGING;
    }

    /** The number of the step, or of the sample. */
    public long step() {
        return step;
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
        requireDrops();
        return workspace == null
                ? Mask.bernoulli(examples, outputs, inputs, dropProbability, key())
                : workspace.bernoulli(examples, outputs, inputs, dropProbability, key());
    }

    /**
     * The mask of this place and step with a drop probability for each output, the same at every call.
     *
     * @throws IllegalStateException in an inference pass, which drops nothing
     */
    public Mask mask(int examples, int inputs, double[] dropProbabilities) {
        requireDrops();
        return Mask.bernoulli(examples, inputs, dropProbabilities, key());
    }

    private void requireDrops() {
        if (!drops()) {
            throw new IllegalStateException("mask: an inference pass drops nothing; use Pass.training(seed, step)");
        }
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
