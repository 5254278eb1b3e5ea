package io.github.masktape.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingStepTest {
    @ParameterizedTest
    @ValueSource(strings = {"none", "dropout", "dropconnect", "dropconnect-per-batch"})
    void everyBenchmarkedNetworkLearns(String regularizer) {
        TrainingStep benchmark = new TrainingStep();
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
        assertThat(benchmark.loss()).isLessThan(before / 2);
    }
}
