// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.peers.graphs;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Variable;
import io.github.masktape.tensor.Mask;
import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Every op of the rulebook, in Masktape and in PyTorch, with a way to draw its arguments in a random program. */
final class GraphOps {
    private GraphOps() {}

    /**
     * A call of an op.
     *
     * @param op the op's name in the rulebook
     * @param arguments the lines that it uses
     * @param details its other arguments, for printing
     */
    record Call(
            String op,
            List<Integer> arguments,
            Object details,
            Function<List<Variable>, Variable> ours,
            Function<List<NDArray>, NDArray> theirs) {
        /** The same call with other lines. */
        Call with(List<Integer> arguments) {
            return new Call(op, arguments, details, ours, theirs);
        }
    }

    /**
     * An op that programs can call.
     *
     * @param call draws arguments among a program's lines
     */
    record GraphOp(String op, Function<RandomProgram, Call> call) {}

    static final List<GraphOp> ALL = List.of(
            binary("add", Ops::add, NDArray::add),
            binary("sub", Ops::sub, NDArray::sub),
            binary("mul", Ops::mul, NDArray::mul),
            binary("div", Ops::div, NDArray::div),
            unary("neg", Ops::neg, NDArray::neg),
            entry("scale", p -> {
                double s = 3 * p.random().nextDouble() - 1.5;
                return call("scale", p.any(), s, x -> Ops.scale(x, s), x -> scale(x, s));
            }),
            entry("scaleBy", p -> {
                int x = p.any();
                return call("scaleBy", x, p.some(), Ops::scaleBy, NDArray::mul);
            }),
            entry("plus", p -> {
                double t = 3 * p.random().nextDouble() - 1.5;
                return call("plus", p.any(), t, x -> Ops.plus(x, t), x -> x.add(t));
            }),
            unary("square", Ops::square, NDArray::square),
            entry("matmul", p -> {
                int a = p.matrix();
                int b = p.some(p.dim(a, 1), p.size());
                return call("matmul", a, b, Ops::matmul, NDArray::matMul);
            }),
            entry("matmulTransposed", p -> {
                int a = p.matrix();
                int b = p.some(p.size(), p.dim(a, 1));
                return call("matmulTransposed", a, b, Ops::matmulTransposed, (x, y) -> x.matMul(y.transpose()));
            }),
            entry("transposedMatmul", p -> {
                int a = p.matrix();
                int b = p.some(p.dim(a, 0), p.size());
                return call(
                        "transposedMatmul",
                        a,
                        b,
                        Ops::transposedMatmul,
                        (x, y) -> x.transpose().matMul(y));
            }),
            entry("transpose", p -> call("transpose", p.matrix(), "", Ops::transpose, NDArray::transpose)),
            entry("reshape", p -> {
                int x = p.any();
                int size = p.value(x).shape().size();
                int[] dims = List.of(new int[] {size}, new int[] {size, 1}, new int[] {1, size})
                        .get(p.random().nextInt(3));
                long[] same = Arrays.stream(dims).asLongStream().toArray();
                return call("reshape", x, Arrays.toString(dims), y -> Ops.reshape(y, dims), y -> y.reshape(same));
            }),
            unary("abs", Ops::abs, NDArray::abs),
            binary("maximum", Ops::maximum, NDArray::maximum),
            binary("minimum", Ops::minimum, NDArray::minimum),
            entry("clamp", p -> {
                double low = p.random().nextDouble() - 1;
                double high = p.random().nextDouble();
                return call(
                        "clamp", p.any(), low + " to " + high, x -> Ops.clamp(x, low, high), x -> x.clip(low, high));
            }),
            unary("sqrt", Ops::sqrt, NDArray::sqrt),
            entry("rows", p -> {
                int x = p.matrix();
                int[] indices = indices(p, 1 + p.random().nextInt(5), p.dim(x, 0));
                return call(
                        "rows",
                        x,
                        Arrays.toString(indices),
                        y -> Ops.rows(y, indices),
                        y -> oneHot(y, indices, p.dim(x, 0)).matMul(y));
            }),
            entry("placeRows", p -> {
                int x = p.matrix();
                int m = 1 + p.random().nextInt(5);
                int[] indices = indices(p, p.dim(x, 0), m);
                return call(
                        "placeRows",
                        x,
                        Arrays.toString(indices) + " of " + m,
                        y -> Ops.placeRows(y, indices, m),
                        y -> oneHot(y, indices, m).transpose().matMul(y));
            }),
            entry("columns", p -> {
                int x = p.matrix();
                int[] indices = indices(p, 1 + p.random().nextInt(5), p.dim(x, 1));
                return call(
                        "columns", x, Arrays.toString(indices), y -> Ops.columns(y, indices), y -> columns(y, indices));
            }),
            entry("pick", p -> {
                int x = p.matrix();
                int[] columns = indices(p, p.dim(x, 0), p.dim(x, 1));
                return call(
                        "pick",
                        x,
                        Arrays.toString(columns),
                        y -> Ops.pick(y, columns),
                        y -> gather(y, columns).squeeze(1));
            }),
            entry("stackRows", p -> {
                int columns = p.size();
                List<Integer> matrices = some(p, i -> p.some(p.size(), columns));
                return new Call("stackRows", matrices, "", Ops::stackRows, v -> concat(v, 0));
            }),
            entry("stackColumns", p -> {
                int rows = p.size();
                List<Integer> matrices = some(p, i -> p.some(rows, p.size()));
                return new Call("stackColumns", matrices, "", Ops::stackColumns, v -> concat(v, 1));
            }),
            entry("addRow", p -> {
                int x = p.matrix();
                return call("addRow", x, p.some(p.dim(x, 1)), Ops::addRow, NDArray::add);
            }),
            unary("relu", Ops::relu, Activation::relu),
            binary("wherePositive", Ops::wherePositive, (x, at) -> NDArrays.where(at.gt(0), x, x.zerosLike())),
            unary("tanh", Ops::tanh, NDArray::tanh),
            unary("sigmoid", Ops::sigmoid, Activation::sigmoid),
            unary("softplus", Ops::softplus, Activation::softPlus),
            unary("exp", Ops::exp, NDArray::exp),
            unary("log", Ops::log, NDArray::log),
            unary("sum", Ops::sum, NDArray::sum),
            entry("expand", p -> {
                int x = p.some();
                int[] dims = p.random().nextInt(2) == 0 ? new int[] {p.size()} : new int[] {p.size(), p.size()};
                long[] same = Arrays.stream(dims).asLongStream().toArray();
                return call(
                        "expand",
                        x,
                        Arrays.toString(dims),
                        y -> Ops.expand(y, io.github.masktape.tensor.Shape.of(dims)),
                        y -> y.broadcast(same));
            }),
            unary("mean", Ops::mean, NDArray::mean),
            entry("sumRows", p -> call("sumRows", p.matrix(), "", Ops::sumRows, x -> x.sum(new int[] {0}))),
            entry("repeatRows", p -> {
                int n = p.size();
                int m = 1 + p.random().nextInt(5);
                return call("repeatRows", p.some(n), m, x -> Ops.repeatRows(x, m), x -> x.broadcast(m, n));
            }),
            entry("repeatColumns", p -> {
                int m = p.size();
                int n = 1 + p.random().nextInt(5);
                return call(
                        "repeatColumns",
                        p.some(m),
                        n,
                        x -> Ops.repeatColumns(x, n),
                        x -> x.reshape(m, 1).broadcast(m, n));
            }),
            entry("sumColumns", p -> call("sumColumns", p.matrix(), "", Ops::sumColumns, x -> x.sum(new int[] {1}))),
            binary(
                    "meanSquaredError",
                    Ops::meanSquaredError,
                    (x, y) -> x.sub(y).square().mean()),
            entry("softmax", p -> call("softmax", p.matrix(), "", Ops::softmax, z -> z.softmax(1))),
            entry("logSoftmax", p -> call("logSoftmax", p.matrix(), "", Ops::logSoftmax, z -> z.logSoftmax(1))),
            entry("softmaxCrossEntropy", p -> {
                int z = p.matrix();
                int[] labels = labels(p, z);
                return call(
                        "softmaxCrossEntropy",
                        z,
                        Arrays.toString(labels),
                        x -> Ops.softmaxCrossEntropy(x, labels),
                        x -> crossEntropy(x, labels));
            }),
            entry("smoothedCrossEntropy", p -> {
                int z = p.matrix();
                int[] labels = labels(p, z);
                double smoothing = p.random().nextDouble();
                return call(
                        "smoothedCrossEntropy",
                        z,
                        Arrays.toString(labels) + ", " + smoothing,
                        x -> Ops.smoothedCrossEntropy(x, labels, smoothing),
                        x -> scale(crossEntropy(x, labels), 1 - smoothing)
                                .sub(scale(x.logSoftmax(1).mean(), smoothing)));
            }),
            entry("mask", p -> {
                int x = p.matrix();
                Mask mask = mask(p, 1, p.dim(x, 0), p.dim(x, 1));
                return call(
                        "mask",
                        x,
                        mask,
                        y -> Ops.mask(y, mask),
                        y -> y.mul(entries(y, mask).squeeze(0)));
            }),
            entry("maskedLinear", p -> {
                int x = p.matrix();
                int w = p.some(p.size(), p.dim(x, 1));
                Mask mask = mask(p, p.dim(x, 0), p.dim(w, 0), p.dim(x, 1));
                return new Call(
                        "maskedLinear",
                        List.of(x, w),
                        mask,
                        v -> Ops.maskedLinear(v.get(0), v.get(1), mask),
                        v -> entries(v.get(0), mask)
                                .mul(v.get(1))
                                .matMul(v.get(0).expandDims(2))
                                .squeeze(2));
            }),
            entry("maskedLinearTransposed", p -> {
                int x = p.matrix();
                int w = p.some(p.dim(x, 1), p.size());
                Mask mask = mask(p, p.dim(x, 0), p.dim(x, 1), p.dim(w, 1));
                return new Call(
                        "maskedLinearTransposed",
                        List.of(x, w),
                        mask,
                        v -> Ops.maskedLinearTransposed(v.get(0), v.get(1), mask),
                        v -> entries(v.get(0), mask)
                                .mul(v.get(1))
                                .transpose(0, 2, 1)
                                .matMul(v.get(0).expandDims(2))
                                .squeeze(2));
            }),
            entry("maskedOuter", p -> {
                int a = p.matrix();
                int b = p.some(p.dim(a, 0), p.size());
                Mask mask = mask(p, p.dim(a, 0), p.dim(a, 1), p.dim(b, 1));
                return new Call(
                        "maskedOuter",
                        List.of(a, b),
                        mask,
                        v -> Ops.maskedOuter(v.get(0), v.get(1), mask),
                        v -> entries(v.get(0), mask)
                                .mul(v.get(0).expandDims(2))
                                .mul(v.get(1).expandDims(1))
                                .sum(new int[] {0}));
            }));

