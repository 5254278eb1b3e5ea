// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.peers.graphs;

import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Shape;
import io.github.masktape.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoublePredicate;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A random program under construction: it grows by calls on existing lines, and by new inputs where no line fits. */
final class RandomProgram {
    private static final int MOST_CALLS = 30;
    private static final int[] SIZES = {1, 1, 2, 3, 4, 5, 7, 8, 9, 17};
    private static final int MOST_CALLS_OF_SMALL = 6;
    private static final int[] SIZES_OF_SMALL = {1, 2};
    /** A bound of all values, which keeps the comparison well conditioned. */
    private static final double LARGEST = 50;

    private final RandomStream random;
    private final int[] sizes;
    private final List<GraphProgram.Line> lines = new ArrayList<>();

    private RandomProgram(long key, int[] sizes) {
        random = new RandomStream(key);
        this.sizes = IntStream.range(0, 3)
                .map(i -> sizes[random.nextInt(sizes.length)])
                .toArray();
    }

    /** The program for a key; a small one has sizes of 1 and 2 and few calls. */
    static GraphProgram of(long key, boolean small) {
        RandomProgram program = new RandomProgram(key, small ? SIZES_OF_SMALL : SIZES);
        program.input(program.size(), program.size());
        int most = small ? MOST_CALLS_OF_SMALL : MOST_CALLS;
        for (int calls = 1 + program.random.nextInt(most); calls > 0; calls--) {
            int op = program.random.nextInt(GraphOps.ALL.size());
            program.add(GraphOps.ALL.get(op).call().apply(program));
        }
        return new GraphProgram(List.copyOf(program.lines));
    }

    private void add(GraphOps.Call call) {
        Tensor value = valueOf(call);
        if (value != null) {
            lines.add(new GraphProgram.Line(call, value, normal(value.shape()), normal(value.shape())));
        }
    }

    /** The value of a call; null if it is too large, undefined, or near a point where its op has no derivative. */
    private @Nullable Tensor valueOf(GraphOps.Call call) {
        List<Tensor> values = call.arguments().stream().map(this::value).toList();
        boolean defined = switch (call.op()) {
            case "log", "sqrt" -> all(values.get(0), v -> v > 0.02);
            case "div" -> all(values.get(1), v -> Math.abs(v) > 0.1);
            case "relu", "abs" -> all(values.get(0), RandomProgram::isAwayFromTheStep);
            case "maximum", "minimum" -> all(values.get(0).sub(values.get(1)), RandomProgram::isAwayFromTheStep);
            case "wherePositive" -> all(values.get(1), RandomProgram::isAwayFromTheStep);
            default -> true;
        };
        if (!defined) {
            return null;
        }
        Tape tape = Tape.inference();
        List<Variable> arguments = values.stream().map(tape::constant).toList();
        Tensor value = call.ours().apply(arguments).value();
        return all(value, v -> Math.abs(v) <= LARGEST) ? value : null;
    }

    private static boolean isAwayFromTheStep(double value) {
        return value == 0 || Math.abs(value) > 1e-6;
    }

    private static boolean all(Tensor x, DoublePredicate condition) {
        return Arrays.stream(x.toDoubleArray()).allMatch(condition);
    }

    // ---- for the ops to draw from ----

    RandomStream random() {
        return random;
    }

    Tensor value(int line) {
        return lines.get(line).value();
    }

    int dim(int line, int axis) {
        return value(line).shape().dim(axis);
    }

    /** A random choice among the few sizes of this program's inputs. */
    int size() {
        return sizes[random.nextInt(sizes.length)];
    }

    /** A random line. */
    int any() {
        return pick(i -> true);
    }

    /** A random line that is a matrix; the first line always is. */
    int matrix() {
        return pick(i -> value(i).shape().rank() == 2);
    }

    /** A random line of this shape; a new input if there is none, and sometimes even if there is one. */
    int some(int... dims) {
        Shape shape = Shape.of(dims);
        IntPredicate fits = i -> value(i).shape().equals(shape);
        boolean found = IntStream.range(0, lines.size()).anyMatch(fits);
        return found && random.nextInt(4) > 0 ? pick(fits) : input(dims);
    }

    /** A random line among those that fit; late lines are preferred, so that programs are deep. */
    private int pick(IntPredicate fits) {
        int[] candidates = IntStream.range(0, lines.size()).filter(fits).toArray();
        return candidates[Math.max(random.nextInt(candidates.length), random.nextInt(candidates.length))];
    }

    private int input(int... dims) {
        Shape shape = Shape.of(dims);
        lines.add(new GraphProgram.Line(null, normal(shape), normal(shape), normal(shape)));
        return lines.size() - 1;
    }

    private Tensor normal(Shape shape) {
        double[] values = new double[shape.size()];
        Arrays.setAll(values, i -> random.nextGaussian());
        return Tensor.of(values).reshape(shape);
    }
}
