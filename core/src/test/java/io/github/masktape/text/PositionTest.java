// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PositionTest {
    @Test
    void theLastAxisCountsFastest() {
        assertThat(Position.of(new int[] {2, 3}, 4)).isEqualTo("[1, 1]");
        assertThat(Position.of(new int[] {2, 3, 5}, 29)).isEqualTo("[1, 2, 4]");
        assertThat(Position.of(new int[] {7}, 6)).isEqualTo("[6]");
        assertThat(Position.of(new int[0], 0)).isEqualTo("[]");
    }
}
