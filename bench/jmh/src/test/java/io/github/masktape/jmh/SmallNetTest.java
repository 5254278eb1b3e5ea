// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmallNetTest {
    /** The setup compares every loss and all weights. */
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 32})
    void theTapeAndTheHandWrittenNetworkLearnTheSame(int batch) {
        SmallNet benchmark = new SmallNet();
        benchmark.batch = batch;
        benchmark.build();
        float before = benchmark.handwritten();
        for (int i = 0; i < 300; i++) {
            benchmark.handwritten();
        }
        assertThat(benchmark.handwritten()).isLessThan(before);
    }
}
