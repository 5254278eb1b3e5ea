// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.jmh;

import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.layers.Linear;
import io.github.masktape.layers.ReLU;
import io.github.masktape.layers.Sequential;
import io.github.masktape.optim.LearningRate;
import io.github.masktape.optim.SGD;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Workspace;
import java.util.Arrays;
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
 * The cost of the tape when there is little to compute: one training step of 2-16-16-1 with ReLU, mean squared error
 * and SGD with momentum, on the tape of a workspace and written by hand.
 *
 * <p>The hand-written step does the same arithmetic on arrays that are made once. Its products keep four sums in
 * registers, which takes two thirds of the time of plain loops over rows. Before anything is measured, both train side
 * by side and must have the same losses and weights, bit for bit.
 *
 * <pre>
 *   java --add-modules jdk.incubator.vector -jar bench/jmh/target/benchmarks.jar SmallNet -jvmArgs "--add-modules jdk.incubator.vector"
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class SmallNet {
    private static final int[] WIDTHS = {2, 16, 16, 1};
    private static final float RATE = 0.01f;
    private static final float MOMENTUM = 0.9f;
    private static final int CHECKED_STEPS = 300;

    /** The number of examples in the batch. */
    @Param({"1", "32"})
    public int batch;

    private final Workspace workspace = new Workspace();
    private Tensor x = Tensor.scalar(0);
    private Tensor target = Tensor.scalar(0);
    private Sequential net = Sequential.of(Linear.of(1, 1, Initializer.heUniform(1)));
    private SGD sgd = new SGD(net.parameters(), LearningRate.constant(RATE));
    private ByHand byHand = new ByHand(new float[0], new float[0]);

    /** A benchmark whose parameters JMH sets. */
    public SmallNet() {}

    /** Builds both networks with the same weights, trains them for a few steps, and compares all weights. */
    @Setup
    public void build() {
        RandomStream random = new RandomStream(1);
        float[] points = new float[2 * batch];
        float[] values = new float[batch];
        for (int i = 0; i < batch; i++) {
            points[2 * i] = (float) random.nextGaussian();
            points[2 * i + 1] = (float) random.nextGaussian();
            values[i] = points[2 * i] * points[2 * i + 1];
        }
        x = Tensor.of(points, batch, 2);
        target = Tensor.of(values, batch, 1);
        Initializer init = Initializer.heUniform(1);
        net = Sequential.of(
                Linear.of(2, 16, init), new ReLU(), Linear.of(16, 16, init), new ReLU(), Linear.of(16, 1, init));
        sgd = new SGD(net.parameters(), LearningRate.constant(RATE)).withMomentum(MOMENTUM);
        byHand = new ByHand(points, values);
        int layer = 0;
        for (Parameter parameter : net.parameters().values()) {
            float[] numbers = parameter.value().toFloatArray();
            System.arraycopy(numbers, 0, byHand.parameters[layer++], 0, numbers.length);
        }
        for (int i = 0; i < CHECKED_STEPS; i++) {
            float onTape = tape();
            float loss = handwritten();
            if (Float.floatToIntBits(onTape) != Float.floatToIntBits(loss)) {
                throw new AssertionError("step " + i + ": loss " + onTape + " on the tape, " + loss + " by hand");
            }
        }
        layer = 0;
        for (Parameter parameter : net.parameters().values()) {
            if (!Arrays.equals(parameter.value().toFloatArray(), byHand.parameters[layer++])) {
                throw new AssertionError("the weights differ");
            }
        }
    }

    /** A step as a user writes it; returns the loss before it. */
    @Benchmark
    public float tape() {
        Tape tape = new Tape(workspace);
        Variable y = net.forward(tape.constant(x), Pass.training(1, sgd.steps()));
        Variable loss = Ops.meanSquaredError(y, tape.constant(target));
        float value = (float) loss.value().item();
        sgd.step(tape.backward(loss));
        return value;
    }

    /** The same step without a tape; returns the loss before it. */
    @Benchmark
    public float handwritten() {
        return byHand.step();
    }

    /** The network for one batch, in arrays that are allocated once. */
    private static final class ByHand {
        private final float[] x;
        private final float[] target;
        private final int batch;
        /** Weight and bias of each layer; weights are out×in. */
        private final float[][] parameters = new float[6][];

        private final float[][] gradients = new float[6][];
        private final float[][] velocities = new float[6][];
        /** The sums of each layer, before the activation. */
        private final float[][] sums = new float[3][];

        /** The outputs of each layer, after the activation. */
        private final float[][] outputs = new float[3][];
        /** The gradients at the sums. */
        private final float[][] errors = new float[3][];

        ByHand(float[] x, float[] target) {
            this.x = x;
            this.target = target;
            this.batch = target.length;
            for (int layer = 0; layer < 3; layer++) {
                int in = WIDTHS[layer];
                int out = WIDTHS[layer + 1];
                for (float[][] all : new float[][][] {parameters, gradients, velocities}) {
                    all[2 * layer] = new float[out * in];
                    all[2 * layer + 1] = new float[out];
                }
                for (float[][] all : new float[][][] {sums, outputs, errors}) {
                    all[layer] = new float[batch * out];
                }
            }
        }

        float step() {
            forward(0, x);
            relu(sums[0], outputs[0]);
            forward(1, outputs[0]);
            relu(sums[1], outputs[1]);
            forward(2, outputs[1]);
            float loss = loss(sums[2], errors[2]);

            backward(2, outputs[1]);
            inputGradient(2, errors[1]);
            reluGradient(sums[1], errors[1]);
            backward(1, outputs[0]);
            inputGradient(1, errors[0]);
            reluGradient(sums[0], errors[0]);
            backward(0, x);

            for (int i = 0; i < parameters.length; i++) {
                descend(parameters[i], velocities[i], gradients[i]);
            }
            return loss;
        }

        /** sums = in · Wᵀ + b, the bias last. */
        private void forward(int layer, float[] in) {
            int d = WIDTHS[layer];
            int l = WIDTHS[layer + 1];
            float[] b = parameters[2 * layer + 1];
            float[] y = sums[layer];
            multiply(in, d, 1, parameters[2 * layer], 1, d, batch, d, l, y);
            for (int i = 0; i < batch; i++) {
                for (int j = 0; j < l; j++) {
                    y[i * l + j] += b[j];
                }
            }
        }

        /** The mean of (y − target)², summed in double, and its gradient. */
        private float loss(float[] y, float[] dy) {
            double sum = 0.0;
            for (int i = 0; i < batch; i++) {
                float difference = y[i] - target[i];
                sum += difference * difference;
                dy[i] = difference * (float) (2.0 / batch);
            }
            return (float) (sum / batch);
        }

        /** dW = errorsᵀ · in and db, the sum of the rows of errors. */
        private void backward(int layer, float[] in) {
            int d = WIDTHS[layer];
            int l = WIDTHS[layer + 1];
            float[] dy = errors[layer];
            float[] db = gradients[2 * layer + 1];
            multiply(dy, 1, l, in, d, 1, l, batch, d, gradients[2 * layer]);
            Arrays.fill(db, 0f);
            for (int i = 0; i < batch; i++) {
                for (int j = 0; j < l; j++) {
                    db[j] += dy[i * l + j];
                }
            }
        }

        /** dx = errors · W. */
        private void inputGradient(int layer, float[] dx) {
            int d = WIDTHS[layer];
            int l = WIDTHS[layer + 1];
            multiply(errors[layer], l, 1, parameters[2 * layer], d, 1, batch, l, d, dx);
        }

        /**
         * y = a · b by strides, m×k and k×n, four columns at a time: with so few C2 makes no vector code of a loop over
         * columns, and four sums that do not wait for each other are faster than one.
         */
        private static void multiply(
                float[] a, int aRow, int aColumn, float[] b, int bRow, int bColumn, int m, int k, int n, float[] y) {
            for (int i = 0; i < m; i++) {
                int j = 0;
                for (; j + 4 <= n; j += 4) {
                    float s0 = 0f;
                    float s1 = 0f;
                    float s2 = 0f;
                    float s3 = 0f;
                    for (int p = 0; p < k; p++) {
                        float factor = a[i * aRow + p * aColumn];
                        int at = p * bRow + j * bColumn;
                        s0 = Math.fma(factor, b[at], s0);
                        s1 = Math.fma(factor, b[at + bColumn], s1);
                        s2 = Math.fma(factor, b[at + 2 * bColumn], s2);
                        s3 = Math.fma(factor, b[at + 3 * bColumn], s3);
                    }
                    y[i * n + j] = s0;
                    y[i * n + j + 1] = s1;
                    y[i * n + j + 2] = s2;
                    y[i * n + j + 3] = s3;
                }
                for (; j < n; j++) {
                    float sum = 0f;
                    for (int p = 0; p < k; p++) {
                        sum = Math.fma(a[i * aRow + p * aColumn], b[p * bRow + j * bColumn], sum);
                    }
                    y[i * n + j] = sum;
                }
            }
        }

        private static void relu(float[] x, float[] y) {
            for (int i = 0; i < y.length; i++) {
                y[i] = Math.max(x[i], 0f);
            }
        }

        private static void reluGradient(float[] x, float[] dy) {
            for (int i = 0; i < dy.length; i++) {
                dy[i] = x[i] > 0 ? dy[i] : 0f;
            }
        }

        private static void descend(float[] w, float[] v, float[] g) {
            for (int i = 0; i < w.length; i++) {
                v[i] = Math.fma(MOMENTUM, v[i], g[i]);
                w[i] = Math.fma(-RATE, v[i], w[i]);
            }
        }
    }
}
