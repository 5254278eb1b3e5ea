// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

class ElementaryProperties {
    @Property
    void exp_is_within_an_ulp_of_StrictMath(@ForAll long bits) {
        double x = Double.longBitsToDouble(bits);
        assertThat(ElementaryTest.ulpsBetween(Elementary.exp(x), StrictMath.exp(x)))
                .isLessThanOrEqualTo(1);
    }

    @Property
    void log_is_within_an_ulp_of_StrictMath(@ForAll long bits) {
        double x = Double.longBitsToDouble(bits);
        assertThat(ElementaryTest.ulpsBetween(Elementary.log(x), StrictMath.log(x)))
                .isLessThanOrEqualTo(1);
    }

    @Property
    void exp_rises(@ForAll @DoubleRange(min = -750, max = 710) double x) {
        assertThat(Elementary.exp(x)).isLessThanOrEqualTo(Elementary.exp(Math.nextUp(x)));
    }

    @Property
    void log_rises(@ForAll @DoubleRange(min = 0, max = Double.MAX_VALUE) double x) {
        assertThat(Elementary.log(x)).isLessThanOrEqualTo(Elementary.log(Math.nextUp(x)));
    }

    @Property
    void tanh_rises(@ForAll @DoubleRange(min = -23, max = 23) double x) {
        assertThat(Elementary.tanh(x)).isLessThanOrEqualTo(Elementary.tanh(Math.nextUp(x)));
    }

    @Property
    void sigmoid_rises(@ForAll @DoubleRange(min = -750, max = 41) double x) {
        assertThat(Elementary.sigmoid(x)).isLessThanOrEqualTo(Elementary.sigmoid(Math.nextUp(x)));
    }

    @Property
    void log_undoes_exp(@ForAll @DoubleRange(min = -708, max = 709) double x) {
        assertThat(Elementary.log(Elementary.exp(x)))
                .isCloseTo(x, within(0x1.2p-53 + 0x1.2p-53 * Math.abs(x) + 0x1p-53));
    }

    @Property
    void tanh_is_odd_to_the_bit(@ForAll double x) {
        assertThat(Double.doubleToRawLongBits(Elementary.tanh(-x)))
                .isEqualTo(Double.doubleToRawLongBits(-Elementary.tanh(x)));
    }

    @Property
    void tanh_is_at_most_its_argument_and_one(@ForAll double x) {
        assertThat(Math.abs(Elementary.tanh(x))).isLessThanOrEqualTo(Math.min(Math.abs(x), 1));
    }

    @Property
    void sigmoids_of_opposite_arguments_add_up_to_one(@ForAll @DoubleRange(min = -800, max = 800) double x) {
        assertThat(Elementary.sigmoid(x) + Elementary.sigmoid(-x)).isCloseTo(1, within(0x1p-52));
    }

    @Property
    void sigmoid_is_half_of_one_plus_tanh_of_half(@ForAll @DoubleRange(min = -50, max = 50) double x) {
        assertThat(Elementary.sigmoid(x)).isCloseTo((1 + Elementary.tanh(x / 2)) / 2, within(0x1p-52));
    }
}
