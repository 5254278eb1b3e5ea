package io.github.masktape.internal;

/**
 * Until the JVM has compiled the vector kernels they are slower than plain loops, some hundred times. A warm-up runs them
 * in a thread of its own, over and over, while plain kernels compute; both give the same bits.
 */
final class WarmUp {
    private static final long MOST_NANOS = 10_000_000_000L;
    private static final int EXAMPLES = 96;
    private static final int OUTPUTS = 128;
    private static final int INPUTS = 160;

    /** True while plain kernels are to be preferred. */
    static volatile boolean runs;

    private final long[] keys = new long[EXAMPLES];
    private final float[] x = new float[EXAMPLES * INPUTS];
    private final float[] w = new float[OUTPUTS * INPUTS];
    private final float[] b = new float[OUTPUTS];
    private final float[] y = new float[EXAMPLES * OUTPUTS];
    private final float[] dx = new float[EXAMPLES * INPUTS];
    private final float[] dw = new float[OUTPUTS * INPUTS];
    private final int[] bits = new int[(INPUTS + 31) / 32 * EXAMPLES * OUTPUTS];

    private WarmUp() {}

    /** Begins, unless one runs already. */
    static synchronized void start(Kernels vector) {
        if (!runs) {
            runs = true;
            Platform.startDaemon("masktape-warm-up", () -> new WarmUp().run(vector));
        }
    }

    /** Ends when a step of the vector kernels takes less time than one of the plain ones. */
    private void run(Kernels vector) {
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
                step(ScalarKernels.INSTANCE);
                plain = Platform.nanoTime() - now;
                now += plain;
            }
        } finally {
            runs = false;
        }
    }

    private static void fill(float[] array) {
        for (int i = 0; i < array.length; i++) {
            array[i] = i % 37 - 17.5f;
        }
    }

    /** The kernels of a training step. */
    private void step(Kernels kernels) {
        kernels.bernoulli(keys, 1L << 63, EXAMPLES, OUTPUTS, INPUTS, bits);
        kernels.maskedLinear(x, w, bits, 2, EXAMPLES, OUTPUTS, INPUTS, y);
        kernels.maskedLinearInputGradient(y, w, bits, 2, EXAMPLES, OUTPUTS, INPUTS, dx);
        kernels.maskedLinearWeightGradient(y, x, bits, 2, EXAMPLES, OUTPUTS, INPUTS, dw);
        kernels.matmul(x, INPUTS, 1, w, 1, INPUTS, EXAMPLES, INPUTS, OUTPUTS, y);
        kernels.matmul(y, OUTPUTS, 1, w, INPUTS, 1, EXAMPLES, OUTPUTS, INPUTS, dx);
        kernels.matmul(y, 1, OUTPUTS, x, INPUTS, 1, OUTPUTS, EXAMPLES, INPUTS, dw);
        kernels.addRow(y, b, EXAMPLES, OUTPUTS, y);
        kernels.relu(y, y);
        kernels.reluGradient(y, y, y);
        kernels.sumRows(y, EXAMPLES, OUTPUTS, b);
        fill(y);
    }
}
