// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.jmh;

import com.sun.management.ThreadMXBean;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.layers.DropConnect;
import io.github.masktape.layers.Linear;
import io.github.masktape.layers.ReLU;
import io.github.masktape.layers.Sequential;
import io.github.masktape.optim.LearningRate;
import io.github.masktape.optim.SGD;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Workspace;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A check that one million small training steps leave nothing in memory.
 *
 * <p>A DropConnect network 2-16-16-1 learns in a workspace. The heap is measured after a full collection at 400 evenly
 * spaced points. The first twentieth of them is warm-up; of the rest, the mean of the last tenth may exceed that of the
 * first by 5 %. Otherwise the exit code is 1.
 *
 * <pre>
 *   java -Xmx64m -XX:+UseSerialGC -cp bench/jmh/target/benchmarks.jar io.github.masktape.jmh.Soak
 *   java -Xmx64m -XX:+UseSerialGC -cp bench/jmh/target/benchmarks.jar io.github.masktape.jmh.Soak STEPS
 * </pre>
 */
public final class Soak {
    private static final int STEPS = 1_000_000;
    private static final int SAMPLES = 400;
    private static final double MOST_GROWTH = 0.05;
    private static final int BATCH = 32;

    private Soak() {}

    /**
     * The measurements of a soak run.
     *
     * @param steps the number of steps
     * @param first bytes of heap after collections, the mean of the first tenth of the samples
     * @param last the mean of the last tenth
     * @param allocatedPerStep bytes that a step of the last tenth allocated
     */
    record SoakResult(int steps, double first, double last, double allocatedPerStep) {
        double growth() {
            return last / first - 1;
        }

        boolean isFlat() {
            return growth() <= MOST_GROWTH;
        }

        @Override
        public String toString() {
            return String.format(
                    "%,d steps: heap after collections %.0f kB at first, %.0f kB at last (%+.2f %%); a step allocates %.0f bytes%n%s",
                    steps,
                    first / 1000,
                    last / 1000,
                    100 * growth(),
                    allocatedPerStep,
                    isFlat() ? "flat" : "NOT FLAT: more than 5 % are left");
        }
    }

    /** Trains, prints the result, and exits with 1 if memory grew. */
    public static void main(String[] arguments) {
        int steps = arguments.length == 0 ? STEPS : Integer.parseInt(arguments[0]);
        SoakResult result = run(steps, SAMPLES, training());
        System.out.println(result);
        System.exit(result.isFlat() ? 0 : 1);
    }

    /** A training step that can be repeated. */
    static Runnable training() {
        RandomStream random = new RandomStream(1);
        float[] points = new float[2 * BATCH];
        float[] products = new float[BATCH];
        for (int i = 0; i < BATCH; i++) {
            points[2 * i] = (float) random.nextGaussian();
            points[2 * i + 1] = (float) random.nextGaussian();
            products[i] = points[2 * i] * points[2 * i + 1];
        }
        Tensor x = Tensor.of(points, BATCH, 2);
        Tensor target = Tensor.of(products, BATCH, 1);
        Initializer init = Initializer.heUniform(1);
        Sequential net = Sequential.of(
                DropConnect.of(2, 16, 0.1, init),
                new ReLU(),
                DropConnect.of(16, 16, 0.5, init),
                new ReLU(),
                Linear.of(16, 1, init));
        SGD sgd = new SGD(net.parameters(), LearningRate.constant(0.001)).withMomentum(0.9);
        Workspace workspace = new Workspace();
        return () -> {
            Tape tape = new Tape(workspace);
            Variable y =
                    net.forward(tape.constant(x), Pass.training(1, sgd.steps()).on(tape));
            sgd.step(tape.backward(Ops.meanSquaredError(y, tape.constant(target))));
        };
    }

    /** Runs a step {@code steps} times, and measures the heap {@code samples} times. */
    static SoakResult run(int steps, int samples, Runnable step) {
        ThreadMXBean allocation = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        double[] used = new double[samples];
        long allocated = 0;
        for (int sample = 0; sample < samples; sample++) {
            long before = allocation.getCurrentThreadAllocatedBytes();
            int until = end(sample, samples, steps);
            for (int i = end(sample - 1, samples, steps); i < until; i++) {
                step.run();
            }
            if (sample >= samples - samples / 10) {
                allocated += allocation.getCurrentThreadAllocatedBytes() - before;
            }
            used[sample] = usedAfterCollection();
        }
        double[] settled = Arrays.copyOfRange(used, samples / 20, samples);
        int tenth = samples / 10;
        return new SoakResult(
                steps,
                Arrays.stream(settled, 0, tenth).average().orElseThrow(),
                Arrays.stream(settled, settled.length - tenth, settled.length)
                        .average()
                        .orElseThrow(),
                (double) allocated / (steps - end(samples - samples / 10 - 1, samples, steps)));
    }

    /** The number of steps completed by the end of {@code sample}. */
    private static int end(int sample, int samples, int steps) {
        return (int) ((sample + 1L) * steps / samples);
    }

    /**
     * The bytes in use: the smaller of two measurements, because a collection can miss what becomes garbage during it.
     */
    private static double usedAfterCollection() {
        return IntStream.range(0, 2)
                .mapToLong(i -> {
                    System.gc();
                    return ManagementFactory.getMemoryMXBean()
                            .getHeapMemoryUsage()
                            .getUsed();
                })
                .min()
                .orElseThrow();
    }
}
