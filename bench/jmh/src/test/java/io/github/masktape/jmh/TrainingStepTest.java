// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingStepTest {
    @ParameterizedTest
    @ValueSource(strings = {"none", "dropout", "dropconnect", "dropconnect-per-batch", "dropconnect-flipout"})
    void everyBenchmarkedNetworkLearns(String regularizer) {
        assertThat(learns(regularizer, "sgd")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"adam", "adamw"})
    void everyBenchmarkedOptimizerLearns(String optimizer) {
        assertThat(learns("none", optimizer)).isTrue();
    }

    /** True if a hundred steps halve the loss. */
    private static boolean learns(String regularizer, String optimizer) {
        TrainingStep benchmark = new TrainingStep();
        benchmark.optimizer = optimizer;
        benchmark.regularizer = regularizer;
        benchmark.width = 32;
        benchmark.batch = 10;
        benchmark.p = 0.5;
        benchmark.kernel = "auto";
        benchmark.threads = 2;
        benchmark.build();
        double before = benchmark.loss();
        for (int i = 0; i < 100; i++) {
            benchmark.step();
        }
        return benchmark.loss() < before / 2;
    }
}
