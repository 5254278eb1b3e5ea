// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.internal;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class PlatformProperties {
    @Property
    void emulated_fma_agrees_with_Math(@ForAll int a, @ForAll int b, @ForAll int c) {
        assertAgrees(Float.intBitsToFloat(a), Float.intBitsToFloat(b), Float.intBitsToFloat(c));
    }

    @Property
    void emulated_fma_agrees_with_Math_on_plain_numbers(@ForAll float a, @ForAll float b, @ForAll float c) {
        assertAgrees(a, b, c);
    }

    @Property
    void emulated_fma_of_a_difference_agrees_with_Math(@ForAll float a, @ForAll float b) {
        assertAgrees(a, b, -a * b);
    }

    private static void assertAgrees(float a, float b, float c) {
        assertThat(Float.floatToIntBits(EmulatedFma.fma(a, b, c))).isEqualTo(Float.floatToIntBits(Math.fma(a, b, c)));
    }
}
