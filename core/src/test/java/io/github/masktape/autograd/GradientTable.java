// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.autograd;

import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Shape;
import io.github.masktape.tensor.Tensor;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Every op of the rulebook with inputs to try it on. A new op gets a row here; without it
 * {@code OpsProperties.everyOpOfTheRulebookHasARow} fails.
 */
final class GradientTable {
    private GradientTable() {}

    /** The op at one point: FLOAT64 inputs, and the function of them. */
    record Case(GradCheck.Function function, List<Tensor> tensors) {
        Case(GradCheck.Function function, Tensor... inputs) {
            this(function, List.of(inputs));
        }

        Tensor[] inputs() {
            return tensors.toArray(Tensor[]::new);
        }
    }

    /** How to draw a case for sizes m, k, n. */
    interface Draw {
        Case at(RandomStream random, int m, int k, int n);
    }

    /** One op. */
    record Row(String op, Draw draw) {
        @Override
        public String toString() {
            return op;
        }
    }

    static final List<Row> ROWS = List.of(
            elementwise("add", Ops::add),
            elementwise("sub", Ops::sub),
            elementwise("mul", Ops::mul),
            row(
                    "div",
                    (r, m, k, n) ->
                            new Case(v -> Ops.div(v.get(0), v.get(1)), normal(r, m, n), positive(normal(r, m, n)))),
            elementwise("neg", Ops::neg),
            elementwise("scale", x -> Ops.scale(x, -1.75)),
            row("scaleBy", (r, m, k, n) -> new Case(v -> Ops.scaleBy(v.get(0), v.get(1)), normal(r, m, n), normal(r))),
            elementwise("plus", x -> Ops.plus(x, 2.5)),
            elementwise("square", Ops::square),
            row("abs", (r, m, k, n) -> new Case(v -> Ops.abs(v.get(0)), awayFromZero(normal(r, m, n)))),
            row("maximum", (r, m, k, n) -> {
                Tensor a = normal(r, m, n);
                return new Case(v -> Ops.maximum(v.get(0), v.get(1)), a, a.add(awayFromZero(normal(r, m, n))));
            }),
            row("minimum", (r, m, k, n) -> {
                Tensor a = normal(r, m, n);
                return new Case(v -> Ops.minimum(v.get(0), v.get(1)), a, a.add(awayFromZero(normal(r, m, n))));
            }),
            row(
                    "clamp",
                    (r, m, k, n) -> new Case(
                            v -> Ops.clamp(v.get(0), -0.5, 1),
                            normal(r, m, n).map(x -> x < -0.5 ? x - 0.01 : x > 1 ? x + 0.01 : 0.98 * x))),
            row(
                    "matmul",
                    (r, m, k, n) -> new Case(v -> Ops.matmul(v.get(0), v.get(1)), normal(r, m, k), normal(r, k, n))),
            row(
                    "matmulTransposed",
                    (r, m, k, n) ->
                            new Case(v -> Ops.matmulTransposed(v.get(0), v.get(1)), normal(r, m, k), normal(r, n, k))),
            row(
                    "transposedMatmul",
                    (r, m, k, n) ->
                            new Case(v -> Ops.transposedMatmul(v.get(0), v.get(1)), normal(r, k, m), normal(r, k, n))),
            elementwise("transpose", Ops::transpose),
            elementwise("reshape", x -> Ops.reshape(x, x.shape().size())),
            row("rows", (r, m, k, n) -> {
                int[] indices = indices(r, k, m);
                return new Case(v -> Ops.rows(v.get(0), indices), normal(r, m, n));
            }),
            row("placeRows", (r, m, k, n) -> {
                int[] indices = indices(r, k, m);
                return new Case(v -> Ops.placeRows(v.get(0), indices, m), normal(r, k, n));
            }),
            row("columns", (r, m, k, n) -> {
                int[] indices = indices(r, k, n);
                return new Case(v -> Ops.columns(v.get(0), indices), normal(r, m, n));
            }),
            row("pick", (r, m, k, n) -> {
                int[] columns = indices(r, m, n);
                return new Case(v -> Ops.pick(v.get(0), columns), normal(r, m, n));
            }),
            row(
                    "stackRows",
                    (r, m, k, n) -> new Case(Ops::stackRows, normal(r, m, n), normal(r, k, n), normal(r, 1, n))),
            row(
                    "stackColumns",
                    (r, m, k, n) -> new Case(Ops::stackColumns, normal(r, m, n), normal(r, m, k), normal(r, m, 1))),
            row("addRow", (r, m, k, n) -> new Case(v -> Ops.addRow(v.get(0), v.get(1)), normal(r, m, n), normal(r, n))),
            row("relu", (r, m, k, n) -> new Case(v -> Ops.relu(v.get(0)), awayFromZero(normal(r, m, n)))),
            row(
                    "wherePositive",
                    (r, m, k, n) -> new Case(
                            v -> Ops.wherePositive(v.get(0), v.get(1)),
                            normal(r, m, n),
                            awayFromZero(normal(r, m, n)))),
            elementwise("tanh", Ops::tanh),
            elementwise("sigmoid", Ops::sigmoid),
            elementwise("softplus", Ops::softplus),
            elementwise("exp", Ops::exp),
            row("log", (r, m, k, n) -> new Case(v -> Ops.log(v.get(0)), positive(normal(r, m, n)))),
            row("sqrt", (r, m, k, n) -> new Case(v -> Ops.sqrt(v.get(0)), positive(normal(r, m, n)))),
            elementwise("sum", Ops::sum),
            row("expand", (r, m, k, n) -> new Case(v -> Ops.expand(v.get(0), Shape.of(m, n)), normal(r))),
            elementwise("mean", Ops::mean),
            elementwise("sumRows", Ops::sumRows),
            row("repeatRows", (r, m, k, n) -> new Case(v -> Ops.repeatRows(v.get(0), m), normal(r, n))),
            elementwise("sumColumns", Ops::sumColumns),
            row("repeatColumns", (r, m, k, n) -> new Case(v -> Ops.repeatColumns(v.get(0), n), normal(r, m))),
            elementwise("softmax", Ops::softmax),
            elementwise("logSoftmax", Ops::logSoftmax),
            elementwise("meanSquaredError", Ops::meanSquaredError),
            row("softmaxCrossEntropy", (r, m, k, n) -> {
                int[] labels = indices(r, m, n);
                return new Case(v -> Ops.softmaxCrossEntropy(v.get(0), labels), normal(r, m, n));
            }),
            row("smoothedCrossEntropy", (r, m, k, n) -> {
                int[] labels = indices(r, m, n);
                double smoothing = r.nextInt(8) == 0 ? 1 : fraction(r);
                return new Case(v -> Ops.smoothedCrossEntropy(v.get(0), labels, smoothing), normal(r, m, n));
            }),
            row("mask", (r, m, k, n) -> {
                Mask mask = Mask.bernoulli(1, m, n, fraction(r), r.nextLong());
                return new Case(v -> Ops.mask(v.get(0), mask), normal(r, m, n));
            }),
            row("maskedLinear", (r, m, k, n) -> {
                Mask mask = Mask.bernoulli(m, n, k, fraction(r), r.nextLong());
                return new Case(v -> Ops.maskedLinear(v.get(0), v.get(1), mask), normal(r, m, k), normal(r, n, k));
            }),
            row("maskedLinearTransposed", (r, m, k, n) -> {
                Mask mask = Mask.bernoulli(m, n, k, fraction(r), r.nextLong());
                return new Case(
                        v -> Ops.maskedLinearTransposed(v.get(0), v.get(1), mask), normal(r, m, n), normal(r, n, k));
            }),
            row("maskedOuter", (r, m, k, n) -> {
                Mask mask = Mask.bernoulli(m, n, k, fraction(r), r.nextLong());
                return new Case(v -> Ops.maskedOuter(v.get(0), v.get(1), mask), normal(r, m, n), normal(r, m, k));
            }));

