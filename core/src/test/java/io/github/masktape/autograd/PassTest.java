// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.Workspace;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PassTest {
    private final Pass pass = Pass.training(11, 5);

    @Test
    void knownAnswers() {
        assertThat(pass.key()).isEqualTo(0xf8eb662bea3f5660L);
        assertThat(pass.child(3).key()).isEqualTo(0x1c5ea84742d8e03eL);
    }

    @Test
    void isAValue() {
        Mask mask = pass.mask(2, 3, 4, 0.5);
        pass.child(1).mask(2, 3, 4, 0.5);
        assertThat(pass.mask(2, 3, 4, 0.5)).isEqualTo(mask).isEqualTo(Mask.bernoulli(2, 3, 4, 0.5, pass.key()));
        assertThat(Pass.training(11, 5).mask(2, 3, 4, 0.5)).isEqualTo(mask);
    }

    @Test
    void everyPlaceHasMasksOfItsOwn() {
        assertThat(new Pass[] {
                    pass,
                    pass.child(0),
                    pass.child(1),
                    pass.child(0).child(0),
                    pass.child(0).child(1),
                    pass.child(1).child(0),
                    Pass.training(11, 6),
                    Pass.training(12, 5),
                    Pass.training(11, 5).child(2)
                })
                .extracting(Pass::key)
                .doesNotHaveDuplicates();
    }

    @Test
    void inferenceDropsNothing() {
        assertThat(Pass.inference().isTraining()).isFalse();
        assertThat(pass.isTraining()).isTrue();
        assertThat(pass.child(1).isTraining()).isTrue();
        assertThatThrownBy(() -> Pass.inference().child(1).mask(1, 1, 1, 0.5))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("mask: an inference pass drops nothing; use Pass.training(seed, step)");
    }

    @Test
    void onATapeItDrawsTheSameMasks() {
        Workspace workspace = new Workspace();
        Tape tape = new Tape(workspace);
        Mask expected = pass.child(1).mask(2, 3, 4, 0.5);
        Mask mask = pass.on(tape).child(1).mask(2, 3, 4, 0.5);
        assertThat(mask).isEqualTo(expected);
        assertThat(pass.on(new Tape()).child(1).mask(2, 3, 4, 0.5)).isEqualTo(expected);
        workspace.recycle();
        assertThatThrownBy(() -> mask.keeps(0, 0, 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("mask 2×3×4: its workspace was recycled;"
                        + " copy() what is to outlive the step before the next one begins");
        assertThat(pass.child(1).mask(2, 3, 4, 0.5)).isEqualTo(expected);
    }

    @Test
    void anErrorNamesThePlace() {
        Layer layer = new Layer() {
            @Override
            public Variable forward(Variable x, Pass pass) {
                return x;
            }

            @Override
            public Map<String, Parameter> parameters() {
                return Map.of();
            }

            @Override
            public String toString() {
                return "Identity";
            }
        };
        assertThat(pass.describe(layer)).isEqualTo("Identity");
        assertThat(pass.child(3).describe(layer)).isEqualTo("layer 3 (Identity)");
        assertThat(pass.child(3).child(0).on(new Tape()).child(12).describe(layer))
                .isEqualTo("layer 3.0.12 (Identity)");
    }
}
