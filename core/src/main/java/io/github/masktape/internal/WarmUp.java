// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.internal;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A warm-up of the vector kernels, which are about a hundred times slower than plain loops until the JVM has compiled
 * them. It runs them repeatedly in a thread of its own, while plain kernels compute; both give the same bits.
 */
final class WarmUp {
    private static final long MOST_NANOS = 10_000_000_000L;
    private static final int EXAMPLES = 96;
    private static final int OUTPUTS = 128;
    private static final int INPUTS = 160;

    /**
     * The number of kernel calls before it begins, so that the first training step has the JVM's compilers to itself.
     */
    private static final int FIRST_CALLS = 40;

    /**
     * The supplier of plain kernels during a warm-up; otherwise null. It is a supplier because a browser lacks this
     * class.
     */
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

    /** Prefers plain kernels to these until they are compiled, unless a warm-up is already running. */
    static synchronized void start(KernelChoice vector) {
        if (current == null) {
            current = new WarmUp(vector)::plain;
        }
    }

    /** The plain kernels, for a call during the warm-up. */
    private KernelChoice plain() {
        if (calls.incrementAndGet() == FIRST_CALLS) {
            Platform.startDaemon("masktape-warm-up", this::run);
        }
        return KernelChoice.SCALAR;
    }

    /** Runs steps until one of the vector kernels takes less time than one of the plain ones. */
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

    /** Calls the kernels of a training step. */
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
