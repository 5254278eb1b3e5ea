// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.jmh;

import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Workspace;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * The cost of drawing the masks of a DropConnect layer: {@code batch·width²} bits, 82 million by default.
 *
 * <p>The three products of a step need one mask. It can be stored, one bit per connection and example, or drawn again
 * for each product, because a bit is a function of its place:
 *
 * <pre>
 *   draw          a mask
 *   products      the three products with a mask given: the baseline of the next two
 *   stored        a mask drawn, then the three products
 *   recomputed    a mask drawn for each of the three products
 * </pre>
 *
 * <p>The setup recomputes bits from the key, as {@link Mask#bernoulli} defines them, and checks that stored and
 * recomputed masks are equal and that the share kept is within five standard deviations of 1 − p.
 *
 * <pre>
 *   java -jar bench/jmh/target/benchmarks.jar MaskGeneration
 *   java -jar bench/jmh/target/benchmarks.jar MaskGeneration.draw -p kernel=vector -p p=0.01,0.1,0.2,0.5,0.9
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class MaskGeneration {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;

    /** The number of examples, each with a mask of its own. */
    @Param("128")
    public int batch;

    /** The number of inputs, and also of outputs. */
    @Param("800")
    public int width;

    /** The drop probability of each connection. */
    @Param({"0.1", "0.2", "0.5"})
    public double p;

    /** The kernels: {@code vector}, {@code scalar} or {@code auto}, the library's choice for this machine. */
    @Param({"vector", "scalar"})
    public String kernel = "";

    /** The number of threads that share the examples. */
    @Param("1")
    public int threads;

    private final Workspace workspace = new Workspace();
    private Mask given = Mask.of(new boolean[][][] {{{true}}}, 1);
    private Tensor x = Tensor.scalar(0);
    private Tensor w = x;
    private Tensor dy = x;
    private long key;

    /** A benchmark whose parameters JMH sets. */
    public MaskGeneration() {}

    /** Draws operands and a mask, and checks its bits. */
    @Setup
    public void build() {
        Engine.start(kernel, threads);
        x = Engine.numbers(DType.FLOAT32, 1, batch, width);
        w = Engine.numbers(DType.FLOAT32, 2, width, width);
        dy = Engine.numbers(DType.FLOAT32, 3, batch, width);
        given = draw();
        if (!given.equals(again())) {
            throw new AssertionError("a mask drawn again is another");
        }
        Tensor keptOfLast = given.example(batch - 1).toTensor(DType.FLOAT64).reshape(width, width);
        Engine.check("M", keptOfLast, (j, q) -> isKept(batch - 1, j, q) ? given.scale() : 0);
        double bits = (double) batch * width * width;
        double deviation = Math.abs(given.kept() - (1 - p) * bits) / Math.sqrt(p * (1 - p) * bits);
        if (!(deviation < 5)) {
            throw new AssertionError("kept " + given.kept() + " of " + bits + " with p = " + p);
        }
    }

    /** A bit computed from the definition, digit by digit; for p = 0 and p ≥ 2⁻¹². */
    private boolean isKept(int n, int j, int q) {
        long keep = -(p < 0.5 ? (long) (p * 0x1p64) : (long) (p * 0x1p63) << 1);
        long stream = mix(key + (n + 1) * GAMMA);
        long block = (long) j * ((width + 63) / 64) + q / 64;
        for (int r = 0; r < 64; r++) {
            boolean digit = keep << r < 0;
            boolean drawn = mix(stream + (64 * block + r + 1) * GAMMA) << q < 0;
            if (drawn != digit) {
                return digit;
            }
        }
        return keep == 0;
    }

    /** The output function of SplitMix64. */
    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Draws a mask for the whole batch. */
    @Benchmark
    public Mask draw() {
        return Mask.bernoulli(batch, width, width, p, ++key);
    }

    private Mask again() {
        return Mask.bernoulli(batch, width, width, p, key);
    }

    /** Computes the three products with a given mask. */
    @Benchmark
    public void products(Blackhole hole) {
        products(given, given, given, hole);
    }

    /** Draws a mask, and computes the three products. */
    @Benchmark
    public void stored(Blackhole hole) {
        Mask mask = draw();
        products(mask, mask, mask, hole);
    }

    /** Computes the three products, drawing the same mask again for each. */
    @Benchmark
    public void recomputed(Blackhole hole) {
        products(draw(), again(), again(), hole);
    }

    private void products(Mask forward, Mask input, Mask weight, Blackhole hole) {
        workspace.recycle();
        hole.consume(workspace.borrow(x).maskedLinear(w, forward));
        hole.consume(workspace.borrow(dy).maskedLinearTransposed(w, input));
        hole.consume(workspace.borrow(dy).maskedOuter(x, weight));
    }
}
