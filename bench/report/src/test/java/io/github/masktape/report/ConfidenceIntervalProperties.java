// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class ConfidenceIntervalProperties {
    @Property
    void anIntervalHoldsItsShareAndStaysAmongShares(
            @ForAll @LongRange(min = 1, max = 10_000_000) long n, @ForAll @IntRange(max = 1000) int permille) {
        long count = n * permille / 1000;
        ConfidenceInterval interval = ConfidenceInterval.wilson(count, n);
        assertThat(interval.low()).isBetween(0.0, (double) count / n);
        assertThat(interval.high()).isBetween((double) count / n, 1.0);
        assertThat(interval.high()).isGreaterThan(interval.low());
    }

    /** The ends are the shares that are just 1.96 of their own standard deviations away. */
    @Property
    void theEndsAreWhereTheScoreTestTurns(
            @ForAll @LongRange(min = 2, max = 100_000) long n, @ForAll @IntRange(min = 1, max = 999) int permille) {
        long count = Math.max(1, Math.min(n - 1, n * permille / 1000));
        ConfidenceInterval interval = ConfidenceInterval.wilson(count, n);
        double share = (double) count / n;
        for (double end : new double[] {interval.low(), interval.high()}) {
            assertThat(Math.abs(share - end) / Math.sqrt(end * (1 - end) / n)).isCloseTo(1.95996, within(1e-4));
        }
    }

    @Property
    void theOppositeShareHasTheOppositeInterval(
            @ForAll @LongRange(min = 1, max = 100_000) long n, @ForAll @IntRange(max = 1000) int permille) {
        long count = n * permille / 1000;
        ConfidenceInterval interval = ConfidenceInterval.wilson(count, n);
        ConfidenceInterval opposite = ConfidenceInterval.wilson(n - count, n);
        assertThat(opposite.low()).isCloseTo(1 - interval.high(), within(1e-12));
        assertThat(opposite.high()).isCloseTo(1 - interval.low(), within(1e-12));
    }

    @Example
    void aShareOfNothingIsRefused() {
        assertThatThrownBy(() -> ConfidenceInterval.wilson(0, 0))
                .hasMessage("share: expected 0 to n of n ≥ 1, got 0 of 0");
        assertThatThrownBy(() -> ConfidenceInterval.wilson(3, 2))
                .hasMessage("share: expected 0 to n of n ≥ 1, got 3 of 2");
    }
}
