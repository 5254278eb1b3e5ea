// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.autograd;

import io.github.masktape.tensor.Shape;
import io.github.masktape.tensor.Tensor;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** A tensor of dual numbers: values and their derivatives along one direction of all inputs. */
record DualTensor(Shape shape, List<DualNumber> elements) {
    /** An element of a matrix, given where it stands. */
    @FunctionalInterface
    interface Entry {
        DualNumber at(int i, int j);
    }

    static DualTensor of(Tensor values, Tensor tangents) {
        double[] v = values.toDoubleArray();
        double[] t = tangents.toDoubleArray();
        return fill(values.shape(), i -> new DualNumber(v[i], t[i]));
    }

    static DualTensor scalar(DualNumber element) {
        return new DualTensor(Shape.scalar(), List.of(element));
    }

    static DualTensor vector(int n, IntFunction<DualNumber> element) {
        return fill(Shape.of(n), element);
    }

    static DualTensor matrix(int m, int n, Entry entry) {
        return fill(Shape.of(m, n), e -> entry.at(e / n, e % n));
    }

    private static DualTensor fill(Shape shape, IntFunction<DualNumber> element) {
        return new DualTensor(
                shape, IntStream.range(0, shape.size()).mapToObj(element).toList());
    }

    /** Σ of the terms for 0 … n−1, in this order. */
    static DualNumber sum(int n, IntFunction<DualNumber> term) {
        return IntStream.range(0, n).mapToObj(term).reduce(DualNumber.constant(0), DualNumber::plus);
    }

    DualNumber at(int i) {
        return elements.get(i);
    }

    DualNumber at(int i, int j) {
        return elements.get(i * columns() + j);
    }

    int rows() {
        return shape.dim(0);
    }

    int columns() {
        return shape.dim(1);
    }

    DualTensor reshape(Shape other) {
        return new DualTensor(other, elements);
    }

    DualTensor map(UnaryOperator<DualNumber> f) {
        return fill(shape, i -> f.apply(at(i)));
    }

    DualTensor zip(DualTensor b, BinaryOperator<DualNumber> f) {
        return fill(shape, i -> f.apply(at(i), b.at(i)));
    }

    DualNumber sum() {
        return sum(elements.size(), this::at);
    }

    /** Of row i, around its largest element as the tape's, whose range this is to have. */
    DualNumber logSoftmax(int i, int j) {
        double max = IntStream.range(0, columns())
                .mapToDouble(k -> at(i, k).value())
                .max()
                .orElseThrow();
        DualNumber shift = DualNumber.constant(max);
        DualNumber total = sum(columns(), k -> at(i, k).minus(shift).exp());
        return at(i, j).minus(shift).minus(total.log());
    }

    Tensor tangents() {
        return Tensor.of(elements.stream().mapToDouble(DualNumber::tangent).toArray())
                .reshape(shape);
    }

    Tensor values() {
        return Tensor.of(elements.stream().mapToDouble(DualNumber::value).toArray())
                .reshape(shape);
    }
}
