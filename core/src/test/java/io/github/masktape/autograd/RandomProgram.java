// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.autograd;

import static io.github.masktape.autograd.DualTensor.matrix;
import static io.github.masktape.autograd.DualTensor.scalar;
import static io.github.masktape.autograd.DualTensor.sum;
import static io.github.masktape.autograd.DualTensor.vector;

import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.Shape;
import io.github.masktape.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.DoublePredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/**
 * A program over the rulebook: lines that are leaves or ops on earlier lines; its result is the last one's. A line may be
 * used often, by one op twice, or never.
 *
 * <p>It is drawn as a list of {@link Instruction}s, any of which means something after any other. So shrinking can leave
 * out instructions and make numbers smaller, and what remains is a program.
 */
final class RandomProgram {
    /** Larger values are not let in: their rounding would drown what is compared. */
    private static final double LARGEST = 30;

    /** What an op computes, of tape variables or of dual numbers; {@code variant} chooses a label, a row, a mask. */
    @FunctionalInterface
    interface Rule<V> {
        V apply(List<V> operands, int variant);
    }

    /**
     * An op in two forms.
     *
     * @param operands their shapes, apart by blanks: each letter is a length, the same in all; 1 is 1; * is any shape,
     *     the same in all
     * @param recorded as the rulebook has it
     * @param forward as one would write it without a tape
     * @param domain where no kink and no pole is near
     */
    record Operation(
            String name,
            String operands,
            Rule<Variable> recorded,
            Rule<DualTensor> forward,
            Predicate<List<Tensor>> domain) {
        Operation(String name, String operands, Rule<Variable> recorded, Rule<DualTensor> forward) {
            this(name, operands, recorded, forward, x -> true);
        }

        Operation within(DoublePredicate elements) {
            return withDomain(operands -> operands.stream().allMatch(all(elements)));
        }

        Operation withoutTies() {
            return withDomain(operands ->
                    all(d -> Math.abs(d) > 0.01).test(operands.get(0).sub(operands.get(1))));
        }

        private Operation withDomain(Predicate<List<Tensor>> domain) {
            return new Operation(name, operands, recorded, forward, domain);
        }

        Operation recordedAs(Rule<Variable> other) {
            return new Operation(name, operands, other, forward, domain);
        }
    }

