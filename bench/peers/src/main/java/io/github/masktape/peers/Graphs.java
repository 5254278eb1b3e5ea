package io.github.masktape.peers;

import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.tensor.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Random graphs of all ops, on our tape and on PyTorch's autograd, in float64: every value and the gradient at every
 * input agree, or the smallest graph that was found to differ is printed. Small ones come first.
 */
final class Graphs {
    /**
     * Of the largest element of a value or gradient, or of 1. Sums in another order differ by some 10⁻¹⁵ of it, more
     * where gradients cancel; a wrong factor, mask or sign by 10⁻² and more.
     */
    static final double TOLERANCE = 1e-10;

    /** So many graphs are small: if an op is wrong, one of them shows it. */
    private static final int SMALL = 100;

    private Graphs() {}

    /** Who computes a program. */
    interface Side {
        Outcome evaluate(Program program);
    }

    /**
     * What a side computes.
     *
     * @param values of every line
     * @param gradients of every input
     */
    record Outcome(List<double[]> values, List<double[]> gradients) {}

    /** Arguments: how many graphs, seed. Exit code 1 if one differs. */
    public static void main(String[] args) {
        int count = Integer.parseInt(args[0]);
        long seed = Long.parseLong(args[1]);
        Side theirs = new TorchGraph();
        Side steady = program -> steady(theirs, program);
        int unsteady = 0;
        Map<String, Integer> calls = new TreeMap<>();
        int inputs = 0;
        double largest = 0;
        for (int i = 0; i < count; i++) {
            Program program = RandomProgram.of(RandomStream.derive(seed, i), i < SMALL);
            double deviation = deviation(program, Graphs::ours, theirs);
            if (!(deviation <= TOLERANCE)) {
                deviation = deviation(program, Graphs::ours, steady);
                unsteady += deviation <= TOLERANCE ? 1 : 0;
            }
            if (!(deviation <= TOLERANCE)) {
                Program small = program.shrunk(p -> !(deviation(p, Graphs::ours, steady) <= TOLERANCE));
                System.out.printf(Locale.ROOT, "Graph %d of seed %d differs by %.1e:%n%n", i, seed, deviation);
                System.out.print(small + differences(ours(small), steady.evaluate(small)));
                System.exit(1);
            }
            largest = Math.max(largest, deviation);
            for (Program.Line line : program.lines()) {
                GraphOps.Call call = line.call();
                if (call == null) {
                    inputs++;
                } else {
                    calls.merge(call.op(), 1, Integer::sum);
                }
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%d random graphs on our tape and on PyTorch's, seed %d: %d inputs, %d calls of %d ops, each at least %d"
                        + " times. Largest difference of a value or gradient, relative to the largest element, or to 1:"
                        + " %.1e; at most %.0e. Asked again, as PyTorch's gradients were others when it computed them"
                        + " twice: %d.%n",
                count,
                seed,
                inputs,
                calls.values().stream().mapToInt(n -> n).sum(),
                calls.size(),
                calls.values().stream().mapToInt(n -> n).min().orElse(0),
                largest,
                TOLERANCE,
                unsteady);
    }

    /**
     * What a side computes twice in a row. PyTorch, through DJL 0.35.1, gives one program of some ten thousand other gradients
     * than when it is asked again, with the same values; ours were the same whenever that was looked into.
     */
    static Outcome steady(Side side, Program program) {
        Outcome before = side.evaluate(program);
        for (int i = 0; i < 10; i++) {
            Outcome after = side.evaluate(program);
            if (Math.max(deviation(before.values(), after.values()), deviation(before.gradients(), after.gradients()))
                    <= TOLERANCE) {
                return after;
            }
            before = after;
        }
        throw new IllegalStateException("PyTorch never computed the same twice in a row:\n" + program);
    }

    private static String differences(Outcome ours, Outcome theirs) {
        return differences("value", ours.values(), theirs.values())
                + differences("gradient of an input", ours.gradients(), theirs.gradients());
    }

    private static String differences(String what, List<double[]> ours, List<double[]> theirs) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < ours.size(); i++) {
            if (!(deviation(ours.get(i), theirs.get(i)) <= TOLERANCE)) {
                text.append(what).append("\n  ours     ").append(Arrays.toString(ours.get(i)));
                text.append("\n  PyTorch  ")
                        .append(Arrays.toString(theirs.get(i)))
                        .append('\n');
            }
        }
        return text.toString();
    }

    /** The program on our tape. */
    static Outcome ours(Program program) {
        Tape tape = new Tape();
        List<Variable> lines = new ArrayList<>();
        for (Program.Line line : program.lines()) {
            GraphOps.Call call = line.call();
            lines.add(
                    call == null
                            ? tape.input(line.value())
                            : call.ours()
                                    .apply(call.arguments().stream()
                                            .map(lines::get)
                                            .toList()));
        }
        Variable loss = program.results().stream()
                .map(i -> Ops.sum(Ops.mul(
                        lines.get(i), tape.constant(program.lines().get(i).cotangent()))))
                .reduce(Ops::add)
                .orElseThrow();
        Gradients gradients = tape.backward(loss);
        List<double[]> ofInputs = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (program.lines().get(i).call() == null) {
                ofInputs.add(gradients.of(lines.get(i)).toDoubleArray());
            }
        }
        return new Outcome(lines.stream().map(v -> v.value().toDoubleArray()).toList(), ofInputs);
    }

    /** The largest difference of a value or a gradient; infinite if there is one that cannot be compared. */
    static double deviation(Program program, Side ours, Side theirs) {
        Outcome a = ours.evaluate(program);
        Outcome b = theirs.evaluate(program);
        return Math.max(deviation(a.values(), b.values()), deviation(a.gradients(), b.gradients()));
    }

    private static double deviation(List<double[]> ours, List<double[]> theirs) {
        double worst = ours.size() == theirs.size() ? 0 : Double.POSITIVE_INFINITY;
        for (int i = 0; i < ours.size() && worst < Double.POSITIVE_INFINITY; i++) {
            worst = Math.max(worst, deviation(ours.get(i), theirs.get(i)));
        }
        return worst;
    }

    private static double deviation(double[] ours, double[] theirs) {
        double largest = 1;
        double difference = ours.length == theirs.length ? 0 : Double.NaN;
        for (int i = 0; i < Math.min(ours.length, theirs.length); i++) {
            largest = Math.max(largest, Math.abs(theirs[i]));
            difference = Math.max(difference, Math.abs(ours[i] - theirs[i]));
        }
        return difference >= 0 && largest < Double.POSITIVE_INFINITY ? difference / largest : Double.POSITIVE_INFINITY;
    }
}
