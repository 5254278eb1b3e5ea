// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InitializerTest {
    private static final int OUT = 300;
    private static final int IN = 200;

    @Test
    void eachKindHasTheVarianceOfItsFormula() {
        Map<Initializer, Double> variances = Map.of(
                Initializer.heNormal(1), 2.0 / IN,
                Initializer.heUniform(1), 2.0 / IN,
                Initializer.glorotNormal(1), 2.0 / (IN + OUT),
                Initializer.glorotUniform(1), 2.0 / (IN + OUT));
        variances.forEach((init, variance) -> {
            double[] w = init.weight(OUT, IN).toDoubleArray();
            double measured = Arrays.stream(w).map(v -> v * v).average().orElseThrow();
            assertThat(measured / variance).isBetween(0.97, 1.03);
        });
    }

    @Test
    void uniformWeightsStayWithinTheirBound() {
        double bound = Math.sqrt(6.0 / IN);
        assertThat(Arrays.stream(Initializer.heUniform(3).weight(OUT, IN).toDoubleArray())
                        .boxed()
                        .toList())
                .allMatch(w -> Math.abs(w) <= bound)
                .anyMatch(w -> Math.abs(w) > 0.99 * bound);
    }

    @Test
    void isAStream() {
        Initializer init = Initializer.heNormal(1);
        Tensor first = init.weight(2, 3);
        assertThat(init.weight(2, 3)).isNotEqualTo(first);
        assertThat(Initializer.heNormal(1).weight(2, 3)).isEqualTo(first);
        assertThat(Initializer.heNormal(2).weight(2, 3)).isNotEqualTo(first);
    }

    @Test
    void bothDtypesDrawTheSameNumbers() {
        Tensor wide = Initializer.heNormal(1).withDType(DType.FLOAT64).weight(2, 3);
        assertThat(wide.to(DType.FLOAT32)).isEqualTo(Initializer.heNormal(1).weight(2, 3));
        assertThat(Initializer.heNormal(1).bias(4)).isEqualTo(Tensor.zeros(DType.FLOAT32, 4));
    }
}
