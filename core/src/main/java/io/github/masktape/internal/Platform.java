// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.internal;

import java.lang.module.ModuleFinder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The parts that depend on the machine and the runtime. None of them changes a result.
 *
 * <p>It is the only class that another runtime replaces: a browser has no threads, no modules and no vectors, and
 * classes that only this one uses do not exist there.
 */
public final class Platform {
    private static final int MAX_THREADS = 256;

    private static final String VECTOR_MODULE = "jdk.incubator.vector";
    private static final String NOT_GIVEN = "--add-modules " + VECTOR_MODULE + " is not given";

    private static final boolean FAST_FMA = hasFastFma();

    /** True if float arithmetic rounds to float at each step; JavaScript continues in double. */
    static final boolean ROUNDS_FLOATS = roundsFloats(0x1p24f);

    /** The number of multiply-adds below which splitting work costs more than it saves: about 10 µs of vector code. */
    private static final long WORTH_SPLITTING = 200_000;

    /** The time in nanoseconds that a worker spins before it sleeps. */
    private static final long SPIN = 100_000;

    /** The number of threads; 0 until it is first needed. */
    private static volatile int threads;

    private Platform() {}

    /**
     * The fused multiply-add, {@code a·b + c} rounded once, by the faster of two ways with the same bits.
     *
     * @see Math#fma(float, float, float)
     */
    public static float fma(float a, float b, float c) {
        return FAST_FMA ? Math.fma(a, b, c) : EmulatedFma.fma(a, b, c);
    }

    /** True if {@link #fma} is an instruction on this machine. */
    static boolean hasFma() {
        return FAST_FMA;
    }

    /** The reason why vector kernels cannot be used or would be slow on this machine, or null. */
    static @Nullable String obstacleToVectors() {
        String vm = System.getProperty("java.vm.name", "");
        String mode = System.getProperty("java.vm.info", "");
        if (!vm.contains("Server VM") || !mode.contains("mixed mode") || mode.contains("emulated-client")) {
            return "this VM does not compile vectors: " + vm + ", " + mode;
        }
        if (!FAST_FMA) {
            return "this machine has no fused multiply-add";
        }
        if (ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent()) {
            return VectorFloat.obstacle();
        }
        return ModuleFinder.ofSystem().find(VECTOR_MODULE).isPresent()
                ? NOT_GIVEN
                : "this runtime has no module " + VECTOR_MODULE;
    }

    /** The kernels on the Vector API; callable only if {@link #obstacleToVectors} is null. */
    static KernelChoice vectorKernels() {
        return new KernelChoice("vector", VectorFloat.INSTANCE, VectorBernoulli.INSTANCE);
    }

    /** The number of bits in a vector; callable only if {@link #obstacleToVectors} is null. */
    static int vectorBits() {
        return VectorFloat.width();
    }

    /** True if the only obstacle to vectors is a missing option of the JVM. */
    static boolean lacksVectorModule() {
        return NOT_GIVEN.equals(obstacleToVectors());
    }

    private static boolean roundsFloats(float large) {
        return large + 1f - large == 0f;
    }

    // ---- threads ----

    /** The body of a loop, which processes one part of the items at a time. */
    @FunctionalInterface
    public interface Range {
        /**
         * Processes the items from {@code from} to {@code to}, exclusive. It is called once for each part, possibly
         * concurrently.
         */
        void run(int from, int to);
    }

    /** The number of parts into which large loops are split. */
    public static int threads() {
        if (threads == 0) {
            threads = initialThreads(System.getProperty("masktape.threads"));
        }
        return threads;
    }

    /** Sets the number of parts of loops that start from now on. */
    public static void setThreads(int count) {
        if (count < 1 || count > MAX_THREADS) {
            throw new IllegalArgumentException("threads: expected 1…" + MAX_THREADS + ", got " + count);
        }
        threads = count;
    }

    /** The number of threads given by -Dmasktape.threads, or else the number of processors. */
    static int initialThreads(@Nullable String property) {
        if (property == null) {
            return Math.min(Runtime.getRuntime().availableProcessors(), MAX_THREADS);
        }
        try {
            int count = Integer.parseInt(property.strip());
            if (count >= 1 && count <= MAX_THREADS) {
                return count;
            }
        } catch (NumberFormatException e) {
            // Reported below.
        }
        throw new IllegalArgumentException(
                "-Dmasktape.threads: expected 1…" + MAX_THREADS + ", got \"" + property + "\"");
    }

    /** Runs {@code work} in a daemon thread of its own. */
    static void startDaemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** A clock for measuring spans of time. */
    static long nanoTime() {
        return System.nanoTime();
    }

