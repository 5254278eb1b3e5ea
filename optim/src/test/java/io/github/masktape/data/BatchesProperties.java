// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Workspace;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class BatchesProperties {
    private static Dataset numbers(int count) {
        double[] values = new double[count];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            values[i] = i;
            labels[i] = i;
        }
        return new Dataset(Tensor.of(values, count, 1), labels, count);
    }

    private static List<Integer> labels(Iterable<Batch> epoch) {
        List<Integer> labels = new ArrayList<>();
        for (Batch batch : epoch) {
            for (int i = 0; i < batch.labels().length; i++) {
                assertThat(batch.features().get(i, 0)).isEqualTo(batch.labels()[i]);
                labels.add(batch.labels()[i]);
            }
        }
        return labels;
    }

    @Property
    void anEpochHoldsEveryExampleOnce(
            @ForAll @IntRange(min = 1, max = 50) int examples,
            @ForAll @IntRange(min = 1, max = 60) int size,
            @ForAll long seed) {
        Batches batches = Batches.of(numbers(examples), size).withShuffling(seed);
        List<Integer> seen = labels(batches.epoch(3));
        assertThat(seen).hasSize(examples).doesNotHaveDuplicates();
        long steps = 0;
        for (Batch batch : batches.epoch(3)) {
            assertThat(batch.step()).isEqualTo(2L * batches.perEpoch() + steps++);
        }
        assertThat(steps).isEqualTo(batches.perEpoch()).isEqualTo((examples + size - 1) / size);
    }

    @Example
    void ordersDifferByEpochAndSeedAndAreRepeatable() {
        Batches batches = Batches.of(numbers(40), 7).withShuffling(1);
        assertThat(labels(batches.epoch(1)))
                .isEqualTo(labels(Batches.of(numbers(40), 40).withShuffling(1).epoch(1)))
                .isNotEqualTo(labels(batches.epoch(2)))
                .isNotEqualTo(labels(batches.withShuffling(2).epoch(1)));
        assertThat(labels(Batches.of(numbers(4), 3).epoch(1))).containsExactly(0, 1, 2, 3);
    }

    @Example
    void featuresCanBeGatheredIntoAWorkspace() {
        Batch batch =
                Batches.of(numbers(9), 4).withShuffling(1).epoch(1).iterator().next();
        Workspace workspace = new Workspace();
        Tensor features = batch.withWorkspace(workspace).features();
        assertThat(features).isEqualTo(batch.features());
        workspace.recycle();
        assertThatThrownBy(() -> features.get(0, 0)).hasMessageContaining("its workspace was recycled");
        assertThat(batch.withWorkspace(workspace).features()).isEqualTo(batch.features());
    }

    @Example
    void refusesWhatMakesNoSense() {
        assertThatThrownBy(() -> Batches.of(numbers(1), 0)).hasMessage("batchSize: expected at least 1, got 0");
        assertThatThrownBy(() -> Batches.of(numbers(1), 1).epoch(0)).hasMessage("epoch: expected at least 1, got 0");
        assertThatThrownBy(() -> new Dataset(Tensor.of(new double[] {1, 2}, 2, 1), new int[] {0, 2}, 2))
                .hasMessage("dataset: label 2 of example 1 is not in 0…1");
        assertThatThrownBy(() -> new Dataset(Tensor.of(new double[] {1, 2}, 2, 1), new int[] {0}, 2))
                .hasMessage("dataset: expected a matrix of one row for each of 1 labels, got features of shape 2×1");
    }
}
