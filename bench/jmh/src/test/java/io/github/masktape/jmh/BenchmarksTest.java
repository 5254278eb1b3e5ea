// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.masktape.tensor.Compute;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The checks that each benchmark's setup makes, on small sizes. */
class BenchmarksTest {
    private final int threads = Compute.threads();

    @AfterEach
    void restore() {
        System.clearProperty("masktape.kernels");
        Compute.setThreads(threads);
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void denseProductsAreAsDefined(DType dtype) {
        DenseProduct benchmark = new DenseProduct();
        benchmark.m = 9;
        benchmark.k = 65;
        benchmark.n = 33;
        benchmark.kernel = "auto";
        benchmark.dtype = dtype;
        benchmark.threads = 2;
        benchmark.build();
        assertThat(benchmark.forward().shape().dims()).containsExactly(9, 33);
        assertThat(benchmark.inputGradient().shape().dims()).containsExactly(9, 65);
        assertThat(benchmark.weightGradient().shape().dims()).containsExactly(33, 65);
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void maskedProductsAreAsDefined(DType dtype) {
        MaskedProduct benchmark = new MaskedProduct();
        benchmark.batch = 9;
        benchmark.width = 65;
        benchmark.p = 0.3;
        benchmark.kernel = "auto";
        benchmark.dtype = dtype;
        benchmark.threads = 2;
        assertThatCode(benchmark::build).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.5, 0.9})
    void masksAreAsDefined(double p) {
        MaskGeneration benchmark = new MaskGeneration();
        benchmark.batch = 9;
        benchmark.width = 65;
        benchmark.p = p;
        benchmark.kernel = "auto";
        benchmark.threads = 2;
        benchmark.build();
        assertThat(benchmark.draw()).isNotEqualTo(benchmark.draw());
    }

    @ParameterizedTest
    @ValueSource(strings = {"mean", "gaussian", "sampled", "montecarlo"})
    void predictionsAreOfTheMethodAskedFor(String method) {
        Predictions benchmark = new Predictions();
        benchmark.method = method;
        benchmark.activation = "relu";
        benchmark.examples = 5;
        benchmark.samples = 2;
        benchmark.kernel = "auto";
        benchmark.threads = 2;
        benchmark.build();
        assertThat(benchmark.predict().shape().dims()).containsExactly(5, 10);
    }

    @Test
    void limitsNeedTheVectorApiAndSaySo() {
        Limits benchmark = new Limits();
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
            assertThatCode(() -> benchmark.build(1000)).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> benchmark.build(1000))
                    .hasMessage("Limits: expected java --add-modules jdk.incubator.vector");
        }
        assertThat(benchmark.memory()).hasSize(1000).containsOnly(2f);
    }

    // The test of the test: what must not pass, does not.

    @Test
    void otherKernelsThanAskedForAreAnError() {
        String other = Compute.description().startsWith("vector") ? "scalar" : "vector";
        assertThatThrownBy(() -> Engine.start(other, 1))
                .hasMessage("kernels: expected " + other + ", got " + Compute.description());
    }

    @Test
    void aResultThatIsOffByOneBitIsAnError() {
        Tensor y = Tensor.of(new double[][] {{1, 2}, {3, Math.nextUp(4.0)}});
        assertThatThrownBy(() -> Engine.check("Y", y, (i, j) -> 2 * i + j + 1))
                .hasMessage("Y[1, 1]: expected 4.0, got 4.000000000000001");
    }
}
