// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ShapeTest {
    @Test
    void printsItsLengths() {
        assertThat(Shape.of(2, 3)).hasToString("2×3");
        assertThat(Shape.of(7)).hasToString("7");
        assertThat(Shape.scalar()).hasToString("scalar");
    }

    @Test
    void countsItsElements() {
        assertThat(Shape.of(2, 3, 4).size()).isEqualTo(24);
        assertThat(Shape.scalar().size()).isEqualTo(1);
        assertThat(Shape.of(1, 1, 1).rank()).isEqualTo(3);
    }

    @Test
    void refusesEmptyAxes() {
        assertThatThrownBy(() -> Shape.of(0, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("shape: expected dimensions of at least 1, got 0×3");
        assertThatThrownBy(() -> Shape.of(3, -1)).hasMessageContaining("got 3×-1");
    }

    @Test
    void refusesMoreElementsThanAnArrayHolds() {
        assertThatThrownBy(() -> Shape.of(65536, 65536))
                .hasMessage("shape: at most 2147483647 elements fit one tensor, got 65536×65536");
        assertThatThrownBy(() -> Shape.of(1 << 30, 1 << 30, 1 << 30, 1 << 30))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void isAValue() {
        int[] dims = {2, 3};
        Shape shape = Shape.of(dims);
        dims[0] = 9;
        shape.dims()[1] = 9;
        assertThat(shape).isEqualTo(Shape.of(2, 3)).hasSameHashCodeAs(Shape.of(2, 3));
        assertThat(shape).isNotEqualTo(Shape.of(3, 2)).isNotEqualTo(Shape.of(6));
    }

    @Test
    void namesAMissingAxis() {
        assertThatThrownBy(() -> Shape.of(2, 3).dim(2)).hasMessage("shape 2×3: has no axis 2");
    }
}
