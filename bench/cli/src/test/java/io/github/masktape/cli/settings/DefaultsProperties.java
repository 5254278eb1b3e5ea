// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.settings;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/** The laws of the defaults for tables. */
@Tag("once")
class DefaultsProperties {
    private static final int MOST_ROWS = 2_000_000;
    private static final int MOST_INPUTS = 20_000;

    @Property
    void bounds(
            @ForAll @IntRange(min = 1, max = MOST_ROWS) int rows,
            @ForAll @IntRange(min = 1, max = MOST_INPUTS) int inputs) {
        Defaults defaults = Defaults.ofTable(rows, inputs);
        assertThat(defaults.hidden().values())
                .hasSize(Defaults.hiddenLayers(true))
                .allMatch(n -> n >= 16 && n <= 256);
        assertThat(defaults.dropProbability()).isBetween(0.01, 0.25);
        assertThat(defaults.weightDecay()).isBetween(0.0, 3.0);
        assertThat(defaults.batchSize()).isBetween(1, Math.max(1, Math.min(rows, 512)));
        assertThat(defaults.epochs()).isBetween(10, 1000);
        assertThat(Defaults.validation(rows).of(rows)).isBetween(0, rows / 5);
    }

    @Property
    void moreRowsMeanLargerNetworksAndBatchesAndLessRegularization(
            @ForAll @IntRange(min = 1, max = MOST_ROWS) int rows,
            @ForAll @IntRange(min = 0, max = MOST_ROWS) int more) {
        Defaults few = Defaults.ofTable(rows, 10);
        Defaults many = Defaults.ofTable(rows + more, 10);
        assertThat(many.hidden().values().get(0))
                .isGreaterThanOrEqualTo(few.hidden().values().get(0));
        assertThat(many.batchSize()).isGreaterThanOrEqualTo(few.batchSize());
        assertThat(many.weightDecay()).isLessThanOrEqualTo(few.weightDecay());
        assertThat(many.dropProbability()).isLessThanOrEqualTo(few.dropProbability());
        assertThat(many.epochs()).isLessThanOrEqualTo(few.epochs());
        assertThat(Defaults.validation(rows + more).of(rows + more))
                .isGreaterThanOrEqualTo(Defaults.validation(rows).of(rows));
    }

    @Property
    void aRowMoreChangesLittle(@ForAll @IntRange(min = 16, max = MOST_ROWS) int rows) {
        Defaults defaults = Defaults.ofTable(rows, 10);
        Defaults next = Defaults.ofTable(rows + 1, 10);
        assertThat(next.hidden().values().get(0) - defaults.hidden().values().get(0))
                .isBetween(0, 8);
        assertThat(next.batchSize() - defaults.batchSize()).isBetween(0, 1);
        assertThat(defaults.weightDecay() / next.weightDecay()).isBetween(1.0, 1.1);
    }

    @Property
    void moreInputsMeanMoreDrops(
            @ForAll @IntRange(min = 1, max = MOST_INPUTS) int inputs,
            @ForAll @IntRange(min = 0, max = MOST_INPUTS) int more) {
        assertThat(Defaults.ofTable(1000, inputs + more).dropProbability())
                .isGreaterThanOrEqualTo(Defaults.ofTable(1000, inputs).dropProbability());
    }
}
