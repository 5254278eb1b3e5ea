// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.masktape.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class SplitProperties {
    private static Dataset numbered(List<Integer> labels, int classes) {
        double[] numbers = new double[labels.size()];
        Arrays.setAll(numbers, i -> i);
        int[] classOf = labels.stream().mapToInt(Integer::intValue).toArray();
        return new Dataset(Tensor.of(numbers, numbers.length, 1), classOf, classes);
    }

    /** How many examples may be split off: all but one of each class. */
    private static int roomOf(List<Integer> labels) {
        return labels.size() - (int) labels.stream().distinct().count();
    }

    @Property
    void everyExampleIsInOnePartInItsOrder(
            @ForAll @Size(min = 2, max = 60) List<@IntRange(max = 4) Integer> labels,
            @ForAll @IntRange(max = 58) int number,
            @ForAll long seed) {
        Dataset data = numbered(labels, 5);
        int room = roomOf(labels);
        Assume.that(room > 0);
        int count = 1 + number % room;
        Dataset.Split split = data.split(count, seed);
        double[] training = split.training().features().toDoubleArray();
        double[] validation = split.validation().features().toDoubleArray();

        assertThat(validation).hasSize(count).isSorted();
        assertThat(training).isSorted();
        assertThat(DoubleStream.concat(Arrays.stream(training), Arrays.stream(validation))
                        .sorted()
                        .toArray())
                .isEqualTo(data.features().toDoubleArray());
        for (int i = 0; i < count; i++) {
            assertThat(split.validation().labels()[i]).isEqualTo(labels.get((int) validation[i]));
        }
        assertThat(data.split(count, seed).validation().features())
                .isEqualTo(split.validation().features());
    }

    @Property
    void classesAreSharedOutInProportionAndKeepOne(
            @ForAll @Size(min = 2, max = 60) List<@IntRange(max = 4) Integer> labels,
            @ForAll @IntRange(max = 58) int number,
            @ForAll long seed) {
        Dataset data = numbered(labels, 5);
        int room = roomOf(labels);
        Assume.that(room > 0);
        int count = 1 + number % room;
        int[] all = ((Labels) data.targets()).counts();
        int[] drawn = ((Labels) data.split(count, seed).validation().targets()).counts();
        boolean roomy = true;
        for (int c = 0; c < 5; c++) {
            double share = (double) count * all[c] / labels.size();
            assertThat(drawn[c]).isGreaterThanOrEqualTo((int) share).isLessThanOrEqualTo(Math.max(0, all[c] - 1));
            roomy &= all[c] == 0 || Math.ceil(share) <= all[c] - 1;
        }
        for (int c = 0; roomy && c < 5; c++) {
            assertThat(drawn[c]).isLessThanOrEqualTo((int) Math.ceil((double) count * all[c] / labels.size()));
        }
    }

    @Property
    void eachExampleIsInOneFold(
            @ForAll @Size(min = 2, max = 60) List<@IntRange(max = 4) Integer> labels,
            @ForAll @IntRange(min = 2, max = 60) int wanted,
            @ForAll long seed) {
        Dataset data = numbered(labels, 5);
        int folds = Math.min(wanted, labels.size());
        int[] times = new int[labels.size()];
        int[] least = new int[6];
        int[] most = new int[6];
        Arrays.fill(least, Integer.MAX_VALUE);
        for (int fold = 0; fold < folds; fold++) {
            Dataset.Split split = data.fold(fold, folds, seed);
            double[] training = split.training().features().toDoubleArray();
            double[] validation = split.validation().features().toDoubleArray();
            assertThat(training).isSorted();
            assertThat(validation).isSorted();
            assertThat(DoubleStream.concat(Arrays.stream(training), Arrays.stream(validation))
                            .sorted()
                            .toArray())
                    .isEqualTo(data.features().toDoubleArray());
            int[] counts = Arrays.copyOf(((Labels) split.validation().targets()).counts(), 6);
            counts[5] = validation.length;
            for (int c = 0; c < 6; c++) {
                least[c] = Math.min(least[c], counts[c]);
                most[c] = Math.max(most[c], counts[c]);
            }
            for (double example : validation) {
                times[(int) example]++;
            }
            assertThat(data.fold(fold, folds, seed).validation().features())
                    .isEqualTo(split.validation().features());
        }
        assertThat(times).containsOnly(1);
        for (int c = 0; c < 6; c++) {
            assertThat(most[c] - least[c]).as("folds are alike").isLessThanOrEqualTo(1);
        }
    }

    @Property(tries = 5)
    void foldsThatDoNotExistAreRefused(@ForAll long seed) {
        Dataset data = numbered(List.of(0, 1, 0), 2);
        assertThatThrownBy(() -> data.fold(0, 1, seed))
                .hasMessage("folds: expected at least 2 and at most one for each" + " of the 3 examples, got 1");
        assertThatThrownBy(() -> data.fold(0, 4, seed)).hasMessageContaining("got 4");
        assertThatThrownBy(() -> data.fold(3, 3, seed)).hasMessage("fold: expected one of 0…2, got 3");
    }
}