    private static GraphOp entry(String op, Function<RandomProgram, Call> call) {
        return new GraphOp(op, call);
    }

    private static GraphOp unary(String op, UnaryOperator<Variable> ours, UnaryOperator<NDArray> theirs) {
        return entry(op, p -> call(op, p.any(), "", ours, theirs));
    }

    private static GraphOp binary(String op, BinaryOperator<Variable> ours, BinaryOperator<NDArray> theirs) {
        return entry(op, p -> {
            int a = p.any();
            int b = p.some(p.value(a).shape().dims());
            return call(op, a, b, ours, theirs);
        });
    }

    private static Call call(
            String op, int x, Object details, UnaryOperator<Variable> ours, UnaryOperator<NDArray> theirs) {
        return new Call(op, List.of(x), details, v -> ours.apply(v.get(0)), v -> theirs.apply(v.get(0)));
    }

    private static Call call(String op, int a, int b, BinaryOperator<Variable> ours, BinaryOperator<NDArray> theirs) {
        return new Call(
                op, List.of(a, b), "", v -> ours.apply(v.get(0), v.get(1)), v -> theirs.apply(v.get(0), v.get(1)));
    }

    /**
     * The product s·x. DJL's own product with a number frees the number's memory while PyTorch's graph still uses it,
     * so gradients are sometimes wrong after a garbage collection. Here the number lives as long as x.
     */
    static NDArray scale(NDArray x, double s) {
        return x.mul(x.getManager().create(s));
    }

