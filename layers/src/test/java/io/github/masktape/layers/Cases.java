// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.layers;

import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Shape;
import io.github.masktape.tensor.Tensor;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** What the laws of layers range over. */
final class Cases {
    private Cases() {}

    /**
     * A batch and a layer.
     *
     * @param examples N
     * @param in the layer's inputs
     * @param out the layer's outputs
     * @param dropProbability p
     * @param seed of all values and masks
     */
    record Case(int examples, int in, int out, double dropProbability, long seed) {
        Tensor x() {
            return tensor(seed, examples, in);
        }

        Tensor weight() {
            return tensor(seed + 1, out, in);
        }

        Tensor bias() {
            return tensor(seed + 2, out);
        }

        /** A gradient to go backward from, at the layer's output. */
        Tensor cotangent() {
            return tensor(seed + 3, examples, out);
        }

        DropConnect dropConnect() {
            return DropConnect.of(weight(), bias(), dropProbability);
        }

        Linear linear() {
            return Linear.of(weight(), bias());
        }
    }

    /** Sizes from 1 to 9 and around a machine word, p = 0 among the probabilities. */
    static Arbitrary<Case> all() {
        Arbitrary<Integer> sizes = Arbitraries.frequencyOf(
                Tuple.of(1, Arbitraries.just(1)),
                Tuple.of(4, Arbitraries.integers().between(1, 9)));
        Arbitrary<Integer> widths =
                Arbitraries.frequencyOf(Tuple.of(4, sizes), Tuple.of(1, Arbitraries.of(31, 33, 63, 64, 65, 129)));
        Arbitrary<Double> probabilities = Arbitraries.oneOf(
                Arbitraries.of(0.0, 0.1, 0.2, 0.5, 0.9), Arbitraries.doubles().between(0, 0.95));
        return Combinators.combine(sizes, widths, sizes, probabilities, Arbitraries.longs())
                .as(Case::new)
                .withoutEdgeCases();
    }

    /** Normal numbers, with a zero of either sign now and then. */
    static Tensor tensor(long seed, int... dims) {
        RandomStream random = new RandomStream(seed);
        double[] values = new double[Shape.of(dims).size()];
        for (int i = 0; i < values.length; i++) {
            int kind = random.nextInt(20);
            values[i] = kind == 0 ? 0.0 : kind == 1 ? -0.0 : random.nextGaussian();
        }
        return Tensor.of(values).reshape(Shape.of(dims));
    }
}