    static final List<Operation> OPERATIONS = List.of(
            unary("neg", Ops::neg, x -> x.map(e -> e.times(-1))),
            binary("add", "* *", Ops::add, (a, b) -> a.zip(b, DualNumber::plus)),
            binary("sub", "* *", Ops::sub, (a, b) -> a.zip(b, DualNumber::minus)),
            binary("mul", "* *", Ops::mul, (a, b) -> a.zip(b, DualNumber::times)),
            new Operation(
                    "scale",
                    "*",
                    (v, variant) -> Ops.scale(v.get(0), factor(variant)),
                    (v, variant) -> v.get(0).map(e -> e.times(factor(variant)))),
            binary("div", "* *", Ops::div, (a, b) -> a.zip(b, DualNumber::dividedBy))
                    .within(x -> Math.abs(x) > 0.1),
            binary("scaleBy", "* ", Ops::scaleBy, (x, s) -> x.map(e -> e.times(s.at(0)))),
            new Operation(
                    "plus",
                    "*",
                    (v, variant) -> Ops.plus(v.get(0), factor(variant)),
                    (v, variant) -> v.get(0).map(e -> e.plus(DualNumber.constant(factor(variant))))),
            unary("square", Ops::square, x -> x.map(e -> e.times(e))),
            unary("abs", Ops::abs, x -> x.map(e -> e.max(e.times(-1)))).within(x -> Math.abs(x) > 0.01),
            binary("maximum", "* *", Ops::maximum, (a, b) -> a.zip(b, DualNumber::max))
                    .withoutTies(),
            binary("minimum", "* *", Ops::minimum, (a, b) -> a.zip(b, DualNumber::min))
                    .withoutTies(),
            unary(
                            "clamp",
                            x -> Ops.clamp(x, -0.5, 1),
                            x -> x.map(e -> e.max(DualNumber.constant(-0.5)).min(DualNumber.constant(1))))
                    .within(x -> Math.abs(x + 0.5) > 0.01 && Math.abs(x - 1) > 0.01),
            unary("sqrt", Ops::sqrt, x -> x.map(DualNumber::sqrt)).within(x -> x > 0.1),
            binary(
                    "matmul",
                    "mk kn",
                    Ops::matmul,
                    (a, b) -> matrix(
                            a.rows(),
                            b.columns(),
                            (i, j) -> sum(a.columns(), k -> a.at(i, k).times(b.at(k, j))))),
            binary(
                    "matmulTransposed",
                    "mk nk",
                    Ops::matmulTransposed,
                    (a, b) -> matrix(
                            a.rows(),
                            b.rows(),
                            (i, j) -> sum(a.columns(), k -> a.at(i, k).times(b.at(j, k))))),
            binary(
                    "transposedMatmul",
                    "km kn",
                    Ops::transposedMatmul,
                    (a, b) -> matrix(
                            a.columns(),
                            b.columns(),
                            (i, j) -> sum(a.rows(), k -> a.at(k, i).times(b.at(k, j))))),
            unary("transpose", "mn", Ops::transpose, x -> matrix(x.columns(), x.rows(), (i, j) -> x.at(j, i))),
            new Operation(
                    "reshape",
                    "*",
                    (v, variant) -> Ops.reshape(
                            v.get(0), otherShape(v.get(0).shape(), variant).dims()),
                    (v, variant) -> v.get(0).reshape(otherShape(v.get(0).shape(), variant))),
            new Operation(
                    "rows",
                    "mn",
                    (v, variant) ->
                            Ops.rows(v.get(0), indices(3, v.get(0).shape().dim(0), variant)),
                    (v, variant) -> matrix(
                            3,
                            v.get(0).columns(),
                            (i, j) -> v.get(0).at(index(i, v.get(0).rows(), variant), j))),
            new Operation(
                    "placeRows",
                    "mn",
                    (v, variant) ->
                            Ops.placeRows(v.get(0), indices(v.get(0).shape().dim(0), 3, variant), 3),
                    (v, variant) -> matrix(
                            3,
                            v.get(0).columns(),
                            (i, j) -> sum(
                                    v.get(0).rows(), k -> v.get(0).at(k, j).times(index(k, 3, variant) == i ? 1 : 0)))),
            new Operation(
                    "columns",
                    "mn",
                    (v, variant) ->
                            Ops.columns(v.get(0), indices(3, v.get(0).shape().dim(1), variant)),
                    (v, variant) -> matrix(
                            v.get(0).rows(),
                            3,
                            (i, j) -> v.get(0).at(i, index(j, v.get(0).columns(), variant)))),
            new Operation(
                    "pick",
                    "mn",
                    (v, variant) -> Ops.pick(
                            v.get(0),
                            indices(v.get(0).shape().dim(0), v.get(0).shape().dim(1), variant)),
                    (v, variant) -> vector(
                            v.get(0).rows(),
                            i -> v.get(0).at(i, index(i, v.get(0).columns(), variant)))),
            binary(
                    "stackRows",
                    "mn kn",
                    (a, b) -> Ops.stackRows(List.of(a, b)),
                    (a, b) -> matrix(
                            a.rows() + b.rows(),
                            a.columns(),
                            (i, j) -> i < a.rows() ? a.at(i, j) : b.at(i - a.rows(), j))),
            binary(
                    "stackColumns",
                    "mn mk",
                    (a, b) -> Ops.stackColumns(List.of(a, b)),
                    (a, b) -> matrix(
                            a.rows(),
                            a.columns() + b.columns(),
                            (i, j) -> j < a.columns() ? a.at(i, j) : b.at(i, j - a.columns()))),
            binary(
                    "addRow",
                    "mn n",
                    Ops::addRow,
                    (x, b) -> matrix(x.rows(), x.columns(), (i, j) -> x.at(i, j).plus(b.at(j)))),
            unary("relu", Ops::relu, x -> x.map(DualNumber::relu)).within(x -> Math.abs(x) > 0.01),
            binary(
                            "wherePositive",
                            "* *",
                            Ops::wherePositive,
                            (x, at) -> x.zip(at, (e, sign) -> sign.value() > 0 ? e : DualNumber.constant(0)))
                    .within(x -> Math.abs(x) > 0.01),
            unary("tanh", Ops::tanh, x -> x.map(DualNumber::tanh)),
            unary("sigmoid", Ops::sigmoid, x -> x.map(DualNumber::sigmoid)),
            unary("softplus", Ops::softplus, x -> x.map(DualNumber::softplus)),
            unary("exp", Ops::exp, x -> x.map(DualNumber::exp)),
            unary("log", Ops::log, x -> x.map(DualNumber::log)).within(x -> x > 0.1),
            unary("sum", Ops::sum, x -> scalar(x.sum())),
            unary("mean", Ops::mean, x -> scalar(x.sum().times(1.0 / x.shape().size()))),
            unary("expand", "", x -> Ops.expand(x, Shape.of(2, 3)), x -> matrix(2, 3, (i, j) -> x.at(0))),
            unary(
                    "repeatRows",
                    "n",
                    x -> Ops.repeatRows(x, 3),
                    x -> matrix(3, x.shape().dim(0), (i, j) -> x.at(j))),
            unary(
                    "repeatColumns",
                    "n",
                    x -> Ops.repeatColumns(x, 3),
                    x -> matrix(x.shape().dim(0), 3, (i, j) -> x.at(i))),
            unary(
                    "softmax",
                    "mn",
                    Ops::softmax,
                    x -> matrix(
                            x.rows(), x.columns(), (i, j) -> x.logSoftmax(i, j).exp())),
            unary("logSoftmax", "mn", Ops::logSoftmax, x -> matrix(x.rows(), x.columns(), x::logSoftmax)),
            unary("sumRows", "mn", Ops::sumRows, x -> vector(x.columns(), j -> sum(x.rows(), i -> x.at(i, j)))),
            unary("sumColumns", "mn", Ops::sumColumns, x -> vector(x.rows(), i -> sum(x.columns(), j -> x.at(i, j)))),
            binary("meanSquaredError", "* *", Ops::meanSquaredError, (a, b) -> {
                DualTensor difference = a.zip(b, DualNumber::minus);
                return scalar(difference
                        .map(e -> e.times(e))
                        .sum()
                        .times(1.0 / a.shape().size()));
            }),
            new Operation(
                    "softmaxCrossEntropy",
                    "mn",
                    (v, variant) ->
                            Ops.softmaxCrossEntropy(v.get(0), labels(v.get(0).shape(), variant)),
                    (v, variant) -> scalar(crossEntropy(v.get(0), variant, 0))),
            new Operation(
                    "smoothedCrossEntropy",
                    "mn",
                    (v, variant) ->
                            Ops.smoothedCrossEntropy(v.get(0), labels(v.get(0).shape(), variant), smoothing(variant)),
                    (v, variant) -> scalar(crossEntropy(v.get(0), variant, smoothing(variant)))),
            new Operation(
                    "mask",
                    "mn",
                    (v, variant) -> Ops.mask(
                            v.get(0),
                            mask(1, v.get(0).shape().dim(0), v.get(0).shape().dim(1), variant)),
                    (v, variant) -> masked(
                            v.get(0), 0, mask(1, v.get(0).rows(), v.get(0).columns(), variant))),
            new Operation(
                    "maskedLinear",
                    "nd ld",
                    (v, variant) -> Ops.maskedLinear(v.get(0), v.get(1), mask(v.get(0), v.get(1), variant)),
                    (v, variant) -> {
                        DualTensor x = v.get(0);
                        DualTensor w = v.get(1);
                        Mask mask = mask(x.rows(), w.rows(), w.columns(), variant);
                        return matrix(
                                x.rows(),
                                w.rows(),
                                (n, j) -> sum(
                                        w.columns(),
                                        q -> masked(w, n, mask).at(j, q).times(x.at(n, q))));
                    }),
            new Operation(
                    "maskedLinearTransposed",
                    "nl ld",
                    (v, variant) -> Ops.maskedLinearTransposed(v.get(0), v.get(1), mask(v.get(0), v.get(1), variant)),
                    (v, variant) -> {
                        DualTensor x = v.get(0);
                        DualTensor w = v.get(1);
                        Mask mask = mask(x.rows(), w.rows(), w.columns(), variant);
                        return matrix(
                                x.rows(),
                                w.columns(),
                                (n, q) -> sum(
                                        w.rows(),
                                        j -> masked(w, n, mask).at(j, q).times(x.at(n, j))));
                    }),
            new Operation(
                    "maskedOuter",
                    "nl nd",
                    (v, variant) -> Ops.maskedOuter(
                            v.get(0),
                            v.get(1),
                            mask(
                                    v.get(0).shape().dim(0),
                                    v.get(0).shape().dim(1),
                                    v.get(1).shape().dim(1),
                                    variant)),
                    (v, variant) -> {
                        DualTensor a = v.get(0);
                        DualTensor b = v.get(1);
                        Mask mask = mask(a.rows(), a.columns(), b.columns(), variant);
                        return matrix(
                                a.columns(),
                                b.columns(),
                                (j, q) -> sum(
                                        a.rows(),
                                        n -> a.at(n, j)
                                                .times(b.at(n, q))
                                                .times(mask.keeps(n, j, q) ? mask.scale() : 0)));
                    }));

