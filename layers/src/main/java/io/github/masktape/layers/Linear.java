// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.layers;

import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Variable;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.Tensor;

/**
 * A fully connected (affine) layer.
 *
 * <pre>
 *   Y  = X Wᵀ + b       X n×in, W out×in, b out, Y n×out
 * </pre>
 */
public final class Linear implements Affine {
    private final Parameter weight;
    private final Parameter bias;

    private Linear(Parameter weight, Parameter bias) {
        this.weight = weight;
        this.bias = bias;
    }

    /** A layer with random weights and biases of 0. */
    public static Linear of(int in, int out, Initializer init) {
        return of(init.weight(out, in), init.bias(out));
    }

    /**
     * A layer with given weights.
     *
     * @param weight W, out×in
     * @param bias b, out
     */
    public static Linear of(Tensor weight, Tensor bias) {
        requireFit("Linear", weight, bias);
        return new Linear(new Parameter(weight), new Parameter(bias));
    }

    @Override
    public Parameter weight() {
        return weight;
    }

    @Override
    public Parameter bias() {
        return bias;
    }

    @Override
    public Variable forward(Variable x, Pass pass) {
        requireFeatures(this, x, pass);
        return affine(x, x.tape().parameter(weight), x.tape().parameter(bias));
    }

    /** Always 0: no connection is dropped. */
    @Override
    public double dropProbability() {
        return 0;
    }

    @Override
    public double[] dropProbabilities() {
        return new double[outputs()];
    }

    @Override
    public boolean hasMaskedBias() {
        return false;
    }

    /** The name and the sizes: {@code Linear 784→800}. */
    @Override
    public String toString() {
        return "Linear " + arrow(this);
    }

    // ---- shared with DropConnect, which is this layer plus the mask ----

    static Variable affine(Variable x, Variable weight, Variable bias) {
        return Ops.addRow(Ops.matmulTransposed(x, weight), bias);
    }

    static String arrow(Affine layer) {
        return layer.inputs() + "→" + layer.outputs();
    }

    static void requireFit(String layer, Tensor weight, Tensor bias) {
        if (weight.shape().rank() != 2
                || bias.shape().rank() != 1
                || bias.shape().dim(0) != weight.shape().dim(0)
                || weight.dtype() != bias.dtype()) {
            throw new IllegalArgumentException(
                    layer + ": expected a weight out×in and a bias of out elements of one dtype, got " + weight.shape()
                            + " " + weight.dtype() + " and " + bias.shape() + " " + bias.dtype());
        }
    }

    static void requireFeatures(Affine layer, Variable x, Pass pass) {
        int expected = layer.inputs();
        if (x.shape().rank() != 2) {
            throw new IllegalArgumentException(pass.describe(layer)
                    + ": expected a matrix of one example a row, got a tensor of shape " + x.shape());
        }
        if (x.shape().dim(1) != expected) {
            throw new IllegalArgumentException(pass.describe(layer) + ": expected " + expected + " input features, got "
                    + x.shape().dim(1));
        }
        if (x.dtype() != layer.weight().dtype()) {
            throw new IllegalArgumentException(
                    pass.describe(layer) + ": expected " + layer.weight().dtype() + " input, got " + x.dtype());
        }
    }
}
