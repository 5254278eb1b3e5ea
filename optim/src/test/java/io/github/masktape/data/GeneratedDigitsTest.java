// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class GeneratedDigitsTest {

    private static final int PIXELS = 28 * 28;

    @Test
    void fewer_examples_are_a_prefix_of_more() {
        Dataset few = GeneratedDigits.of(37, 5);
        Dataset many = GeneratedDigits.of(120, 5);

        assertThat(pixels(few)).isEqualTo(Arrays.copyOf(pixels(many), 37 * PIXELS));
        assertThat(few.labels()).isEqualTo(Arrays.copyOf(many.labels(), 37));
    }

    @Test
    void another_seed_gives_other_digits() {
        Dataset one = GeneratedDigits.of(50, 1);
        Dataset two = GeneratedDigits.of(50, 2);

        assertThat(two.labels()).isNotEqualTo(one.labels());
        for (int i = 0; i < 50; i++) {
            for (int j = 0; j < 50; j++) {
                assertThat(image(two, j)).isNotEqualTo(image(one, i));
            }
        }
    }

    @Test
    void pixels_are_whole_255ths_in_0_to_1() {
        for (float pixel : pixels(GeneratedDigits.of(500, 3))) {
            assertThat(pixel).isBetween(0f, 1f);
            assertThat(Math.round(pixel * 255) / 255f).isEqualTo(pixel);
        }
    }

    @Test
    void every_ten_examples_show_every_class_once() {
        Dataset digits = GeneratedDigits.of(200, 4);

        assertThat(digits.outputs()).isEqualTo(10);
        for (int block = 0; block < 200; block += 10) {
            assertThat(Arrays.copyOfRange(digits.labels(), block, block + 10))
                    .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        }
        assertThat(Arrays.copyOf(digits.labels(), 10)).isNotEqualTo(Arrays.copyOfRange(digits.labels(), 10, 20));
    }

    @Test
    void every_image_has_ink_and_paper() {
        Dataset digits = GeneratedDigits.of(2000, 6);
        for (int i = 0; i < 2000; i++) {
            int ink = 0;
            for (float pixel : image(digits, i)) {
                ink += pixel > 0.25f ? 1 : 0;
            }
            assertThat(ink).isBetween(15, 450);
        }
    }

    @Test
    void extreme_seeds_are_seeds_like_any_other() {
        for (long seed : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, -0x9E3779B97F4A7C15L}) {
            assertThat(image(GeneratedDigits.of(2, seed), 0)).isNotEqualTo(image(GeneratedDigits.of(2, seed), 1));
        }
    }

    /** A seed's meaning is for good: whoever changes this value changes everybody's generated data. */
    @Test
    void aSeedMeansTheSamePixelsForGood() {
        Dataset digits = GeneratedDigits.of(1000, 1);
        CRC32 crc = new CRC32();
        for (float pixel : pixels(digits)) {
            crc.update(Math.round(pixel * 255));
        }
        for (int label : digits.labels()) {
            crc.update(label);
        }
        assertThat(crc.getValue()).isEqualTo(0xd7796606L);
    }

    @Test
    void a_number_of_examples_below_1_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GeneratedDigits.of(0, 1))
                .withMessage("examples: expected at least 1, got 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GeneratedDigits.of(-3, 1))
                .withMessage("examples: expected at least 1, got -3");
    }

    @Test
    void more_examples_than_one_array_holds_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GeneratedDigits.of(2_739_138, 1))
                .withMessage("examples: expected at most 2739137, got 2739138");
    }

    private static float[] image(Dataset digits, int i) {
        return digits.features().row(i).toFloatArray();
    }

    private static float[] pixels(Dataset digits) {
        return digits.features().toFloatArray();
    }
}