    private static double factor(int variant) {
        return 1.5 - variant;
    }

    private static Shape otherShape(Shape shape, int variant) {
        return switch (variant % 3) {
            case 0 -> Shape.of(shape.size());
            case 1 -> Shape.of(1, shape.size());
            default -> Shape.of(shape.size(), 1);
        };
    }

    private static int label(int i, int classes, int variant) {
        return (i + variant) % classes;
    }

    private static int[] labels(Shape shape, int variant) {
        return IntStream.range(0, shape.dim(0))
                .map(i -> label(i, shape.dim(1), variant))
                .toArray();
    }

    /** Some occur more than once. */
    private static int index(int i, int size, int variant) {
        return (i * i + variant) % size;
    }

    private static int[] indices(int count, int size, int variant) {
        return IntStream.range(0, count).map(i -> index(i, size, variant)).toArray();
    }

    private static double smoothing(int variant) {
        return variant % 5 / 4.0;
    }

    private static DualNumber crossEntropy(DualTensor z, int variant, double smoothing) {
        int classes = z.columns();
        return sum(
                        z.rows(),
                        i -> sum(classes, j -> {
                            double share = smoothing / classes + (j == label(i, classes, variant) ? 1 - smoothing : 0);
                            return z.logSoftmax(i, j).times(-share);
                        }))
                .times(1.0 / z.rows());
    }

