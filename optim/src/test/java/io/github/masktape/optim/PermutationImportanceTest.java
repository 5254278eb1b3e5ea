// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import io.github.masktape.data.Csv;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.Preprocessing;
import io.github.masktape.layers.Linear;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PermutationImportanceTest {
    private static final int EXAMPLES = 40;

    @TempDir
    static Path folder;

    /** The label is the kind; the size is missing for every fourth example; the noise means nothing. */
    private static Dataset table() throws IOException {
        RandomStream stream = new RandomStream(1);
        StringBuilder text = new StringBuilder("id,size,noise,kind,seen,label\n");
        for (int i = 0; i < EXAMPLES; i++) {
            text.append("row ").append(i).append(',');
            text.append(i % 4 == 0 ? "" : Integer.toString(i)).append(',');
            text.append(stream.nextDouble()).append(',');
            text.append(List.of("red", "green", "blue").get(i % 3)).append(',');
            text.append("2024-01-")
                    .append(i % 20 + 10)
                    .append(' ')
                    .append(i % 3 + 10)
                    .append(":30,");
            text.append(i % 3 == 0 ? "yes" : "no").append('\n');
        }
        Path file = Files.writeString(folder.resolve("table.csv"), text);
        return Csv.of(file.toFile()).withLabel("label").read();
    }

    private static Linear net(double[][] weights) {
        Linear net = Linear.of(weights[0].length, weights.length, Initializer.heUniform(1));
        net.parameters().get("weight").set(Tensor.of(weights).to(DType.FLOAT32));
        return net;
    }

    /** A net whose second output is the input of a name, whose first is 0.5. */
    private static Linear only(String input, Preprocessing preprocessing) {
        double[][] weights = new double[2][preprocessing.inputs()];
        List<Preprocessing.Input> inputs = preprocessing.encodedInputs();
        for (int k = 0; k < inputs.size(); k++) {
            weights[1][k] = inputs.get(k).name().equals(input) ? 1 : 0;
        }
        Linear net = net(weights);
        net.parameters().get("bias").set(Tensor.of(new double[] {0.5, 0}).to(DType.FLOAT32));
        return net;
    }

    @Test
    void anImportanceIsForAColumnWithAllItsInputs() throws IOException {
        Dataset raw = table();
        Preprocessing preprocessing = Preprocessing.fit(raw);
        assertThat(preprocessing.inputs()).isGreaterThan(6);
        PermutationImportance importance =
                PermutationImportance.of(only("kind=red", preprocessing), preprocessing, raw, 5, 1);
        assertThat(importance.error()).isZero();
        assertThat(importance.columns())
                .extracting(PermutationImportance.Rise::column)
                .containsExactly("kind", "size", "noise", "seen");
        assertThat(importance.columns().get(0).mean()).isBetween(0.3, 0.6);
        assertThat(importance.columns().subList(1, 4))
                .extracting(PermutationImportance.Rise::mean, PermutationImportance.Rise::standardError)
                .containsOnly(org.assertj.core.groups.Tuple.tuple(0.0, OptionalDouble.of(0)));
    }

    @Test
    void theFlagOfAMissingNumberBelongsToTheNumber() throws IOException {
        Dataset raw = table();
        Preprocessing preprocessing = Preprocessing.fit(raw);
        PermutationImportance importance =
                PermutationImportance.of(only("size missing", preprocessing), preprocessing, raw, 20, 1);
        assertThat(importance.columns().get(0).standardError().getAsDouble()).isPositive();
        assertThat(importance.columns())
                .filteredOn(rise -> rise.standardError().getAsDouble() > 0)
                .extracting(PermutationImportance.Rise::column)
                .containsExactly("size");
    }

    /** With one column, shuffled cells give the predictions of other rows: those can be counted without a net. */
    @Test
    void theRiseIsTheErrorOfShuffledPredictions() {
        double[] x = {3, -1, 2, -2, 1, -3, 4, 5};
        int[] labels = {1, 0, 1, 0, 1, 1, 0, 1};
        Dataset raw = new Dataset(Tensor.of(x, 8, 1), labels, 2);
        Preprocessing preprocessing = Preprocessing.none(raw);
        Linear net = net(new double[][] {{0}, {1}});
        PermutationImportance importance = PermutationImportance.of(net, preprocessing, raw, 3, 7);
        double[] rises = new double[3];
        for (int r = 0; r < 3; r++) {
            long key = RandomStream.derive(RandomStream.derive(RandomStream.derive(-3, 7), 1), r);
            int[] order = new RandomStream(key).permutation(8);
            for (int i = 0; i < 8; i++) {
                rises[r] += ((x[order[i]] > 0 ? 1 : 0) == labels[i] ? 0 : 1) / 8.0;
            }
            rises[r] -= 0.25;
        }
        double mean = (rises[0] + rises[1] + rises[2]) / 3;
        double squares = 0;
        for (double rise : rises) {
            squares += (rise - mean) * (rise - mean);
        }
        assertThat(importance.error()).isEqualTo(0.25);
        assertThat(importance.columns()).hasSize(1);
        PermutationImportance.Rise rise = importance.columns().get(0);
        assertThat(rise.column()).isEqualTo("feature 1");
        assertThat(rise.mean()).isCloseTo(mean, offset(1e-15));
        assertThat(rise.standardError().getAsDouble()).isCloseTo(Math.sqrt(squares / 6), offset(1e-15));
    }

    @Test
    void aRegressionIsMeasuredInTheUnitOfItsTarget() {
        Tensor x = Tensor.of(new double[] {-1, 0, 1, 0, 2, 0, 3, 0}, 4, 2);
        Dataset raw = Dataset.regression(x, Tensor.of(new double[] {-100, 100, 200, 300}, 4, 1))
                .withFeatureNames(List.of("a", "b"));
        Preprocessing preprocessing = Preprocessing.fit(raw);
        PermutationImportance exact = PermutationImportance.of(net(new double[][] {{1, 1}}), preprocessing, raw, 1, 1);
        assertThat(exact.error()).isCloseTo(0, offset(1e-4));
        assertThat(exact.columns().get(0).column()).isEqualTo("a");
        assertThat(exact.columns().get(0).mean()).isBetween(10.0, 400.0);
        assertThat(exact.columns().get(0).standardError()).isEmpty();
        assertThat(exact.columns().get(1).mean()).isZero();
    }

    @Test
    void theSameSeedGivesTheSameNumbers() throws IOException {
        Dataset raw = table();
        Preprocessing preprocessing = Preprocessing.fit(raw);
        Linear net = only("kind=blue", preprocessing);
        assertThat(PermutationImportance.of(net, preprocessing, raw, 4, 3))
                .isEqualTo(PermutationImportance.of(net, preprocessing, raw, 4, 3))
                .isNotEqualTo(PermutationImportance.of(net, preprocessing, raw, 4, 4));
        assertThatThrownBy(() -> PermutationImportance.of(net, preprocessing, raw, 0, 1))
                .hasMessage("repeats: expected at least 1, got 0");
    }
}