    /**
     * Processes the items 0 … items−1 in contiguous parts, on several threads if the work is large enough. The items
     * must not depend on each other, so that the result does not depend on the number of threads.
     *
     * <p>It may be called from several threads and from within a part: a thread that waits for a part that has not
     * started runs it itself, so no thread waits for idle work.
     *
     * @param workPerItem the approximate number of multiply-adds of an item
     */
    public static void parallelFor(int items, long workPerItem, Range body) {
        int parts = (int) Math.min(Math.min(threads(), items), 1 + items * workPerItem / WORTH_SPLITTING);
        if (parts <= 1) {
            body.run(0, items);
            return;
        }
        ThreadPoolExecutor workers = Pool.of(threads() - 1);
        List<FutureTask<Void>> others = new ArrayList<>(parts - 1);
        for (int part = 1; part < parts; part++) {
            int from = (int) ((long) items * part / parts);
            int to = (int) ((long) items * (part + 1) / parts);
            FutureTask<Void> task = new FutureTask<>(() -> body.run(from, to), null);
            others.add(task);
            workers.execute(task);
        }
        Throwable failure = null;
        try {
            body.run(0, items / parts);
        } catch (Throwable e) {
            failure = e;
        }
        for (FutureTask<Void> task : others) {
            task.run();
            spinUntil(task::isDone);
            failure = outcome(task, failure);
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
    }

    /**
     * Waits briefly without yielding the processor, if each thread has one. A sleeping thread takes about ten
     * microseconds to wake up, and a training step splits about twenty loops: a dense step on two threads took 3.0 ms
     * without this and takes 2.7 ms with it (784-800-800-10, batch 128, EPYC).
     */
    private static void spinUntil(BooleanSupplier done) {
        if (threads() > Runtime.getRuntime().availableProcessors()) {
            return;
        }
        long start = System.nanoTime();
        while (!done.getAsBoolean() && System.nanoTime() - start < SPIN) {
            Thread.onSpinWait();
        }
    }

    /** Waits for a part, even when interrupted; the interruption is preserved. Returns the first failure. */
    private static @Nullable Throwable outcome(FutureTask<Void> task, @Nullable Throwable before) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    task.get();
                    return before;
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    return before == null ? e.getCause() : before;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The buffers that kernels write before they read; each thread keeps them for its next kernel. */
    private static final ThreadLocal<float[][]> SCRATCH = ThreadLocal.withInitial(() -> new float[4][0]);

    /** The most floats of a buffer that a thread keeps; larger ones are allocated each time. */
    private static final int MOST_KEPT = 1 << 22;

    /**
     * A buffer of at least {@code length} floats with arbitrary content, valid until this thread requests that slot
     * again. A kernel that starts parts gives them slot 0 to read and leaves slot 1 to each part's own thread.
     */
    static float[] scratch(int slot, int length) {
        float[][] buffers = SCRATCH.get();
        if (buffers[slot].length >= length) {
            return buffers[slot];
        }
        float[] buffer = new float[length];
        if (length <= MOST_KEPT) {
            buffers[slot] = buffer;
        }
        return buffer;
    }

    private static final ThreadLocal<int[]> INTS = ThreadLocal.withInitial(() -> new int[0]);

    /** A buffer of ints like {@link #scratch}, of which each thread has one. */
    static int[] scratchInts(int length) {
        int[] buffer = INTS.get();
        if (buffer.length < length) {
            buffer = new int[length];
            INTS.set(buffer);
        }
        return buffer;
    }

    /**
     * The pool of threads, created at the first loop that is large enough; its daemon threads end after a minute
     * without work.
     */
    private static final class Pool {
        private static final ThreadPoolExecutor WORKERS =
                new ThreadPoolExecutor(1, 1, 60, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Pool::worker) {
                    @Override
                    protected void afterExecute(Runnable part, @Nullable Throwable failure) {
                        spinUntil(() -> !getQueue().isEmpty());
                    }
                };

        static {
            WORKERS.allowCoreThreadTimeOut(true);
        }

        private static Thread worker(Runnable work) {
            Thread thread = new Thread(work, "masktape-worker");
            thread.setDaemon(true);
            return thread;
        }

        /** The pool, of {@code count} threads from now on. */
        static synchronized ThreadPoolExecutor of(int count) {
            if (count > WORKERS.getMaximumPoolSize()) {
                WORKERS.setMaximumPoolSize(count);
                WORKERS.setCorePoolSize(count);
            } else if (count >= 1 && count < WORKERS.getMaximumPoolSize()) {
                WORKERS.setCorePoolSize(count);
                WORKERS.setMaximumPoolSize(count);
            }
            return WORKERS;
        }
    }

    // ---- fused multiply-add ----

    /**
     * True if {@code Math.fma} is an instruction here, rather than the JDK's detour over {@code BigDecimal}.
     *
     * <p>It times four batches of four calls each way and compares the fastest, so that a pause or a cold start does no
     * harm. If the clock is too coarse, the result is false, which costs little. Nanoseconds a call, EPYC:
     *
     * <pre>
     *                                       Math.fma     emulated
     *   interpreted, instruction              12…22       70…120
     *   interpreted, -XX:-UseFMA            2000…4700     95…170
     *   -Xcomp, instruction                    5…18        5…120
     *   -Xcomp, -XX:-UseFMA                  230…600       8…40
     * </pre>
     *
     * <p>The first row is a normal start, {@code -Xint} or C1, JDK 17 and 25 alike. One call of this method takes some
     * 6 µs with the instruction and 90 µs without, plus the loading of {@code BigDecimal}.
     */
    static boolean hasFastFma() {
        long direct = Long.MAX_VALUE;
        long emulated = Long.MAX_VALUE;
        float x = 1 + (System.nanoTime() & 1023); // not a constant, which a compiler could fold
        float y = x;
        for (int batch = 0; batch < 4; batch++) {
            long start = System.nanoTime();
            for (int i = 0; i < 4; i++) {
                x = Math.fma(x, 1, 1);
            }
            long middle = System.nanoTime();
            for (int i = 0; i < 4; i++) {
                y = EmulatedFma.fma(y, 1, 1);
            }
            direct = Math.min(direct, middle - start);
            emulated = Math.min(emulated, System.nanoTime() - middle);
        }
        return direct < 3 * emulated && x == y;
    }
}
