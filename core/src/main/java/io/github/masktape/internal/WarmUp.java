package io.github.masktape.internal;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Until the JVM has compiled the vector kernels they are slower than plain loops, some hundred times. A warm-up runs them
 * in a thread of its own, over and over, while plain kernels compute; both give the same bits.
 */
final class WarmUp {
    private static final long MOST_NANOS = 10_000_000_000L;
    private static final int EXAMPLES = 96;
    private static final int OUTPUTS = 128;
    private static final int INPUTS = 160;

    /** Calls of kernels before it begins: the first training step has the JVM's compilers to itself. */
    private static final int FIRST_CALLS = 40;

    /** Gives plain kernels while a warm-up is under way; otherwise null. A supplier, since a browser lacks what it needs. */
    static volatile @Nullable Supplier<KernelChoice> current;

    private final KernelChoice vector;
    private final AtomicInteger calls = new AtomicInteger();
    private final long[] keys = new long[EXAMPLES];
    private final float[] x = new float[EXAMPLES * INPUTS];
    private final float[] w = new float[OUTPUTS * INPUTS];
    private final float[] b = new float[OUTPUTS];
    private final float[] y = new float[EXAMPLES * OUTPUTS];
    private final float[] dx = new float[EXAMPLES * INPUTS];
    private final float[] dw = new float[OUTPUTS * INPUTS];
    private final int[] bits = new int[(INPUTS + 31) / 32 * EXAMPLES * OUTPUTS];

    private WarmUp(KernelChoice vector) {
        this.vector = vector;
    }

    /** Has plain kernels preferred to these until they are compiled, unless that is so already. */
    static synchronized void start(KernelChoice vector) {
        if (current == null) {
            current = new WarmUp(vector)::plain;
        }
    }

    /** The plain kernels, for a call meanwhile. */
    private KernelChoice plain() {
        if (calls.incrementAndGet() == FIRST_CALLS) {
            Platform.startDaemon("masktape-warm-up", this::run);
        }
        return KernelChoice.SCALAR;
    }

    /** Ends when a step of the vector kernels takes less time than one of the plain ones. */
    private void run() {
        try {
            fill(x);
            fill(w);
            fill(y);
            long start = Platform.nanoTime();
            long now = start;
            long vectors = 1;
            long plain = 0;
            while (vectors > plain && now - start < MOST_NANOS) {
                step(vector);
                vectors = Platform.nanoTime() - now;
                now += vectors;
                step(KernelChoice.SCALAR);
                plain = Platform.nanoTime() - now;
                now += plain;
            }
        } finally {
            current = null;
        }
    }

    private static void fill(float[] array) {
        for (int i = 0; i < array.length; i++) {
            array[i] = i % 37 - 17.5f;
        }
    }

    /** The kernels of a training step. */
    private void step(KernelChoice choice) {
        Kernels<float[]> kernels = choice.ofFloats();
        choice.ofMasks().bernoulli(keys, 1L << 63, EXAMPLES, OUTPUTS, INPUTS, bits);
        kernels.maskedLinear(x, w, bits, 2, EXAMPLES, OUTPUTS, INPUTS, y);
        kernels.maskedLinearTransposed(y, w, bits, 2, EXAMPLES, OUTPUTS, INPUTS, dx);
        kernels.maskedOuter(y, x, bits, 2, EXAMPLES, OUTPUTS, INPUTS, dw);
        kernels.matmul(x, INPUTS, 1, w, 1, INPUTS, EXAMPLES, INPUTS, OUTPUTS, y);
        kernels.matmul(y, OUTPUTS, 1, w, INPUTS, 1, EXAMPLES, OUTPUTS, INPUTS, dx);
        kernels.matmul(y, 1, OUTPUTS, x, INPUTS, 1, OUTPUTS, EXAMPLES, INPUTS, dw);
        kernels.addRow(y, b, EXAMPLES, OUTPUTS, y);
        kernels.relu(y, y);
        kernels.wherePositive(y, y, y);
        kernels.sumRows(y, EXAMPLES, OUTPUTS, b);
        fill(y);
    }
}
