// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.peers.graphs;

import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Checks that random graphs of all ops agree on our tape and on PyTorch's autograd, in float64: every value, every
 * gradient and every second derivative. If they differ, the smallest differing graph that it finds is printed. Small
 * graphs come first.
 */
public final class Graphs {
    /**
     * The tolerance, relative to the largest element of a value or gradient, or to 1. Sums in another order differ by
     * about 10⁻¹⁵ of it, more where gradients cancel; a wrong factor, mask or sign by 10⁻² or more.
     */
    static final double TOLERANCE = 1e-10;
    /** The tolerance for the gradients of s, where more terms cancel. */
    static final double SECOND_TOLERANCE = 1e-9;

    /** The number of small graphs, enough to reveal any wrong op. */
    private static final int SMALL = 100;

    private Graphs() {}

    /** An engine that runs programs. */
    interface Side {
        GraphResult evaluate(GraphProgram program);
    }

    /**
     * The result of running a program.
     *
     * @param values the value of every line
     * @param gradients the gradient of the loss at every input
     * @param second the gradients of s, at every input and then at the cotangent of every result
     */
    record GraphResult(List<double[]> values, List<double[]> gradients, List<double[]> second) {}

    /**
     * The largest differences between two sides, relative to the largest element of the tensor, or to 1; infinite if
     * something cannot be compared.
     *
     * @param first the largest difference of a value or gradient
     * @param second the largest difference of a gradient of s
     */
    record LargestDifferences(double first, double second) {
        static LargestDifferences of(GraphProgram program, Side ours, Side theirs) {
            return between(ours.evaluate(program), theirs.evaluate(program));
        }

        static LargestDifferences between(GraphResult a, GraphResult b) {
            return new LargestDifferences(
                    Math.max(largest(a.values(), b.values()), largest(a.gradients(), b.gradients())),
                    largest(a.second(), b.second()));
        }

        LargestDifferences max(LargestDifferences other) {
            return new LargestDifferences(Math.max(first, other.first), Math.max(second, other.second));
        }

        boolean isTolerated() {
            return first <= TOLERANCE && second <= SECOND_TOLERANCE;
        }
    }

