package io.github.masktape.autograd;

import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Workspace;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A list of the operations of one computation, in the order they ran. Backpropagation reads it backwards.
 *
 * <p>An operation can only use values that already exist, so the list is sorted as it is written, and {@link #backward}
 * needs no recursion. It is read once: after that the tape takes no more. A tape belongs to the thread that made it.
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

    /**
     * One line of the tape.
     *
     * @param op the name of the op, or what kind of leaf the result is: constant, input, parameter
     * @param inputs what the op used, in the order of its arguments; none for a leaf
     * @param result what it gave; {@link Variable#index} is the number of the line
     */
    public record Node(String op, List<Variable> inputs, Variable result) {
        /** A line with a copy of {@code inputs}. */
        public Node {
            inputs = List.copyOf(inputs);
        }
    }

    private static final Vjp[] NONE = {};

    private final Thread owner = Thread.currentThread();
    private final Check check;
    private final boolean recording;
    private final @Nullable Workspace workspace;
    private final List<Node> nodes = new ArrayList<>();
    /** For each node a rule for each input that a gradient is wanted for; dropped as they are used. */
    private final List<@Nullable Vjp[]> rules = new ArrayList<>();

    private final IdentityHashMap<Parameter, Variable> leaves = new IdentityHashMap<>();
    private final BitSet kept = new BitSet();
    private boolean consumed;

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
        return leaf("constant", workspace == null ? value : workspace.borrow(value), false);
    }

    /** A leaf that a gradient is wanted for. */
    public Variable input(Tensor value) {
        return leaf("input", workspace == null ? value : workspace.borrow(value), true);
    }

    /** The leaf of a parameter, with its value of the first call: one leaf however often it is used. */
    public Variable parameter(Parameter parameter) {
        requireOpen("parameter");
        Variable leaf = leaves.get(parameter);
        if (leaf == null) {
            leaf = leaf("parameter", workspace == null ? parameter.value() : parameter.view(workspace), true);
            leaves.put(parameter, leaf);
        }
        return leaf;
    }

    /** Lets a variable stand for a parameter wherever this tape's computation uses it. */
    void bind(Parameter parameter, Variable variable) {
        requireMine("bind", variable);
        leaves.put(parameter, variable);
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

    private Variable leaf(String kind, Tensor value, boolean wanted) {
        return append(kind, value, wanted && recording, NONE);
    }

    /** Writes the result of an op; see {@link Ops#op}. */
    Variable record(String op, Tensor value, Vjp[] vjps) {
        boolean wanted = false;
        for (Vjp vjp : vjps) {
            requireMine(op, vjp.input());
            wanted |= vjp.input().isWanted();
        }
        return append(op, value, wanted, vjps);
    }

    private Variable append(String op, Tensor value, boolean wanted, Vjp[] vjps) {
        requireOpen(op);
        if (!recording) {
            return new Variable(this, -1, value, false);
        }
        Variable result = new Variable(this, nodes.size(), value, wanted);
        Variable[] inputs = new Variable[vjps.length];
        @Nullable Vjp[] wantedRules = new Vjp[vjps.length];
        for (int i = 0; i < vjps.length; i++) {
            inputs[i] = vjps[i].input();
            wantedRules[i] = inputs[i].isWanted() ? vjps[i] : null;
        }
        nodes.add(new Node(op, List.of(inputs), result));
        rules.add(wantedRules);
        if (check == Check.FINITE) {
            requireFinite(line(result.index()), "its value", value);
        }
        return result;
    }

    /**
     * The gradients of a scalar loss, by reading the tape backwards; consumes the tape.
     *
     * @throws IllegalArgumentException if the loss is not a scalar or not of this tape
     * @throws IllegalStateException if the tape was consumed, records nothing, or belongs to another thread
     */
    public Gradients backward(Variable loss) {
        if (loss.shape().rank() != 0) {
            throw new IllegalArgumentException("backward: expected a scalar loss, got " + loss.shape()
                    + "; reduce it with Ops.sum or Ops.mean, or give a cotangent");
        }
        return backward(loss, Tensor.scalar(1).to(loss.dtype()));
    }

    /**
     * The gradients of Σ cotangent ⊙ result, by reading the tape backwards; consumes the tape.
     *
     * @param cotangent the gradient to start from, of the result's shape and dtype
     */
    public Gradients backward(Variable result, Tensor cotangent) {
        if (!recording) {
            throw new IllegalStateException(
                    "backward: this tape is for inference and recorded nothing; use new Tape()");
        }
        requireOpen("backward");
        requireMine("backward", result);
        requireLike("backward: the cotangent", result, cotangent);
        if (check == Check.FINITE) {
            requireFinite("backward", "its cotangent", cotangent);
        }
        consumed = true;
        @Nullable Tensor[] gradients = new Tensor[nodes.size()];
        gradients[result.index()] = workspace == null ? cotangent : workspace.borrow(cotangent);
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Tensor dy = gradients[i];
            if (dy != null) {
                propagate(i, dy, gradients);
            }
            rules.set(i, NONE);
            if (!keeps(nodes.get(i).result())) {
                gradients[i] = null;
            } else if (workspace != null && dy != null) {
                gradients[i] = workspace.outlastingSteps(dy);
            }
        }
        leaves.forEach((parameter, leaf) -> parameter.release(leaf.value()));
        return new Gradients(this, gradients);
    }

    private void propagate(int node, Tensor dy, @Nullable Tensor[] gradients) {
        for (Vjp vjp : rules.get(node)) {
            if (vjp == null) {
                continue;
            }
            int input = vjp.input().index();
            Tensor share = vjp.rule().apply(dy);
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
            Tensor before = gradients[input];
            Tensor sum = before == null ? share : before.add(share);
            if (check == Check.FINITE) {
                requireFinite(line(node), "its gradient for #" + input, share);
                requireFinite(line(node), "the sum of gradients for #" + input, sum);
            }
            gradients[input] = sum;
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
                || nodes.get(variable.index()).op().equals("parameter");
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
        if (consumed) {
            throw new IllegalStateException(
                    op + ": this tape was consumed by backward; record the next computation on a new Tape");
        }
    }

    private void requireMine(String op, Variable variable) {
        if (variable.tape() != this) {
            throw new IllegalArgumentException(op + ": its inputs stand on two tapes");
        }
    }

    private static void requireLike(String what, Variable variable, Tensor tensor) {
        if (!tensor.shape().equals(variable.shape()) || tensor.dtype() != variable.dtype()) {
            throw new IllegalArgumentException(what + " must be " + variable.shape() + " " + variable.dtype() + ", got "
                    + tensor.shape() + " " + tensor.dtype());
        }
    }

    private String line(int index) {
        Node node = nodes.get(index);
        StringBuilder text = new StringBuilder("#" + index + " " + node.op());
        for (int i = 0; i < node.inputs().size(); i++) {
            text.append(i == 0 ? " ← #" : ", #").append(node.inputs().get(i).index());
        }
        return text.append("  (").append(node.result().shape()).append(')').toString();
    }

    /** A line for each node: its number, its op, the nodes it used, its shape. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < nodes.size(); i++) {
            text.append(i == 0 ? "" : "\n").append(line(i));
        }
        return text.toString();
    }
}
