// SPDX-License-Identifier: Apache-2.0
/*
 * Hunt the mutants
 *
 * The bug zoo has fifteen wrong layers, each modeled on a real one. Write one test that accepts the right layer and refuses all
 * fifteen. Choose the numbers yourself. (Conformance.check would do it in one line, but that is no hunt.)
 *
 * A subject has four parts:
 *
 *   subject.backprop().run(new Case(x, w, b, mask, null, dy, p))       a training pass under given masks
 *   subject.masks().draw(examples, outputs, inputs, p, seed, step)     the masks that it draws
 *   subject.layer().create(w, b, p, seed)                              a layer with step(x, dy) and predict(x)
 *   subject.predictor().predict(x, w, b, p, ActivationFunction.RELU)   inference that averages over 1000 draws
 */
import io.github.masktape.conformance.Implementation;

class MutantHunt {
    static boolean accepts(Implementation subject) {
        return true;
    }
}
