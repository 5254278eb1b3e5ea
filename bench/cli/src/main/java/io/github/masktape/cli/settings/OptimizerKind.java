// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.settings;

import io.github.masktape.autograd.Parameter;
import io.github.masktape.optim.Adam;
import io.github.masktape.optim.AdamW;
import io.github.masktape.optim.LearningRate;
import io.github.masktape.optim.Optimizer;
import io.github.masktape.optim.SGD;
import java.util.Map;

/** The kinds of optimizers. */
public enum OptimizerKind {
    SGD("SGD"),
    ADAM("Adam"),
    ADAMW("AdamW");

    private final String name;

    OptimizerKind(String name) {
        this.name = name;
    }

    /** True if the kind has a momentum of its own to set; those of Adam are fixed. */
    public boolean hasMomentum() {
        return this == SGD;
    }

    Optimizer of(Map<String, Parameter> parameters, LearningRate learningRate, double momentum, double weightDecay) {
        return switch (this) {
            case SGD -> new SGD(parameters, learningRate).withMomentum(momentum).withWeightDecay(weightDecay);
            case ADAM -> new Adam(parameters, learningRate).withWeightDecay(weightDecay);
            case ADAMW -> new AdamW(parameters, learningRate).withWeightDecay(weightDecay);
        };
    }

    /** The name as its authors write it. */
    @Override
    public String toString() {
        return name;
    }
}
