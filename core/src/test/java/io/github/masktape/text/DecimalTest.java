// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class DecimalTest {
    @Test
    void fixedRoundsHalfToEvenOfTheExactValue() {
        assertThat(Decimal.fixed(2.0 / 3, 4)).isEqualTo("0.6667");
        assertThat(Decimal.fixed(0.125, 2)).isEqualTo("0.12");
        assertThat(Decimal.fixed(-1.5, 0)).isEqualTo("-2");
        assertThat(Decimal.fixed(2.0e-23, 2)).isEqualTo("0.00");
        assertThat(Decimal.fixed(-1e-9, 2)).isEqualTo("-0.00");
    }

    @Test
    void scientificHasOneDigitBeforeThePoint() {
        assertThat(Decimal.scientific(1234.5, 3)).isEqualTo("1.234e+03");
        assertThat(Decimal.scientific(9.9999e-8, 2)).isEqualTo("1.00e-07");
        assertThat(Decimal.scientific(-1e100, 0)).isEqualTo("-1e+100");
        assertThat(Decimal.scientific(0, 2)).isEqualTo("0.00e+00");
    }

    @Test
    void shortestDropsTrailingZerosWhereItIsNotScientific() {
        assertThat(Decimal.shortest(0.5, 6)).isEqualTo("0.5");
        assertThat(Decimal.shortest(1, 6)).isEqualTo("1");
        assertThat(Decimal.shortest(100, 2)).isEqualTo("100");
        assertThat(Decimal.shortest(0, 6)).isEqualTo("0");
        assertThat(Decimal.shortest(1e-7, 3)).isEqualTo("1.00e-07");
        assertThat(Decimal.shortest(0.00001, 3)).isEqualTo("0.00001");
        assertThat(Decimal.shortest(1e9, 3)).isEqualTo("1.00e+09");
        assertThat(Decimal.shortest(123456789012.0, 4)).isEqualTo("1.235e+11");
    }

    @Test
    void exactIsTheShortestThatReadsBack() {
        assertThat(Decimal.exact(0.1)).isEqualTo("0.1");
        assertThat(Decimal.exact(0.1 + 0.2)).isEqualTo("0.30000000000000004");
        assertThat(Decimal.exact(0.1f)).isEqualTo("0.1");
        assertThat(Decimal.exact((double) 0.1f)).isEqualTo("0.10000000149011612");
        assertThat(Decimal.exact(-0.0)).isEqualTo("0");
        assertThat(Decimal.exact(1000000.25)).isEqualTo("1000000.25");
        assertThat(Decimal.exact(1.7e9)).isEqualTo("1700000000");
        assertThat(Decimal.exact(1e17)).isEqualTo("1e+17");
        assertThat(Decimal.exact(2e-3)).isEqualTo("0.002");
        assertThat(Decimal.exact(1.5e-6)).isEqualTo("1.5e-06");
        assertThat(Decimal.exact(Float.MIN_VALUE)).isEqualTo("1e-45");
        assertThat(Decimal.exact(Double.MIN_VALUE)).isEqualTo("5e-324");
        assertThat(Decimal.exact(Double.NaN)).isEqualTo("nan");
        assertThat(Decimal.exact(Float.NEGATIVE_INFINITY)).isEqualTo("-inf");
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 20_000; i++) {
            double wide = Double.longBitsToDouble(random.nextLong());
            float narrow = Float.intBitsToFloat(random.nextInt());
            if (Double.isFinite(wide) && Float.isFinite(narrow)) {
                assertThat(Double.parseDouble(Decimal.exact(wide))).isEqualTo(wide);
                assertThat(Float.parseFloat(Decimal.exact(narrow))).isEqualTo(narrow);
                assertThat(Decimal.exact(narrow).length()).isLessThanOrEqualTo(20);
            }
        }
    }

    @Test
    void namesWhatIsNotANumber() {
        assertThat(Decimal.fixed(Double.NaN, 2)).isEqualTo("nan");
        assertThat(Decimal.scientific(Double.POSITIVE_INFINITY, 2)).isEqualTo("inf");
        assertThat(Decimal.shortest(Double.NEGATIVE_INFINITY, 2)).isEqualTo("-inf");
    }

    @Test
    void doesNotDependOnTheLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertThat(Decimal.fixed(1234.5, 1)).isEqualTo("1234.5");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void groupsOfThreeDigits() {
        assertThat(Decimal.grouped(0)).isEqualTo("0");
        assertThat(Decimal.grouped(999)).isEqualTo("999");
        assertThat(Decimal.grouped(1000)).isEqualTo("1,000");
        assertThat(Decimal.grouped(1_276_810)).isEqualTo("1,276,810");
        assertThat(Decimal.grouped(-100)).isEqualTo("-100");
        assertThat(Decimal.grouped(-1234)).isEqualTo("-1,234");
        assertThat(Decimal.grouped(Long.MIN_VALUE)).isEqualTo("-9,223,372,036,854,775,808");
    }

    @Test
    void significantDigitsOfTheShortestText() {
        assertThat(Decimal.significantDigits(0.5)).isEqualTo(1);
        assertThat(Decimal.significantDigits(0.1 + 0.2)).isEqualTo(17);
        assertThat(Decimal.significantDigits(1e-6)).isEqualTo(1);
        assertThat(Decimal.significantDigits(-123.25)).isEqualTo(5);
        assertThat(Decimal.significantDigits(0)).isEqualTo(1);
    }
}
