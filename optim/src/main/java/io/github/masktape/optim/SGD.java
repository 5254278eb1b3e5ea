package io.github.masktape.optim;

import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.tensor.MutableTensor;
import io.github.masktape.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Stochastic gradient descent with momentum μ, weight decay λ and learning rate η, step for step as PyTorch's.
 *
 * <pre>
 *   g' = g + λ·w
 *   v' = μ·v + g'                                     v is 0 at first
 *   w' = w − η·v'             or, nesterov, w' = w − η·(g' + μ·v')
 * </pre>
 */
public final class SGD implements Optimizer {
    private final Map<String, Parameter> parameters;
    private final List<MutableTensor> velocities = new ArrayList<>();
    private final LearningRate learningRate;
    private final double momentum;
    private final double weightDecay;
    private final boolean nesterov;
    private long steps;

    /** Plain gradient descent; {@link #momentum}, {@link #weightDecay} and {@link #nesterov} add to it. */
    public SGD(Map<String, Parameter> parameters, LearningRate learningRate) {
        this(parameters, learningRate, 0, 0, false);
    }

    private SGD(
            Map<String, Parameter> parameters,
            LearningRate learningRate,
            double momentum,
            double weightDecay,
            boolean nesterov) {
        this.parameters = parameters;
        this.learningRate = learningRate;
        this.momentum = momentum;
        this.weightDecay = weightDecay;
        this.nesterov = nesterov;
        for (Parameter parameter : parameters.values()) {
            velocities.add(new MutableTensor(
                    Tensor.zeros(parameter.dtype(), parameter.shape().dims())));
        }
    }

    /** A fresh optimizer of the same parameters with momentum μ, in [0, 1). */
    public SGD momentum(double momentum) {
        if (!(momentum >= 0 && momentum < 1)) {
            throw new IllegalArgumentException("momentum must be in [0, 1), got " + momentum);
        }
        return new SGD(parameters, learningRate, momentum, weightDecay, nesterov);
    }

    /** A fresh optimizer of the same parameters with weight decay λ ≥ 0. */
    public SGD weightDecay(double weightDecay) {
        if (!(weightDecay >= 0 && weightDecay <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException("weightDecay must be at least 0 and finite, got " + weightDecay);
        }
        return new SGD(parameters, learningRate, momentum, weightDecay, nesterov);
    }

    /** A fresh optimizer of the same parameters with Nesterov's form of the momentum. */
    public SGD nesterov() {
        return new SGD(parameters, learningRate, momentum, weightDecay, true);
    }

    @Override
    public void step(Gradients gradients) {
        double rate = learningRate.at(steps++);
        int next = 0;
        for (Parameter parameter : parameters.values()) {
            parameter.descend(gradients.of(parameter), velocities.get(next++), rate, momentum, weightDecay, nesterov);
        }
    }

    /** The number of steps made. */
    public long steps() {
        return steps;
    }
}
