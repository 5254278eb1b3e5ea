// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.tensor;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A mutable cell that holds a tensor and lets an optimizer update it. Tensors that {@link #value} returned never
 * change: a step works in place only if nobody can hold the old numbers. Several threads may use one mutable tensor.
 */
public class MutableTensor {
    private Tensor current;
    private boolean escaped;
    final List<WeakReference<Workspace.Lease>> views = new ArrayList<>();

    /** A mutable tensor with an initial value, which itself does not change: a step writes another tensor. */
    public MutableTensor(Tensor value) {
        hold(value);
    }

    /** The shape, which no step changes. */
    public final Shape shape() {
        return current.shape();
    }

    /** The dtype, which no step changes. */
    public final DType dtype() {
        return current.dtype();
    }

    /** The current tensor. It does not change; the next step writes a new one. */
    public final synchronized Tensor value() {
        escaped = true;
        return current;
    }

    /**
     * The current tensor for a computation within a workspace: it does not change until it is released, and ends at the
     * first step after that or when the workspace is recycled.
     */
    public final synchronized Tensor view(Workspace workspace) {
        views.removeIf(view -> !isLive(view));
        Tensor view = workspace.view(current);
        views.add(new WeakReference<>(view.lease()));
        return view;
    }

    /**
     * Marks the computation of a {@link #view} as finished, so that the next step may work in place and end the view.
     */
    public final synchronized void release(Tensor view) {
        if (view.lease() != null) {
            view.lease().release();
        }
    }

    /**
     * Replaces the tensor.
     *
     * @throws IllegalArgumentException if its shape or dtype differs
     */
    public final synchronized void set(Tensor value) {
        current.requireLike("set", value);
        views.clear();
        hold(value);
    }

    /** Copies a value that lives in a workspace, so that recycling the workspace cannot invalidate it. */
    private void hold(Tensor value) {
        boolean borrowed = value.lease() != null;
        current = borrowed ? value.copy() : value;
        escaped = !borrowed;
    }

    /**
     * Updates these numbers and those of an optimizer's states, in place where nobody can hold the old ones, on all
     * threads and without garbage that grows with the tensor.
     *
     * @param gradient the gradient, of this tensor's shape and dtype
     * @param update the arithmetic
     * @param states other mutable tensors of the same shape and dtype, each different, which the update may change too
     * @throws IllegalArgumentException if a shape or dtype differs, or a state is this object or occurs twice; then
     *     nothing changes
     */
    public final synchronized void update(Tensor gradient, Update update, MutableTensor... states) {
        current.requireLike("update", gradient);
        for (int i = 0; i < states.length; i++) {
            current.requireLike("update", states[i].current);
            if (states[i] == this || Arrays.asList(states).indexOf(states[i]) < i) {
                throw new IllegalArgumentException("update: state " + i + ": expected a place of its own");
            }
        }
        Storage<?> g = gradient.storage();
        beginChange();
        Storage<?>[] changed = new Storage<?>[states.length];
        for (int i = 0; i < changed.length; i++) {
            states[i].beginChange();
            changed[i] = states[i].current.storage();
        }
        current.storage().update(update, g, changed);
    }

    /** Makes this tensor the only reader of the current storage. */
    private synchronized void beginChange() {
        if (escaped || isViewed()) {
            replace(current.copy());
            return;
        }
        for (WeakReference<Workspace.Lease> view : views) {
            Workspace.Lease lease = view.get();
            if (lease != null) {
                lease.revoke();
            }
        }
        views.clear();
    }

    private boolean isViewed() {
        for (WeakReference<Workspace.Lease> view : views) {
            if (isLive(view)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isLive(WeakReference<Workspace.Lease> view) {
        Workspace.Lease lease = view.get();
        return lease != null && lease.isLive();
    }

    private void replace(Tensor next) {
        views.clear();
        current = next;
        escaped = false;
    }

    /** The shape and dtype as text. */
    @Override
    public String toString() {
        return "mutable tensor " + shape() + " " + dtype();
    }
}
