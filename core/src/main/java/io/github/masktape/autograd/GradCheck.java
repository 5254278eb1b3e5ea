// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.autograd;

import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Shape;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.text.Decimal;
import io.github.masktape.text.Position;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A check that compares the tape's gradients with differences of the function itself.
 *
 * <pre>
 *   f(x)     = Σ c ⊙ y(x)                               c a random cotangent
 *   analytic = the tape's ∂f/∂xᵢ
 *   numeric  = (f(x + h·eᵢ) − f(x − h·eᵢ)) / 2h         the central difference
 *   passes     if |analytic − numeric| ≤ tolerance(analytic, numeric, f)
 * </pre>
 *
 * <p>An input of more than {@link #coordinateLimit} elements is checked along random directions of unit length instead
 * of every axis. If the central difference disagrees and the slopes to the left and to the right differ too, the point
 * is a kink: any number between the two slopes is accepted there (a subgradient), and the kink is counted.
 *
 * <p>A tolerance that is at least half the larger of the two numbers would pass a rule that is wrong by a factor of
 * two, of the wrong sign, or missing. In such a case, only a quarter of that number is allowed, if the difference has
 * enough digits for it; the report counts these coordinates. Otherwise the coordinate tests nothing. An input without
 * any tested coordinate fails, unless its derivatives are zero as far as a difference can resolve, like that of a
 * dropped weight.
 *
 * <p>Inputs that are data, such as targets or indices, are left out by {@link #withData}.
 *
 * <p>It works in FLOAT64 only: in FLOAT32, a difference has no digits left.
 *
 * @param step h; larger where x is too large for it
 * @param tolerance the largest difference allowed between analytic and numeric
 * @param coordinateLimit the size up to which an input is checked along every axis
 * @param directions the number of random directions along which a larger input is checked
 * @param seed the seed of the cotangent and the directions
 * @param data the names of the inputs that are data
 */
public record GradCheck(
        double step, Tolerance tolerance, int coordinateLimit, int directions, long seed, Set<String> data) {
    /** A function of tensors, recorded on the tape of its arguments. */
    @FunctionalInterface
    public interface Function {
        /** Computes the result for these inputs, always the same for the same inputs. */
        Variable apply(List<Variable> inputs);
    }

    /** The largest difference allowed between the two numbers. */
    @FunctionalInterface
    public interface Tolerance {
        /** The largest difference that passes, given both numbers and f. */
        double at(double analytic, double numeric, double f);
    }

    /**
     * The coordinate at which a check failed, or came closest to failing.
     *
     * @param input the number of an input, or the name of a parameter, that was varied
     * @param place the element, or the direction
     * @param analytic the derivative by the tape
     * @param numeric the derivative by central differences
     * @param tolerance the largest difference of the two that passes
     * @param step h, by which the element was moved to either side
     */
    public record Coordinate(
            String input, String place, double analytic, double numeric, double tolerance, double step) {
        /** The difference divided by the tolerance: above 1 it fails; 0/0 counts as 0. */
        public double excess() {
            double difference = Math.abs(analytic - numeric);
            double excess = difference == 0 && tolerance == 0 ? 0 : difference / tolerance;
            return Double.isNaN(excess) ? Double.POSITIVE_INFINITY : excess;
        }

        /** The place and all numbers as text. */
        @Override
        public String toString() {
            return input + place + ": analytic " + Decimal.shortest(analytic, 10) + ", numeric "
                    + Decimal.shortest(numeric, 10) + ", difference "
                    + Decimal.scientific(Math.abs(analytic - numeric), 2) + ", tolerance "
                    + Decimal.scientific(tolerance, 2) + ", step " + Decimal.scientific(step, 0);
        }
    }

    /**
     * An input at which a check could not have found a wrong rule.
     *
     * @param input the input's number or name
     * @param derivative the largest size of a derivative there, analytic or numeric
     * @param resolution the smallest derivative that could be detected: the tolerance, or the error of the difference
     */
    public record Untested(String input, double derivative, double resolution) {
        /** A text with the input, its largest derivative and the resolution. */
        @Override
        public String toString() {
            return input + " was not tested: derivatives of at most " + Decimal.scientific(derivative, 1)
                    + " are lost in a tolerance or rounding error of " + Decimal.scientific(resolution, 1);
        }
    }

    /**
     * The result of a check.
     *
     * @param failures the number of coordinates or directions that disagree
     * @param checked the number that were compared
     * @param coarse the number compared only to within a quarter, because the tolerance is too large for them
     * @param kinks the number of kinks at which the gradient is a subgradient
     * @param untested the inputs of which no coordinate could have failed, though their derivatives may not be zero
     * @param deterministic false if two evaluations at the same point differed; nothing was compared then
     * @param worst the coordinate with the largest difference in units of its tolerance, kinks excluded
     * @param inputs the names and shapes of the inputs, and which of them are data
     */
    public record Report(
            int failures,
            int checked,
            int coarse,
            int kinks,
            List<Untested> untested,
            boolean deterministic,
            @Nullable Coordinate worst,
            String inputs) {
        /** Copies the list of untested inputs. */
        public Report {
            untested = List.copyOf(untested);
        }

        /** True if the function is deterministic, every coordinate agrees, and each input was tested. */
        public boolean passed() {
            return deterministic && failures == 0 && untested.isEmpty();
        }

        /** The share of coordinates that are kinks. */
        public double kinkShare() {
            return checked == 0 ? 0 : (double) kinks / checked;
        }

        /**
         * Throws if the check did not pass.
         *
         * @throws AssertionError with the report if it did not
         */
        public void requirePassed() {
            if (!passed()) {
                throw new AssertionError(toString());
            }
        }

        /** The report as text: the verdict, then the worst coordinate with both numbers, then the inputs. */
        @Override
        public String toString() {
            if (!deterministic) {
                return "gradcheck FAILED: the function is not deterministic: two evaluations at the same point differ;"
                        + " let it draw from a Pass\n  inputs: " + inputs;
            }
            return verdict() + (worst == null ? "" : "\n  worst: " + worst) + "\n  inputs: " + inputs;
        }

        private String verdict() {
            if (failures == 0 && !untested.isEmpty()) {
                return "gradcheck FAILED: " + untested.get(0)
                        + "; scale the function, or leave out what makes its value large";
            }
            return (failures == 0
                            ? "gradcheck passed: " + checked + " coordinates agree"
                            : "gradcheck FAILED: " + failures + " of " + checked + " coordinates disagree")
                    + (kinks == 0 ? "" : ", " + kinks + " of them at kinks")
                    + (coarse == 0
                            ? ""
                            : ", " + coarse
                                    + " of them too small for the tolerance and tested only to within a quarter");
        }
    }

    /** Checks the settings: a positive step, and at least one coordinate or direction. Copies the set of names. */
    public GradCheck {
        data = Set.copyOf(data);
        if (!(step > 0 && step < 1) || coordinateLimit < 0 || directions < 1) {
            throw new IllegalArgumentException("gradcheck: expected 0 < step < 1, coordinateLimit ≥ 0, directions ≥ 1");
        }
    }

    /** A check with PyTorch's settings: h = 1e-6, |analytic − numeric| ≤ 1e-5 + 1e-3·|numeric|. */
    public static GradCheck standard() {
        return new GradCheck(1e-6, (analytic, numeric, f) -> 1e-5 + 1e-3 * Math.abs(numeric), 1000, 100, 1, Set.of());
    }

    /**
     * A check with the settings that Masktape's own rules must meet: |analytic − numeric| ≤ 1e-7·max(1, |analytic|,
     * |f|). Choose a point where f is about as large as its gradients, since a large f allows a large difference.
     */
    public static GradCheck strict() {
        return standard()
                .withTolerance((analytic, numeric, f) -> 1e-7 * Math.max(1, Math.max(Math.abs(analytic), Math.abs(f))));
    }

    /** The same check with another step h. */
    public GradCheck withStep(double step) {
        return new GradCheck(step, tolerance, coordinateLimit, directions, seed, data);
    }

    /** The same check with another tolerance. */
    public GradCheck withTolerance(Tolerance tolerance) {
        return new GradCheck(step, tolerance, coordinateLimit, directions, seed, data);
    }

    /** The same check with another limit up to which every axis is tried. */
    public GradCheck withCoordinateLimit(int coordinateLimit) {
        return new GradCheck(step, tolerance, coordinateLimit, directions, seed, data);
    }

    /** The same check with other random numbers. */
    public GradCheck withSeed(long seed) {
        return new GradCheck(step, tolerance, coordinateLimit, directions, seed, data);
    }

    /**
     * The same check in which these inputs are data: constants on the tape, in any dtype, which are not varied and get
     * no gradient.
     *
     * <pre>
     * GradCheck.strict().withData("input 1").check(in -&gt; loss(in.get(0), in.get(1)), outputs, targets)
     * GradCheck.strict().withData("x").check(layer, x, pass)
     * </pre>
     *
     * @param inputs the names of inputs as a report prints them
     */
    public GradCheck withData(String... inputs) {
        return new GradCheck(step, tolerance, coordinateLimit, directions, seed, Set.of(inputs));
    }

    /**
     * Checks the gradients of a function at a point.
     *
     * @throws IllegalArgumentException if an input is neither FLOAT64 nor data
     */
    public Report check(Function function, Tensor... inputs) {
        return new Comparison(function, names(inputs.length), inputs.clone()).report();
    }

    /**
     * Checks the gradients of the gradients of a function at a point.
     *
     * <pre>
     *   gᵢ(x, c) = ∂(Σ c ⊙ y(x))/∂xᵢ          by {@link Tape#gradients}, c a random cotangent
     *   f(x, c)  = Σᵢ Σ uᵢ ⊙ gᵢ(x, c)          uᵢ random as well
     * </pre>
     *
     * <p>f is checked as a function of x and c, which the report calls {@code cotangent}. Check the gradients
     * themselves by {@link #check(Function, Tensor...)}.
     *
     * @throws IllegalArgumentException if an input is neither FLOAT64 nor data
     */
    public Report checkSecondOrder(Function function, Tensor... inputs) {
        RandomStream random = new RandomStream(RandomStream.derive(seed, 1));
        Tape tape = Tape.inference();
        Shape shape = function.apply(Arrays.stream(inputs).map(tape::constant).toList())
                .shape();
        List<Tensor> weights = Arrays.stream(inputs)
                .map(input -> gaussian(random, input.shape()))
                .toList();
        List<Tensor> values = new ArrayList<>(List.of(inputs));
        values.add(gaussian(random, shape));
        List<String> names = names(inputs.length);
        names.add("cotangent");
        int[] varied = varied(names.subList(0, inputs.length));
        Function contracted = all -> {
            List<Variable> x = all.subList(0, inputs.length);
            Variable cotangent = all.get(inputs.length);
            List<Variable> gradients = cotangent
                    .tape()
                    .gradients(
                            function.apply(x),
                            cotangent,
                            Arrays.stream(varied).mapToObj(x::get).toList());
            return IntStream.range(0, varied.length)
                    .mapToObj(i ->
                            Ops.sum(Ops.mul(gradients.get(i), cotangent.tape().constant(weights.get(varied[i])))))
                    .reduce(Ops::add)
                    .orElseThrow();
        };
        return new Comparison(contracted, names, values.toArray(Tensor[]::new)).report();
    }

    private static List<String> names(int inputs) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < inputs; i++) {
            names.add(inputs == 1 ? "input" : "input " + i);
        }
        return names;
    }

    /** The indices of the names that are not of data. */
    private int[] varied(List<String> names) {
        int[] varied = IntStream.range(0, names.size())
                .filter(i -> !data.contains(names.get(i)))
                .toArray();
        if (varied.length == 0) {
            throw new IllegalArgumentException("gradcheck: expected an input that is not data, got " + names);
        }
        return varied;
    }

    /**
     * Checks a layer's gradients with respect to its input, called {@code x}, and to all its parameters, which stay
     * unchanged.
     */
    public Report check(Layer layer, Tensor x, Pass pass) {
        Map<String, Parameter> parameters = layer.parameters();
        List<String> names = new ArrayList<>(List.of("x"));
        List<Tensor> values = new ArrayList<>(List.of(x));
        parameters.forEach((name, parameter) -> {
            names.add(name);
            values.add(parameter.value());
        });
        List<Parameter> bound = List.copyOf(parameters.values());
        Function function = inputs -> {
            for (int i = 0; i < bound.size(); i++) {
                inputs.get(0).tape().bind(bound.get(i), inputs.get(i + 1));
            }
            return layer.forward(inputs.get(0), pass);
        };
        return new Comparison(function, names, values.toArray(Tensor[]::new)).report();
    }

    private static Tensor gaussian(RandomStream random, Shape shape) {
        double[] values = new double[shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextGaussian();
        }
        return Tensor.of(values).reshape(shape);
    }

    /** The size of a derivative, in errors of its difference, from which it can be compared to within a quarter. */
    private static final double CLEAR = 64;

    /** The size of a derivative, in errors of its difference, from which it is certainly not 0. */
    private static final double FELT = 8;

    /** The smallest derivative that counts as large where all are 0. */
    private static final double LARGE = 1e-4;

    /** How precisely a finite difference can test a derivative. */
    private enum Sight {
        /** An error by a factor of two would exceed the tolerance. */
        FULL,
        /** An error of a quarter would exceed the error of the finite difference. */
        COARSE,
        /** The derivative is not 0, but the finite difference is too inaccurate to test it. */
        BLIND,
        /** The derivative may be 0. */
        ZERO
    }

    /**
     * The allowed difference at a coordinate.
     *
     * @param resolution the smallest derivative that could be detected
     */
    private record Limit(Sight sight, double allowed, double resolution) {}

    /** The derivatives of an input found so far. */
    private static final class Tally {
        boolean isTested;
        boolean isBlind;
        double derivative;
        double resolution;

        void add(Sight sight, double derivative, double resolution) {
            isTested |= sight == Sight.FULL || sight == Sight.COARSE;
            isBlind |= sight == Sight.BLIND;
            this.derivative = Math.max(this.derivative, derivative);
            this.resolution = Math.max(this.resolution, resolution);
        }
    }

    /** The slopes of f along a line through the point, between places a step away. */
    private record Slopes(double central, double left, double right, double step) {
        boolean enclose(double slope, double tolerance) {
            return slope >= Math.min(left, right) - tolerance && slope <= Math.max(left, right) + tolerance;
        }

        double jump() {
            return Math.abs(right - left);
        }
    }

    /** The state of one check. */
    private final class Comparison {
        private final Function function;
        private final List<String> names;
        private final Tensor[] inputs;
        private final RandomStream random = new RandomStream(seed);
        private final int[] varied;
        private final Tally[] tallies;
        private Tensor cotangent = Tensor.scalar(0);
        private double f;
        /** The largest Σ |v̄ ⊙ v| of an op's result v, whose rounding f shows; often far above |f|. */
        private double magnitude;

        private int failures;
        private int checked;
        private int coarse;
        private int kinks;
        private @Nullable Coordinate worst;

        Comparison(Function function, List<String> names, Tensor[] inputs) {
            this.function = function;
            this.names = names;
            this.inputs = inputs;
            tallies = new Tally[inputs.length];
            for (String name : data) {
                if (!names.contains(name)) {
                    throw new IllegalArgumentException("gradcheck: data: expected one of " + names + ", got " + name);
                }
            }
            varied = varied(names);
            for (int i : varied) {
                if (inputs[i].dtype() != DType.FLOAT64) {
                    throw new IllegalArgumentException("gradcheck: expected FLOAT64, got " + inputs[i].dtype() + " for "
                            + names.get(i) + "; convert it, to(DType.FLOAT64), or declare it as data, withData(\""
                            + names.get(i) + "\")");
                }
            }
        }

        Report report() {
            Tensor first = evaluate(inputs);
            if (first.dtype() != DType.FLOAT64) {
                throw new IllegalArgumentException("gradcheck: expected a FLOAT64 result, got " + first.dtype()
                        + ", in which a difference has no digits left; compute with parameters and data converted by"
                        + " to(DType.FLOAT64)");
            }
            if (!first.equals(evaluate(inputs))) {
                return result(false);
            }
            cotangent = gaussian(random, first.shape());
            f = cotangent.dot(first);
            Tensor[] gradients = gradients();
            for (int k : varied) {
                tallies[k] = new Tally();
                int size = inputs[k].shape().size();
                if (size <= coordinateLimit) {
                    for (int i = 0; i < size; i++) {
                        double[] axis = new double[size];
                        axis[i] = 1;
                        compare(k, Position.of(inputs[k].shape().dims(), i), axis, gradients[k]);
                    }
                } else {
                    // By name, so that the order of a layer's parameters does not matter.
                    RandomStream own = new RandomStream(
                            RandomStream.derive(seed, names.get(k).hashCode()));
                    for (int i = 0; i < directions; i++) {
                        double[] direction = gaussian(own, Shape.of(size)).toDoubleArray();
                        double length = Math.sqrt(
                                Arrays.stream(direction).map(v -> v * v).sum());
                        for (int j = 0; j < size; j++) {
                            direction[j] /= length;
                        }
                        compare(k, " along direction " + i, direction, gradients[k]);
                    }
                }
            }
            return result(true);
        }

        private Report result(boolean deterministic) {
            StringBuilder shapes = new StringBuilder();
            for (int i = 0; i < inputs.length; i++) {
                shapes.append(i == 0 ? "" : ", ")
                        .append(names.get(i))
                        .append(' ')
                        .append(inputs[i].shape())
                        .append(data.contains(names.get(i)) ? " (data)" : "");
            }
            List<Untested> untested = deterministic ? untested() : List.of();
            return new Report(failures, checked, coarse, kinks, untested, deterministic, worst, shapes.toString());
        }

        /**
         * The inputs that were not tested. A derivative of 0 is believed if one as large as the rest, or as {@link
         * #LARGE}, would have been detected.
         */
        private List<Untested> untested() {
            double largest = LARGE;
            for (int k : varied) {
                largest = Math.max(largest, tallies[k].derivative);
            }
            List<Untested> untested = new ArrayList<>();
            for (int k : varied) {
                Tally tally = tallies[k];
                if (!tally.isTested && (tally.isBlind || tally.resolution >= largest / 2)) {
                    untested.add(new Untested(names.get(k), tally.derivative, tally.resolution));
                }
            }
            return untested;
        }

        private Tensor evaluate(Tensor[] at) {
            try {
                return function.apply(variables(at)).value();
            } catch (IllegalArgumentException e) {
                String problem = String.valueOf(e.getMessage());
                if (!problem.contains(DType.FLOAT32.toString())) {
                    throw e;
                }
                throw new IllegalArgumentException(
                        "gradcheck: " + problem
                                + "; the inputs are FLOAT64: convert the parameters and data to it as well",
                        e);
            }
        }

        /** The inputs on a new tape; those that are data are constants. */
        private List<Variable> variables(Tensor[] at) {
            Tape tape = new Tape();
            return IntStream.range(0, at.length)
                    .mapToObj(i -> data.contains(names.get(i)) ? tape.constant(at[i]) : tape.input(at[i]))
                    .toList();
        }

        /** The tape's gradient at each input; at data, the data themselves, which nothing reads. Finds the magnitude. */
        private Tensor[] gradients() {
            List<Variable> variables = variables(inputs);
            Variable y = function.apply(variables);
            Tape tape = y.tape();
            tape.forgetUpdates(); // A check is not a step of training.
            Gradients gradients = tape.backward(y, cotangent);
            magnitude = tape.nodes().stream()
                    .filter(node -> node.kind() == Tape.NodeKind.OP && gradients.has(node.result()))
                    .map(node -> gradients.of(node.result()).mul(node.result().value()))
                    .mapToDouble(
                            x -> Arrays.stream(x.toDoubleArray()).map(Math::abs).sum())
                    .max()
                    .orElse(0);
            Tensor[] found = inputs.clone();
            for (int k : varied) {
                found[k] = gradients.of(variables.get(k));
            }
            return found;
        }

        private void compare(int k, String place, double[] direction, Tensor gradient) {
            double analytic = gradient.dot(Tensor.of(direction).reshape(gradient.shape()));
            double used = step;
            Slopes slopes = slopes(k, direction, used);
            Limit limit = limit(k, direction, analytic, slopes, used);
            boolean agrees = Math.abs(analytic - slopes.central()) <= limit.allowed();
            boolean kink = false;
            // As the step shrinks, curvature makes the jump shrink and a leap of f makes it grow; a kink leaves it,
            // from
            // where no other kink is as near.
            for (int look = 0; look < 2 && !agrees && slopes.jump() > limit.allowed(); look++) {
                used /= 16;
                Slopes closer = slopes(k, direction, used);
                kink = closer.jump() > slopes.jump() / 4 && closer.jump() < slopes.jump() * 4;
                slopes = closer;
                limit = limit(k, direction, analytic, slopes, used);
                agrees = kink
                        ? slopes.enclose(analytic, limit.allowed())
                        : Math.abs(analytic - slopes.central()) <= limit.allowed();
            }
            checked++;
            coarse += limit.sight() == Sight.COARSE ? 1 : 0;
            kinks += kink ? 1 : 0;
            failures += agrees ? 0 : 1;
            tallies[k].add(limit.sight(), Math.max(Math.abs(analytic), Math.abs(slopes.central())), limit.resolution());
            Coordinate here = new Coordinate(names.get(k), place, analytic, slopes.central(), limit.allowed(), used);
            if (!(kink && agrees) && (worst == null || here.excess() > worst.excess())) {
                worst = here;
            }
        }

        /**
         * The allowed difference: the tolerance, or less where it would pass a rule that is wrong by a factor of two.
         */
        private Limit limit(int k, double[] direction, double analytic, Slopes slopes, double step) {
            double allowed = tolerance.at(analytic, slopes.central(), f);
            double size = Math.max(Math.abs(analytic), Math.abs(slopes.central()));
            if (!(allowed >= size / 2)) {
                return new Limit(Sight.FULL, allowed, allowed);
            }
            double error = 0x1p-53 * magnitude / slopes.step();
            if (size > FELT * error) {
                error += Math.abs(
                        slopes.central() - slopes(k, direction, 4 * step).central());
            }
            if (size > CLEAR * error) {
                return new Limit(Sight.COARSE, size / 4, size / 4);
            }
            return new Limit(size > FELT * error ? Sight.BLIND : Sight.ZERO, allowed, Math.max(allowed, error));
        }

        private Slopes slopes(int k, double[] direction, double step) {
            double h = step;
            double[] x = inputs[k].toDoubleArray();
            for (int i = 0; i < x.length; i++) {
                // At least 2²⁰ units in the last place of x, or rounding would dominate the difference.
                h = direction[i] == 0 ? h : Math.max(h, Math.abs(x[i]) * 0x1p-32);
            }
            double[] up = x.clone();
            double[] down = x.clone();
            double forth = h;
            double back = h;
            boolean axis = Arrays.stream(direction).filter(v -> v != 0).count() == 1;
            for (int i = 0; i < x.length; i++) {
                up[i] += h * direction[i];
                down[i] -= h * direction[i];
                if (axis && direction[i] != 0) {
                    // The step that was taken, after rounding.
                    forth = up[i] - x[i];
                    back = x[i] - down[i];
                }
            }
            double above = valueWith(k, up);
            double below = valueWith(k, down);
            double left = (f - below) / back;
            double right = (above - f) / forth;
            // Rounding makes the steps unequal, by which the curvature shows, and at a minimum nothing else.
            double curvature = (right - left) * (forth - back) / (forth + back);
            return new Slopes((above - below) / (forth + back) - curvature, left, right, h);
        }

        private double valueWith(int k, double[] values) {
            Tensor[] moved = inputs.clone();
            moved[k] = Tensor.of(values).reshape(inputs[k].shape());
            return cotangent.dot(evaluate(moved));
        }
    }
}