    private static Mask mask(int examples, int outputs, int inputs, int variant) {
        return Mask.bernoulli(examples, outputs, inputs, variant % 4 / 4.0, variant);
    }

    /** For examples in the rows of x and a weight w. */
    private static Mask mask(Variable x, Variable w, int variant) {
        return mask(x.shape().dim(0), w.shape().dim(0), w.shape().dim(1), variant);
    }

    private static DualTensor masked(DualTensor x, int example, Mask mask) {
        return matrix(x.rows(), x.columns(), (i, j) -> x.at(i, j).times(mask.keeps(example, i, j) ? mask.scale() : 0));
    }

    private static Operation unary(String name, UnaryOperator<Variable> recorded, UnaryOperator<DualTensor> forward) {
        return unary(name, "*", recorded, forward);
    }

    private static Operation unary(
            String name, String operand, UnaryOperator<Variable> recorded, UnaryOperator<DualTensor> forward) {
        return new Operation(
                name, operand, (v, variant) -> recorded.apply(v.get(0)), (v, variant) -> forward.apply(v.get(0)));
    }

    private static Operation binary(
            String name, String operands, BinaryOperator<Variable> recorded, BinaryOperator<DualTensor> forward) {
        return new Operation(
                name,
                operands,
                (v, variant) -> recorded.apply(v.get(0), v.get(1)),
                (v, variant) -> forward.apply(v.get(0), v.get(1)));
    }

    private static Predicate<Tensor> all(DoublePredicate element) {
        return x -> Arrays.stream(x.toDoubleArray()).allMatch(element);
    }

    // ---- drawing ----

    /**
     * One op to append.
     *
     * @param picks for each operand 0 for a new input, 1 for a new constant, more for an earlier line, counted backwards
     *     among those whose shapes fit
     * @param rows which of the sizes is a length that nothing else decides
     * @param columns which is the next such length
     * @param from which of the values is the first of its new leaves
     */
    record Instruction(Operation operation, List<Integer> picks, int rows, int columns, int from, int variant) {}