    /** One to four lines. */
    private static List<Integer> some(RandomProgram p, IntUnaryOperator line) {
        return IntStream.rangeClosed(0, p.random().nextInt(4)).map(line).boxed().toList();
    }

    /** The matrices joined. DJL's concat of a single array is a copy through which no gradient passes. */
    private static NDArray concat(List<NDArray> matrices, int axis) {
        return matrices.size() == 1
                ? matrices.get(0).reshape(matrices.get(0).getShape())
                : NDArrays.concat(new NDList(matrices.toArray(NDArray[]::new)), axis);
    }

    private static int[] indices(RandomProgram p, int count, int size) {
        return IntStream.range(0, count).map(i -> p.random().nextInt(size)).toArray();
    }

    private static int[] labels(RandomProgram p, int z) {
        return indices(p, p.dim(z, 0), p.dim(z, 1));
    }

    /** The matrix whose row k has a 1 at indices[k]. */
    private static NDArray oneHot(NDArray x, int[] indices, int size) {
        double[] entries = new double[indices.length * size];
        for (int k = 0; k < indices.length; k++) {
            entries[k * size + indices[k]] = 1;
        }
        return x.getManager().create(entries, new Shape(indices.length, size));
    }

    /** Element (i, indices[i, k]) of a matrix for each i and k; the indices are given row by row. */
    private static NDArray gather(NDArray x, int[] indices) {
        long m = x.getShape().get(0);
        NDArray places = x.getManager().create(indices, new Shape(m, indices.length / m));
        return x.gather(places.toType(DataType.INT64, false), 1);
    }

