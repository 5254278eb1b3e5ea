// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.masktape.tensor.Tensor;
import java.util.zip.CRC32;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class GeneratedPointsTest {
    private static int[] counts(Dataset data) {
        return ((Labels) data.targets()).counts();
    }

    @Test
    void classesAreBalanced() {
        assertThat(counts(GeneratedPoints.moons(101, 0.1, 1))).containsExactly(51, 50);
        assertThat(counts(GeneratedPoints.spirals(101, 3, 0.1, 1))).containsExactly(34, 34, 33);
        assertThat(GeneratedPoints.moons(2, 0, 1).featureNames()).containsExactly("x", "y");
    }

    @Test
    void aSeedNamesTheSamePointsAndMoreExamplesContinueFewer() {
        assertThat(GeneratedPoints.moons(50, 0.1, 7).features())
                .isEqualTo(GeneratedPoints.moons(50, 0.1, 7).features())
                .isNotEqualTo(GeneratedPoints.moons(50, 0.1, 8).features());
        int[] first = {0, 1, 2, 3, 4, 5};
        assertThat(GeneratedPoints.moons(50, 0.1, 7).features().rows(first))
                .isEqualTo(GeneratedPoints.moons(6, 0.1, 7).features());
        assertThat(GeneratedPoints.spirals(50, 3, 0.1, 7).features().rows(first))
                .isEqualTo(GeneratedPoints.spirals(6, 3, 0.1, 7).features());
    }

    @Test
    void moonsWithoutNoiseAreHalfCircles() {
        Dataset data = GeneratedPoints.moons(1000, 0, 3);
        int[] labels = data.labels();
        for (int i = 0; i < labels.length; i++) {
            double x = data.features().get(i, 0);
            double y = data.features().get(i, 1);
            double side = labels[i] == 0 ? y : 0.5 - y;
            double radius = labels[i] == 0 ? Math.hypot(x, y) : Math.hypot(x - 1, y - 0.5);
            assertThat(radius).isCloseTo(1, Offset.offset(1e-6));
            assertThat(side).isGreaterThanOrEqualTo(-1e-6);
        }
    }

    @Test
    void spiralsWithoutNoiseAreArmsThatTurnOnce() {
        int arms = 5;
        Dataset data = GeneratedPoints.spirals(1000, arms, 0, 3);
        int[] labels = data.labels();
        for (int i = 0; i < labels.length; i++) {
            double x = data.features().get(i, 0);
            double y = data.features().get(i, 1);
            double r = Math.hypot(x, y);
            double turns = (r - 0.1) / 0.9 + labels[i] / (double) arms;
            assertThat(r).isBetween(0.1 - 1e-6, 1 + 1e-6);
            assertThat(x).isCloseTo(r * Math.cos(2 * Math.PI * turns), Offset.offset(1e-5));
            assertThat(y).isCloseTo(r * Math.sin(2 * Math.PI * turns), Offset.offset(1e-5));
        }
    }

    @Test
    void noiseIsADeviation() {
        int n = 20_000;
        Tensor clean = GeneratedPoints.spirals(n, 2, 0, 5).features();
        Tensor noisy = GeneratedPoints.spirals(n, 2, 0.25, 5).features();
        double squares = 0;
        double sum = 0;
        for (int i = 0; i < n; i++) {
            double off = noisy.get(i, 0) - clean.get(i, 0);
            squares += off * off;
            sum += off;
        }
        assertThat(Math.sqrt(squares / n)).isCloseTo(0.25, Offset.offset(0.01));
        assertThat(sum / n).isCloseTo(0, Offset.offset(0.01));
    }

    @Test
    void theNearestNeighborTellsTheClass() {
        for (Dataset data :
                new Dataset[] {GeneratedPoints.moons(600, 0.05, 1), GeneratedPoints.spirals(600, 3, 0.02, 1)}) {
            float[] x = data.features().toFloatArray();
            int[] labels = data.labels();
            int wrong = 0;
            for (int i = 0; i < labels.length; i++) {
                wrong += labels[nearest(x, i)] == labels[i] ? 0 : 1;
            }
            assertThat(wrong).isLessThan(12);
        }
    }

    private static int nearest(float[] x, int i) {
        int best = -1;
        double least = Double.MAX_VALUE;
        for (int j = 0; 2 * j < x.length; j++) {
            double distance = Math.hypot(x[2 * i] - x[2 * j], x[2 * i + 1] - x[2 * j + 1]);
            if (j != i && distance < least) {
                least = distance;
                best = j;
            }
        }
        return best;
    }

    /** A seed's meaning is for good: whoever changes these values changes everybody's generated data. */
    @Test
    void aSeedMeansTheSamePointsForGood() {
        assertThat(checksum(GeneratedPoints.moons(1000, 0.1, 1))).isEqualTo(0x4c7b0e4aL);
        assertThat(checksum(GeneratedPoints.spirals(1000, 3, 0.1, 1))).isEqualTo(0xef86020eL);
    }

    private static long checksum(Dataset data) {
        CRC32 crc = new CRC32();
        for (float x : data.features().toFloatArray()) {
            int bits = Float.floatToIntBits(x);
            for (int shift = 0; shift < 32; shift += 8) {
                crc.update(bits >>> shift);
            }
        }
        return crc.getValue();
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThat(GeneratedPoints.moons(2, 1e6, 1).size()).isEqualTo(2);
        assertThatThrownBy(() -> GeneratedPoints.moons(1, 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("examples: expected at least 2, one a class, got 1");
        assertThatThrownBy(() -> GeneratedPoints.spirals(2, 3, 0, 1))
                .hasMessage("examples: expected at least 3, one a class, got 2");
        assertThatThrownBy(() -> GeneratedPoints.spirals(2, 1, 0, 1)).hasMessage("arms: expected at least 2, got 1");
        assertThatThrownBy(() -> GeneratedPoints.moons(2, Double.NaN, 1))
                .hasMessage("noise: expected a number in [0, 1000000], got nan");
        assertThatThrownBy(() -> GeneratedPoints.moons(2, -0.5, 1))
                .hasMessage("noise: expected a number in [0, 1000000], got -0.5");
    }
}