    /**
     * What instructions draw on. It is common to them all, so that one that shrinks does not take from what the others
     * need.
     */
    record Supply(List<Integer> sizes, List<Double> values) {}

    /** Up to 12 instructions. */
    static Arbitrary<RandomProgram> all() {
        Arbitrary<Supply> supplies = Combinators.combine(
                        Arbitraries.integers().between(1, 4).list().ofSize(3),
                        Arbitraries.integers()
                                .between(-200, 200)
                                .map(hundredths -> hundredths / 100.0)
                                .list()
                                .ofMinSize(1)
                                .ofMaxSize(20))
                .as(Supply::new);
        return Combinators.combine(instructions().list().ofMinSize(1).ofMaxSize(12), supplies)
                .as(RandomProgram::of)
                .withoutEdgeCases();
    }

    private static Arbitrary<Instruction> instructions() {
        Arbitrary<Integer> picks = Arbitraries.frequencyOf(
                Tuple.of(2, Arbitraries.just(0)),
                Tuple.of(1, Arbitraries.just(1)),
                Tuple.of(5, Arbitraries.integers().between(2, 6)));
        Arbitrary<Integer> sizes = Arbitraries.integers().between(0, 2);
        Arbitrary<Integer> upTo20 = Arbitraries.integers().between(0, 20);
        return Combinators.combine(Arbitraries.of(OPERATIONS), picks.list().ofSize(3), sizes, sizes, upTo20, upTo20)
                .as(Instruction::new);
    }

    // ---- a program ----

    private sealed interface Line {}

    private record Leaf(Tensor value, boolean wanted) implements Line {}

    private record Step(Operation operation, List<Integer> operands, int variant) implements Line {}

    private final List<Line> lines;

    private RandomProgram(List<Line> lines) {
        this.lines = lines;
    }

    /** The program of these instructions, without those that would leave their domain or give a large value. */
    static RandomProgram of(List<Instruction> instructions, Supply supply) {
        RandomProgram program = new RandomProgram(new ArrayList<>());
        Tape tape = Tape.inference();
        List<Variable> known = new ArrayList<>();
        instructions.forEach(instruction -> program.append(instruction, supply, tape, known));
        if (program.lines.isEmpty()) {
            program.lines.add(new Leaf(Tensor.scalar(supply.values().get(0)), true));
        }
        return program;
    }

    private void append(Instruction instruction, Supply supply, Tape tape, List<Variable> known) {
        int before = lines.size();
        Operation operation = instruction.operation();
        List<Integer> places = operands(instruction, supply, tape, known);
        List<Variable> operands = places.stream().map(known::get).toList();
        if (operation.domain().test(operands.stream().map(Variable::value).toList())) {
            Variable result = operation.recorded().apply(operands, instruction.variant());
            if (all(v -> Math.abs(v) <= LARGEST).test(result.value())) {
                lines.add(new Step(operation, places, instruction.variant()));
                known.add(result);
                return;
            }
        }
        lines.subList(before, lines.size()).clear();
        known.subList(before, known.size()).clear();
    }

    /** Where the operands of an instruction stand; appends those that are new. */
    private List<Integer> operands(Instruction instruction, Supply supply, Tape tape, List<Variable> known) {
        List<Integer> places = new ArrayList<>();
        Lengths lengths = new Lengths(instruction, supply);
        Iterator<Double> values = Stream.iterate(instruction.from(), i -> i + 1)
                .map(i -> supply.values().get(i % supply.values().size()))
                .iterator();
        int last = known.size();
        for (String pattern : instruction.operation().operands().split(" ", -1)) {
            int pick = instruction.picks().get(places.size());
            List<Integer> fitting = IntStream.range(0, last)
                    .filter(i -> lengths.fit(pattern, known.get(i).shape()))
                    .boxed()
                    .toList();
            if (pick < 2 || fitting.isEmpty()) {
                Shape shape = lengths.shape(pattern);
                double[] elements = new double[shape.size()];
                Arrays.setAll(elements, i -> values.next());
                Leaf leaf = new Leaf(Tensor.of(elements).reshape(shape), pick != 1 || inputs().isEmpty());
                places.add(lines.size());
                lines.add(leaf);
                known.add(tape.constant(leaf.value()));
            } else {
                places.add(fitting.get(fitting.size() - 1 - (pick - 2) % fitting.size()));
            }
            lengths.settle(pattern, known.get(places.get(places.size() - 1)).shape());
        }
        return places;
    }

