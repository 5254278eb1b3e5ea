package io.github.masktape.autograd;

import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Shape;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A list of the operations of one computation, in the order they ran. Backpropagation reads it backwards.
 *
 * <p>An operation can only use values that already exist, so the list is sorted as it is written, and reading it needs no
 * recursion. There are two ways to read it: {@link #backward} returns tensors and consumes the tape; {@link #gradients}
 * writes what it computes on the same tape and returns variables, which can be differentiated again. A tape belongs to
 * the thread that made it.
 */
public final class Tape {
    /** What a tape looks at while it is written and read. */
    public enum Check {
        /** Nothing. */
        NONE,
        /**
         * Every value and every gradient: the first that is NaN or infinite stops the computation with an
         * {@link ArithmeticException} that names its op.
         */
        FINITE
    }

    /** The kinds of nodes. */
    public enum Kind {
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
        private final Kind kind;
        private final String op;
        private final Vjp[] vjps;
        private final Variable result;

        private Node(Kind kind, String op, Vjp[] vjps, Variable result) {
            this.kind = kind;
            this.op = op;
            this.vjps = vjps;
            this.result = result;
        }

        /** A kind of leaf, or an op. */
        public Kind kind() {
            return kind;
        }

        /** The name of the op; of a leaf, its kind in lower case. */
        public String op() {
            return op;
        }

        /** The inputs of the op, in the order of its arguments; none for a leaf. */
        public List<Variable> inputs() {
            return Arrays.stream(vjps).map(Vjp::input).toList();
        }

        /** The value; {@link Variable#index} is the number of the line. */
        public Variable result() {
            return result;
        }

        /** The number, the op and the numbers of its inputs, and the shape: {@code #2 mul ← #0, #1  (3)}. */
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder("#" + result.index() + " " + op);
            for (int i = 0; i < vjps.length; i++) {
                text.append(i == 0 ? " ← #" : ", #").append(vjps[i].input().index());
            }
            return text.append("  (").append(result.shape()).append(')').toString();
        }
    }

    private static final Vjp[] NONE = {};

    private static final Tensor ZERO = Tensor.scalar(0);

    /** The life of a tape. */
    private enum State {
        /** Ops write their results. */
        RECORDING,
        /** The backward pass is under way: ops compute, and write nothing. */
        READING,
        /** The tape takes no more. */
        CONSUMED
    }

    private final Thread owner = Thread.currentThread();
    private final Check check;
    private final boolean recording;
    private final @Nullable Workspace workspace;
    private final List<Node> nodes = new ArrayList<>();
    private final IdentityHashMap<Parameter, Variable> leaves = new IdentityHashMap<>();
    private final BitSet kept = new BitSet();
    private State state = State.RECORDING;
    private @Nullable Vjp noRule;

    /** A tape that keeps the gradient of every variable. */
    public Tape() {
        this(Check.NONE);
    }

    /** A tape that keeps the gradient of every variable and checks what passes over it. */
    public Tape(Check check) {
        this(check, true, null);
    }

    /**
     * A tape in a workspace, which it recycles first: the tensors of the tape before it end. It keeps the gradients of
     * parameters and of what {@link #keep} names.
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

    /** A leaf that no gradient is wanted for: data. */
    public Variable constant(Tensor value) {
        return leaf(Kind.CONSTANT, "constant", workspace == null ? value : workspace.borrow(value), false);
    }

    /** A leaf that a gradient is wanted for. */
    public Variable input(Tensor value) {
        return leaf(Kind.INPUT, "input", workspace == null ? value : workspace.borrow(value), true);
    }

    /** The leaf of a parameter, with its value of the first call: one leaf however often it is used. */
    public Variable parameter(Parameter parameter) {
        requireOpen("parameter");
        Variable leaf = leaves.get(parameter);
        if (leaf == null) {
            leaf = leaf(
                    Kind.PARAMETER,
                    "parameter",
                    workspace == null ? parameter.value() : parameter.view(workspace),
                    true);
            leaves.put(parameter, leaf);
        }
        return leaf;
    }

    /**
     * Lets a variable stand for a parameter wherever the computation uses it from here on: a layer then computes with
     * weights that are themselves results, such as those after a step of gradient descent that is differentiated.
     *
     * @param variable of the parameter's shape and dtype
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

    private Variable leaf(Kind kind, String name, Tensor value, boolean wanted) {
        return append(kind, name, value, wanted && recording, NONE);
    }

    /** Writes the result of an op; see {@link Ops#op}. */
    Variable record(String op, Tensor value, Vjp[] vjps) {
        boolean wanted = false;
        for (Vjp vjp : vjps) {
            requireMine(op, vjp.input());
            wanted |= isWanted(vjp);
        }
        return append(Kind.OP, op, value, wanted, vjps);
    }

    /** What stands for every rule while ops write nothing, and so need none; null while they write. */
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
        return recording && state != State.READING;
    }

    private static boolean isWanted(Vjp vjp) {
        return vjp.input().isWanted() && !(vjp instanceof Vjp.Zero);
    }

    private Variable append(Kind kind, String name, Tensor value, boolean wanted, Vjp[] vjps) {
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
     * The gradients of a scalar loss, by reading the tape backwards; consumes the tape.
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
        state = State.READING;
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
        } finally {
            state = State.CONSUMED;
            leaves.forEach((parameter, leaf) -> parameter.release(leaf.value()));
        }
        return new Gradients(this, gradients);
    }

    /**
     * The gradients of a scalar loss as variables of this tape: what computes them is written on it, so that they can be
     * used in other ops and differentiated again, to any order. The tape stays open.
     *
     * <pre>
     * Variable slope = tape.gradients(u, x).get(0);            du/dx
     * Variable curvature = tape.gradients(slope, x).get(0);    d²u/dx²
     * </pre>
     *
     * @param inputs where gradients are wanted: any variables of this tape, such as {@code tape.parameter(w)}
     * @return one for each input, of its shape; zeros where the loss does not depend on it
     * @throws IllegalArgumentException if the loss is not a scalar, or a variable is not of this tape or is one that no
     *     gradient flows to
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

    /** Adds a node's shares to the gradients at its inputs, or at those among {@code wanted}. */
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
        if (state == State.READING) {
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

    /** The nodes written so far, in their order: a view that grows with the tape. A tape for inference has none. */
    public List<Node> nodes() {
        return Collections.unmodifiableList(nodes);
    }

    /** The picture of this tape for Graphviz, see {@link #toSvg}. */
    public String toDot() {
        return picture("toDot").dot();
    }

    /** The picture of this tape as a Mermaid flowchart, see {@link #toSvg}. */
    public String toMermaid() {
        return picture("toMermaid").mermaid();
    }

    /**
     * The picture of this tape as SVG that needs nothing else: what was recorded so far, each node with its op and
     * shape, each edge from an input to the op that used it. {@link Gradients#toSvg} adds the gradients.
     *
     * @throws IllegalStateException if the tape is for inference
     */
    public String toSvg() {
        return picture("toSvg").svg();
    }

    private TapePicture picture(String what) {
        if (!recording) {
            throw new IllegalStateException(what + ": this tape is for inference and recorded nothing; use new Tape()");
        }
        return new TapePicture(nodes, null);
    }

    @Nullable
    Workspace workspace() {
        return workspace;
    }

    @Nullable
    Variable leafOf(Parameter parameter) {
        return leaves.get(parameter);
    }

    boolean keeps(Variable variable) {
        return workspace == null
                || kept.get(variable.index())
                || nodes.get(variable.index()).kind() == Kind.PARAMETER;
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
        if (state == State.CONSUMED) {
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

    /** A line for each node: its number, its op, the nodes it used, its shape. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < nodes.size(); i++) {
            text.append(i == 0 ? "" : "\n").append(nodes.get(i));
        }
        return text.toString();
    }
}
