package io.github.masktape.tensor;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The one thing that changes: a place that holds a tensor and lets an optimizer update it. What {@link #value}
 * has handed out never changes; the step works in place only when nobody can hold the old numbers. Several threads may
 * use one place.
 */
public class MutableTensor {
    private Tensor current;
    private boolean escaped;
    final List<WeakReference<Workspace.Lease>> views = new ArrayList<>();

    /** A place that holds {@code value} first, which stays as it is: a step writes another tensor. */
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

    /** The tensor of this moment. It stays as it is; the next step writes a new one. */
    public final synchronized Tensor value() {
        escaped = true;
        return current;
    }

    /**
     * The tensor of this moment for a computation within a workspace: it stays as it is until it is released, and ends
     * at the first step after that or when the workspace is recycled.
     */
    public final synchronized Tensor view(Workspace workspace) {
        views.removeIf(view -> !isLive(view));
        Tensor view = workspace.view(current);
        views.add(new WeakReference<>(view.lease()));
        return view;
    }

    /** Tells that the computation a {@link #view} was made for is over: the next step may work in place and end it. */
    public final synchronized void release(Tensor view) {
        if (view.lease() != null) {
            view.lease().release();
        }
    }

    /**
     * Holds another tensor from now on.
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
     * Updates the numbers of this place and of an optimizer's states, in place where nobody can hold the old ones; on all
     * threads, without garbage that grows with the tensor.
     *
     * @param gradient of this place's shape and dtype
     * @param update the arithmetic
     * @param states other places of the same shape and dtype, each different; the update may change them too
     * @throws IllegalArgumentException if a shape or dtype differs, or a state is this place or occurs twice; then nothing
     *     was changed
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

    /** Makes sure that nobody else reads the current storage from here on. */
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
}
