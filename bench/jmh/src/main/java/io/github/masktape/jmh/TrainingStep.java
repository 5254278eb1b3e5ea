// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.jmh;

import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.GeneratedDigits;
import io.github.masktape.layers.DropConnect;
import io.github.masktape.layers.Dropout;
import io.github.masktape.layers.Linear;
import io.github.masktape.layers.MaskSharing;
import io.github.masktape.layers.ReLU;
import io.github.masktape.layers.Sequential;
import io.github.masktape.optim.Adam;
import io.github.masktape.optim.AdamW;
import io.github.masktape.optim.LearningRate;
import io.github.masktape.optim.Optimizer;
import io.github.masktape.optim.SGD;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
 * One training step of 784-width-width-10 on generated digits: forward, backward and a step of the optimizer, by
 * default SGD with momentum.
 *
 * <p>The baseline is {@code none}: the same network without a mask. The setup checks that a step lowers the loss.
 *
 * <pre>
 *   java -jar bench/jmh/target/benchmarks.jar TrainingStep
 *   java -jar bench/jmh/target/benchmarks.jar TrainingStep -p width=128,256,512,800,1024,2048 -p threads=1
 *   java -jar bench/jmh/target/benchmarks.jar TrainingStep -p batch=1,8,32,128,512 -p threads=1
 *   java -jar bench/jmh/target/benchmarks.jar TrainingStep -p regularizer=dropconnect -p p=0.1,0.2,0.5
 *   java -jar bench/jmh/target/benchmarks.jar TrainingStep -p kernel=vector,scalar -p dtype=FLOAT32,FLOAT64 -prof gc
 *   java -jar bench/jmh/target/benchmarks.jar TrainingStep -p regularizer=none -p optimizer=sgd,adam,adamw -prof gc
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class TrainingStep {
    /**
     * The kind of dropping: nothing, activations, or connections, with independent masks for each example, one for the
     * whole batch, or those of {@link MaskSharing#FLIPOUT}, for which p must be 0.5.
     */
    @Param({"none", "dropout", "dropconnect", "dropconnect-per-batch", "dropconnect-flipout"})
    public String regularizer = "";

    /** The number of units in each of the two hidden layers. */
    @Param("800")
    public int width;

    /** The number of examples in the batch. */
    @Param("128")
    public int batch;

    /** The probability that an activation or a connection is dropped. */
    @Param("0.5")
    public double p;

    /** The kernels: {@code vector}, {@code scalar} or {@code auto}, the library's choice for this machine. */
    @Param("auto")
    public String kernel = "";

    /** The dtype of all tensors. */
    @Param("FLOAT32")
    public DType dtype = DType.FLOAT32;

    /** The number of threads of large operations. */
    @Param({"1", "2"})
    public int threads;

    /** The optimizer: {@code sgd} with momentum, {@code adam} or {@code adamw}. */
    @Param("sgd")
    public String optimizer = "";

    private final Workspace workspace = new Workspace();
    private Tensor features = Tensor.scalar(0);
    private int[] labels = {};
    private Layer net = new ReLU();
    private Consumer<Gradients> descent = gradients -> {};
    private long step;

    /** A benchmark whose parameters JMH sets. */
    public TrainingStep() {}

    /** Builds the network, and checks that it learns: an optimizer step on a batch lowers that batch's loss. */
    @Setup
    public void build() {
        Engine.start(kernel, threads);
        Dataset data = GeneratedDigits.of(batch, 1);
        features = data.features().to(dtype);
        labels = data.labels();
        Initializer init = Initializer.heUniform(1).withDType(dtype);
        List<Layer> layers = new ArrayList<>();
        for (int in : new int[] {784, width}) {
            layers.add(hidden(in, init));
            layers.add(new ReLU());
            if (regularizer.equals("dropout")) {
                layers.add(new Dropout(p));
            }
        }
        layers.add(Linear.of(width, 10, init));
        net = Sequential.of(layers);
        descent = optimizer()::step;
        double before = loss();
        step();
        if (!(loss() < before)) {
            throw new AssertionError("a training step did not lower the loss");
        }
    }

    private Optimizer optimizer() {
        return switch (optimizer) {
            case "sgd" -> new SGD(net.parameters(), LearningRate.constant(0.01)).withMomentum(0.9);
            case "adam" -> new Adam(net.parameters(), LearningRate.constant(0.001));
            case "adamw" -> new AdamW(net.parameters(), LearningRate.constant(0.001));
            default -> throw new IllegalArgumentException("unknown optimizer " + optimizer);
        };
    }

    private Layer hidden(int in, Initializer init) {
        return switch (regularizer) {
            case "none", "dropout" -> Linear.of(in, width, init);
            case "dropconnect" -> DropConnect.of(in, width, p, init);
            case "dropconnect-flipout" -> DropConnect.of(in, width, p, init).withMaskSharing(MaskSharing.FLIPOUT);
            case "dropconnect-per-batch" -> DropConnect.of(in, width, p, init).withMaskSharing(MaskSharing.PER_BATCH);
            default -> throw new IllegalArgumentException("unknown regularizer " + regularizer);
        };
    }

    /** The loss on the batch in inference. */
    double loss() {
        Tape tape = Tape.inference();
        Variable logits = net.forward(tape.constant(features), Pass.inference());
        return Ops.softmaxCrossEntropy(logits, labels).value().item();
    }

    /** Makes one training step; returns the loss before it. */
    @Benchmark
    public double step() {
        Tape tape = new Tape(workspace);
        Variable logits = net.forward(tape.constant(features), Pass.training(1, step++));
        Variable loss = Ops.softmaxCrossEntropy(logits, labels);
        double value = loss.value().item();
        descent.accept(tape.backward(loss));
        return value;
    }
}
