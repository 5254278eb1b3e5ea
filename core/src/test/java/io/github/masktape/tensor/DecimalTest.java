package io.github.masktape.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;

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
}
