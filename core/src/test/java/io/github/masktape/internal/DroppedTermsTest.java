package io.github.masktape.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Only products near the end of what float holds need a second look; MaskedKernelsTest tries what that look gives. */
class DroppedTermsTest {
    @Test
    void theLeastNumberIsOfTheNumbersThatAreNotZero() {
        assertThat(DroppedTerms.leastOf(new float[] {3, -0.5f, 0, 7, -0.0f}, 2f))
                .isEqualTo(1f);
        assertThat(DroppedTerms.leastOf(new float[] {9, 3, -0.5f, 7}, 1, 2, 1f)).isEqualTo(3f);
        assertThat(DroppedTerms.leastOf(new float[] {Float.MIN_VALUE, Float.MAX_VALUE}, 1f))
                .isEqualTo(Float.MIN_VALUE);
        assertThat(DroppedTerms.leastOf(new float[] {0, -0.0f}, 1f)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(DroppedTerms.leastOf(new float[] {1, Float.NaN}, 1f)).isZero();
        assertThat(DroppedTerms.leastOf(new float[] {1, Float.NEGATIVE_INFINITY}, 1f))
                .isZero();
        assertThat(DroppedTerms.leastOf(new float[] {1, 1e30f}, 1e30f))
                .as("1e60 is infinite")
                .isZero();
    }

    @Test
    void ordinaryNumbersNeedNoSecondLook() {
        assertThat(DroppedTerms.mayShow(0.001f, 1e-9f)).isFalse();
        assertThat(DroppedTerms.mayShow(0x1p-50f, 0x1p-51f))
                .as("exactly at the border")
                .isFalse();
        assertThat(DroppedTerms.mayShow(0x1p-51f, 0x1p-51f)).isTrue();
        assertThat(DroppedTerms.mayShow(0, 1)).isTrue();
        assertThat(DroppedTerms.mayShow(0, Float.POSITIVE_INFINITY)).isTrue();
        assertThat(DroppedTerms.mayShow(Float.POSITIVE_INFINITY, 1)).isFalse();
    }
}
