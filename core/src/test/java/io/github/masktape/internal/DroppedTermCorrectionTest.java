// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Only products near the end of what float holds need a second look; MaskedKernelsTest tries what that look gives. */
class DroppedTermCorrectionTest {
    @Test
    void theLeastNumberIsOfTheNumbersThatAreNotZero() {
        assertThat(DroppedTermCorrection.leastOf(new float[] {3, -0.5f, 0, 7, -0.0f}, 2f))
                .isEqualTo(1f);
        assertThat(DroppedTermCorrection.leastOf(new float[] {9, 3, -0.5f, 7}, 1, 2, 1f))
                .isEqualTo(3f);
        assertThat(DroppedTermCorrection.leastOf(new float[] {Float.MIN_VALUE, Float.MAX_VALUE}, 1f))
                .isEqualTo(Float.MIN_VALUE);
        assertThat(DroppedTermCorrection.leastOf(new float[] {0, -0.0f}, 1f)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(DroppedTermCorrection.leastOf(new float[] {1, Float.NaN}, 1f))
                .isZero();
        assertThat(DroppedTermCorrection.leastOf(new float[] {1, Float.NEGATIVE_INFINITY}, 1f))
                .isZero();
        assertThat(DroppedTermCorrection.leastOf(new float[] {1, 1e30f}, 1e30f))
                .as("1e60 is infinite")
                .isZero();
    }

    @Test
    void ordinaryNumbersNeedNoSecondLook() {
        assertThat(DroppedTermCorrection.mayShow(0.001f, 1e-9f)).isFalse();
        assertThat(DroppedTermCorrection.mayShow(0x1p-50f, 0x1p-51f))
                .as("exactly at the border")
                .isFalse();
        assertThat(DroppedTermCorrection.mayShow(0x1p-51f, 0x1p-51f)).isTrue();
        assertThat(DroppedTermCorrection.mayShow(0, 1)).isTrue();
        assertThat(DroppedTermCorrection.mayShow(0, Float.POSITIVE_INFINITY)).isTrue();
        assertThat(DroppedTermCorrection.mayShow(Float.POSITIVE_INFINITY, 1)).isFalse();
    }
}
