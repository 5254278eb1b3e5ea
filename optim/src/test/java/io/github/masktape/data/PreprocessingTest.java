// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assertions.within;

import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UniqueElements;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class PreprocessingTest {
    private static final Dataset FLOWERS = new Dataset(
                    Tensor.of(new float[] {1, 5, 0.1f, 3, 5, 0.1f, 8, 5, 0.1f}, 3, 3),
                    new Labels(new int[] {0, 1, 0}, 2).withNames(List.of("no", "yes")))
            .withFeatureNames(List.of("a", "b", "c"))
            .withLabelColumn("sure?", 2);

    private static final Dataset PRICES = Dataset.regression(
            Tensor.of(new float[] {1, 2, 3}, 3, 1), Tensor.of(new float[] {10, 7, 20, 7, 60, 7}, 3, 2));

    @Test
    void featuresGetMean0AndDeviation1() {
        Preprocessing fitted = Preprocessing.fit(FLOWERS);
        double deviation = Math.sqrt(26.0 / 3);

        assertThat(fitted.featureMeans()).containsExactly(4, 5, 0.1f);
        assertThat(fitted.featureDeviations()).containsExactly(deviation, 0, 0);
        assertThat(fitted.apply(FLOWERS).features().toFloatArray())
                .containsExactly(
                        (float) (-3 / deviation), 0, 0, (float) (-1 / deviation), 0, 0, (float) (4 / deviation), 0, 0);
        assertThat(fitted.apply(FLOWERS).labels()).isEqualTo(FLOWERS.labels());
        assertThat(fitted.apply(FLOWERS).featureNames()).isEqualTo(FLOWERS.featureNames());
    }

    @Test
    void predictionsAreRestoredToTheUnitOfTheData() {
        Preprocessing fitted = Preprocessing.fit(PRICES);
        Tensor outputs = fitted.apply(PRICES).values();
        assertThat(fitted.restore(outputs).toDoubleArray())
                .containsExactly(new double[] {10, 7, 20, 7, 60, 7}, within(1e-5));
        assertThatThrownBy(() -> Preprocessing.fit(FLOWERS).restore(outputs))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("restore: expected the targets of a regression, got classes");
    }

    @Test
    void aFeatureThatWasConstantIsIgnored() {
        assertThat(Preprocessing.fit(FLOWERS).applyFeatures(Tensor.of(new float[] {4, 1e9f, -7}, 1, 3)))
                .isEqualTo(Tensor.of(new float[] {0, 0, 0}, 1, 3));
    }

    @Test
    void targetsAreStandardizedAndRestored() {
        Preprocessing fitted = Preprocessing.fit(PRICES);
        Dataset data = fitted.apply(PRICES);

        assertThat(quantities(fitted).means()).containsExactly(30, 7);
        assertThat(quantities(fitted).deviations()).containsExactly(Math.sqrt(1400.0 / 3), 1);
        assertThat(quantities(Preprocessing.none(PRICES)).deviations()).containsExactly(1, 1);
        assertThat(data.values().get(0, 0)
                        + data.values().get(1, 0)
                        + data.values().get(2, 0))
                .isCloseTo(0, Offset.offset(1e-6));
        assertThat(data.values().get(0, 1)).isZero();
        double[] restored = quantities(fitted).restore(data.values()).toDoubleArray();
        for (int i = 0; i < restored.length; i++) {
            assertThat(restored[i]).isCloseTo(PRICES.values().toDoubleArray()[i], Offset.offset(1e-5));
        }
        assertThat(quantities(fitted).restore(Tensor.of(new float[] {0, 5}, 1, 2)))
                .isEqualTo(Tensor.of(new double[] {30, 12}, 1, 2));
    }

    /** Otherwise an error of the validation set would be called none. */
    @Test
    void aTargetThatWasConstantKeepsItsUnit() {
        Dataset validation = Dataset.regression(Tensor.of(new float[] {1}, 1, 1), Tensor.of(new float[] {9, 8}, 1, 2));
        Preprocessing fitted = Preprocessing.fit(PRICES);
        Tensor targets = fitted.apply(validation).values();

        assertThat(targets.get(0, 1)).isEqualTo(1);
        assertThat(quantities(fitted).restore(targets).get(0, 1)).isEqualTo(8);
    }

    /** The sum of squares minus the square of the sum would have no digit left. */
    @Test
    void aLargeMeanCostsNoDigits() {
        Tensor x = Tensor.of(new double[] {1e9 + 1, 1e9 + 2, 1e9 + 3}, 3, 1);
        Preprocessing fitted = Preprocessing.fit(new Dataset(x, new int[3], 2));

        assertThat(fitted.featureMeans()).containsExactly(1e9 + 2);
        assertThat(fitted.featureDeviations()).containsExactly(Math.sqrt(2.0 / 3));
        assertThat(fitted.applyFeatures(x, DType.FLOAT64).toDoubleArray())
                .containsExactly(-1 / Math.sqrt(2.0 / 3), 0, 1 / Math.sqrt(2.0 / 3));
        assertThat(fitted.applyFeatures(x).toFloatArray())
                .containsExactly((float) (-1 / Math.sqrt(2.0 / 3)), 0, (float) (1 / Math.sqrt(2.0 / 3)));
    }

    /** Of seconds since 1970 a float has every 128th, of targets near 123456789 every eighth. */
    @Test
    void standardizationIsInDoubleAndItsResultForFloatNetworks() {
        Dataset raw = Dataset.regression(
                Tensor.of(new double[] {1.7e9, 1.7e9 + 1, 1.7e9 + 2}, 3, 1),
                Tensor.of(new double[] {123456789.25, 123456789.5, 123456789.75}, 3, 1));
        Preprocessing fitted = Preprocessing.fit(raw);
        float step = (float) Math.sqrt(1.5);

        for (Tensor x : List.of(
                fitted.apply(raw).features(),
                fitted.apply(raw).values(),
                fitted.apply(raw.to(DType.FLOAT64)).features())) {
            assertThat(x).isEqualTo(Tensor.of(new float[] {-step, 0, step}, 3, 1));
        }
        assertThat(fitted.apply(raw, DType.FLOAT64).values().dtype()).isEqualTo(DType.FLOAT64);
        assertThat(quantities(fitted)
                        .restore(Tensor.of(new float[] {0, 1}, 2, 1))
                        .toDoubleArray())
                .containsExactly(123456789.5, 123456789.5 + Math.sqrt(0.125 / 3));
        Dataset none = Preprocessing.none(raw).apply(raw);
        assertThat(none.features().dtype()).isEqualTo(DType.FLOAT32);
        assertThat(none.values().dtype()).isEqualTo(DType.FLOAT32);
        assertThat(Preprocessing.none(raw).apply(raw, DType.FLOAT64).features()).isSameAs(raw.features());
    }

    @Test
    void aDeviationThatOverflowsIsRefused() {
        Tensor x = Tensor.of(new double[] {0, 1e200, 0, 0}, 2, 2);
        assertThatThrownBy(() -> Preprocessing.fit(new Dataset(x, new int[2], 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "preprocessing: expected numbers whose squares a double holds, got feature 1 with a deviation"
                                + " that overflows");
    }

    @Test
    void noneChangesNoNumber() {
        Preprocessing none = Preprocessing.none(FLOWERS);

        assertThat(none.apply(FLOWERS).features()).isSameAs(FLOWERS.features());
        assertThat(((TargetKind.Classes) none.targets()).names()).containsExactly("no", "yes");
        assertThat(none.featureDeviations()).containsExactly(1, 1, 1);
        assertThat(quantities(Preprocessing.none(PRICES)).restore(PRICES.values()))
                .isEqualTo(PRICES.values().to(DType.FLOAT64));
        assertThat(none.isStandardized()).isFalse();
        assertThat(Preprocessing.fit(FLOWERS).isStandardized()).isTrue();
    }

    @Test
    void everyRowOfALargeTableIsSeen() {
        int n = 100_003;
        Tensor x = Tensor.ofRows(n, 3, (i, row) -> {
            row[0] = i;
            row[1] = -2 * (float) i;
            row[2] = i % 2;
        });
        Preprocessing fitted = Preprocessing.fit(new Dataset(x, new int[n], 2));

        double deviation = Math.sqrt(((double) n * n - 1) / 12);
        assertThat(fitted.featureMeans()[0]).isEqualTo((n - 1) / 2.0);
        assertThat(fitted.featureDeviations()[0]).isCloseTo(deviation, Offset.offset(1e-9 * deviation));
        assertThat(fitted.featureDeviations()[1]).isCloseTo(2 * deviation, Offset.offset(2e-9 * deviation));
        Tensor y = fitted.applyFeatures(x);
        for (int i = 0; i < n; i += 101) {
            assertThat(y.get(i, 0)).isEqualTo((float) ((i - fitted.featureMeans()[0]) / fitted.featureDeviations()[0]));
        }
    }

    @Test
    void everyRowOfALargeTableOfDoublesIsSeen() {
        int n = 50_001;
        double[] numbers = new double[2 * n];
        for (int i = 0; i < n; i++) {
            numbers[2 * i] = i;
            numbers[2 * i + 1] = 1.0 / (i + 1);
        }
        Tensor x = Tensor.of(numbers, n, 2);
        Preprocessing fitted = Preprocessing.fit(new Dataset(x, new int[n], 2));
        double[] means = fitted.featureMeans();
        double[] deviations = fitted.featureDeviations();
        double[] y = fitted.applyFeatures(x, DType.FLOAT64).toDoubleArray();
        for (int i = 0; i < y.length; i++) {
            if (Math.abs(y[i] - (numbers[i] - means[i % 2]) / deviations[i % 2]) > 1e-12) {
                fail("element " + i);
            }
        }
    }

    private static TargetKind.Quantities quantities(Preprocessing preprocessing) {
        return (TargetKind.Quantities) preprocessing.targets();
    }

    @Test
    void quantitiesAsTextHaveMeansAndDeviations() {
        assertThat(quantities(Preprocessing.fit(PRICES)))
                .asString()
                .matches("2 targets of means \\[.*, .*] and deviations \\[.*, .*]");
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> quantities(Preprocessing.fit(PRICES)).restore(FLOWERS.features()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("preprocessing: expected a matrix of 2 targets an example, got shape 3×3");
        Preprocessing fitted = Preprocessing.fit(FLOWERS);
        assertThatThrownBy(() -> fitted.applyFeatures(Tensor.of(new float[2], 1, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("preprocessing: expected a matrix of 3 features an example, got shape 1×2");
        assertThatThrownBy(() -> fitted.apply(PRICES))
                .hasMessage("preprocessing: expected labels, got targets of a regression");
        assertThatThrownBy(() -> Preprocessing.fit(PRICES).apply(FLOWERS))
                .hasMessage("preprocessing: expected targets as of a regression, got labels");
        assertThatThrownBy(() -> fitted.apply(new Dataset(FLOWERS.features(), new int[3], 3)))
                .hasMessage("preprocessing: expected at most 2 classes, got 3");
        assertThatThrownBy(
                        () -> Preprocessing.fit(PRICES).apply(Dataset.regression(PRICES.features(), PRICES.features())))
                .hasMessage("preprocessing: expected 2 targets, got 1");
        assertThatThrownBy(() ->
                        Preprocessing.fit(new Dataset(Tensor.of(new float[] {1, Float.NaN}, 1, 2), new int[1], 2)))
                .hasMessage("preprocessing: expected finite features, got nan at [0, 1]");
    }

    @Property
    void metadataBringsBackTheSame(
            @ForAll @Size(min = 1, max = 4) @UniqueElements List<String> featureNames,
            @ForAll @Size(min = 1, max = 4) @UniqueElements List<String> classNames,
            @ForAll String label,
            @ForAll @Size(4) List<@FloatRange(min = -1e30f, max = 1e30f) Float> numbers) {
        int n = featureNames.size();
        float[] values = new float[2 * n];
        for (int k = 0; k < values.length; k++) {
            values[k] = numbers.get(k % 4) * (k + 1);
        }
        Tensor features = Tensor.of(values, 2, n);
        Dataset classes = new Dataset(features, new Labels(new int[2], classNames.size()).withNames(classNames))
                .withFeatureNames(featureNames)
                .withLabelColumn(label, 2);
        Dataset targets = Dataset.regression(features, Tensor.of(new float[] {numbers.get(0), numbers.get(1)}, 2, 1));
        for (Preprocessing p : List.of(
                Preprocessing.fit(classes),
                Preprocessing.none(classes),
                Preprocessing.fit(targets),
                Preprocessing.none(targets))) {
            Map<String, String> metadata = p.toMetadata();
            Preprocessing back = Preprocessing.ofMetadata(metadata);

            assertThat(back.toMetadata()).isEqualTo(metadata);
            assertThat(back.featureNames()).isEqualTo(p.featureNames());
            assertThat(back.featureMeans()).isEqualTo(p.featureMeans());
            assertThat(back.featureDeviations()).isEqualTo(p.featureDeviations());
            assertThat(back.labelColumn()).isEqualTo(p.labelColumn());
            assertThat(back.labelNumber()).isEqualTo(p.labelNumber());
            assertThat(back.outputs()).isEqualTo(p.outputs());
            if (p.targets() instanceof TargetKind.Classes) {
                assertThat(back.targets()).isEqualTo(new TargetKind.Classes(classNames));
            } else {
                assertThat(quantities(back).means()).isEqualTo(quantities(p).means());
                assertThat(quantities(back).deviations())
                        .isEqualTo(quantities(p).deviations());
            }
        }
    }

    @Test
    void metadataIsReadable() {
        assertThat(Preprocessing.fit(FLOWERS).toMetadata())
                .containsEntry("data.task", "classification")
                .containsEntry("data.features", "3")
                .containsEntry("data.feature_names", "\"a\",\"b\",\"c\"")
                .containsEntry("data.class_names", "\"no\",\"yes\"")
                .containsEntry("data.label_column", "sure?")
                .containsEntry("data.label_number", "2")
                .containsEntry("data.feature_means", "0x1.0p2 0x1.4p2 0x1.99999ap-4")
                .containsEntry("data.feature_deviations", "0x1.78d26149296afp1 0x0.0p0 0x0.0p0");
    }

    @Test
    void brokenMetadataIsNamed() {
        assertBroken("data.task", null, "missing");
        assertBroken("data.task", "x\ny", "expected classification or regression, got 'x\\ny'");
        assertBroken("data.features", "0", "expected a whole number from 1, got '0'");
        assertBroken("data.features", "9999999999", "expected a whole number from 1, got '9999999999'");
        assertBroken("data.feature_names", "\"a\",\"b\"", "expected 3 names, got '2'");
        assertBroken("data.feature_names", "a,b,c", "expected names in quotes, got 'a,b,c'");
        assertBroken("data.class_names", "\"a\",", "expected names in quotes, got '\"a\",'");
        assertBroken("data.class_names", "\"a\"\"", "expected names in quotes, got '\"a\"\"'");
        assertBroken("data.class_names", "\"a\" \"b\"", "expected names separated by commas, got '\"a\" \"b\"'");
        assertBroken("data.class_names", "\"a\",\"a\"", "expected different names, got '\"a\",\"a\"'");
        assertBroken("data.class_names", null, "missing");
        assertBroken("data.label_units", "\"km\"", "expected 2 names, got '1'");
        assertBroken("data.feature_means", null, "missing");
        assertBroken("data.feature_means", "0x1.0p2", "expected 3 numbers, got '1'");
        assertBroken("data.feature_means", "1 2 3", "expected hexadecimal floating point such as 0x1.8p0, got '1'");
        assertBroken("data.feature_means", "0x1.0p2 0x1.0p9999 0x1.0p2", "expected finite numbers, got '0x1.0p9999'");
        assertBroken(
                "data.feature_deviations", "0x1.0p2 -0x1.0p2 0x1.0p2", "expected no negative numbers, got '-0x1.0p2'");
    }

    private static void assertBroken(String key, String text, String problem) {
        Map<String, String> metadata = new HashMap<>(Preprocessing.fit(FLOWERS).toMetadata());
        metadata.put(key, text);
        metadata.values().remove(null);
        assertThatThrownBy(() -> Preprocessing.ofMetadata(metadata))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("metadata " + key + ": " + problem);
    }
}
