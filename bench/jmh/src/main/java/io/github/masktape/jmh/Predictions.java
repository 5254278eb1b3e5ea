// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.jmh;

import io.github.masktape.autograd.Layer;
import io.github.masktape.data.GeneratedDigits;
import io.github.masktape.layers.DropConnect;
import io.github.masktape.layers.Inference;
import io.github.masktape.layers.Linear;
import io.github.masktape.layers.ReLU;
import io.github.masktape.layers.Sequential;
import io.github.masktape.layers.Sigmoid;
import io.github.masktape.layers.Tanh;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Initializer;
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
 * Predictions of a DropConnect network 784-800-800-10 for generated digits, by each method of {@link Inference}.
 *
 * <p>The baseline is {@code mean}: one product a layer. The setup checks that a method's probabilities add up to 1 and
 * that {@code gaussian} and {@code mean} differ.
 *
 * <pre>
 *   java -jar bench/jmh/target/benchmarks.jar Predictions
 *   java -jar bench/jmh/target/benchmarks.jar Predictions -p kernel=scalar -p threads=1
 *   java -jar bench/jmh/target/benchmarks.jar Predictions -p activation=relu,tanh,sigmoid -p method=mean,gaussian
 *   java -jar bench/jmh/target/benchmarks.jar Predictions -p method=sampled,montecarlo -p examples=1000 -p samples=100
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class Predictions {
    /** The method of inference: {@code mean}, {@code gaussian}, {@code sampled} or {@code montecarlo}. */
    @Param({"mean", "gaussian"})
    public String method = "";

    /** The activation: {@code relu}, {@code tanh} or {@code sigmoid}. */
    @Param("relu")
    public String activation = "";

    /** The number of examples to predict. */
    @Param("10000")
    public int examples;

    /** The number of draws of {@code sampled} and {@code montecarlo}. */
    @Param("100")
    public int samples;

    /** The kernels: {@code vector}, {@code scalar} or {@code auto}, the library's choice for this machine. */
    @Param("auto")
    public String kernel = "";

    /** The dtype of all tensors. */
    @Param("FLOAT32")
    public DType dtype = DType.FLOAT32;

    /** The number of threads of large operations. */
    @Param({"1", "2"})
    public int threads;

    private Inference inference = Inference.mean();
    private Tensor features = Tensor.scalar(0);
    private Layer net = new ReLU();

    /** A benchmark whose parameters JMH sets. */
    public Predictions() {}

    /** Builds the network and checks a prediction. */
    @Setup
    public void build() {
        Engine.start(kernel, threads);
        features = GeneratedDigits.of(examples, 1).features().to(dtype);
        Initializer init = Initializer.heUniform(1).withDType(dtype);
        net = Sequential.of(
                DropConnect.of(784, 800, 0.5, init),
                activation(),
                DropConnect.of(800, 800, 0.5, init),
                activation(),
                Linear.of(800, 10, init));
        inference = switch (method) {
            case "mean" -> Inference.mean();
            case "gaussian" -> Inference.gaussian();
            case "sampled" -> Inference.sampled(samples, 1);
            case "montecarlo" -> Inference.monteCarlo(samples, 1);
            default -> throw new IllegalArgumentException("unknown method " + method);
        };
        Tensor few = features.rows(new int[] {0, examples - 1});
        double sum = inference.probabilities(net, few).sum().item();
        if (!(Math.abs(sum - 2) < 1e-5)) {
            throw new AssertionError("probabilities of two examples add up to " + sum);
        }
        if (!method.equals("mean")
                && inference.outputs(net, few).equals(Inference.mean().outputs(net, few))) {
            throw new AssertionError(method + " gives what mean gives");
        }
    }

    private Layer activation() {
        return switch (activation) {
            case "relu" -> new ReLU();
            case "tanh" -> new Tanh();
            case "sigmoid" -> new Sigmoid();
            default -> throw new IllegalArgumentException("unknown activation " + activation);
        };
    }

    /** The probabilities of all examples. */
    @Benchmark
    public Tensor predict() {
        return inference.probabilities(net, features);
    }
}
