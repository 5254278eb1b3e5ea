// SPDX-License-Identifier: Apache-2.0
/*
 * Your own DropConnect
 *
 *   yₙ = (W ⊙ Mₙ) xₙ + b            M = 0 with probability p, else 1/(1 − p); each example and each step has its own
 *   ∂L/∂W = Σₙ (dyₙ xₙᵀ) ⊙ Mₙ       ∂L/∂xₙ = (W ⊙ Mₙ)ᵀ dyₙ       ∂L/∂b = Σₙ dyₙ
 *   E[a(u)], u = W x + b plus the noise of the masks, σ² = p/(1 − p)·(W ⊙ W)(x ⊙ x)
 *
 * Write the whole layer: masks, training, inference. It is right when all laws of the conformance kit hold.
 */
import io.github.masktape.conformance.ActivationFunction;
import io.github.masktape.conformance.Case;
import io.github.masktape.conformance.PassResult;
import io.github.masktape.conformance.TrainingLayer;

class MyDropConnect implements TrainingLayer {
    /** A layer whose masks depend on the seed; w is out×in. */
    MyDropConnect(double[][] w, double[] b, double p, long seed) {}

    /** One training step: draw new masks, go forwards from x, then backwards from dy. */
    @Override
    public PassResult step(double[][] x, double[][] dy) {
        throw new UnsupportedOperationException("write step");
    }

    /** The outputs in inference mode: nothing is dropped. */
    @Override
    public double[][] predict(double[][] x) {
        throw new UnsupportedOperationException("write predict");
    }

    /** The training pass of a case, under its masks: c.mask(n, j, q). */
    static PassResult pass(Case c) {
        throw new UnsupportedOperationException("write pass");
    }

    /** The masks of a step, [example][output][input]; an error if p is not in [0, 1). */
    static double[][][] draw(int examples, int outputs, int inputs, double p, long seed, long step) {
        throw new UnsupportedOperationException("write draw");
    }

    /** The mean of a(u) over normal u, by SAMPLES draws; a.at(u) is the activation. */
    static double[][] average(double[][] x, double[][] w, double[] b, double p, ActivationFunction a) {
        throw new UnsupportedOperationException("write average");
    }

    /** The draws that average makes for each output. */
    static final int SAMPLES = 1000;
}
