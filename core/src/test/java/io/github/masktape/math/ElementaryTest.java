// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.SplittableRandom;
import java.util.function.DoubleFunction;
import java.util.function.DoubleSupplier;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ElementaryTest {
    /** A function under test, what StrictMath makes of it, and its true value. */
    enum Function {
        EXP(Elementary::exp, StrictMath::exp, x -> Exact.exp(new BigDecimal(x))),
        LOG(Elementary::log, StrictMath::log, Exact::log),
        TANH(Elementary::tanh, StrictMath::tanh, Exact::tanh),
        SIGMOID(Elementary::sigmoid, ElementaryTest::plainSigmoid, Exact::sigmoid),
        ERF(Elementary::erf, x -> Exact.erf(x).doubleValue(), Exact::erf),
        ERFC(Elementary::erfc, x -> Exact.erfc(x).doubleValue(), Exact::erfc);

        final DoubleUnaryOperator ours;
        final DoubleUnaryOperator strict;
        final DoubleFunction<BigDecimal> exact;

        Function(DoubleUnaryOperator ours, DoubleUnaryOperator strict, DoubleFunction<BigDecimal> exact) {
            this.ours = ours;
            this.strict = strict;
            this.exact = exact;
        }

        double at(double x) {
            return ours.applyAsDouble(x);
        }
    }

    @Nested
    class SpecialValues {
        @ParameterizedTest
        @CsvSource({
            "EXP, NaN, NaN",
            "EXP, -Infinity, 0.0",
            "EXP, Infinity, Infinity",
            "EXP, 0.0, 1.0",
            "EXP, -0.0, 1.0",
            "EXP, 4.9e-324, 1.0",
            "EXP, 709.782712893384, 1.7976931348622732E308",
            "EXP, 709.7827128933841, Infinity",
            "EXP, 1.7976931348623157E308, Infinity",
            "EXP, -745.1332191019411, 4.9e-324",
            "EXP, -745.1332191019412, 0.0",
            "EXP, -1.7976931348623157E308, 0.0",
            "LOG, NaN, NaN",
            "LOG, -Infinity, NaN",
            "LOG, -4.9e-324, NaN",
            "LOG, -1.0, NaN",
            "LOG, 0.0, -Infinity",
            "LOG, -0.0, -Infinity",
            "LOG, 1.0, 0.0",
            "LOG, Infinity, Infinity",
            "LOG, 4.9e-324, -744.4400719213812",
            "LOG, 1.7976931348623157E308, 709.782712893384",
            "TANH, NaN, NaN",
            "TANH, -Infinity, -1.0",
            "TANH, Infinity, 1.0",
            "TANH, 0.0, 0.0",
            "TANH, -0.0, -0.0",
            "TANH, 4.9e-324, 4.9e-324",
            "TANH, -4.9e-324, -4.9e-324",
            "TANH, 22.0, 1.0",
            "SIGMOID, NaN, NaN",
            "SIGMOID, -Infinity, 0.0",
            "SIGMOID, Infinity, 1.0",
            "SIGMOID, 0.0, 0.5",
            "SIGMOID, -0.0, 0.5",
            "SIGMOID, -745.1332191019411, 4.9e-324",
            "SIGMOID, -746.0, 0.0",
            "SIGMOID, 1.7976931348623157E308, 1.0",
            "ERF, NaN, NaN",
            "ERF, -Infinity, -1.0",
            "ERF, Infinity, 1.0",
            "ERF, 0.0, 0.0",
            "ERF, -0.0, -0.0",
            "ERF, 4.9e-324, 4.9e-324",
            "ERF, -6.0, -1.0",
            "ERF, 1.7976931348623157E308, 1.0",
            "ERFC, NaN, NaN",
            "ERFC, -Infinity, 2.0",
            "ERFC, Infinity, 0.0",
            "ERFC, 0.0, 1.0",
            "ERFC, -0.0, 1.0",
            "ERFC, -6.0, 2.0",
            "ERFC, 27.3, 0.0",
            "ERFC, 1.7976931348623157E308, 0.0"
        })
        void are_exact_to_the_sign_of_zero(Function function, double x, double expected) {
            assertThat(Double.doubleToLongBits(function.at(x))).isEqualTo(Double.doubleToLongBits(expected));
        }
    }

    @Nested
    class Bits {
        @ParameterizedTest
        @CsvSource({
            "EXP, 1.0, 4005bf0a8b145769",
            "EXP, -0.5, 3fe368b2fc6f960a",
            "EXP, 100.0, 48f3494a9b171bf5",
            "EXP, -720.0, 993b4dc95",
            "LOG, 2.0, 3fe62e42fefa39ef",
            "LOG, 0.1, c0026bb1bbb55515",
            "LOG, 1.001, 3f5060354f8c3cc4",
            "LOG, 1.0E-310, c0864e69394d9508",
            "TANH, 0.1, 3fb983d7795f413a",
            "TANH, 0.5, 3fdd9353d7568af3",
            "TANH, -3.0, bfefd77d111a0b00",
            "SIGMOID, 1.0, 3fe764d4f5d5a2bd",
            "SIGMOID, -2.5, 3fb36b7112534847",
            "SIGMOID, -50.0, 3b6d257d547e083f",
            "ERF, 0.1, 3fbcca5ea24fb334",
            "ERF, -0.75, bfe6c1c9759d0e5f",
            "ERFC, 1.0, 3fc4226162fbddd6",
            "ERFC, 5.5, 3d009182b326b229",
            "ERFC, -0.3, 3ff5420e22077a84"
        })
        void never_change(Function function, double x, String expected) {
            assertThat(Long.toHexString(Double.doubleToRawLongBits(function.at(x))))
                    .isEqualTo(expected);
        }

        @ParameterizedTest
        @CsvSource({
            "EXP, 2813762eb5a08ad2",
            "LOG, fb98c832e1de1264",
            "TANH, 83e7ff6f03903562",
            "SIGMOID, b26cc2deb349b877",
            "ERF, 13993408d259564d",
            "ERFC, 6b9e08c6fd0e6991"
        })
        void never_change_over_many_arguments(Function function, String expected) {
            SplittableRandom random = new SplittableRandom(1);
            long digest = 0;
            for (int i = 0; i < 50_000; i++) {
                double wide = random.nextDouble(-750, 750);
                double narrow = random.nextDouble(-2, 2);
                double pattern = Double.longBitsToDouble(random.nextLong());
                for (double x : new double[] {wide, narrow, pattern}) {
                    digest = 31 * digest
                            + Double.doubleToLongBits(function.at(function == Function.LOG ? Math.abs(x) : x));
                }
            }
            assertThat(Long.toHexString(digest)).isEqualTo(expected);
        }
    }

    @Nested
    class Accuracy {
        private final SplittableRandom random = new SplittableRandom(2);

        @Test
        void of_exp_is_055_ulp() {
            assertError(Function.EXP, 0.55, () -> random.nextDouble(-708.3, 709.78));
            assertError(Function.EXP, 0.55, () -> random.nextDouble(-1, 1));
            assertError(Function.EXP, 0.55, () -> eitherSign(powerOfTwoBetween(-60, 0)));
            assertError(Function.EXP, 0.8, () -> random.nextDouble(-745.2, -708.3));
        }

        @Test
        void of_log_is_055_ulp() {
            assertError(Function.LOG, 0.55, () -> powerOfTwoBetween(-1022, 1024));
            assertError(Function.LOG, 0.55, () -> random.nextDouble(0.5, 2));
            assertError(Function.LOG, 0.55, () -> 1 + eitherSign(powerOfTwoBetween(-52, -4)));
            assertError(Function.LOG, 0.55, () -> random.nextDouble(Double.MIN_NORMAL));
        }

        @Test
        void of_tanh_is_06_ulp() {
            assertError(Function.TANH, 0.6, () -> eitherSign(random.nextDouble(0.13, 0.17)));
            assertError(Function.TANH, 0.6, () -> eitherSign(random.nextDouble(1)));
            assertError(Function.TANH, 0.6, () -> random.nextDouble(-22.5, 22.5));
            assertError(Function.TANH, 0.6, () -> eitherSign(powerOfTwoBetween(-60, 0)));
        }

        @Test
        void of_sigmoid_is_055_ulp() {
            assertError(Function.SIGMOID, 0.55, () -> random.nextDouble(-1, 1));
            assertError(Function.SIGMOID, 0.55, () -> random.nextDouble(-45, 45));
            assertError(Function.SIGMOID, 0.55, () -> random.nextDouble(-708.3, -39));
            assertError(Function.SIGMOID, 0.8, () -> random.nextDouble(-745.2, -708.4));
        }

        @Test
        void of_erf_is_15_ulp() {
            assertError(Function.ERF, 1.5, () -> eitherSign(random.nextDouble(0.5)));
            assertError(Function.ERF, 1.5, () -> eitherSign(random.nextDouble(0.5, 6)));
            assertError(Function.ERF, 1.5, () -> eitherSign(powerOfTwoBetween(-60, 0)));
        }

        @Test
        void of_erfc_is_3_ulp() {
            assertError(Function.ERFC, 3, () -> random.nextDouble(-6, 0.5));
            assertError(Function.ERFC, 3, () -> random.nextDouble(0.5, 3));
            assertError(Function.ERFC, 3, () -> random.nextDouble(3, 26.5));
        }

        private void assertError(Function function, double ulps, DoubleSupplier arguments) {
            for (int i = 0; i < 150; i++) {
                double x = arguments.getAsDouble();
                BigDecimal exact = function.exact.apply(x);
                BigDecimal ulp = new BigDecimal(Math.ulp(exact.doubleValue()));
                BigDecimal error =
                        new BigDecimal(function.at(x)).subtract(exact).abs();
                assertThat(error.divide(ulp, MathContext.DECIMAL32))
                        .as("%s(%a): error in ulps", function, x)
                        .isLessThan(BigDecimal.valueOf(ulps));
            }
        }

        @ParameterizedTest
        @EnumSource(
                value = Function.class,
                names = {"EXP", "LOG", "TANH", "SIGMOID"})
        void is_that_of_StrictMath_or_better(Function function) {
            // StrictMath errs by up to 1 ulp in exp and log, 2.5 in tanh; the plain sigmoid by up to 2.5.
            long bound = switch (function) {
                case EXP, LOG -> 1;
                case TANH, SIGMOID -> 3;
                case ERF, ERFC -> throw new IllegalArgumentException("StrictMath has none");
            };
            for (int i = 0; i < 50_000; i++) {
                assertNear(function, Double.longBitsToDouble(random.nextLong()), bound);
                assertNear(function, random.nextDouble(-708, 710), bound);
                assertNear(function, random.nextDouble(-2, 2), bound);
                assertNear(function, random.nextDouble(0.9, 1.1), bound);
            }
        }

        private void assertNear(Function function, double x, long bound) {
            double ours = function.at(x);
            double strict = function.strict.applyAsDouble(x);
            if (ulpsBetween(ours, strict) > bound) {
                assertThat(ours).as("%s(%a)", function, x).isEqualTo(strict);
            }
        }

        private double powerOfTwoBetween(int low, int high) {
            return Math.scalb(random.nextDouble(1, 2), random.nextInt(low, high));
        }

        private double eitherSign(double x) {
            return random.nextBoolean() ? x : -x;
        }
    }

    @Nested
    class Monotonicity {
        @Test
        void of_exp_holds_where_the_reduction_changes() {
            for (int n = -34_400; n < 32_767; n++) {
                assertMonotoneAround(Function.EXP, (n + 0.5) * StrictMath.log(2) / 32, 4);
            }
        }

        @Test
        void of_log_holds_where_the_table_row_changes() {
            for (int row = -64; row < 64; row++) {
                double border = Double.longBitsToDouble(Elementary.LOWEST_MANTISSA + ((long) row << 47));
                assertMonotoneAround(Function.LOG, border, 400);
            }
            assertMonotoneAround(Function.LOG, 1, 10_000);
            assertMonotoneAround(Function.LOG, Double.MIN_NORMAL, 10_000);
        }

        @Test
        void of_tanh_and_sigmoid_holds_where_the_reduction_changes() {
            for (int n = -2000; n < 2000; n++) {
                assertMonotoneAround(Function.TANH, (n + 0.5) * StrictMath.log(2) / 64, 20);
                assertMonotoneAround(Function.SIGMOID, (n + 0.5) * StrictMath.log(2) / 32, 20);
            }
        }

        @Test
        void of_tanh_and_sigmoid_holds_where_the_method_changes() {
            for (double border : new double[] {0x1p-28, 0.15, 19.06, 22}) {
                assertMonotoneAround(Function.TANH, border, 10_000);
                assertMonotoneAround(Function.TANH, -border, 10_000);
            }
            for (double border : new double[] {-708.4, -40, 0, 36.74, 40}) {
                assertMonotoneAround(Function.SIGMOID, border, 10_000);
            }
        }

        private void assertMonotoneAround(Function function, double middle, int neighbors) {
            double x = middle - neighbors * Math.ulp(middle);
            for (int i = 0; i < 2 * neighbors; i++) {
                double next = Math.nextUp(x);
                if (!(function.at(x) <= function.at(next))) {
                    assertThat(function.at(x)).as("%s(%a)", function, x).isLessThanOrEqualTo(function.at(next));
                }
                x = next;
            }
        }
    }

    @Nested
    class CosineOfAHalfTurn {
        @Test
        void is_exact_at_its_ends_and_middle() {
            assertThat(Elementary.cosPi(0)).isEqualTo(1);
            assertThat(Elementary.cosPi(0.5)).isZero();
            assertThat(Elementary.cosPi(1)).isEqualTo(-1);
        }

        @Test
        void is_near_the_true_value_and_mirrored() {
            for (int i = 0; i <= 4096; i++) {
                double u = i / 4096.0;
                assertThat(Elementary.cosPi(u)).isCloseTo(StrictMath.cos(Math.PI * u), within(4.5e-16));
                assertThat(Elementary.cosPi(1 - u)).isEqualTo(0 - Elementary.cosPi(u));
            }
        }

        @Test
        void has_bits_that_never_change() {
            long hash = 0;
            for (int i = 0; i <= 10_000; i++) {
                hash = hash * 31 + Double.doubleToRawLongBits(Elementary.cosPi(i / 10_000.0));
            }
            assertThat(hash).isEqualTo(-5679947728485892151L);
        }
    }

    @Nested
    class Tables {
        @Test
        void of_powers_hold_2_to_j_32nds_in_two_parts() {
            assertThat(Elementary.POWERS).hasSize(2 * 32);
            for (int j = 0; j < 32; j++) {
                BigDecimal power = Exact.exp(Exact.LN2.multiply(BigDecimal.valueOf(j / 32.0)));
                double head = power.doubleValue();
                assertThat(Elementary.POWERS[2 * j]).isEqualTo(head);
                assertThat(Elementary.POWERS[2 * j + 1])
                        .isEqualTo(less(power, head).doubleValue());
            }
        }

        @Test
        void of_logarithms_hold_c_and_minus_ln_c_in_two_parts() {
            assertThat(Elementary.LOGARITHMS).hasSize(3 * 32);
            for (int i = 0; i < 32; i++) {
                double low = lowestMantissa(i);
                double high = lowestMantissa(i + 1);
                boolean containsOne = low < 1 && 1 < high;
                double c = containsOne ? 1 : toMultipleOf(0x1p-8, BigDecimal.valueOf(2 / (low + high)));
                BigDecimal minusLog = Exact.log(c).negate();
                double head = toMultipleOf(0x1p-42, minusLog);
                assertThat(Elementary.LOGARITHMS[3 * i]).isEqualTo(c);
                assertThat(Elementary.LOGARITHMS[3 * i + 1]).isEqualTo(head);
                assertThat(Elementary.LOGARITHMS[3 * i + 2])
                        .isEqualTo(less(minusLog, head).doubleValue());
                assertThat(low * c - 1).isBetween(-0.0162, 0.0162);
                assertThat(high * c - 1).isBetween(-0.0162, 0.0162);
            }
        }

        private double lowestMantissa(int row) {
            return Double.longBitsToDouble(Elementary.LOWEST_MANTISSA + ((long) row << 47));
        }

        private double toMultipleOf(double unit, BigDecimal x) {
            return x.divide(new BigDecimal(unit), 0, RoundingMode.HALF_EVEN)
                    .multiply(new BigDecimal(unit))
                    .doubleValue();
        }

        private BigDecimal less(BigDecimal x, double head) {
            return x.subtract(new BigDecimal(head));
        }
    }

    private static double plainSigmoid(double x) {
        double e = StrictMath.exp(-Math.abs(x));
        return (x < 0 ? e : 1) / (1 + e);
    }

    /** Doubles from one argument to the other, both zeros being one; 0 between two NaNs. */
    static long ulpsBetween(double a, double b) {
        if (Double.isNaN(a) || Double.isNaN(b)) {
            return Double.isNaN(a) && Double.isNaN(b) ? 0 : Long.MAX_VALUE;
        }
        return Math.abs(place(a) - place(b));
    }

    private static long place(double x) {
        long bits = Double.doubleToRawLongBits(x);
        return bits >= 0 ? bits : Long.MIN_VALUE - bits;
    }

    /** The functions to some 45 significant digits. */
    private static final class Exact {
        private static final MathContext DIGITS = new MathContext(50);
        private static final BigDecimal ONE = BigDecimal.ONE;
        private static final BigDecimal TWO = BigDecimal.valueOf(2);
        static final BigDecimal LN2 = logOfMantissa(TWO);
        private static final BigDecimal SQRT_PI =
                new BigDecimal("1.7724538509055160272981674833411451827975494561223871282138");

        /** The square, taken h times, of the exponential of x/2ʰ. */
        static BigDecimal exp(BigDecimal x) {
            int halvings = Math.max(0, Math.getExponent(x.doubleValue()) + 4);
            BigDecimal y = ONE.add(expm1(x.divide(TWO.pow(halvings), DIGITS)));
            for (int i = 0; i < halvings; i++) {
                y = y.multiply(y, DIGITS);
            }
            return y;
        }

        /** x + x²/2! + x³/3! + … */
        private static BigDecimal expm1(BigDecimal x) {
            BigDecimal term = x;
            BigDecimal sum = x;
            for (int n = 2; matters(term, sum); n++) {
                term = term.multiply(x, DIGITS).divide(BigDecimal.valueOf(n), DIGITS);
                sum = sum.add(term, DIGITS);
            }
            return sum;
        }

        /** k·ln 2 + ln m, where x = 2ᵏ·m and m is near 1. */
        static BigDecimal log(double x) {
            BigDecimal exact = new BigDecimal(x);
            int k = Math.getExponent(x * Math.sqrt(2));
            BigDecimal power = TWO.pow(Math.abs(k));
            BigDecimal m = k < 0 ? exact.multiply(power) : exact.divide(power, MathContext.UNLIMITED);
            return logOfMantissa(m).add(LN2.multiply(BigDecimal.valueOf(k)));
        }

        /** 2·(z + z³/3 + z⁵/5 + …), where z = (m − 1)/(m + 1). */
        private static BigDecimal logOfMantissa(BigDecimal m) {
            BigDecimal z = m.subtract(ONE).divide(m.add(ONE), DIGITS);
            BigDecimal power = z;
            BigDecimal sum = z;
            for (int n = 3; matters(power, sum); n += 2) {
                power = power.multiply(z, DIGITS).multiply(z, DIGITS);
                sum = sum.add(power.divide(BigDecimal.valueOf(n), DIGITS), DIGITS);
            }
            return sum.multiply(TWO);
        }

        /** E / (E + 2), where E = e²ˣ − 1. */
        static BigDecimal tanh(double x) {
            BigDecimal twice = new BigDecimal(x).multiply(TWO);
            BigDecimal e = Math.abs(x) < 0.25 ? expm1(twice) : exp(twice).subtract(ONE);
            return e.divide(e.add(TWO), DIGITS);
        }

        static BigDecimal sigmoid(double x) {
            return ONE.divide(ONE.add(exp(new BigDecimal(-x))), DIGITS);
        }

        static BigDecimal erf(double x) {
            return x < 0 ? erf(-x).negate() : x < 3 ? erfSeries(new BigDecimal(x)) : ONE.subtract(erfc(x));
        }

        static BigDecimal erfc(double x) {
            return x < 3 ? ONE.subtract(erf(x)) : erfcFraction(new BigDecimal(x));
        }

        /** 2x/√π·exp(−x²)·(1 + 2x²/3 + (2x²)²/(3·5) + …). */
        private static BigDecimal erfSeries(BigDecimal x) {
            BigDecimal twice = x.multiply(x).multiply(TWO);
            BigDecimal term = ONE;
            BigDecimal sum = ONE;
            for (int n = 3; matters(term, sum); n += 2) {
                term = term.multiply(twice, DIGITS).divide(BigDecimal.valueOf(n), DIGITS);
                sum = sum.add(term, DIGITS);
            }
            return TWO.multiply(x).multiply(sum).multiply(density(x), DIGITS);
        }

        /** exp(−x²)/√π / (x + 1/2 / (x + 2/2 / (x + 3/2 / …))), 400 terms: 45 digits from x = 3. */
        private static BigDecimal erfcFraction(BigDecimal x) {
            BigDecimal fraction = x;
            for (int n = 400; n > 0; n--) {
                fraction = x.add(BigDecimal.valueOf(n / 2.0).divide(fraction, DIGITS));
            }
            return density(x).divide(fraction, DIGITS);
        }

        private static BigDecimal density(BigDecimal x) {
            return ONE.divide(exp(x.multiply(x)).multiply(SQRT_PI), DIGITS);
        }

        private static boolean matters(BigDecimal term, BigDecimal sum) {
            return term.signum() != 0 && term.precision() - term.scale() > sum.precision() - sum.scale() - 50;
        }
    }
}
