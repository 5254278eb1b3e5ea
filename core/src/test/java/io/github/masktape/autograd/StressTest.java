// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.internal.Platform;
import io.github.masktape.tensor.Compute;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Descent;
import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.MutableTensor;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Workspace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What the Javadoc promises to several threads, and nothing more, while they get in each other's way as often as they
 * can. Two seconds in all; for ten minutes:
 *
 * <pre>
 *   mvn -pl core test -Dtest=StressTest -Dmasktape.stress.seconds=600
 * </pre>
 */
class StressTest {
    private static final int TESTS = 4;
    private static final long NANOS_EACH =
            (long) (Double.parseDouble(System.getProperty("masktape.stress.seconds", "2"))
                    * Duration.ofSeconds(1).toNanos()
                    / TESTS);

    private static final int THREADS = 6;
    private static final int MOST_PARTS = 5;
    private static final long HEAVY = 1_000_000_000;

    private final int before = Compute.threads();

    @AfterEach
    void restore() {
        Compute.setThreads(before);
    }

    // ---- Platform.parallelFor, Compute.setThreads ----

    /** What parts write into plain arrays, their caller sees; a failure comes out after all parts are over. */
    @Test
    void everyItemIsDoneOnceAndSeenByTheCaller() {
        stress("loops", (thread, random) -> {
            anyNumberOfThreads(random);
            loopsWithin(random.nextLong(), random.nextInt(40) + 1, 2);
        });
    }

    private static void loopsWithin(long seed, int items, int depth) {
        int[] done = new int[items];
        int failing = (int) Math.floorMod(seed, 4L * items);
        try {
            Platform.parallelFor(items, HEAVY, (from, to) -> {
                RandomStream random = new RandomStream(seed + from);
                for (int i = from; i < to; i++) {
                    dawdle(random);
                    if (depth > 0 && random.nextInt(16) == 0) {
                        loopsWithin(random.nextLong(), random.nextInt(8) + 1, depth - 1);
                    }
                    done[i]++;
                    if (i == failing) {
                        throw new Planned(i);
                    }
                }
            });
            assertThat(failing).as("the item that fails").isGreaterThanOrEqualTo(items);
            assertThat(done).containsOnly(1);
        } catch (Planned e) {
            assertThat(e.item).isEqualTo(failing);
            assertThat(done[failing]).isEqualTo(1);
            assertThat(done).doesNotContain(2);
        }
    }

    /** What a part throws on purpose. */
    private static final class Planned extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final int item;

