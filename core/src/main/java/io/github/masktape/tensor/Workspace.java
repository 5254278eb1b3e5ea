package io.github.masktape.tensor;

/**
 * The memory of one training step after another. Tensors made from a workspace's tensors belong to it too; when it is
 * recycled they all end, and reading an ended tensor is an error that says so, never other numbers.
 *
 * <p>Used by one thread. The trainer owns one; a lesson needs none.
 */
public final class Workspace {
    private int generation;

    /** A workspace in its first generation. */
    public Workspace() {}

    /**
     * A view of a tensor's numbers that belongs to this workspace, as do all results computed from it, until
     * {@link #recycle}. A tensor that belongs here already is given back as it is; another workspace's is copied.
     */
    public Tensor borrow(Tensor tensor) {
        Lease lease = tensor.lease();
        if (lease == null) {
            return tensor.under(new Lease(this, generation));
        }
        return lease.workspace == this ? tensor : tensor.copy().under(new Lease(this, generation));
    }

    /** A view whose lease is its own, to be revoked by the step that overwrites the numbers. */
    Tensor view(Tensor tensor) {
        Lease lease = new Lease(this, generation);
        lease.view = true;
        return tensor.under(lease);
    }

    /**
     * The tensor itself, or a copy in this workspace if it shows the numbers of a {@link MutableTensor}, which the next
     * step will end.
     */
    public Tensor outlastingSteps(Tensor tensor) {
        Lease lease = tensor.lease();
        return lease != null && lease.view ? borrow(tensor.copy()) : tensor;
    }

    /** Ends every tensor that belongs to this workspace: their memory may be used again. */
    public void recycle() {
        generation++;
    }

    /** The right to read a tensor. */
    static final class Lease {
        private final Workspace workspace;
        private final int generation;
        private boolean view;
        private boolean released;
        private boolean revoked;

        private Lease(Workspace workspace, int generation) {
            this.workspace = workspace;
            this.generation = generation;
        }

        /** The lease of a result computed from the view: its memory is its own, so no step ends it. */
        Lease ofResult() {
            return new Lease(workspace, generation);
        }

        /** Tells that no computation will read the view again. */
        void release() {
            released = true;
        }

        /** True while a computation may still read the view. */
        boolean isLive() {
            return !released && generation == workspace.generation;
        }

        void revoke() {
            revoked = true;
        }

        void check(Shape shape) {
            if (generation != workspace.generation) {
                throw new IllegalStateException(
                        "tensor " + shape
                                + ": its workspace was recycled; copy() what is to outlive the step before the next one begins");
            }
            if (revoked) {
                throw new IllegalStateException("tensor " + shape
                        + ": an optimizer step changed the parameter behind it; read it before the step, or copy() it");
            }
        }
    }
}
