// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Workspace;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DatasetTest {
    private static final Tensor FEATURES = Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 3, 2);
    private static final Dataset CLASSES = new Dataset(FEATURES, new int[] {0, 2, 2}, 3);
    private static final Dataset TARGETS = Dataset.regression(FEATURES, Tensor.of(new double[] {7, 8, 9}, 3, 1));

    @Test
    void targetsFollowTheirExamples() {
        Dataset selected = TARGETS.select(new int[] {2, 0});
        assertThat(selected.values().toDoubleArray()).containsExactly(9, 7);
        assertThat(selected.size()).isEqualTo(2);
        assertThat(selected.outputs()).isEqualTo(1);

        for (Batch batch : Batches.of(TARGETS, 2).withShuffling(3).epoch(1)) {
            assertThat(batch.withWorkspace(new Workspace()).targets()).isEqualTo(batch.targets());
            for (int i = 0; i < batch.values().shape().dim(0); i++) {
                assertThat(batch.values().get(i, 0))
                        .isEqualTo(6.5 + batch.features().get(i, 0) / 2);
            }
        }
    }

    @Test
    void namesStayWithTheData() {
        Dataset named = new Dataset(FEATURES, new Labels(new int[] {0, 2, 2}, 3).withNames(List.of("a", "b", "c")))
                .withFeatureNames(List.of("u", "v"))
                .withLabelColumn("kind", 3)
                .select(new int[] {1});
        assertThat(named.featureNames()).containsExactly("u", "v");
        assertThat(((Labels) named.targets()).names()).containsExactly("a", "b", "c");
        assertThat(named.labelColumn()).isEqualTo("kind");
        assertThat(named.labelNumber()).isEqualTo(3);
        assertThat(CLASSES.featureNames()).isNull();
        assertThat(((Labels) CLASSES.targets()).names()).containsExactly("0", "1", "2");
        assertThat(CLASSES.labelColumn()).isNull();
        assertThat(CLASSES.labelNumber()).isZero();
    }

    @Test
    void aLineTellsTheSizes() {
        assertThat(CLASSES).hasToString("3 examples × 2 features, 3 classes: 0 1, 1 0, 2 2");
        assertThat(TARGETS).hasToString("3 examples × 2 features, 1 target");
        assertThat(new Dataset(FEATURES, new int[] {0, 2, 2}, 14))
                .hasToString("3 examples × 2 features, 14 classes: 0 1, 1 0, 2 2, 3 0, 4 0, 5 0, 6 0, 7 0, 8 0, 9 0,"
                        + " 10 0, 11 0, … (0 to 2 a class)");
        assertThat(((Labels) CLASSES.targets()).counts()).containsExactly(1, 0, 2);
    }

    @Test
    void labelsAndTargetsAreNotMistakenForEachOther() {
        assertThatThrownBy(CLASSES::values)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("values: expected values to predict, got class labels; see targets()");
        assertThatThrownBy(TARGETS::labels)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("labels: expected class labels, got values to predict; see targets()");
        assertThatThrownBy(
                        () -> Batches.of(TARGETS, 1).epoch(1).iterator().next().labels())
                .hasMessageStartingWith("labels: ");
        assertThatThrownBy(
                        () -> Batches.of(CLASSES, 1).epoch(1).iterator().next().values())
                .hasMessageStartingWith("values: ");
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> Dataset.regression(FEATURES, Tensor.of(new double[] {1, 2}, 2, 1)))
                .hasMessage("dataset: expected two matrices with a row for each example, got features of shape 3×2 and"
                        + " targets of shape 2×1");
        assertThatThrownBy(() -> Dataset.regression(FEATURES, Tensor.of(new float[] {1, 2, 3}, 3, 1)))
                .hasMessage("dataset: expected features and targets of one dtype, got FLOAT64 and FLOAT32");
        assertThatThrownBy(() -> CLASSES.withFeatureNames(List.of("a")))
                .hasMessage("dataset: expected 2 feature names, got 1");
        assertThatThrownBy(() -> new Labels(new int[] {0, 2, 2}, 3).withNames(List.of("a", "b", "a")))
                .hasMessage("dataset: expected different class names, got [a, b, a]");
        assertThatThrownBy(() -> CLASSES.withLabelColumn("a", 0))
                .hasMessage("dataset: label column: expected a number of at least 1, got 0");
        assertThatThrownBy(() -> CLASSES.split(0, 1)).hasMessage("validation: expected at least 1 example, got 0");
        assertThatThrownBy(() -> CLASSES.split(2, 1))
                .hasMessage("validation: expected at most 1 of 3 examples, so that each class keeps one, got 2");
        assertThatThrownBy(() -> TARGETS.split(3, 1))
                .hasMessage("validation: expected at most 2 of 3 examples, so that training keeps one, got 3");
        assertThatThrownBy(() -> TARGETS.select(new int[] {0}).split(1, 1))
                .hasMessage("validation: expected at most 0 of 1 examples, so that training keeps one, got 1");
    }

    /** The halves of a split must not drift: a resumed run draws them again. */
    @Test
    void aSplitIsTheSameForGood() {
        Tensor numbers = Tensor.of(new double[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, 12, 1);
        Dataset data = new Dataset(numbers, new int[] {0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2}, 3);
        assertThat(Arrays.toString(data.split(4, 1).validation().features().toDoubleArray()))
                .isEqualTo("[4.0, 5.0, 6.0, 10.0]");
        assertThat(Arrays.toString(Dataset.regression(numbers, numbers)
                        .split(4, 1)
                        .validation()
                        .values()
                        .toDoubleArray()))
                .isEqualTo("[1.0, 3.0, 5.0, 7.0]");
    }

    @Test
    void whatIsLeftOfTheSharesGoesToTheLargestRemainders() {
        assertThat(validationCounts(5, 6, 3, 1)).containsExactly(3, 2, 0);
        assertThat(validationCounts(5, 5, 3, 2))
                .as("of equal ones to the first")
                .containsExactly(3, 1, 1);
        assertThat(validationCounts(4, 2, 2, 9)).containsExactly(1, 0, 3);
        assertThat(validationCounts(10, 2, 2, 9)).as("each keeps one").containsExactly(1, 1, 8);
    }

    private static int[] validationCounts(int validation, int... counts) {
        int[] labels = new int[Arrays.stream(counts).sum()];
        int from = 0;
        for (int c = 0; c < counts.length; c++) {
            Arrays.fill(labels, from, from += counts[c], c);
        }
        Dataset data = new Dataset(Tensor.zeros(DType.FLOAT32, labels.length, 1), labels, counts.length);
        return ((Labels) data.split(validation, 1).validation().targets()).counts();
    }

    @Test
    void weightsFollowTheirExamples() {
        assertThat(CLASSES.isWeighted()).isFalse();
        assertThat(CLASSES.weights()).containsExactly(1, 1, 1);
        double[] weights = {0.5, 2, 3};
        Dataset weighted = CLASSES.withWeights(weights);
        weights[0] = 7;
        assertThat(weighted.isWeighted()).isTrue();
        assertThat(weighted.weights()).containsExactly(0.5, 2, 3);
        assertThat(weighted.select(new int[] {2, 0}).weights()).containsExactly(3, 0.5);
        assertThat(weighted.to(DType.FLOAT32)
                        .withFeatureNames(List.of("u", "v"))
                        .weights())
                .containsExactly(0.5, 2, 3);
        assertThat(Preprocessing.fit(weighted).apply(weighted).weights()).containsExactly(0.5, 2, 3);
        assertThat(new Batch(weighted).weights()).containsExactly(0.5, 2, 3);
        for (Batch batch : Batches.of(weighted, 2).withShuffling(3).epoch(1)) {
            assertThat(batch.isWeighted()).isTrue();
            assertThat(batch.examples().weights()).isEqualTo(batch.weights());
            for (int i = 0; i < batch.size(); i++) {
                int row = (int) (batch.features().get(i, 0) - FEATURES.get(0, 0)) / 2;
                assertThat(batch.weights()[i]).isEqualTo(weighted.weights()[row]);
            }
        }
    }

    @Test
    void weightsArePositiveNumbersOneForEachExample() {
        assertThatThrownBy(() -> CLASSES.withWeights(1, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("weights: expected one for each of 3 examples, got 2");
        for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> CLASSES.withWeights(1, bad, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageMatching(
                            "weights: expected positive, finite numbers, got \\S+ for example 1; leave out an"
                                    + " example that should not count");
        }
    }
}
