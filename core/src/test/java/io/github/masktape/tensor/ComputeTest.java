// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ComputeTest {
    private final int before = Compute.threads();

    @AfterEach
    void restore() {
        Compute.setThreads(before);
    }

    @Test
    void noNumberOfThreadsChangesABit() {
        Tensor a = Cases.tensor(1, 67, 129).to(DType.FLOAT32);
        Tensor b = Cases.tensor(2, 129, 65).to(DType.FLOAT32);
        Mask mask = Mask.bernoulli(67, 65, 129, 0.3, 4);
        Compute.setThreads(1);
        Tensor product = a.matmul(b);
        Tensor masked = a.maskedLinear(b.transpose(), mask);
        Tensor dx = masked.maskedLinearTransposed(b.transpose(), mask);
        Tensor dw = masked.maskedOuter(a, mask);
        for (int threads : new int[] {2, 3, 7}) {
            Compute.setThreads(threads);
            assertThat(a.matmul(b)).isEqualTo(product);
            assertThat(Mask.bernoulli(67, 65, 129, 0.3, 4)).isEqualTo(mask);
            assertThat(a.maskedLinear(b.transpose(), mask)).isEqualTo(masked);
            assertThat(masked.maskedLinearTransposed(b.transpose(), mask)).isEqualTo(dx);
            assertThat(masked.maskedOuter(a, mask)).isEqualTo(dw);
        }
    }

    @Test
    void tellsWhatRuns() {
        Compute.setThreads(3);
        assertThat(Compute.description()).matches("(scalar|vector) \\(.+\\), 3 threads");
        Compute.setThreads(256);
        assertThat(Compute.threads()).isEqualTo(256);
        for (int threads : new int[] {0, 257}) {
            assertThatThrownBy(() -> Compute.setThreads(threads))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("threads: expected 1…256, got " + threads);
        }
    }
}
