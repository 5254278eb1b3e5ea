// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** {@code Math.fma} is exact by its specification, whether an instruction or {@code BigDecimal}: it is the oracle. */
class PlatformTest {
    /** The oracle is a thousand times slower without the instruction. */
    private static final int MANY = Platform.hasFastFma() ? 1_000_000 : 50_000;

    private final SplittableRandom random = new SplittableRandom(1);

    @Test
    void fma_is_the_one_of_Math() {
        for (int i = 0; i < MANY / 10; i++) {
            float a = anyFloat();
            float b = anyFloat();
            float c = anyFloat();
            assertThat(Float.floatToIntBits(Platform.fma(a, b, c))).isEqualTo(Float.floatToIntBits(Math.fma(a, b, c)));
        }
    }

    @Test
    void threadsAreWhatThePropertySaysOrAsManyAsProcessors() {
        assertThat(Platform.initialThreads(null))
                .isEqualTo(Math.min(Runtime.getRuntime().availableProcessors(), 256));
        assertThat(Platform.initialThreads("1")).isEqualTo(1);
        assertThat(Platform.initialThreads(" 7 ")).isEqualTo(7);
        assertThat(Platform.initialThreads("256")).isEqualTo(256);
        for (String wrong : new String[] {"0", "257", "-1", "", "two", "1.5"}) {
            assertThatThrownBy(() -> Platform.initialThreads(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("-Dmasktape.threads: expected 1…256, got \"" + wrong + "\"");
        }
    }

    @Nested
    class Emulated {
        @Test
        void rounds_once_where_a_double_sum_and_a_cast_round_twice() {
            float a = 0x1.000002p-24f;
            float b = 0x1.fffffcp-1f;
            float c = 0x1.000002p0f;

            assertThat((float) ((double) a * b + c)).isEqualTo(1.0000002f);
            assertThat(EmulatedFma.fma(a, b, c)).isEqualTo(1.0000001f);
        }

        @Test
        void agrees_on_all_triples_of_special_values() {
            float[] specials = {
                0.0f,
                Float.MIN_VALUE,
                3 * Float.MIN_VALUE,
                Float.MIN_NORMAL - Float.MIN_VALUE,
                Float.MIN_NORMAL,
                0x1p-75f,
                0x1.fffffep-76f,
                0x1p-24f,
                0.5f,
                1 - 0x1p-24f,
                1.0f,
                1 + 0x1p-23f,
                3.0f,
                0x1p24f,
                0x1p64f,
                0x1p103f,
                0x1p127f,
                Float.MAX_VALUE,
                Float.POSITIVE_INFINITY,
                Float.NaN
            };
            for (float a : specials) {
                for (float b : specials) {
                    for (float c : specials) {
                        assertAgreesWithAllSigns(a, b, c);
                    }
                }
            }
        }

        @Test
        void agrees_on_any_bits() {
            for (int i = 0; i < MANY; i++) {
                assertAgrees(anyFloat(), anyFloat(), anyFloat());
            }
        }

        @Test
        void agrees_on_sums_of_like_size() {
            for (int i = 0; i < MANY; i++) {
                float a = floatWithExponent(random.nextInt(-40, 41));
                float b = floatWithExponent(random.nextInt(-40, 41));
                int exponent = Math.getExponent(a) + Math.getExponent(b) + random.nextInt(-60, 61);
                assertAgrees(a, b, floatWithExponent(Math.min(Math.max(exponent, -126), 127)));
            }
        }

        /** The product is half a unit in the last place of c, give or take some 2⁻⁴⁶ of that, or exactly. */
        @Test
        void agrees_near_halfway_by_the_product() {
            for (int i = 0; i < MANY; i++) {
                float c = i % 4 == 0 ? subnormal() : floatWithExponent(random.nextInt(-126, 128));
                if (i % 64 == 0) {
                    c = Float.MAX_VALUE;
                }
                int half = Math.getExponent(Math.ulp((double) Math.ulp(c))) + 51; // exponent of half an ulp of c
                int share = half / 2;
                int deviation = random.nextInt(-3, 4);
                float a = Math.scalb(1 + deviation * 0x1p-23f, share);
                float b = Math.scalb(1 - (deviation + random.nextInt(8) / 7) * 0x1p-23f, half - share);
                assertAgreesWithAllSigns(a, b, c);
            }
        }

        /** The product has 25 bits, the last one set; c is far below. */
        @Test
        void agrees_near_halfway_by_the_addend() {
            for (int i = 0; i < MANY / 2; i++) {
                int exponent = random.nextInt(-40, 41);
                float a = Math.scalb(random.nextInt(1 << 11, 1 << 12) * 2 + 1, exponent);
                float b = Math.scalb(random.nextInt(1 << 10, 1 << 11) * 2 + 1, random.nextInt(-40, 41));
                assertAgreesWithAllSigns(a, b, Math.scalb(1 + random.nextInt(3), exponent - random.nextInt(30, 60)));
            }
        }

        @Test
        void agrees_where_the_sum_cancels() {
            for (int i = 0; i < MANY / 2; i++) {
                float a = floatWithExponent(random.nextInt(-75, 60));
                float b = floatWithExponent(random.nextInt(-75, 60));
                int c = Float.floatToRawIntBits(-a * b) + random.nextInt(-2, 3);
                assertAgrees(a, b, Float.intBitsToFloat(c));
            }
        }

        @Test
        void agrees_on_subnormal_results() {
            for (int i = 0; i < MANY / 2; i++) {
                int exponent = random.nextInt(-100, -40);
                float a = floatWithExponent(exponent);
                float b = floatWithExponent(random.nextInt(-152, -120) - exponent);
                assertAgrees(a, b, i % 8 == 0 ? 0 : random.nextBoolean() ? subnormal() : -subnormal());
            }
        }

        private void assertAgreesWithAllSigns(float a, float b, float c) {
            assertAgrees(a, b, c);
            assertAgrees(-a, b, c);
            assertAgrees(a, b, -c);
            assertAgrees(-a, b, -c);
        }

        private void assertAgrees(float a, float b, float c) {
            float emulated = EmulatedFma.fma(a, b, c);
            float exact = Math.fma(a, b, c);
            if (Float.floatToIntBits(emulated) != Float.floatToIntBits(exact)) {
                assertThat(emulated).as("%a · %a + %a", a, b, c).isEqualTo(exact);
            }
        }
    }

    private float anyFloat() {
        return Float.intBitsToFloat(random.nextInt());
    }

    private float floatWithExponent(int exponent) {
        float significand = Float.intBitsToFloat(0x3f80_0000 | random.nextInt(1 << 23));
        return Math.scalb(random.nextBoolean() ? significand : -significand, exponent);
    }

    private float subnormal() {
        return Float.intBitsToFloat(random.nextInt(1 << 23));
    }
}
