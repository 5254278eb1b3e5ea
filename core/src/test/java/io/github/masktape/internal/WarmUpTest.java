// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WarmUpTest {
    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void plainKernelsComputeUntilItEnds() throws InterruptedException {
        KernelChoice before = KernelChoice.active();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch looked = new CountDownLatch(1);

        // Stands in for vector kernels, so that this can be tested where there are none.
        WarmUp.start(new KernelChoice("slow", ScalarFloat.INSTANCE, (keys, threshold, n, l, d, bits) -> {
            begun.countDown();
            try {
                looked.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            ScalarMasks.INSTANCE.bernoulli(keys, threshold, n, l, d, bits);
        }));

        // The first step has the JVM's compilers to itself.
        assertThat(KernelChoice.active()).isSameAs(KernelChoice.SCALAR);
        assertThat(begun.await(200, TimeUnit.MILLISECONDS)).isFalse();
        for (int call = 0; call < 100; call++) {
            assertThat(KernelChoice.active()).isSameAs(KernelChoice.SCALAR);
        }
        begun.await();
        assertThat(KernelChoice.description()).startsWith(before.name());
        looked.countDown();
        while (WarmUp.current != null) {
            Thread.sleep(5);
        }
        assertThat(KernelChoice.active()).isSameAs(before);
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void itMayBeAskedForWithoutVectors() throws InterruptedException {
        KernelChoice before = KernelChoice.active();

        KernelChoice.warmUp();

        while (WarmUp.current != null) {
            KernelChoice.active();
            Thread.sleep(5);
        }
        assertThat(KernelChoice.active()).isSameAs(before);
    }
}
