// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.tensor;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple;

/** What properties range over: sizes with 1 and the edges of machine words among them, probabilities, values. */
public final class Cases {
    private Cases() {}

    /** 1 … 9, with 1 more often. */
    public static Arbitrary<Integer> sizes() {
        return Arbitraries.frequencyOf(
                        Tuple.of(1, Arbitraries.just(1)),
                        Tuple.of(4, Arbitraries.integers().between(1, 9)))
                .withoutEdgeCases();
    }

    /** 1 … 9 and the sizes around one and two machine words. */
    public static Arbitrary<Integer> widths() {
        return Arbitraries.frequencyOf(
                        Tuple.of(3, sizes()), Tuple.of(1, Arbitraries.of(15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 129)))
                .withoutEdgeCases();
    }

    /** Drop probabilities: 0, the usual ones, any. */
    public static Arbitrary<Double> dropProbabilities() {
        return Arbitraries.oneOf(
                        Arbitraries.of(0.0, 0.1, 0.2, 0.5, 0.9),
                        Arbitraries.doubles().between(0, 0.99))
                .withoutEdgeCases();
    }

    /** A FLOAT64 tensor of normal numbers with a zero of either sign now and then. */
    public static Tensor tensor(long seed, int... dims) {
        RandomStream random = new RandomStream(seed);
        double[] values = new double[Shape.of(dims).size()];
        for (int i = 0; i < values.length; i++) {
            int kind = random.nextInt(20);
            values[i] = kind == 0 ? 0.0 : kind == 1 ? -0.0 : random.nextGaussian();
        }
        return Tensor.of(values).reshape(Shape.of(dims));
    }
}
