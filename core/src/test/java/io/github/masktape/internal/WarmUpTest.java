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
        Kernels before = Kernels.active();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch looked = new CountDownLatch(1);

        // Stands in for vector kernels, so that this can be tested where there are none.
        WarmUp.start(new ScalarKernels() {
            @Override
            public void bernoulli(long[] keys, long threshold, int n, int l, int d, int[] bits) {
                begun.countDown();
                try {
                    looked.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                super.bernoulli(keys, threshold, n, l, d, bits);
            }
        });

        // The first step has the JVM's compilers to itself.
        assertThat(Kernels.active()).isSameAs(ScalarKernels.INSTANCE);
        assertThat(begun.await(200, TimeUnit.MILLISECONDS)).isFalse();
        for (int call = 0; call < 100; call++) {
            assertThat(Kernels.active()).isSameAs(ScalarKernels.INSTANCE);
        }
        begun.await();
        assertThat(Kernels.description()).startsWith(before.name());
        looked.countDown();
        while (WarmUp.current != null) {
            Thread.sleep(5);
        }
        assertThat(Kernels.active()).isSameAs(before);
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void itMayBeAskedForWithoutVectors() throws InterruptedException {
        Kernels before = Kernels.active();

        Kernels.warmUp();

        while (WarmUp.current != null) {
            Kernels.active();
            Thread.sleep(5);
        }
        assertThat(Kernels.active()).isSameAs(before);
    }
}