    /** Runs the check; the arguments are the number of graphs and the seed. The exit code is 1 if a graph differs. */
    public static void main(String[] args) {
        int count = Integer.parseInt(args[0]);
        long seed = Long.parseLong(args[1]);
        Side theirs = new TorchGraph();
        Map<String, Integer> calls = new TreeMap<>();
        int inputs = 0;
        int curved = 0;
        LargestDifferences largest = new LargestDifferences(0, 0);
        for (int i = 0; i < count; i++) {
            GraphProgram program = RandomProgram.of(RandomStream.derive(seed, i), i < SMALL);
            GraphResult ours = ours(program);
            LargestDifferences difference = LargestDifferences.between(ours, theirs.evaluate(program));
            if (!difference.isTolerated()) {
                GraphProgram small = program.shrunk(
                        p -> !LargestDifferences.of(p, Graphs::ours, theirs).isTolerated());
                System.out.printf(
                        Locale.ROOT,
                        "Graph %d of seed %d differs by %.1e, at second order by %.1e:%n%n",
                        i,
                        seed,
                        difference.first(),
                        difference.second());
                System.out.print(small + differences(ours(small), theirs.evaluate(small)));
                System.exit(1);
            }
            largest = largest.max(difference);
            inputs += program.inputs().size();
            curved += isCurved(program, ours) ? 1 : 0;
            for (GraphProgram.Line line : program.lines()) {
                GraphOps.Call call = line.call();
                if (call != null) {
                    calls.merge(call.op(), 1, Integer::sum);
                }
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%d random graphs on our tape and on PyTorch's, seed %d: %d inputs, %d calls of %d ops, each at least %d"
                        + " times; %d have second derivatives other than 0. Largest difference of a value or gradient,"
                        + " relative to the largest element, or to 1: %.1e; at most %.0e. The same at second order:"
                        + " %.1e; at most %.0e.%n",
                count,
                seed,
                inputs,
                calls.values().stream().mapToInt(n -> n).sum(),
                calls.size(),
                calls.values().stream().mapToInt(n -> n).min().orElse(0),
                curved,
                largest.first(),
                TOLERANCE,
                largest.second(),
                SECOND_TOLERANCE);
    }

    /** True if s depends on an input, which means that a Hessian of the loss is not 0. */
    static boolean isCurved(GraphProgram program, GraphResult outcome) {
        return outcome.second().subList(0, program.inputs().size()).stream()
                .flatMapToDouble(Arrays::stream)
                .anyMatch(value -> value != 0);
    }

    private static String differences(GraphResult ours, GraphResult theirs) {
        return differences("value", ours.values(), theirs.values(), TOLERANCE)
                + differences("gradient of the loss", ours.gradients(), theirs.gradients(), TOLERANCE)
                + differences("gradient of s", ours.second(), theirs.second(), SECOND_TOLERANCE);
    }

    private static String differences(String what, List<double[]> ours, List<double[]> theirs, double tolerance) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < ours.size(); i++) {
            if (!(largest(ours.get(i), theirs.get(i)) <= tolerance)) {
                text.append(what).append("\n  ours     ").append(Arrays.toString(ours.get(i)));
                text.append("\n  PyTorch  ")
                        .append(Arrays.toString(theirs.get(i)))
                        .append('\n');
            }
        }
        return text.toString();
    }

    /**
     * Runs the program on our tape in two ways: once with {@code backward} alone, once with {@code gradients} and then
     * {@code backward}. Both must give the same first gradients, bit for bit.
     */
    static GraphResult ours(GraphProgram program) {
        Recording once = new Recording(program);
        Gradients gradients = once.tape.backward(once.loss);
        List<double[]> first = numbers(once.inputs.stream().map(gradients::of).toList());

        Recording twice = new Recording(program);
        List<Variable> slopes = twice.tape.gradients(twice.loss, twice.inputs.toArray(Variable[]::new));
        List<double[]> same = numbers(slopes.stream().map(Variable::value).toList());
        if (!Arrays.deepEquals(first.toArray(), same.toArray())) {
            throw new IllegalStateException("gradients gives other numbers than backward:\n" + program);
        }
        Variable s = IntStream.range(0, slopes.size())
                .mapToObj(i -> twice.dot(
                        slopes.get(i),
                        program.lines().get(program.inputs().get(i)).direction()))
                .reduce(Ops::add)
                .orElseThrow();
        Gradients second = twice.tape.backward(s);
        List<Variable> leaves = new ArrayList<>(twice.inputs);
        leaves.addAll(twice.cotangents);
        return new GraphResult(
                numbers(twice.lines.stream().map(Variable::value).toList()),
                first,
                numbers(leaves.stream().map(second::of).toList()));
    }

    private static List<double[]> numbers(List<Tensor> tensors) {
        return tensors.stream().map(Tensor::toDoubleArray).toList();
    }

    /** A program recorded on a tape. */
    private static final class Recording {
        final Tape tape = new Tape();
        final List<Variable> lines = new ArrayList<>();
        final List<Variable> inputs;
        final List<Variable> cotangents;
        final Variable loss;

        Recording(GraphProgram program) {
            for (GraphProgram.Line line : program.lines()) {
                GraphOps.Call call = line.call();
                lines.add(
                        call == null
                                ? tape.input(line.value())
                                : call.ours()
                                        .apply(call.arguments().stream()
                                                .map(lines::get)
                                                .toList()));
            }
            inputs = program.inputs().stream().map(lines::get).toList();
            List<Integer> results = program.results();
            cotangents = results.stream()
                    .map(i -> tape.input(program.lines().get(i).cotangent()))
                    .toList();
            loss = IntStream.range(0, results.size())
                    .mapToObj(i -> Ops.sum(Ops.mul(lines.get(results.get(i)), cotangents.get(i))))
                    .reduce(Ops::add)
                    .orElseThrow();
        }

        Variable dot(Variable x, Tensor u) {
            return Ops.sum(Ops.mul(x, tape.constant(u)));
        }
    }

    private static double largest(List<double[]> ours, List<double[]> theirs) {
        double worst = ours.size() == theirs.size() ? 0 : Double.POSITIVE_INFINITY;
        for (int i = 0; i < ours.size() && worst < Double.POSITIVE_INFINITY; i++) {
            worst = Math.max(worst, largest(ours.get(i), theirs.get(i)));
        }
        return worst;
    }

    private static double largest(double[] ours, double[] theirs) {
        double largest = 1;
        double difference = ours.length == theirs.length ? 0 : Double.NaN;
        for (int i = 0; i < Math.min(ours.length, theirs.length); i++) {
            largest = Math.max(largest, Math.abs(theirs[i]));
            difference = Math.max(difference, Math.abs(ours[i] - theirs[i]));
        }
        return difference >= 0 && largest < Double.POSITIVE_INFINITY ? difference / largest : Double.POSITIVE_INFINITY;
    }
}
