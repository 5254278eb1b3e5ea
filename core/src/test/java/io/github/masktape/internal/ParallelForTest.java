// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ParallelForTest {
    private static final long HEAVY = 1_000_000_000;

    private final int before = Platform.threads();

    @BeforeEach
    void useFourThreads() {
        Platform.setThreads(4);
    }

    @AfterEach
    void restore() {
        Platform.setThreads(before);
    }

    @Test
    void everyItemIsDoneOnce() {
        for (int items : new int[] {1, 2, 3, 4, 5, 1000}) {
            AtomicIntegerArray done = new AtomicIntegerArray(items);
            Platform.parallelFor(items, HEAVY, (from, to) -> {
                for (int i = from; i < to; i++) {
                    done.incrementAndGet(i);
                }
            });
            for (int i = 0; i < items; i++) {
                assertThat(done.get(i)).isEqualTo(1);
            }
        }
    }

    @Test
    void smallWorkStaysInItsThread() {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        Platform.parallelFor(100, 1, (from, to) -> threads.add(Thread.currentThread()));
        assertThat(threads).containsExactly(Thread.currentThread());
    }

    @Test
    void partsMayHavePartsAndManyThreadsMayCall() throws InterruptedException {
        AtomicIntegerArray done = new AtomicIntegerArray(64);
        Thread[] callers = new Thread[8];
        for (int c = 0; c < callers.length; c++) {
            int caller = c;
            callers[c] = new Thread(
                    () -> Platform.parallelFor(8, HEAVY, (from, to) -> {
                        for (int i = from; i < to; i++) {
                            int item = i;
                            Platform.parallelFor(8, HEAVY, (low, high) -> {
                                for (int k = low; k < high; k++) {
                                    done.incrementAndGet(8 * item + k);
                                }
                            });
                        }
                    }),
                    "caller " + caller);
            callers[c].start();
        }
        for (Thread caller : callers) {
            caller.join(Duration.ofSeconds(50).toMillis());
        }
        for (int i = 0; i < 64; i++) {
            assertThat(done.get(i)).isEqualTo(callers.length);
        }
    }

    @Test
    void aFailureReachesTheCallerAfterAllPartsAreOver() {
        AtomicIntegerArray done = new AtomicIntegerArray(4);
        assertThatThrownBy(() -> Platform.parallelFor(4, HEAVY, (from, to) -> {
                    done.incrementAndGet(from);
                    if (from == 2) {
                        throw new IllegalStateException("part 2");
                    }
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("part 2");
        for (int i = 0; i < 4; i++) {
            assertThat(done.get(i)).isEqualTo(1);
        }
    }

    /** The caller has to wait for the second part: it is under way before the first ends, and takes longer. */
    @Test
    void anInterruptIsPassedOn() {
        Platform.setThreads(2);
        CountDownLatch begun = new CountDownLatch(1);
        Thread.currentThread().interrupt();
        Platform.parallelFor(2, HEAVY, (from, to) -> {
            if (from == 1) {
                begun.countDown();
                spinFor(Duration.ofMillis(50));
            }
            while (from == 0 && begun.getCount() > 0) {
                Thread.onSpinWait();
            }
        });
        assertThat(Thread.interrupted()).isTrue();
    }

    private static void spinFor(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }
}
