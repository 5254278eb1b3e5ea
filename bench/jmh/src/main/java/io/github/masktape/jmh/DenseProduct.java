// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.jmh;

import io.github.masktape.tensor.Tensor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntToDoubleFunction;
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

/**
 * The three products of a dense layer of k inputs and n outputs on m examples, through {@link Tensor}.
 *
 * <pre>
 *   forward           Y  = X Wᵀ      (m×k) · (n×k)ᵀ
 *   inputGradient     dX = dY W      (m×n) · (n×k)
 *   weightGradient    dW = dYᵀ X     (m×n)ᵀ · (m×k)
 *
 *   GFLOP/s = 2·m·k·n / 10⁶ / (ms an operation)
 * </pre>
 *
 * <p>The baseline is the machine's peak in {@link Limits}. The setup compares elements of each result with the
 * definition, bit for bit. Results live in a workspace, as in training; whatever a product packs, it packs in every
 * call.
 *
 * <pre>
 *   java -jar bench/jmh/target/benchmarks.jar DenseProduct
 *   java -jar bench/jmh/target/benchmarks.jar DenseProduct -p kernel=vector -p threads=1 -prof gc
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class DenseProduct extends ProductBenchmark {
    /** The number of examples. */
    @Param("128")
    public int m;

    /** The number of inputs. */
    @Param("800")
    public int k;

    /** The number of outputs. */
    @Param("800")
    public int n;

    /** A benchmark whose parameters JMH sets. */
    public DenseProduct() {}

    /** Draws the operands and checks the three products. */
    @Setup
    public void build() {
        Engine.start(kernel, threads);
        x = Engine.numbers(dtype, 1, m, k);
        w = Engine.numbers(dtype, 2, n, k);
        dy = Engine.numbers(dtype, 3, m, n);
        Engine.check("X Wᵀ", forward(), (i, j) -> sum(k, q -> x.get(i, q), q -> w.get(j, q)));
        Engine.check("dY W", inputGradient(), (i, q) -> sum(n, j -> dy.get(i, j), j -> w.get(j, q)));
        Engine.check("dYᵀ X", weightGradient(), (j, q) -> sum(m, i -> dy.get(i, j), i -> x.get(i, q)));
    }

    private double sum(int count, IntToDoubleFunction a, IntToDoubleFunction b) {
        double sum = 0.0;
        for (int i = 0; i < count; i++) {
            sum = Engine.plus(dtype, sum, a.applyAsDouble(i), b.applyAsDouble(i));
        }
        return sum;
    }

    /** The output Y = X·Wᵀ, m×n. */
    @Benchmark
    public Tensor forward() {
        workspace.recycle();
        return workspace.borrow(x).matmulTransposed(w);
    }

    /** The gradient dX = dY·W, m×k. */
    @Benchmark
    public Tensor inputGradient() {
        workspace.recycle();
        return workspace.borrow(dy).matmul(w);
    }

    /** The gradient dW = dYᵀ·X, n×k. */
    @Benchmark
    public Tensor weightGradient() {
        workspace.recycle();
        return workspace.borrow(dy).transposedMatmul(x);
    }
}
