package io.github.masktape.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.tensor.RandomStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A few of the graphs that {@code --only graphs} compares by the thousand. */
class TorchGraphTest {
    @Test
    void valuesGradientsAndSecondDerivativesAgreeWithPyTorch() {
        TorchGraph torch = new TorchGraph();
        assertThat(programs())
                .allSatisfy(program -> assertThat(Graphs.Difference.of(program, Graphs::ours, torch))
                        .matches(Graphs.Difference::isTolerated));
    }

    /** DJL frees what PyTorch's graph still uses, if it is let: see {@link GraphOps#scale}. */
    @Test
    void garbageCollectionsDoNotChangeGradients() {
        TorchGraph torch = new TorchGraph();
        Program scaled = programs()
                .filter(program -> program.lines().stream()
                        .anyMatch(
                                line -> line.call() != null && line.call().op().equals("scale")))
                .findFirst()
                .orElseThrow();
        Thread collector = new Thread(() -> {
            while (!Thread.interrupted()) {
                System.gc();
            }
        });
        collector.start();
        try {
            for (int i = 0; i < 50; i++) {
                assertThat(Graphs.Difference.of(scaled, Graphs::ours, torch)).matches(Graphs.Difference::isTolerated);
            }
        } finally {
            collector.interrupt();
        }
    }

    private static Stream<Program> programs() {
        return IntStream.range(0, 100).mapToObj(i -> RandomProgram.of(RandomStream.derive(1, i), i < 50));
    }
}
