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
                .allSatisfy(program -> assertThat(
                                Graphs.Difference.of(program, Graphs::ours, p -> Graphs.steady(torch, p)))
                        .matches(Graphs.Difference::isTolerated));
    }

    private static Stream<Program> programs() {
        return IntStream.range(0, 100).mapToObj(i -> RandomProgram.of(RandomStream.derive(1, i), i < 50));
    }
}