        Planned(int item) {
            this.item = item;
        }
    }

    // ---- a tape belongs to a thread; tensors and parameters to all ----

    /** Large enough for loops to be split, odd enough for kernels to have remainders. */
    private record Net(Tensor x, Tensor labels, Parameter w, Parameter v, long key) {
        private static final int EXAMPLES = 33;
        private static final int IN = 130;
        private static final int HIDDEN = 67;

        static Net of(long seed, DType dtype) {
            RandomStream random = new RandomStream(seed);
            return new Net(
                    GradientTable.normal(random, EXAMPLES, IN).to(dtype),
                    GradientTable.normal(random, EXAMPLES, IN).to(dtype),
                    new Parameter(GradientTable.normal(random, HIDDEN, IN).to(dtype)),
                    new Parameter(GradientTable.normal(random, IN, HIDDEN).to(dtype)),
                    seed);
        }

        /** Loss and gradients. */
        List<Tensor> step(Tape tape, Workspace workspace, RandomStream random) {
            Mask mask = workspace.bernoulli(EXAMPLES, HIDDEN, IN, 0.3, key);
            Variable a = tape.constant(x);
            dawdle(random);
            Variable h = Ops.relu(Ops.maskedLinear(a, tape.parameter(w), mask));
            dawdle(random);
            Variable y = Ops.add(Ops.matmulTransposed(h, tape.parameter(v)), a);
            Variable loss = Ops.meanSquaredError(y, tape.constant(labels));
            dawdle(random);
            Tensor value = loss.value().copy();
            Gradients gradients = tape.backward(loss);
            dawdle(random);
            return List.of(value, gradients.of(w).copy(), gradients.of(v).copy());
        }

        List<Tensor> step() {
            Workspace workspace = new Workspace();
            return step(new Tape(workspace), workspace, new RandomStream(0));
        }
    }

    private final List<Net> nets = List.of(
            Net.of(1, DType.FLOAT32), Net.of(2, DType.FLOAT64), Net.of(3, DType.FLOAT32), Net.of(4, DType.FLOAT32));

    private List<List<Tensor>> resultsOfOneThread() {
        Compute.setThreads(1);
        return nets.stream().map(Net::step).toList();
    }

    @Test
    void tapesOfManyThreadsGiveTheBitsOfOne() {
        List<List<Tensor>> expected = resultsOfOneThread();
        Workspace[] own = new Workspace[THREADS];
        Arrays.setAll(own, i -> new Workspace());
        stress("tapes", (thread, random) -> {
            anyNumberOfThreads(random);
            int net = random.nextInt(nets.size());
            Workspace workspace = own[thread];
            assertThat(nets.get(net).step(new Tape(workspace), workspace, random))
                    .isEqualTo(expected.get(net));
        });
    }

    // ---- Workspace ----

    /** Taken from a thread that is at work, it leaves that thread its memory: right bits, or an error, never others. */
    @Test
    void aWorkspaceThatIsTakenAwayGivesTheSameBitsOrRefuses() {
        List<List<Tensor>> expected = resultsOfOneThread();
        Workspace shared = new Workspace();
        AtomicLong right = new AtomicLong();
        AtomicLong refused = new AtomicLong();
        stress("workspace", (thread, random) -> {
            int net = random.nextInt(nets.size());
            try {
                assertThat(nets.get(net).step(new Tape(shared), shared, random)).isEqualTo(expected.get(net));
                right.incrementAndGet();
            } catch (IllegalStateException e) {
                assertThat(e).hasMessageContaining("workspace");
                refused.incrementAndGet();
                LockSupport.parkNanos(random.nextInt(3_000_000));
            }
        });
        assertThat(right).hasPositiveValue();
        assertThat(refused).hasPositiveValue();
    }

    // ---- MutableTensor ----

    /** Each step adds 1 everywhere, so a place that is seen in the middle of a step shows two numbers. */
    @Test
    void stepsAreSeenWholeAndNoneIsLost() {
        int size = 20_000;
        Tensor ones = Tensor.full(DType.FLOAT64, 1, size);
        Parameter place = new Parameter(ones.scale(0));
        AtomicLong steps = new AtomicLong();
        Workspace[] own = new Workspace[THREADS];
        Arrays.setAll(own, i -> new Workspace());
        stress("places", (thread, random) -> {
            switch (random.nextInt(3)) {
                case 0 -> {
                    place.update(ones, new Descent(-1, 0), new MutableTensor(ones));
                    steps.incrementAndGet();
                }
                case 1 -> staysAsItIs(place.value(), random);
                default -> {
                    Tape tape = new Tape(own[thread]);
                    Variable leaf = tape.parameter(place);
                    staysAsItIs(leaf.value(), random);
                    Variable loss = Ops.sum(leaf);
                    double value = loss.value().item();
                    assertThat(value).isEqualTo(size * leaf.value().get(0));
                    assertThat(tape.backward(loss).of(place)).isEqualTo(ones);
                }
            }
        });
        assertThat(place.value()).isEqualTo(ones.scale((double) steps.get()));
    }

    private static void staysAsItIs(Tensor tensor, RandomStream random) {
        double first = tensor.get(0);
        for (int look = 0; look < 3; look++) {
            assertThat(Arrays.stream(tensor.toDoubleArray()).filter(v -> v != first))
                    .as("among elements that are %s", first)
                    .isEmpty();
            dawdle(random);
        }
    }

    // ---- the stress ----

    @FunctionalInterface
    private interface Round {
        void run(int thread, RandomStream random);
    }

    /** Rounds in each of some threads until time is up or one fails, which is thrown. */
    private static void stress(String name, Round round) {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        AtomicLong rounds = new AtomicLong();
        long start = System.nanoTime();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            int number = t;
            Thread thread = new Thread(
                    () -> {
                        RandomStream random = new RandomStream(number);
                        try {
                            do {
                                round.run(number, random);
                                rounds.incrementAndGet();
                            } while (failure.get() == null && System.nanoTime() - start < NANOS_EACH);
                        } catch (Throwable e) {
                            failure.compareAndSet(null, e);
                        }
                    },
                    name + " " + t);
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            join(thread);
        }
        if (failure.get() != null) {
            throw new AssertionError(name + ", after " + rounds + " rounds", failure.get());
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join(Duration.ofNanos(NANOS_EACH).plusSeconds(60).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        assertThat(thread.isAlive()).as("%s hangs", thread.getName()).isFalse();
    }

    private static void anyNumberOfThreads(RandomStream random) {
        if (random.nextInt(8) == 0) {
            Compute.setThreads(random.nextInt(MOST_PARTS) + 1);
        }
    }

    /** Nothing, or a wait of any kind and length. */
    private static void dawdle(RandomStream random) {
        switch (random.nextInt(16)) {
            case 0, 1 -> LockSupport.parkNanos(1);
            case 2, 3 -> {
                for (int i = random.nextInt(1000); i > 0; i--) {
                    Thread.onSpinWait();
                }
            }
            case 4 -> LockSupport.parkNanos(random.nextInt(20_000));
            default -> {
                // On at once.
            }
        }
    }
}
