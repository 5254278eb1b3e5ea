package io.github.masktape.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The one thing that changes: a place that holds a tensor and lets an optimizer step replace it. What {@link #value}
 * has handed out never changes; the step works in place only when nobody can hold the old numbers.
 */
public class MutableTensor {
    private Tensor current;
    private boolean escaped;
    private final List<Workspace.Lease> views = new ArrayList<>();

    /** A place that holds {@code value} first. */
    public MutableTensor(Tensor value) {
        this.current = value.copy();
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
    public final Tensor value() {
        escaped = true;
        return current;
    }

    /**
     * The tensor of this moment for a computation within a workspace: it stays as it is until it is released, and ends
     * at the first step after that or when the workspace is recycled.
     */
    public final Tensor view(Workspace workspace) {
        views.removeIf(lease -> !lease.isLive());
        Tensor view = workspace.borrow(current);
        views.add(Objects.requireNonNull(view.lease()));
        return view;
    }

    /** Tells that the computation a {@link #view} was made for is over: the next step may work in place and end it. */
    public final void release(Tensor view) {
        if (view.lease() != null) {
            view.lease().release();
        }
    }

    /**
     * Holds another tensor from now on.
     *
     * @throws IllegalArgumentException if its shape or dtype differs
     */
    public final void set(Tensor value) {
        current.requireLike("set", value);
        replace(value.copy());
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
    public final void descend(
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
    private void beginChange() {
        if (escaped || views.stream().anyMatch(Workspace.Lease::isLive)) {
            replace(current.copy());
        } else {
            views.forEach(Workspace.Lease::revoke);
            views.clear();
        }
    }

    private void replace(Tensor next) {
        views.clear();
        current = next;
        escaped = false;
    }
}
