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
 * <p>It is the one class that another runtime replaces: a browser has no threads, no modules, and no vectors, and what is
 * reached from here only is then not there.
 */
public final class Platform {
    private static final int MAX_THREADS = 256;

    private static final String VECTOR_MODULE = "jdk.incubator.vector";
    private static final String NOT_GIVEN = "--add-modules " + VECTOR_MODULE + " is not given";

    private static final boolean FAST_FMA = hasFastFma();

    /** Whether float arithmetic rounds to float at each step; JavaScript's computes on in double. */
    static final boolean ROUNDS_FLOATS = roundsFloats(0x1p24f);

    /** Multiply-adds below which splitting work costs more than it saves: some 10 µs of vector code. */
    private static final long WORTH_SPLITTING = 200_000;

    /** How long a worker spins before it sleeps, in nanoseconds. */
    private static final long SPIN = 100_000;

    /** 0 until first asked for. */
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

    /** Whether {@link #fma} is an instruction here. */
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

    /** The kernels on the Vector API; only if {@link #obstacleToVectors} is null. */
    static KernelChoice vectorKernels() {
        return new KernelChoice("vector", VectorFloat.INSTANCE, VectorBernoulli.INSTANCE);
    }

    /** Bits in a vector; only if {@link #obstacleToVectors} is null. */
    static int vectorBits() {
        return VectorFloat.width();
    }

    /** Whether the one obstacle to vectors is an option that was not given to the JVM. */
    static boolean lacksVectorModule() {
        return NOT_GIVEN.equals(obstacleToVectors());
    }

    private static boolean roundsFloats(float large) {
        return large + 1f - large == 0f;
    }

    // ---- threads ----

    /** A part of a loop: the items from (inclusive) to (exclusive). */
    @FunctionalInterface
    public interface Range {
        /** Processes these items. It is called once for each part, perhaps at the same time as other parts. */
        void run(int from, int to);
    }

    /** The number of parts that large loops are split into. */
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

    /** The number of threads that -Dmasktape.threads asks for, or else the number of processors. */
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
            // Said below.
        }
        throw new IllegalArgumentException(
                "-Dmasktape.threads: expected 1…" + MAX_THREADS + ", got \"" + property + "\"");
    }

    /** Runs {@code work} in a thread of its own, which keeps no program from ending. */
    static void startDaemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** A clock to measure spans with. */
    static long nanoTime() {
        return System.nanoTime();
    }

    /**
     * Does items 0 … items−1 in contiguous parts, on several threads if the work is worth it. The items must not depend
     * on each other; then the result does not depend on the number of threads.
     *
     * <p>May be called from several threads and from within a part: whoever waits for a part that nobody has begun does
     * it himself, so no wait is for idle work.
     *
     * @param workPerItem about how many multiply-adds an item takes
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
     * Waits a little without giving the processor away, if each thread has one. Asleep, a thread takes some ten
     * microseconds to come back, and a training step cuts a score of loops: a dense one on two threads took 3.0 ms
     * without this and takes 2.7 with it (784-800-800-10, batch 128, EPYC).
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

    /** Waits for a part, through interruptions, which are passed on. */
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

    /** Buffers that kernels write before they read, kept by each thread for its next kernel. */
    private static final ThreadLocal<float[][]> SCRATCH = ThreadLocal.withInitial(() -> new float[3][0]);

    /** Floats that a thread keeps in a buffer; larger ones are made anew each time. */
    private static final int MOST_KEPT = 1 << 22;

    /**
     * A buffer of at least {@code length} floats with anything in it, this thread's until it asks for that slot again.
     * A kernel that starts parts gives them slot 0 to read and leaves slot 1 to each part's own thread.
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

    /** Made at the first loop that is worth it; daemon threads that end after a minute without work. */
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
     * Whether {@code Math.fma} is an instruction here, rather than the JDK's detour over {@code BigDecimal}.
     *
     * <p>Times four batches of four calls each way and compares the quickest, so that a pause or a cold start spoils
     * nothing. If the clock is too coarse to tell, the answer is no, which costs little. Nanoseconds a call, EPYC:
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
