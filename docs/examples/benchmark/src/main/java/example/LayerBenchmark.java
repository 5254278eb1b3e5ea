// SPDX-License-Identifier: Apache-2.0
package example;

import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.layers.DropConnect;
import io.github.masktape.layers.Linear;
import io.github.masktape.tensor.Initializer;
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

/**
 * The time of a forward and a backward pass through one layer.
 *
 * <p>Run it with {@code java -jar target/benchmarks.jar}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 3, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class LayerBenchmark {
    /** The layer under test. */
    @Param({"linear", "dropconnect"})
    String layer = "linear";

    /** The number of inputs and outputs. */
    @Param({"64", "256"})
    int width = 64;

    private final Workspace workspace = new Workspace();
    private Layer net;
    private Tensor features;
    private long step;

    /** Draws weights and features. */
    @Setup
    public void setUp() {
        Initializer init = Initializer.heUniform(1);
        net = layer.equals("linear") ? Linear.of(width, width, init) : DropConnect.of(width, width, 0.5, init);
        features = init.weight(64, width);
    }

    /** A step without an optimizer; JMH consumes the result, so that no part of it is optimized away. */
    @Benchmark
    public double step() {
        Tape tape = new Tape(workspace);
        var loss = Ops.mean(Ops.square(net.forward(tape.constant(features), Pass.training(1, step++))));
        double value = loss.value().item();
        return value + tape.backward(loss).of(net.parameters().get("weight")).get(0, 0);
    }
}
