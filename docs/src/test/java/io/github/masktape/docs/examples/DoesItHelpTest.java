// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.autograd.Parameter;
import io.github.masktape.docs.examples.DoesItHelp.DropKind;
import io.github.masktape.docs.examples.DoesItHelp.MoonsTask;
import io.github.masktape.docs.examples.DoesItHelp.TrainedOnMoons;
import io.github.masktape.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The experiment is fair, and the file has all of it. The page of the chapter trains one of the networks again. */
@Tag("once")
class DoesItHelpTest {
    private static final Path FILE = Path.of("course/does-it-help.csv");

    @Test
    void theFileHasANetworkForEachTaskKindAndSeed() throws IOException {
        List<TrainedOnMoons> all = DoesItHelp.read(FILE);
        for (MoonsTask task : MoonsTask.values()) {
            for (DropKind kind : DropKind.values()) {
                assertThat(DoesItHelp.select(all, task, kind).stream()
                                .map(TrainedOnMoons::seed)
                                .toList())
                        .as(task + " " + kind)
                        .isEqualTo(
                                task.kinds().contains(kind)
                                        ? IntStream.rangeClosed(1, 20).boxed().toList()
                                        : List.of());
            }
        }
        assertThat(Files.readAllLines(FILE).stream().skip(1).toList())
                .isEqualTo(all.stream().map(TrainedOnMoons::toString).toList());
    }

    @Test
    void allKindsBeginWithTheSameWeights() {
        List<List<Tensor>> weights = Stream.of(DropKind.values())
                .map(kind -> kind.network(22, 0.5, 3).parameters().values().stream()
                        .map(Parameter::value)
                        .toList())
                .distinct()
                .toList();
        assertThat(weights).hasSize(1);
        assertThat(weights.get(0)).hasSize(6);
    }

    @Test
    void labelsAreWrongInTrainingOnlyAndUselessInputsAreInBoth() {
        int[] wrong = MoonsTask.WRONG_LABELS.training(5).labels();
        int[] right = MoonsTask.USELESS_INPUTS.training(5).labels();
        assertThat(IntStream.range(0, 200).filter(i -> wrong[i] != right[i])).hasSize(50);
        assertThat(MoonsTask.WRONG_LABELS.test(5).labels())
                .isEqualTo(MoonsTask.BOTH.test(5).labels());
        assertThat(MoonsTask.BOTH.training(5).features())
                .isEqualTo(MoonsTask.USELESS_INPUTS.training(5).features());
        assertThat(MoonsTask.BOTH.training(5).features().shape().dim(1)).isEqualTo(22);
        assertThat(MoonsTask.MANY_POINTS.training(5).size()).isEqualTo(2000);
    }

    /** Standard deviation 1 of four numbers −1, −1, 1, 1 by their mean square over n − 1: √(4/3)/2 = 0.577. */
    @Test
    void theErrorOfAMeanIsTheDeviationByTheRootOfTheCount() {
        assertThat(DoesItHelp.meanAndError(9, 9, 11, 11)).isEqualTo("10.0 ± 0.6");
    }
}