    private static Row row(String op, Draw draw) {
        return new Row(op, draw);
    }

    private static Row elementwise(String op, UnaryOperator<Variable> function) {
        return row(op, (r, m, k, n) -> new Case(v -> function.apply(v.get(0)), normal(r, m, n)));
    }

    private static Row elementwise(String op, BinaryOperator<Variable> function) {
        return row(
                op,
                (r, m, k, n) -> new Case(v -> function.apply(v.get(0), v.get(1)), normal(r, m, n), normal(r, m, n)));
    }

    /** Numbers of 0 … size−1. */
    private static int[] indices(RandomStream random, int count, int size) {
        return IntStream.range(0, count).map(i -> random.nextInt(size)).toArray();
    }

    /** In [0, 1); 0 and a half now and then. */
    private static double fraction(RandomStream random) {
        int kind = random.nextInt(8);
        return kind == 0 ? 0 : kind == 1 ? 0.5 : random.nextDouble();
    }

    static Tensor normal(RandomStream random, int... dims) {
        double[] values = new double[Shape.of(dims).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextGaussian();
        }
        return Tensor.of(values).reshape(Shape.of(dims));
    }

    /** No element closer to 0 than 0.01, where a difference with a step of 1e-6 would straddle the kink. */
    private static Tensor awayFromZero(Tensor x) {
        return x.map(v -> v < 0 ? v - 0.01 : v + 0.01);
    }

    /** At least ½. */
    private static Tensor positive(Tensor x) {
        return x.mul(x).plus(0.5);
    }
}
