// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class NumberFormTest {
    private static List<String> aligned(double... values) {
        return Arrays.stream(values).mapToObj(NumberForm.of(values)::aligned).toList();
    }

    @Test
    void numbersHaveTheDecimalsThatOneOfThemNeeds() {
        assertThat(aligned(1, -2, 30)).containsExactly("1", "-2", "30");
        assertThat(aligned(0.125, -0.25, 0)).containsExactly("0.125", "-0.250", "0    ");
        assertThat(aligned(1, 2.0 / 3)).containsExactly("1.0000", "0.6667");
        assertThat(aligned(1, 1e-9)).containsExactly("1.0000", "0.0000");
    }

    @Test
    void largeAndSmallNumbersAreScientific() {
        assertThat(aligned(1e8, 1, 0)).containsExactly("1.0000e+08", "1.0000e+00", "0");
        assertThat(aligned(1e-4, -1e-9)).containsExactly("1.0000e-04", "-1.0000e-09");
    }

    @Test
    void zerosAndSpecialNumbersSuitAnyForm() {
        assertThat(aligned(0, Double.NaN, Double.NEGATIVE_INFINITY)).containsExactly("0", "nan", "-inf");
        assertThat(aligned(1.5, Double.NaN)).containsExactly("1.5", "nan");
        assertThat(aligned()).isEmpty();
    }

    @Test
    void aTextAloneIsNotPadded() {
        assertThat(NumberForm.of(new double[] {0.5, 0}).text(0)).isEqualTo("0");
    }
}
