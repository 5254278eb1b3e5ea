// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.peers;

import io.github.masktape.peers.torch.TorchEngine;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The base of the benchmarks, which time a step of one side of a comparison. Each has a parameter {@code side}, whose
 * values {@link Ratios} compares.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public abstract class SideBySide {
    static final String MASKTAPE = "masktape";

    private MeasuredStep step = () -> 0;

    /** A benchmark whose parameters JMH sets. */
    protected SideBySide() {}

    /** Prepares the side and its threads. */
    abstract MeasuredStep open();

    /** Sets the threads of the side that runs; the native libraries of the rest are not even loaded. */
    static void setThreads(String side, int threads) {
        if (side.startsWith("torch")) {
            TorchEngine.setThreads(threads);
        } else if (side.startsWith("dl4j")) {
            Dl4jStep.setThreads(threads);
        } else {
            MasktapeStep.setThreads(threads);
        }
    }

    /** Prepares the side, before JMH measures. */
    @Setup
    public final void setUp() {
        step = open();
    }

    /** Runs the measured step once. */
    @Benchmark
    public double step() {
        return step.run();
    }

    /** Frees the side's native memory. */
    @TearDown
    public final void tearDown() {
        step.close();
    }
}
