// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.masktape.text.Decimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaskTest {
    private static final boolean[][][] KEPT = {
        {{true, false, true}, {false, false, true}},
        {{false, true, true}, {true, true, false}}
    };

    /** Computed once by a program of its own from the definition, in another language. */
    @ParameterizedTest
    @CsvSource({
        "0, 0, 0, 0, 64, 0.5, 58f922d0b2e68190",
        "1, 2, 3, 1, 100, 0.5, 87a0dec490000000",
        "42, 0, 0, 0, 64, 0.1, ebffbfffbfffffff",
        "42, 5, 1, 0, 7, 0.9, 0400000000000000",
        "-1, 1, 1, 1, 70, 0.3, f800000000000000",
        "7, 0, 0, 0, 64, 8.673617379884035e-19, ffffffffffffffff"
    })
    void knownAnswers(long key, int example, int output, int block, int inputs, double p, String word) {
        Mask mask = Mask.bernoulli(example + 1, output + 1, inputs, p, key);
        long expected = Long.parseUnsignedLong(word, 16);
        for (int q = 64 * block; q < Math.min(inputs, 64 * block + 64); q++) {
            assertThat(mask.keeps(example, output, q)).isEqualTo(expected << q < 0);
        }
    }

    @Test
    void isReadBitByBitAsBitsAsATensorAndAsText() {
        Mask mask = Mask.of(KEPT, 2);
        assertThat(mask.keeps(1, 0, 1)).isTrue();
        assertThat(mask.keeps(1, 1, 2)).isFalse();
        assertThat(mask.kept()).isEqualTo(7);
        assertThat(mask.toTensor(DType.FLOAT64))
                .isEqualTo(Tensor.of(new double[] {2, 0, 2, 0, 0, 2, 0, 2, 2, 2, 2, 0}, 2, 2, 3));
        assertThat(mask)
                .hasToString("mask 2×2×3, scale 2, 7 of 12 kept\n"
                        + "example 0\n  1 · 1\n  · · 1\n"
                        + "example 1\n  · 1 1\n  1 1 ·");
    }

    @Test
    void isTheSameFromBooleansAndFromBits() {
        long[] bits = {0b101L << 61, 0b001L << 61, 0b011L << 61 | 0xff, 0b110L << 61};
        assertThat(Mask.of(2, 2, 3, bits, 2))
                .isEqualTo(Mask.of(KEPT, 2))
                .hasSameHashCodeAs(Mask.of(KEPT, 2))
                .isNotEqualTo(Mask.of(KEPT, 1));
    }

    @Test
    void bitsOfManyWordsAndExamplesAreTheSameToo() {
        int examples = 3;
        int outputs = 5;
        int inputs = 130;
        RandomStream random = new RandomStream(1);
        boolean[][][] kept = new boolean[examples][outputs][inputs];
        long[] bits = new long[examples * outputs * 3];
        for (int n = 0; n < examples; n++) {
            for (int j = 0; j < outputs; j++) {
                for (int q = 0; q < 3 * 64; q++) {
                    boolean bit = random.nextDouble() < 0.5;
                    bits[(n * outputs + j) * 3 + q / 64] |= bit ? Long.MIN_VALUE >>> q : 0;
                    if (q < inputs) {
                        kept[n][j][q] = bit;
                    }
                }
            }
        }
        Mask mask = Mask.of(examples, outputs, inputs, bits, 2);
        assertThat(mask).isEqualTo(Mask.of(kept, 2));
        for (int q = 0; q < inputs; q++) {
            assertThat(mask.keeps(2, 4, q)).isEqualTo(kept[2][4][q]);
            assertThat(mask.keeps(1, 0, q)).isEqualTo(kept[1][0][q]);
        }
        for (int n = 0; n < examples; n++) {
            assertThat(mask.example(n)).isEqualTo(Mask.of(new boolean[][][] {kept[n]}, 2));
        }
        assertThat(mask.hashCode()).isNotEqualTo(mask.example(0).hashCode());
    }

    @Test
    void anExampleIsAMaskOfItsOwn() {
        Mask first = Mask.of(KEPT, 2).example(1);
        assertThat(first).isEqualTo(Mask.of(new boolean[][][] {KEPT[1]}, 2));
    }

    @Test
    void nothingIsDroppedWithProbabilityZero() {
        assertThat(Mask.bernoulli(3, 5, 70, 0, 1).kept()).isEqualTo(3 * 5 * 70);
        assertThat(Mask.bernoulli(3, 5, 70, 0, 1).scale()).isEqualTo(1);
    }

    @Test
    void theLargestProbabilityKeepsNextToNothing() {
        double largest = Math.nextDown(1.0);
        assertThat(Mask.bernoulli(10, 10, 100, largest, 1).kept()).isZero();
        assertThat(Mask.bernoulli(1, 1, 1, largest, 1).scale()).isEqualTo(0x1p53);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 1.5, -0.1, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesOtherProbabilities(double p) {
        assertThatThrownBy(() -> Mask.bernoulli(1, 1, 1, p, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("dropProbability: expected a number in [0, 1), got " + Decimal.shortest(p, 5));
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThatThrownBy(() -> Mask.of(1, 1, 65, new long[1], 2)).hasMessage("mask: 1×1×65 needs 2 words, got 1");
        assertThatThrownBy(() -> Mask.of(new boolean[][][] {{{true}, {true, false}}}, 2))
                .hasMessage("mask: the rows of example 0 differ in length");
        assertThatThrownBy(() -> Mask.of(new boolean[0][][], 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Mask.of(KEPT, 0)).hasMessage("mask: scale: expected a positive, finite number, got 0");
        assertThatThrownBy(() -> Mask.of(KEPT, 2, 3, 4))
                .hasMessage("mask: scales: expected one, or one for each of 2 outputs, got 3");
        assertThatThrownBy(() -> Mask.of(KEPT)).hasMessageEndingWith(" 2 outputs, got 0");
        assertThatThrownBy(() -> Mask.of(KEPT, 2, -1)).hasMessageContaining("finite number, got -1");
        assertThat(Mask.of(KEPT, 3, 3)).isEqualTo(Mask.of(KEPT, 3));
        assertThat(Mask.of(KEPT, 3, 4).scale(1)).isEqualTo(4);
        assertThat(Mask.of(KEPT, Double.MAX_VALUE).scale()).isEqualTo(Double.MAX_VALUE);
        assertThatThrownBy(() -> Mask.of(KEPT, 2).keeps(0, 0, 3)).hasMessage("mask 2×2×3: no entry [0, 0, 3]");
        assertThatThrownBy(() -> Mask.of(KEPT, 2).keeps(0, 2, 0)).hasMessage("mask 2×2×3: no entry [0, 2, 0]");
        assertThatThrownBy(() -> Mask.of(KEPT, 2).keeps(2, 0, 0)).hasMessage("mask 2×2×3: no entry [2, 0, 0]");
        assertThatThrownBy(() -> Mask.of(KEPT, 2).example(2)).hasMessage("mask: no example 2 among 2");
        assertThatThrownBy(() ->
                        Tensor.zeros(DType.FLOAT64, 3, 2).mask(Mask.of(KEPT, 2).example(0)))
                .hasMessage("mask: expected a tensor 2×3 for this mask, got 3×2");
    }

    @Test
    void saysWhichShapeIsTooLarge() {
        assertThatThrownBy(() -> Mask.of(1, 1, Integer.MAX_VALUE, new long[1], 2))
                .hasMessage("mask: 1×1×2147483647 needs 33554432 words, got 1");
    }

    @Test
    void takesABitAConnection() {
        Mask mask = Mask.bernoulli(4, 8, 128, 0.5, 1);
        assertThat(mask.bits()).hasSize(4 * 8 * 128 / Integer.SIZE);
    }
}
