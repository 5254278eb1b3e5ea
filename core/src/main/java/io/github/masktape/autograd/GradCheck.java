package io.github.masktape.autograd;

import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Decimal;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Shape;
import io.github.masktape.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A comparison of the tape's gradients with differences of the function itself.
 *
 * <pre>
 *   f(x)     = Σ c ⊙ y(x)                               c a random cotangent
 *   analytic = the tape's ∂f/∂xᵢ
 *   numeric  = (f(x + h·eᵢ) − f(x − h·eᵢ)) / 2h         the central difference
 *   passes     if |analytic − numeric| ≤ tolerance(analytic, numeric, f)
 * </pre>
 *
 * <p>An input of more than {@link #coordinateLimit} elements is checked along random directions of unit length instead
 * of every axis. Where the central difference disagrees and so do the slopes to the left and to the right, the point
 * is a kink: there any number between the two slopes is accepted (a subgradient), and the kink is counted.
 *
 * <p>FLOAT64 only: in FLOAT32 a difference has no digits left.
 *
 * @param step h; larger where it would vanish beside x
 * @param tolerance how far analytic and numeric may be apart
 * @param coordinateLimit the size up to which an input is checked along every axis
 * @param directions how many random directions a larger input is checked along
 * @param seed of the cotangent and the directions
 */
public record GradCheck(double step, Tolerance tolerance, int coordinateLimit, int directions, long seed) {
    /** A function of tensors, recorded on the tape of its arguments. */
    @FunctionalInterface
    public interface Function {
        /** The result for these inputs; the same result whenever it is called with the same inputs. */
        Variable apply(List<Variable> inputs);
    }

    /** How far apart the two numbers may be. */
    @FunctionalInterface
    public interface Tolerance {
        /** The largest difference that passes, given both numbers and f. */
        double at(double analytic, double numeric, double f);
    }

    /**
     * Where a check came closest to failing, or failed.
     *
     * @param input what was varied: an input by its number, or a parameter by its name
     * @param place the element, or the direction
     * @param analytic the derivative by the tape
     * @param numeric the derivative by central differences
     * @param tolerance the largest difference of the two that passes
     * @param step h, by which the element was moved to either side
     */
    public record Coordinate(
            String input, String place, double analytic, double numeric, double tolerance, double step) {
        /** The difference in units of the tolerance: above 1 it fails. Nothing in units of nothing is 0. */
        public double excess() {
            double difference = Math.abs(analytic - numeric);
            double excess = difference == 0 && tolerance == 0 ? 0 : difference / tolerance;
            return Double.isNaN(excess) ? Double.POSITIVE_INFINITY : excess;
        }
    }

    /**
     * What a check found.
     *
     * @param failures how many coordinates or directions disagree
     * @param checked how many were compared
     * @param kinks how many of them are kinks at which the gradient is a subgradient
     * @param deterministic false if two evaluations at the same point differed; nothing was compared then
     * @param worst the coordinate with the largest difference in units of its tolerance, kinks left out
     * @param inputs the names and shapes of the inputs
     */
    public record Report(
            int failures,
            int checked,
            int kinks,
            boolean deterministic,
            @Nullable Coordinate worst,
            String inputs) {
        /** True if every coordinate agrees. */
        public boolean passed() {
            return deterministic && failures == 0;
        }

        /** The share of coordinates that are kinks. */
        public double kinkShare() {
            return checked == 0 ? 0 : (double) kinks / checked;
        }

        /**
         * Does nothing if the check passed.
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
            String verdict = failures == 0
                    ? "gradcheck passed: " + checked + " coordinates agree"
                    : "gradcheck FAILED: " + failures + " of " + checked + " coordinates disagree";
            String at = worst == null
                    ? ""
                    : "\n  worst: " + worst.input() + worst.place() + ": analytic "
                            + Decimal.shortest(worst.analytic(), 10) + ", numeric "
                            + Decimal.shortest(worst.numeric(), 10) + ", difference "
                            + Decimal.scientific(Math.abs(worst.analytic() - worst.numeric()), 2) + ", tolerance "
                            + Decimal.scientific(worst.tolerance(), 2) + ", step "
                            + Decimal.scientific(worst.step(), 0);
            return verdict + (kinks == 0 ? "" : ", " + kinks + " of them at kinks") + at + "\n  inputs: " + inputs;
        }
    }

    /** A check needs a positive step and at least one coordinate or direction. */
    public GradCheck {
        if (!(step > 0 && step < 1) || coordinateLimit < 0 || directions < 1) {
            throw new IllegalArgumentException("gradcheck: expected 0 < step < 1, coordinateLimit ≥ 0, directions ≥ 1");
        }
    }

    /** PyTorch's settings: h = 1e-6, |analytic − numeric| ≤ 1e-5 + 1e-3·|numeric|. */
    public static GradCheck standard() {
        return new GradCheck(1e-6, (analytic, numeric, f) -> 1e-5 + 1e-3 * Math.abs(numeric), 1000, 100, 1);
    }

    /**
     * The settings that Masktape's own rules must meet: |analytic − numeric| ≤ 1e-7·max(1, |analytic|, |f|). Choose a
     * point where f is of the size of its gradients: a large f allows a large difference.
     */
    public static GradCheck strict() {
        return standard()
                .withTolerance((analytic, numeric, f) -> 1e-7 * Math.max(1, Math.max(Math.abs(analytic), Math.abs(f))));
    }

    /** The same check with another step h. */
    public GradCheck withStep(double step) {
        return new GradCheck(step, tolerance, coordinateLimit, directions, seed);
    }

    /** The same check with another tolerance. */
    public GradCheck withTolerance(Tolerance tolerance) {
        return new GradCheck(step, tolerance, coordinateLimit, directions, seed);
    }

    /** The same check with another size up to which every axis is tried. */
    public GradCheck withCoordinateLimit(int coordinateLimit) {
        return new GradCheck(step, tolerance, coordinateLimit, directions, seed);
    }

    /** The same check with other random numbers. */
    public GradCheck withSeed(long seed) {
        return new GradCheck(step, tolerance, coordinateLimit, directions, seed);
    }

    /**
     * Checks the gradients of a function at a point.
     *
     * @throws IllegalArgumentException if an input is not FLOAT64
     */
    public Report check(Function function, Tensor... inputs) {
        return new Run(function, names(inputs.length), inputs.clone()).report();
    }

    /**
     * Checks the gradients of gradients: whether the rules of a function's rules are right.
     *
     * <pre>
     *   gᵢ(x, c) = ∂(Σ c ⊙ y(x))/∂xᵢ          by {@link Tape#gradients}, c a random cotangent
     *   f(x, c)  = Σᵢ Σ uᵢ ⊙ gᵢ(x, c)          uᵢ random as well
     * </pre>
     *
     * <p>f is checked as a function of x and c, which the report calls {@code cotangent}. Check the gradients themselves
     * by {@link #check(Function, Tensor...)}.
     *
     * @throws IllegalArgumentException if an input is not FLOAT64
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
        Function contracted = all -> {
            List<Variable> x = all.subList(0, inputs.length);
            Variable cotangent = all.get(inputs.length);
            List<Variable> gradients = cotangent.tape().gradients(function.apply(x), cotangent, x);
            Variable sum = null;
            for (int i = 0; i < gradients.size(); i++) {
                Variable term =
                        Ops.sum(Ops.mul(gradients.get(i), cotangent.tape().constant(weights.get(i))));
                sum = sum == null ? term : Ops.add(sum, term);
            }
            return Objects.requireNonNull(sum, "gradcheck: expected at least one input");
        };
        return new Run(contracted, names, values.toArray(Tensor[]::new)).report();
    }

    private static List<String> names(int inputs) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < inputs; i++) {
            names.add(inputs == 1 ? "input" : "input " + i);
        }
        return names;
    }

    /** Checks the gradients of a layer at its input and at all its parameters, which stay as they are. */
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
        return new Run(function, names, values.toArray(Tensor[]::new)).report();
    }

    private static Tensor gaussian(RandomStream random, Shape shape) {
        double[] values = new double[shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextGaussian();
        }
        return Tensor.of(values).reshape(shape);
    }

    /** The slopes of f along a line through the point. */
    private record Slopes(double central, double left, double right) {
        boolean enclose(double slope, double tolerance) {
            return slope >= Math.min(left, right) - tolerance && slope <= Math.max(left, right) + tolerance;
        }

        double jump() {
            return Math.abs(right - left);
        }
    }

    /** One check under way. */
    private final class Run {
        private final Function function;
        private final List<String> names;
        private final Tensor[] inputs;
        private final RandomStream random = new RandomStream(seed);
        private int failures;
        private int checked;
        private int kinks;
        private @Nullable Coordinate worst;

        Run(Function function, List<String> names, Tensor[] inputs) {
            this.function = function;
            this.names = names;
            this.inputs = inputs;
            for (int i = 0; i < inputs.length; i++) {
                if (inputs[i].dtype() != DType.FLOAT64) {
                    throw new IllegalArgumentException(
                            "gradcheck: expected FLOAT64, got " + inputs[i].dtype() + " for " + names.get(i));
                }
            }
        }

        Report report() {
            Tensor first = evaluate(inputs);
            if (!first.equals(evaluate(inputs))) {
                return result(false);
            }
            Tensor cotangent = gaussian(random, first.shape());
            List<Tensor> gradients = gradients(cotangent);
            double f = cotangent.dot(first);
            for (int k = 0; k < inputs.length; k++) {
                int size = inputs[k].shape().size();
                if (size <= coordinateLimit) {
                    for (int i = 0; i < size; i++) {
                        double[] axis = new double[size];
                        axis[i] = 1;
                        compare(k, place(inputs[k].shape(), i), axis, gradients.get(k), cotangent, f);
                    }
                } else {
                    for (int i = 0; i < directions; i++) {
                        double[] direction = gaussian(random, Shape.of(size)).toDoubleArray();
                        double length = Math.sqrt(
                                Arrays.stream(direction).map(v -> v * v).sum());
                        for (int j = 0; j < size; j++) {
                            direction[j] /= length;
                        }
                        compare(k, " along direction " + i, direction, gradients.get(k), cotangent, f);
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
                        .append(inputs[i].shape());
            }
            return new Report(failures, checked, kinks, deterministic, worst, shapes.toString());
        }

        private Tensor evaluate(Tensor[] at) {
            Tape tape = new Tape();
            return function.apply(Arrays.stream(at).map(tape::input).toList()).value();
        }

        /** The tape's gradient at each input. */
        private List<Tensor> gradients(Tensor cotangent) {
            Tape tape = new Tape();
            List<Variable> variables = Arrays.stream(inputs).map(tape::input).toList();
            Gradients gradients = tape.backward(function.apply(variables), cotangent);
            return variables.stream().map(gradients::of).toList();
        }

        private void compare(int k, String place, double[] direction, Tensor gradient, Tensor cotangent, double f) {
            double analytic = gradient.dot(Tensor.of(direction).reshape(gradient.shape()));
            Slopes slopes = slopes(k, direction, step, cotangent, f);
            double used = step;
            double allowed = tolerance.at(analytic, slopes.central(), f);
            boolean agrees = Math.abs(analytic - slopes.central()) <= allowed;
            boolean kink = false;
            if (!agrees && slopes.jump() > allowed) {
                // With the step, curvature makes the jump shrink and a leap of f makes it grow; a kink leaves it.
                Slopes closer = slopes(k, direction, step / 16, cotangent, f);
                kink = closer.jump() > slopes.jump() / 4 && closer.jump() < slopes.jump() * 4;
                slopes = closer;
                used = step / 16;
                allowed = tolerance.at(analytic, slopes.central(), f);
                agrees = kink ? slopes.enclose(analytic, allowed) : Math.abs(analytic - slopes.central()) <= allowed;
            }
            checked++;
            kinks += kink ? 1 : 0;
            failures += agrees ? 0 : 1;
            Coordinate here = new Coordinate(names.get(k), place, analytic, slopes.central(), allowed, used);
            if (!(kink && agrees) && (worst == null || here.excess() > worst.excess())) {
                worst = here;
            }
        }

        private Slopes slopes(int k, double[] direction, double step, Tensor cotangent, double f) {
            double h = step;
            double[] x = inputs[k].toDoubleArray();
            for (int i = 0; i < x.length; i++) {
                // At least 2²⁰ roundings of x, or rounding would decide the difference.
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
            double above = valueWith(k, up, cotangent);
            double below = valueWith(k, down, cotangent);
            return new Slopes((above - below) / (forth + back), (f - below) / back, (above - f) / forth);
        }

        private double valueWith(int k, double[] values, Tensor cotangent) {
            Tensor[] moved = inputs.clone();
            moved[k] = Tensor.of(values).reshape(inputs[k].shape());
            return cotangent.dot(evaluate(moved));
        }

        private static String place(Shape shape, int at) {
            StringBuilder text = new StringBuilder();
            int rest = at;
            for (int axis = shape.rank() - 1; axis >= 0; axis--) {
                text.insert(0, rest % shape.dim(axis) + (axis == shape.rank() - 1 ? "" : ", "));
                rest /= shape.dim(axis);
            }
            return "[" + text + "]";
        }
    }
}
