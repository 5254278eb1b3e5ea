// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class IntervalTest {
    @Test
    void noTimeIsAlwaysOverAndForeverNever() {
        assertThat(new Countdown(0).isOver()).isTrue();
        assertThat(new Countdown(Double.POSITIVE_INFINITY).isOver()).isFalse();
        assertThat(new Countdown(Double.MAX_VALUE).isOver()).isFalse();
    }

    @Test
    void isOverWhenItsSecondsHavePassedSinceItBegan() throws InterruptedException {
        Countdown countdown = new Countdown(0.02);
        Thread.sleep(25);
        assertThat(countdown.isOver()).isTrue();
        Countdown hour = new Countdown(3600);
        assertThat(hour.isOver()).isFalse();
        hour.restart();
        assertThat(hour.isOver()).isFalse();
    }

    @Test
    void refusesOtherLengths() {
        assertThatThrownBy(() -> new Countdown(-1)).hasMessage("seconds: expected at least 0, got -1");
        assertThatThrownBy(() -> new Countdown(Double.NaN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("seconds: expected at least 0, got nan");
    }
}
