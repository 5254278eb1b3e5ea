// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.jmh;

import io.github.masktape.tensor.Compute;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Tensor;
import java.util.SplittableRandom;

/** The setup of benchmarks: kernels, threads, operands, and checks of results against the definition. */
final class Engine {
    /** The number of elements of a result that a setup recomputes from the definition. */
    private static final int SAMPLES = 50;

    private Engine() {}

    /**
     * Chooses kernels and threads. It must be called before the VM creates its first tensor, because kernels are chosen
     * once.
     *
     * @param kernel {@code auto}, {@code scalar} or {@code vector}
     * @throws IllegalStateException if other kernels are in use
     */
    static void start(String kernel, int threads) {
        System.setProperty("masktape.kernels", kernel);
        Compute.setThreads(threads);
        if (!kernel.equals("auto") && !Compute.description().startsWith(kernel + " ")) {
            throw new IllegalStateException("kernels: expected " + kernel + ", got " + Compute.description());
        }
    }

    /** Random numbers from [−1, 1), always the same for a seed. */
    static Tensor numbers(DType dtype, long seed, int rows, int columns) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] values = new double[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = 2 * random.nextDouble() - 1;
        }
        return Tensor.of(values, rows, columns).to(dtype);
    }

    /** The value of {@code sum + a·b} as products accumulate it: FLOAT32 rounds once, FLOAT64 after each operation. */
    static double plus(DType dtype, double sum, double a, double b) {
        return dtype == DType.FLOAT32 ? Math.fma((float) a, (float) b, (float) sum) : sum + a * b;
    }

    /** The definition of an element of a matrix. */
    @FunctionalInterface
    interface Element {
        double at(int i, int j);
    }

    /** Compares a matrix with its definition, bit for bit, at its corners and at random places. */
    static void check(String what, Tensor actual, Element definition) {
        int rows = actual.shape().dim(0);
        int columns = actual.shape().dim(1);
        SplittableRandom random = new SplittableRandom(1);
        for (int sample = 0; sample < SAMPLES; sample++) {
            int i = sample == 0 ? 0 : sample == 1 ? rows - 1 : random.nextInt(rows);
            int j = sample == 0 ? 0 : sample == 1 ? columns - 1 : random.nextInt(columns);
            double expected = definition.at(i, j);
            if (Double.doubleToLongBits(expected) != Double.doubleToLongBits(actual.get(i, j))) {
                throw new AssertionError(
                        what + "[" + i + ", " + j + "]: expected " + expected + ", got " + actual.get(i, j));
            }
        }
    }
}