    private static NDArray columns(NDArray x, int[] indices) {
        int[] places = IntStream.range(0, (int) x.getShape().get(0))
                .flatMap(i -> Arrays.stream(indices))
                .toArray();
        return gather(x, places);
    }

    private static NDArray crossEntropy(NDArray z, int[] labels) {
        return gather(z.logSoftmax(1), labels).mean().neg();
    }

    private static Mask mask(RandomProgram p, int examples, int outputs, int inputs) {
        double dropProbability = List.of(0.0, 0.2, 0.5, 0.8).get(p.random().nextInt(4));
        return Mask.bernoulli(
                examples, outputs, inputs, dropProbability, p.random().nextLong());
    }

    /** The mask M as numbers, n×l×d, read entry by entry, on the device of x. */
    private static NDArray entries(NDArray x, Mask mask) {
        double[] entries = new double[mask.examples() * mask.outputs() * mask.inputs()];
        for (int i = 0; i < entries.length; i++) {
            int row = i / mask.inputs();
            boolean kept = mask.keeps(row / mask.outputs(), row % mask.outputs(), i % mask.inputs());
            entries[i] = kept ? mask.scale() : 0;
        }
        return x.getManager().create(entries, new Shape(mask.examples(), mask.outputs(), mask.inputs()));
    }
}
