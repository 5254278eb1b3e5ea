package io.github.masktape.optim;

import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.tensor.Decimal;
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
    private final List<Parameter> parameters;
    private final List<MutableTensor> velocities = new ArrayList<>();
    private final LearningRate learningRate;
    private final double momentum;
    private final double weightDecay;
    private final boolean nesterov;
    private long steps;

    /**
     * Plain gradient descent on the parameters that are in the map now; one that several layers share steps once.
     * {@link #momentum}, {@link #weightDecay} and {@link #nesterov} add to it.
     */
    public SGD(Map<String, Parameter> parameters, LearningRate learningRate) {
        this(parameters.values().stream().distinct().toList(), learningRate, 0, 0, false);
    }

    private SGD(
            List<Parameter> parameters,
            LearningRate learningRate,
            double momentum,
            double weightDecay,
            boolean nesterov) {
        this.parameters = parameters;
        this.learningRate = learningRate;
        this.momentum = momentum;
        this.weightDecay = weightDecay;
        this.nesterov = nesterov;
        for (Parameter parameter : parameters) {
            velocities.add(new MutableTensor(
                    Tensor.zeros(parameter.dtype(), parameter.shape().dims())));
        }
    }

    /** A fresh optimizer of the same parameters with momentum μ, in [0, 1). */
    public SGD momentum(double momentum) {
        if (!(momentum >= 0 && momentum < 1)) {
            throw new IllegalArgumentException("momentum must be in [0, 1), got " + Decimal.shortest(momentum, 6));
        }
        return new SGD(parameters, learningRate, momentum, weightDecay, nesterov);
    }

    /** A fresh optimizer of the same parameters with weight decay λ ≥ 0. */
    public SGD weightDecay(double weightDecay) {
        if (!(weightDecay >= 0 && weightDecay <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "weightDecay must be at least 0 and finite, got " + Decimal.shortest(weightDecay, 6));
        }
        return new SGD(parameters, learningRate, momentum, weightDecay, nesterov);
    }

    /** A fresh optimizer of the same parameters with Nesterov's form of the momentum. */
    public SGD nesterov() {
        return new SGD(parameters, learningRate, momentum, weightDecay, true);
    }

    @Override
    public void step(Gradients gradients) {
        double rate = learningRate.at(steps);
        if (!(rate >= 0 && rate <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException("learningRate must be at least 0 and finite, got "
                    + Decimal.shortest(rate, 6) + " at step " + steps);
        }
        Tensor[] all = new Tensor[parameters.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = gradients.of(parameters.get(i));
        }
        for (int i = 0; i < all.length; i++) {
            parameters.get(i).descend(all[i], velocities.get(i), rate, momentum, weightDecay, nesterov);
        }
        steps++;
    }

    /** The number of steps made. */
    public long steps() {
        return steps;
    }
}
