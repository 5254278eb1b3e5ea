// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.tensor.Initializer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ArchitectureProperties {
    /** Any bits of a double in [0, 1), the smallest and the largest among them. */
    @Provide
    Arbitrary<Double> probabilities() {
        return Arbitraries.oneOf(
                Arbitraries.longs().between(0, Double.doubleToLongBits(1) - 1).map(Double::longBitsToDouble),
                Arbitraries.doubles().between(0, true, 1, false),
                Arbitraries.of(0.0, 0.1, 0.5, 2e-3, Double.MIN_VALUE, Double.MIN_NORMAL, Math.nextDown(1.0)));
    }

    @Property
    void aDropProbabilityIsReadToTheLastBit(@ForAll("probabilities") double any, @ForAll MaskSharing sharing) {
        double p = sharing == MaskSharing.FLIPOUT ? 0.5 : any;
        DropConnect layer = DropConnect.of(1, 1, p, Initializer.heUniform(1));
        Sequential net = Sequential.of(layer.withMaskSharing(sharing), new Dropout(p));
        Sequential read = Sequential.ofArchitecture(net.architecture(), Initializer.heUniform(1));
        DropConnect same = (DropConnect) read.layers().get(0);
        assertThat(same.dropProbability()).isEqualTo(p);
        assertThat(same.maskSharing()).isEqualTo(sharing);
        assertThat(((Dropout) read.layers().get(1)).dropProbability()).isEqualTo(p);
        assertThat(read.architecture()).isEqualTo(net.architecture()).hasSizeLessThan(100);
    }
}
