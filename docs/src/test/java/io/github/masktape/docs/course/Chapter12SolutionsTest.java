// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs.course;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.masktape.docs.examples.DoesItHelp;
import io.github.masktape.docs.examples.DoesItHelp.DropKind;
import io.github.masktape.docs.examples.DoesItHelp.MoonsTask;
import io.github.masktape.docs.examples.DoesItHelp.TrainedOnMoons;
import io.github.masktape.tensor.Mask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Solutions of the exercises of docs/course/12-does-it-help.md. */
class Chapter12SolutionsTest {
    private static final int LAST = DoesItHelp.TESTED.size() - 1;
    private final List<TrainedOnMoons> all = read();

    private static List<TrainedOnMoons> read() {
        try {
            return DoesItHelp.read(Path.of("course/does-it-help.csv"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The test errors of all seeds after one of the tested steps. */
    private double[] errors(MoonsTask task, DropKind kind, int tested) {
        return DoesItHelp.select(all, task, kind).stream()
                .mapToDouble(network -> network.testError(tested))
                .toArray();
    }

    private static double mean(double... values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    private static double standardError(double... values) {
        double mean = mean(values);
        double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
        return Math.sqrt(squares / (values.length - 1) / values.length);
    }

    @Test
    void pairsRemoveTheLuckOfTheDraw() {
        double[] plain = errors(MoonsTask.USELESS_INPUTS, DropKind.NOTHING, LAST);
        double[] dropout = errors(MoonsTask.USELESS_INPUTS, DropKind.UNITS, LAST);
        double[] differences = IntStream.range(0, plain.length)
                .mapToDouble(i -> plain[i] - dropout[i])
                .toArray();
        double unpaired = Math.hypot(standardError(plain), standardError(dropout));
        assertThat(standardError(differences)).isLessThan(0.7 * unpaired);
        assertThat(mean(differences)).isCloseTo(mean(plain) - mean(dropout), within(1e-9));
    }

    /** The best of the six steps, by the mean over the seeds, is long before the last. */
    @Test
    void stoppingInTime() {
        double[] means = IntStream.rangeClosed(0, LAST)
                .mapToDouble(tested -> mean(errors(MoonsTask.WRONG_LABELS, DropKind.NOTHING, tested)))
                .toArray();
        int best = IntStream.rangeClosed(0, LAST)
                .reduce((a, b) -> means[b] < means[a] ? b : a)
                .orElseThrow();
        assertThat(DoesItHelp.TESTED.get(best)).isEqualTo(250);
        assertThat(means[best])
                .isLessThan(mean(errors(MoonsTask.WRONG_LABELS, DropKind.CONNECTIONS, LAST)))
                .isLessThan(mean(errors(MoonsTask.WRONG_LABELS, DropKind.UNITS, LAST)));
    }

    /** With two inputs, u varies as much as it is large, so that relu of the mean is far from the mean of relu. */
    @Test
    void meanInferenceOfTwoInputs() {
        List<TrainedOnMoons> networks = DoesItHelp.select(all, MoonsTask.MANY_POINTS, DropKind.CONNECTIONS);
        for (TrainedOnMoons network : networks) {
            assertThat(network.testErrorsOfMean())
                    .isGreaterThan(3 * network.testErrors().get(LAST));
        }
    }

    /** The two useful inputs are both dropped with probability p²: 0.64 at p = 0.8, and 0.25 at p = ½. */
    @Test
    void withoutAnyUsefulInput() {
        assertThat(shareWithout(0.8)).isCloseTo(0.64, within(0.02));
        assertThat(shareWithout(0.5)).isCloseTo(0.25, within(0.02));
        Mask mask = Mask.bernoulli(200, 64, 22, 0.8, 1);
        assertThat(mask.kept() / (200.0 * 64)).isCloseTo(22 * 0.2, within(0.1));
    }

    private static double shareWithout(double p) {
        Mask mask = Mask.bernoulli(200, 64, 22, p, 1);
        int count = 0;
        for (int n = 0; n < 200; n++) {
            for (int j = 0; j < 64; j++) {
                count += mask.keeps(n, j, 0) || mask.keeps(n, j, 1) ? 0 : 1;
            }
        }
        return count / (200.0 * 64);
    }
}
