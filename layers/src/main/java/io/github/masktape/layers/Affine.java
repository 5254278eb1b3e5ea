// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.layers;

import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Parameter;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A layer that is affine in inference, Y = X Wᵀ + b, and may drop connections in training.
 *
 * <pre>
 *   yₙ = (W ⊙ Mₙ) xₙ + b       M = 0 with probability p = dropProbability, else 1/(1 − p)
 * </pre>
 */
public sealed interface Affine extends Layer permits Linear, DropConnect {
    /** The weight W, outputs×inputs. */
    Parameter weight();

    /** The bias b, one element for each output. */
    Parameter bias();

    /**
     * The probability p that training drops a connection; 0 if the layer has no masks, and the mean over the outputs if
     * each has its own.
     */
    double dropProbability();

    /** The drop probability pⱼ of each output, a copy. */
    double[] dropProbabilities();

    /** True if the biases are masked as well as the weights. */
    boolean hasMaskedBias();

    /** The number of features of an example. */
    default int inputs() {
        return weight().shape().dim(1);
    }

    /** The number of results for an example. */
    default int outputs() {
        return weight().shape().dim(0);
    }

    /** The parameters W and b, named {@code weight} and {@code bias}. */
    @Override
    default Map<String, Parameter> parameters() {
        Map<String, Parameter> parameters = new LinkedHashMap<>();
        parameters.put("weight", weight());
        parameters.put("bias", bias());
        return parameters;
    }
}