    /** What the letters of an op's operands stand for, as far as it is settled. */
    private static final class Lengths {
        private final Map<Character, Integer> known = new HashMap<>(Map.of('1', 1));
        private final Iterator<Integer> free;
        private @Nullable Shape any;

        Lengths(Instruction instruction, Supply supply) {
            free = Stream.of(instruction.rows(), instruction.columns(), instruction.rows())
                    .map(supply.sizes()::get)
                    .iterator();
        }

        boolean fit(String pattern, Shape shape) {
            if (pattern.equals("*")) {
                return any == null || any.equals(shape);
            }
            return shape.rank() == pattern.length()
                    && IntStream.range(0, shape.rank())
                            .allMatch(i -> known.getOrDefault(pattern.charAt(i), shape.dim(i)) == shape.dim(i));
        }

        Shape shape(String pattern) {
            if (pattern.equals("*")) {
                return any == null ? Shape.of(free.next(), free.next()) : any;
            }
            return Shape.of(pattern.chars()
                    .map(letter -> known.computeIfAbsent((char) letter, l -> free.next()))
                    .toArray());
        }

        void settle(String pattern, Shape shape) {
            if (pattern.equals("*")) {
                any = shape;
                return;
            }
            for (int i = 0; i < shape.rank(); i++) {
                known.put(pattern.charAt(i), shape.dim(i));
            }
        }
    }

    // ---- running ----

    /** The values of the leaves that gradients are wanted for. */
    List<Tensor> inputs() {
        return lines.stream()
                .filter(line -> line instanceof Leaf leaf && leaf.wanted())
                .map(line -> ((Leaf) line).value())
                .toList();
    }

    /** The number of its ops. */
    int size() {
        return (int) lines.stream().filter(Step.class::isInstance).count();
    }

    /** Every line's value on the inputs' tape, the result's last. */
    List<Variable> record(List<Variable> inputs) {
        Tape tape = inputs.get(0).tape();
        DType dtype = inputs.get(0).dtype();
        return run(
                inputs,
                constant -> tape.constant(constant.to(dtype)),
                (step, operands) -> step.operation().recorded().apply(operands, step.variant()));
    }

    /** Every line's value and derivative, given those of the inputs. */
    List<DualTensor> forward(List<DualTensor> inputs) {
        return run(
                inputs,
                constant -> DualTensor.of(constant, constant.scale(0)),
                (step, operands) -> step.operation().forward().apply(operands, step.variant()));
    }

    private <V> List<V> run(List<V> inputs, Function<Tensor, V> constant, BiFunction<Step, List<V>, V> op) {
        List<V> values = new ArrayList<>();
        Iterator<V> next = inputs.iterator();
        for (Line line : lines) {
            if (line instanceof Step step) {
                values.add(
                        op.apply(step, step.operands().stream().map(values::get).toList()));
            } else if (line instanceof Leaf leaf) {
                values.add(leaf.wanted() ? next.next() : constant.apply(leaf.value()));
            }
        }
        return values;
    }

    /** This program with another rule for one op: to plant a mistake. */
    RandomProgram with(String operation, Rule<Variable> recorded) {
        return new RandomProgram(lines.stream()
                .map(line ->
                        line instanceof Step step && step.operation().name().equals(operation)
                                ? new Step(step.operation().recordedAs(recorded), step.operands(), step.variant())
                                : line)
                .toList());
    }

    /** A line for each line, such as {@code #2 = matmul(#0, #1)}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            text.append("\n#").append(i).append(" = ");
            if (lines.get(i) instanceof Leaf leaf) {
                text.append(leaf.wanted() ? "input " : "constant ")
                        .append(leaf.value().shape())
                        .append(' ')
                        .append(Arrays.toString(leaf.value().toDoubleArray()));
            } else if (lines.get(i) instanceof Step step) {
                List<String> operands =
                        step.operands().stream().map(o -> "#" + o).toList();
                text.append(step.operation().name())
                        .append('(')
                        .append(String.join(", ", operands))
                        .append("), variant ")
                        .append(step.variant());
            }
        }
        return text.toString();
    }
}
