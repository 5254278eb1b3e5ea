// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class SoakTest {
    private static final int STEPS = 4000;
    private static final int SAMPLES = 20;

    @Tag("long")
    @Test
    void aTrainingStepLeavesNothingBehind() {
        Soak.SoakResult result = Soak.run(STEPS, SAMPLES, Soak.training());
        assertThat(result.isFlat()).as("%s", result).isTrue();
        assertThat(result.allocatedPerStep()).isPositive();
    }

    @Test
    void aLeakIsFound() {
        List<Object> kept = new ArrayList<>();
        Soak.SoakResult result = Soak.run(STEPS, SAMPLES, () -> kept.add(new byte[10_000]));
        assertThat(result.isFlat()).as("%s", result).isFalse();
        assertThat(kept).hasSize(STEPS);
    }
}
