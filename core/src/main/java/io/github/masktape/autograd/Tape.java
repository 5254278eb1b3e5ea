// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.autograd;

import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Shape;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A list of the operations of one computation, in the order in which they ran. Backpropagation reads it backwards.
 *
 * <p>An operation can only use values that already exist, so the list is sorted as it is written, and reading it needs
 * no recursion. There are two ways to read it: {@link #backward} returns tensors and consumes the tape; {@link
 * #gradients} records its computation on the same tape and returns variables, which can be differentiated again. A tape
 * belongs to the thread that made it.
 */
public final class Tape {
    /** The checks that a tape makes while it is written and read. */
    public enum Check {
        /** Checks nothing. */
        NONE,
        /**
         * Checks every value and every gradient: the first that is NaN or infinite stops the computation with an {@link
         * ArithmeticException} that names its op.
         */
        FINITE
    }

    /** The kinds of nodes. */
    public enum NodeKind {
        /** A leaf without a gradient: data. */
        CONSTANT,
        /** A leaf with a gradient. */
        INPUT,
        /** The leaf of a {@link Parameter}. */
        PARAMETER,
        /** The result of an op. */
        OP
    }

    /** One line of the tape: a leaf, or an op with its inputs and its result. */
    public static final class Node {
        private final NodeKind kind;
        private final String op;
        private final Vjp[] vjps;
        private final Variable result;

        private Node(NodeKind kind, String op, Vjp[] vjps, Variable result) {
            this.kind = kind;
            this.op = op;
            this.vjps = vjps;
            this.result = result;
        }

        /** The kind of the node. */
        public NodeKind kind() {
            return kind;
        }

        /** The name of the op; for a leaf, its kind in lower case. */
        public String op() {
            return op;
        }

        /** The inputs of the op, in the order of its arguments; empty for a leaf. */
        public List<Variable> inputs() {
            return Arrays.stream(vjps).map(Vjp::input).toList();
        }

        /** The result of the op, or the leaf; {@link Variable#index} is the number of the line. */
        public Variable result() {
            return result;
        }

        /** The node as text, with its number, op, inputs and shape: {@code #2 mul ← #0, #1  (3)}. */
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder("#" + result.index() + " " + op);
            for (int i = 0; i < vjps.length; i++) {
                text.append(i == 0 ? " ← #" : ", #").append(vjps[i].input().index());
            }
            return text.append("  (").append(result.shape()).append(')').toString();
        }
    }

    /** A change of a buffer, to make when the tape has been read. */
    private record Change(Buffer buffer, UnaryOperator<Tensor> next) {}

    private static final Vjp[] NONE = {};

    private static final Tensor ZERO = Tensor.scalar(0);

    /** The life of a tape. */
    private enum Phase {
        /** Ops write their results. */
        RECORDING,
        /** The backward pass is running: ops compute, and write nothing. */
        READING,
        /** The tape accepts no more ops. */
        CONSUMED
    }

    private final Thread owner = Thread.currentThread();
    private final Check check;
    private final boolean recording;
    private final @Nullable Workspace workspace;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<Parameter, Variable> leaves = new LinkedHashMap<>();
    private final BitSet kept = new BitSet();
    private final List<Change> changes = new ArrayList<>();
    /** The layers that draw random numbers on this tape, by the key of their passes. */
    private final Map<Long, Layer> users = new HashMap<>();

    private Phase state = Phase.RECORDING;
    private @Nullable Vjp noRule;

    /** A tape that keeps the gradient of every variable. */
    public Tape() {
        this(Check.NONE);
    }

    /** A tape that keeps the gradient of every variable and runs the given checks. */
    public Tape(Check check) {
        this(check, true, null);
    }

    /**
     * A tape in a workspace, which it recycles first, so that the tensors of the previous tape end. It keeps the
     * gradients of parameters and of the variables given to {@link #keep}.
     */
    public Tape(Workspace workspace) {
        this(Check.NONE, true, workspace);
        workspace.recycle();
    }

    private Tape(Check check, boolean recording, @Nullable Workspace workspace) {
        this.check = check;
        this.recording = recording;
        this.workspace = workspace;
    }

    /** A tape that records nothing, for computing values only; it cannot go backward. */
    public static Tape inference() {
        return new Tape(Check.NONE, false, null);
    }

    /** A tape for inference in a workspace, which it recycles first. */
    public static Tape inference(Workspace workspace) {
        workspace.recycle();
        return new Tape(Check.NONE, false, workspace);
    }

    /** A leaf without a gradient, for data. */
    public Variable constant(Tensor value) {
        return leaf(NodeKind.CONSTANT, "constant", workspace == null ? value : workspace.borrow(value), false);
    }

    /** A leaf with a gradient. */
    public Variable input(Tensor value) {
        return leaf(NodeKind.INPUT, "input", workspace == null ? value : workspace.borrow(value), true);
    }

    /** The leaf of a parameter, with its value at the first call; there is one leaf however often it is used. */
    public Variable parameter(Parameter parameter) {
        requireOpen("parameter");
        Variable leaf = leaves.get(parameter);
        if (leaf == null) {
            leaf = leaf(
                    NodeKind.PARAMETER,
                    "parameter",
                    workspace == null ? parameter.value() : parameter.view(workspace),
                    true);
            leaves.put(parameter, leaf);
        }
        return leaf;
    }

    /**
     * Replaces a parameter by a variable in the rest of the computation: a layer then computes with weights that are
     * themselves results, for example those after a differentiable step of gradient descent.
     *
     * @param variable a variable with the parameter's shape and dtype
     */
    public void bind(Parameter parameter, Variable variable) {
        requireOpen("bind");
        requireMine("bind", variable);
        if (!variable.shape().equals(parameter.shape()) || variable.dtype() != parameter.dtype()) {
            throw unlike("bind", variable.value(), parameter.shape(), parameter.dtype());
        }
        leaves.put(parameter, variable);
        if (workspace != null && recording) {
            kept.set(variable.index());
        }
    }

    /** Asks a workspace's tape to keep the gradient at this variable; other tapes keep all. */
    public void keep(Variable variable) {
        requireOpen("keep");
        requireMine("keep", variable);
        if (!recording) {
            throw new IllegalStateException("keep: this tape is for inference and has no gradients; use new Tape()");
        }
        kept.set(variable.index());
    }

    /**
     * Changes a buffer once {@link #backward} has succeeded: in a step of training, not in one that fails, and never on
     * a tape for inference, so that trying a network out leaves it as it is.
     *
     * <pre>
     *   tape.update(runningMean, old -&gt; old.scale(0.9).add(batchMean.scale(0.1)));
     * </pre>
     *
     * @param next the new value, of the same shape and dtype, as a function of the old one
     */
    public void update(Buffer buffer, UnaryOperator<Tensor> next) {
        requireOpen("update");
        if (isWriting()) {
            changes.add(new Change(buffer, next));
        }
    }

    /** Leaves all buffers as they are. */
    void forgetUpdates() {
        changes.clear();
    }

    /** The buffers that backward changes, or has changed. */
    public Set<Buffer> updatedBuffers() {
        Set<Buffer> buffers = new LinkedHashSet<>();
        changes.forEach(change -> buffers.add(change.buffer));
        return buffers;
    }

    /** Makes the changes of buffers, all or none; a buffer that a shared layer changes twice is changed in order. */
    private void updateBuffers() {
        Map<Buffer, Tensor> values = new LinkedHashMap<>();
        for (Change change : changes) {
            Buffer buffer = change.buffer;
            Tensor old = values.containsKey(buffer) ? values.get(buffer) : buffer.value();
            Tensor next = change.next.apply(old);
            if (!next.shape().equals(buffer.shape()) || next.dtype() != buffer.dtype()) {
                throw unlike("update", next, buffer.shape(), buffer.dtype());
            }
            values.put(buffer, next);
        }
        values.forEach(Buffer::set);
    }

    /** The layers that draw random numbers on this tape, by the key of their passes. */
    Map<Long, Layer> users() {
        return Collections.unmodifiableMap(users);
    }

    /** The layer that was the first to use a pass with this key here. */
    Layer userOf(long key, Layer layer) {
        Layer user = users.putIfAbsent(key, layer);
        return user == null ? layer : user;
    }

    private Variable leaf(NodeKind kind, String name, Tensor value, boolean wanted) {
        return append(kind, name, value, wanted && recording, NONE);
    }

    /** Writes the result of an op; see {@link Ops#op}. */
    Variable record(String op, Tensor value, Vjp[] vjps) {
        boolean wanted = false;
        for (Vjp vjp : vjps) {
            requireMine(op, vjp.input());
            wanted |= isWanted(vjp);
        }
        return append(NodeKind.OP, op, value, wanted, vjps);
    }

    /** The placeholder for rules while ops write nothing and need no rules; null while they write. */
    @Nullable
    Vjp noRule() {
        if (isWriting()) {
            return null;
        }
        if (noRule == null) {
            noRule = new Vjp.Zero(unrecorded(ZERO));
        }
        return noRule;
    }

    private boolean isWriting() {
        return recording && state != Phase.READING;
    }

    private static boolean isWanted(Vjp vjp) {
        return vjp.input().isWanted() && !(vjp instanceof Vjp.Zero);
    }

    private Variable append(NodeKind kind, String name, Tensor value, boolean wanted, Vjp[] vjps) {
        requireOpen(name);
        if (!isWriting()) {
            return unrecorded(value);
        }
        Variable result = new Variable(this, nodes.size(), value, wanted);
        nodes.add(new Node(kind, name, vjps, result));
        if (check == Check.FINITE) {
            requireFinite(line(result.index()), "its value", value);
        }
        return result;
    }

    private Variable unrecorded(Tensor value) {
        return new Variable(this, -1, value, false);
    }

    // ---- reading ----

    /**
     * The gradients of a scalar loss, by reading the tape backwards; consumes the tape and then makes the changes of
     * {@link #update}.
     *
     * @throws IllegalArgumentException if the loss is not a scalar or not of this tape
     * @throws IllegalStateException if the tape was consumed, records nothing, or belongs to another thread
     */
    public Gradients backward(Variable loss) {
        requireScalar("backward", loss);
        return backward(loss, Tensor.scalar(1).to(loss.dtype()));
    }

    /**
     * The gradients of Σ cotangent ⊙ result, by reading the tape backwards; consumes the tape.
     *
     * @param cotangent the gradient to start from, of the result's shape and dtype
     */
    public Gradients backward(Variable result, Tensor cotangent) {
        requireReadable("backward", result, cotangent);
        @Nullable Variable[] pending = new Variable[nodes.size()];
        @Nullable Tensor[] gradients = new Tensor[nodes.size()];
        pending[result.index()] = unrecorded(workspace == null ? cotangent : workspace.borrow(cotangent));
        state = Phase.READING;
        try {
            for (int i = nodes.size() - 1; i >= 0; i--) {
                Variable dy = pending[i];
                if (dy == null) {
                    continue;
                }
                propagate(i, dy, pending, null);
                pending[i] = null;
                if (keeps(nodes.get(i).result())) {
                    gradients[i] = workspace == null ? dy.value() : workspace.outlastingSteps(dy.value());
                }
            }
            updateBuffers();
        } finally {
            state = Phase.CONSUMED;
            leaves.forEach((parameter, leaf) -> parameter.release(leaf.value()));
        }
        return new Gradients(this, gradients);
    }

    /**
     * The gradients of a scalar loss as variables of this tape: their computation is recorded, so that they can be used
     * in other ops and differentiated again, to any order. The tape stays open.
     *
     * <pre>
     * Variable slope = tape.gradients(u, x).get(0);            du/dx
     * Variable curvature = tape.gradients(slope, x).get(0);    d²u/dx²
     * </pre>
     *
     * @param inputs the variables of this tape at which gradients are wanted, for example {@code tape.parameter(w)}
     * @return one for each input, of its shape; zeros where the loss does not depend on it
     * @throws IllegalArgumentException if the loss is not a scalar, or a variable is not of this tape or depends on no
     *     input or parameter
     * @throws IllegalStateException if the tape was consumed, records nothing, or belongs to another thread
     */
    public List<Variable> gradients(Variable loss, Variable... inputs) {
        requireScalar("gradients", loss);
        return gradients(loss, constant(Tensor.scalar(1).to(loss.dtype())), List.of(inputs));
    }

    /**
     * The gradients of Σ cotangent ⊙ result as variables of this tape, see {@link #gradients(Variable, Variable...)}.
     *
     * @param cotangent the gradient to start from, of the result's shape and dtype; it may depend on inputs itself
     */
    public List<Variable> gradients(Variable result, Variable cotangent, List<Variable> inputs) {
        requireReadable("gradients", result, cotangent.value());
        requireMine("gradients", cotangent);
        BitSet path = dependents(inputs);
        @Nullable Variable[] gradients = new Variable[nodes.size()];
        gradients[result.index()] = cotangent;
        for (int i = result.index(); i >= 0; i--) {
            Variable dy = gradients[i];
            if (dy != null && path.get(i)) {
                propagate(i, dy, gradients, path);
            }
        }
        List<Variable> found = new ArrayList<>();
        for (Variable input : inputs) {
            Variable gradient = gradients[input.index()];
            found.add(
                    gradient != null
                            ? gradient
                            : constant(Tensor.zeros(input.dtype(), input.shape().dims())));
        }
        return Collections.unmodifiableList(found);
    }

    /** The inputs and all nodes that depend on one of them, by number. */
    private BitSet dependents(List<Variable> inputs) {
        BitSet path = new BitSet(nodes.size());
        int first = nodes.size();
        for (Variable input : inputs) {
            requireMine("gradients", input);
            if (!input.isWanted()) {
                throw new IllegalArgumentException(
                        "gradients: #" + input.index()
                                + " depends on no input or parameter, so no gradient flows to it; make it with tape.input(...)");
            }
            path.set(input.index());
            first = Math.min(first, input.index());
        }
        for (int i = first + 1; i < nodes.size(); i++) {
            for (Vjp vjp : nodes.get(i).vjps) {
                if (isWanted(vjp) && path.get(vjp.input().index())) {
                    path.set(i);
                }
            }
        }
        return path;
    }

    /** Adds a node's contributions to the gradients at its inputs, or only at those in {@code wanted}. */
    private void propagate(int node, Variable dy, @Nullable Variable[] gradients, @Nullable BitSet wanted) {
        for (Vjp vjp : nodes.get(node).vjps) {
            if (!isWanted(vjp) || (wanted != null && !wanted.get(vjp.input().index()))) {
                continue;
            }
            int input = vjp.input().index();
            Variable share = share(vjp, dy, nodes.get(node).result());
            if (share == null) {
                throw new AssertionError(line(node) + ": its rule for #" + input + " gave null");
            }
            if (!share.shape().equals(vjp.input().shape())
                    || share.dtype() != vjp.input().dtype()) {
                throw new AssertionError(line(node) + ": its rule for #" + input + " gave "
                        + share.shape() + " " + share.dtype() + ", expected "
                        + vjp.input().shape() + " "
                        + vjp.input().dtype());
            }
            if (share.tape() != this) {
                throw new AssertionError(line(node) + ": its rule for #" + input + " gave a variable of another tape");
            }
            Variable before = gradients[input];
            Variable sum = before == null ? share : Ops.add(before, share);
            if (check == Check.FINITE) {
                requireFinite(line(node), "its gradient for #" + input, share.value());
                requireFinite(line(node), "the sum of gradients for #" + input, sum.value());
            }
            gradients[input] = sum;
        }
    }

    private static @Nullable Variable share(Vjp vjp, Variable dy, Variable y) {
        return vjp instanceof Vjp.OfGradient simple
                ? simple.rule().apply(dy)
                : ((Vjp.OfGradientAndResult) vjp).rule().apply(dy, y);
    }

    private void requireReadable(String reading, Variable result, Tensor cotangent) {
        if (!recording) {
            throw new IllegalStateException(
                    reading + ": this tape is for inference and recorded nothing; use new Tape()");
        }
        requireOpen(reading);
        requireMine(reading, result);
        if (!cotangent.shape().equals(result.shape()) || cotangent.dtype() != result.dtype()) {
            throw unlike(reading + ": cotangent", cotangent, result.shape(), result.dtype());
        }
        if (check == Check.FINITE) {
            requireFinite(reading, "its cotangent", cotangent);
        }
        if (state == Phase.READING) {
            throw new IllegalStateException(reading + ": this tape is being read; a rule is written with ops alone");
        }
    }

    private static void requireScalar(String reading, Variable loss) {
        if (loss.shape().rank() != 0) {
            throw new IllegalArgumentException(reading + ": expected a scalar loss, got " + loss.shape()
                    + "; reduce it with Ops.sum or Ops.mean, or give a cotangent");
        }
    }

    /** The number of nodes written so far. */
    public int size() {
        return nodes.size();
    }

    /** The nodes written so far, in order, as a view that grows with the tape. A tape for inference has none. */
    public List<Node> nodes() {
        return Collections.unmodifiableList(nodes);
    }

    /** True if this tape records nothing, see {@link #inference()}. */
    public boolean isForInference() {
        return !recording;
    }

    @Nullable
    Workspace workspace() {
        return workspace;
    }

    @Nullable
    Variable leafOf(Parameter parameter) {
        return leaves.get(parameter);
    }

    /** The parameters that the tape has had, in the order of their first use. */
    Set<Parameter> parameters() {
        return leaves.keySet();
    }

    boolean keeps(Variable variable) {
        return workspace == null
                || kept.get(variable.index())
                || nodes.get(variable.index()).kind() == NodeKind.PARAMETER;
    }

    private static void requireFinite(String where, String what, Tensor tensor) {
        if (!tensor.isFinite()) {
            throw new ArithmeticException(where + ": " + what + " is not finite: " + tensor.firstNotFinite());
        }
    }

    private void requireOwner(String op) {
        if (Thread.currentThread() != owner) {
            throw new IllegalStateException(op + ": the tape belongs to thread \"" + owner.getName()
                    + "\" and was used by thread \"" + Thread.currentThread().getName() + "\"; give each its own tape");
        }
    }

    private void requireOpen(String op) {
        requireOwner(op);
        if (state == Phase.CONSUMED) {
            throw new IllegalStateException(
                    op + ": this tape was consumed by backward; record the next computation on a new Tape");
        }
    }

    private void requireMine(String op, Variable variable) {
        if (variable.tape() != this) {
            throw new IllegalArgumentException(op + ": its inputs stand on two tapes");
        }
    }

    private static IllegalArgumentException unlike(String what, Tensor value, Shape shape, DType dtype) {
        return new IllegalArgumentException(
                what + ": expected " + shape + " " + dtype + ", got " + value.shape() + " " + value.dtype());
    }

    private String line(int index) {
        return nodes.get(index).toString();
    }

    /** The tape as text, a line for each node: its number, its op, its inputs and its shape. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < nodes.size(); i++) {
            text.append(i == 0 ? "" : "\n").append(nodes.get(i));
        }
        return text.toString();
    }
}
