// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.layers;

import io.github.masktape.autograd.Buffer;
import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Batch normalization of features, equivalent to PyTorch's {@code BatchNorm1d} with its default settings.
 *
 * <pre>
 *   y = (x − mean)/√(var + ε) ⊙ weight + bias             X N×d, all others d; ε = 10⁻⁵
 *
 *   training:  mean = 1/N · Σₙ xₙ     var = 1/N · Σₙ (xₙ − mean)²
 *   else:      mean = running_mean    var = running_var
 *
 *   running_mean' = 0.9·running_mean + 0.1·mean           in each step of training
 *   running_var'  = 0.9·running_var  + 0.1·N/(N − 1)·var
 * </pre>
 *
 * <p>The running statistics are {@linkplain Layer#buffers buffers}: only a step of training whose backward pass has
 * succeeded changes them. Steps that run at the same time on several tapes change them in the order in which they end.
 *
 * <p>Ioffe, Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift",
 * ICML 2015.
 */
public final class BatchNorm implements Layer {
    private static final double EPSILON = 1e-5;
    private static final double MOMENTUM = 0.1;

    /** The kind of layer in an architecture, with the number of its features. */
    static final LayerKind<BatchNorm> KIND =
            LayerKind.of("batchnorm", BatchNorm.class, (layer, out) -> out.size(layer.features()), in -> {
                int features = in.inputs();
                return new BatchNorm(
                        in.filled("weight", 1, features),
                        in.filled("bias", 0, features),
                        in.filled("running_mean", 0, features),
                        in.filled("running_var", 1, features));
            });

    private final Parameter weight;
    private final Parameter bias;
    private final Buffer runningMean;
    private final Buffer runningVariance;

    private BatchNorm(Tensor weight, Tensor bias, Tensor runningMean, Tensor runningVariance) {
        this.weight = new Parameter(weight);
        this.bias = new Parameter(bias);
        this.runningMean = new Buffer(runningMean);
        this.runningVariance = new Buffer(runningVariance);
    }

    /** A layer for that many features, with weights 1, biases 0, running means 0 and running variances 1. */
    public static BatchNorm of(int features, DType dtype) {
        Tensor ones = Tensor.full(dtype, 1, features);
        Tensor zeros = Tensor.zeros(dtype, features);
        return new BatchNorm(ones, zeros, zeros, ones);
    }

    /** The number of features. */
    public int features() {
        return weight.shape().dim(0);
    }

    @Override
    public Variable forward(Variable x, Pass pass) {
        if (x.shape().rank() != 2 || x.shape().dim(1) != features()) {
            throw new IllegalArgumentException(pass.describe(this) + ": expected a matrix of " + features()
                    + " input features, got a tensor of shape " + x.shape());
        }
        Tape tape = x.tape();
        Variable scale = tape.parameter(weight);
        Variable shift = tape.parameter(bias);
        if (!pass.isTraining()) {
            Variable centered = Ops.addRow(x, tape.constant(runningMean.value().neg()));
            return scaled(centered, tape.constant(runningVariance.value()), scale, shift);
        }
        int examples = x.shape().dim(0);
        if (examples < 2) {
            throw new IllegalArgumentException(pass.describe(this) + ": expected at least 2 examples in a step of"
                    + " training, got 1; choose a batch size that leaves no single one at the end of an epoch");
        }
        Variable mean = Ops.scale(Ops.sumRows(x), 1.0 / examples);
        Variable centered = Ops.addRow(x, Ops.neg(mean));
        Variable variance = Ops.scale(Ops.sumRows(Ops.square(centered)), 1.0 / examples);
        tape.update(runningMean, old -> moved(old, mean.value()));
        tape.update(runningVariance, old -> moved(old, variance.value().scale(examples / (examples - 1.0))));
        return scaled(centered, variance, scale, shift);
    }

    private static Tensor moved(Tensor old, Tensor batch) {
        return old.scale(1 - MOMENTUM).add(batch.scale(MOMENTUM));
    }

    private static Variable scaled(Variable centered, Variable variance, Variable scale, Variable shift) {
        Variable factor = Ops.div(scale, Ops.sqrt(Ops.plus(variance, EPSILON)));
        Variable factors = Ops.repeatRows(factor, centered.shape().dim(0));
        return Ops.addRow(Ops.mul(centered, factors), shift);
    }

    /** The parameters, named {@code weight} and {@code bias}. */
    @Override
    public Map<String, Parameter> parameters() {
        Map<String, Parameter> parameters = new LinkedHashMap<>();
        parameters.put("weight", weight);
        parameters.put("bias", bias);
        return parameters;
    }

    /** The running statistics, named {@code running_mean} and {@code running_var}. */
    @Override
    public Map<String, Buffer> buffers() {
        Map<String, Buffer> buffers = new LinkedHashMap<>();
        buffers.put("running_mean", runningMean);
        buffers.put("running_var", runningVariance);
        return buffers;
    }

    /** The name and the number of features: {@code BatchNorm 64}. */
    @Override
    public String toString() {
        return "BatchNorm " + features();
    }
}
