// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.github.masktape.tensor.Compute;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.Workspace;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the compiled masked products allocate. Where the compiler of JDK 17 fails to keep vectors in registers, each
 * becomes an object: gigabytes a step.
 */
@Tag("once")
class MaskedStepMemoryTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final int STEPS = 10;

    private final int threads = Compute.threads();

    private final Workspace workspace = new Workspace();
    private final Parameter w = new Parameter(Initializer.heUniform(1).weight(256, 256));
    private final Parameter x = new Parameter(Initializer.heUniform(2).weight(64, 256));
    private long step;

    @AfterEach
    void restoreThreads() {
        Compute.setThreads(threads);
    }

    /** The forward product and both of its gradients. */
    private void step(double dropProbability) {
        Tape tape = new Tape(workspace);
        Pass pass = Pass.training(1, step++).on(tape);
        Variable y = Ops.maskedLinear(tape.parameter(x), tape.parameter(w), pass.mask(64, 256, 256, dropProbability));
        Gradients gradients = tape.backward(Ops.sum(Ops.square(y)));
        assertThat(gradients.of(x).isFinite() && gradients.of(w).isFinite()).isTrue();
    }

    @Test
    void aStepOfCompiledMaskedProductsAllocatesNextToNothing() {
        assumeTrue(Compute.description().startsWith("vector"), "no vector kernels here");
        Compute.setThreads(1);
        for (double dropProbability : List.of(0.5, 0.2)) {
            // The least of several measurements: the compiler needs a while, however busy the machine is.
            long least = Long.MAX_VALUE;
            long end = System.nanoTime() + 20_000_000_000L;
            for (int i = 0; i < 5 || (least >= 64_000 && System.nanoTime() < end); i++) {
                long before = THREADS.getCurrentThreadAllocatedBytes();
                for (int s = 0; s < STEPS; s++) {
                    step(dropProbability);
                }
                least = Math.min(least, (THREADS.getCurrentThreadAllocatedBytes() - before) / STEPS);
            }
            assertThat(least)
                    .as("bytes a step at p = %s", dropProbability)
                    .isPositive()
                    .isLessThan(64_000);
        }
    }
}
