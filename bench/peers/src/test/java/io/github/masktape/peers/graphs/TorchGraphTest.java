// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.peers.graphs;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import io.github.masktape.peers.torch.TorchEngine;
import io.github.masktape.tensor.RandomStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A few of the graphs that {@code --only graphs} compares by the thousand. */
class TorchGraphTest {
    @Test
    void valuesGradientsAndSecondDerivativesAgreeWithPyTorch() {
        TorchGraph torch = new TorchGraph();
        assertThat(programs())
                .allSatisfy(program -> assertThat(Graphs.LargestDifferences.of(program, Graphs::ours, torch))
                        .matches(Graphs.LargestDifferences::isTolerated));
    }

    /** PyTorch's graph needs the factor after the call; DJL's own product with a number lets it go. */
    @Test
    void aFactorOutlivesGarbageCollections() {
        try (NDManager manager = TorchEngine.get().newBaseManager();
                GradientCollector collector = TorchEngine.get().newGradientCollector()) {
            NDArray x = manager.create(new double[] {1});
            x.setRequiresGradient(true);
            NDArray y = x;
            for (int i = 0; i < 100; i++) {
                y = GraphOps.scale(y, -1);
            }
            List<ByteBuffer> others = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                if (i % 1_000 == 0) {
                    System.gc();
                }
                others.add(ByteBuffer.allocateDirect(8));
            }
            collector.backward(y.sum());
            assertThat(x.getGradient().toDoubleArray()).containsExactly(1);
            assertThat(others).hasSize(10_000);
        }
    }

    private static Stream<GraphProgram> programs() {
        return IntStream.range(0, 100).mapToObj(i -> RandomProgram.of(RandomStream.derive(1, i), i < 50));
    }
}
