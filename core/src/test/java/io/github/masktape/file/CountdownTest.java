package io.github.masktape.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class IntervalTest {
    @Test
    void noTimeIsAlwaysOverAndForeverNever() {
        assertThat(new Interval(0).isOver()).isTrue();
        assertThat(new Interval(Double.POSITIVE_INFINITY).isOver()).isFalse();
        assertThat(new Interval(Double.MAX_VALUE).isOver()).isFalse();
    }

    @Test
    void isOverWhenItsSecondsHavePassedSinceItBegan() throws InterruptedException {
        Interval interval = new Interval(0.02);
        Thread.sleep(25);
        assertThat(interval.isOver()).isTrue();
        Interval hour = new Interval(3600);
        assertThat(hour.isOver()).isFalse();
        hour.restart();
        assertThat(hour.isOver()).isFalse();
    }

    @Test
    void refusesOtherLengths() {
        assertThatThrownBy(() -> new Interval(-1)).hasMessage("seconds must be at least 0, got -1");
        assertThatThrownBy(() -> new Interval(Double.NaN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("seconds must be at least 0, got nan");
    }
}
