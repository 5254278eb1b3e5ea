// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.jmh;

import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.Tensor;
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

/**
 * The three products of a DropConnect layer of d inputs and l outputs, each example with a mask of its own.
 *
 * <pre>
 *   forward           yₙ  = (W ⊙ Mₙ) xₙ           n×l
 *   inputGradient     dxₙ = (W ⊙ Mₙ)ᵀ dyₙ         n×d
 *   weightGradient    dW  = Σₙ (dyₙ xₙᵀ) ⊙ Mₙ     l×d
 *
 *   dense-equivalent GFLOP/s = 2·n·l·d / 10⁶ / (ms an operation), dropped connections counted
 * </pre>
 *
 * <p>The baseline is the bound of their instruction mix in {@link Limits}; {@link DenseProduct} measures the same layer
 * without masks. The setup compares elements of each result with the definition, bit for bit.
 *
 * <pre>
 *   java -jar bench/jmh/target/benchmarks.jar MaskedProduct
 *   java -jar bench/jmh/target/benchmarks.jar MaskedProduct -p kernel=vector -p threads=1,2 -prof gc
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class MaskedProduct extends ProductBenchmark {
    /** The number of examples, n. */
    @Param("128")
    public int batch;

    /** The numbers of inputs d and outputs l. */
    @Param("800")
    public int width;

    /** The drop probability of each connection. */
    @Param("0.5")
    public double p;

    private Mask mask = Mask.of(new boolean[][][] {{{true}}}, 1);
    /** A benchmark whose parameters JMH sets. */
    public MaskedProduct() {}

    /** Draws operands and mask and checks the three products. */
    @Setup
    public void build() {
        Engine.start(kernel, threads);
        mask = Mask.bernoulli(batch, width, width, p, 1);
        x = Engine.numbers(dtype, 1, batch, width);
        w = Engine.numbers(dtype, 2, width, width);
        dy = Engine.numbers(dtype, 3, batch, width);
        Tensor scaled = w.scale(mask.scale());
        Engine.check("Y", forward(), (n, j) -> {
            double sum = 0.0;
            for (int q = 0; q < width; q++) {
                sum = mask.keeps(n, j, q) ? Engine.plus(dtype, sum, x.get(n, q), scaled.get(j, q)) : sum;
            }
            return sum;
        });
        Engine.check("dX", inputGradient(), (n, q) -> {
            double sum = 0.0;
            for (int j = 0; j < width; j++) {
                sum = mask.keeps(n, j, q) ? Engine.plus(dtype, sum, dy.get(n, j), scaled.get(j, q)) : sum;
            }
            return sum;
        });
        Engine.check("dW", weightGradient(), this::weightGradientAt);
    }

    private double weightGradientAt(int j, int q) {
        double sum = 0.0;
        for (int n = 0; n < batch; n++) {
            if (mask.keeps(n, j, q)) {
                sum = dtype == DType.FLOAT32
                        ? Engine.plus(dtype, sum, dy.get(n, j), x.get(n, q))
                        : sum + dy.get(n, j) * x.get(n, q) * mask.scale();
            }
        }
        return dtype == DType.FLOAT32 ? (float) sum * (float) mask.scale() : sum;
    }

    /** The output Y, n×l. */
    @Benchmark
    public Tensor forward() {
        workspace.recycle();
        return workspace.borrow(x).maskedLinear(w, mask);
    }

    /** The gradient dX, n×d. */
    @Benchmark
    public Tensor inputGradient() {
        workspace.recycle();
        return workspace.borrow(dy).maskedLinearTransposed(w, mask);
    }

    /** The gradient dW, l×d. */
    @Benchmark
    public Tensor weightGradient() {
        workspace.recycle();
        return workspace.borrow(dy).maskedOuter(x, mask);
    }
}
