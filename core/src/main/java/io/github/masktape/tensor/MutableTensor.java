package io.github.masktape.tensor;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/**
 * The one thing that changes: a place that holds a tensor and lets an optimizer step replace it. What {@link #value}
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

    /** What lies in a workspace must not end with it. */
    private void hold(Tensor value) {
        boolean borrowed = value.lease() != null;
        current = borrowed ? value.copy() : value;
        escaped = !borrowed;
    }

    /**
     * One step of gradient descent with momentum μ, weight decay λ and learning rate η, as PyTorch's SGD does it.
     *
     * <pre>
     *   g' = g + λ·w
     *   v' = μ·v + g'
     *   w' = w − η·v'             or, nesterov, w' = w − η·(g' + μ·v')
     * </pre>
     *
     * @param velocity v, changed; not used when {@code momentum} is 0
     * @throws IllegalArgumentException if the gradient or the velocity has another shape or dtype
     */
    public final synchronized void descend(
            Tensor gradient,
            MutableTensor velocity,
            double learningRate,
            double momentum,
            double weightDecay,
            boolean nesterov) {
        current.requireLike("descend", gradient);
        current.requireLike("descend", velocity.current);
        beginChange();
        velocity.beginChange();
        current.storage()
                .descend(velocity.current.storage(), gradient.storage(), learningRate, momentum, weightDecay, nesterov);
    }

    /** From here on nobody else reads the current storage. */
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
