package io.github.masktape.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.masktape.tensor.Mask;
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
        assertThatThrownBy(() -> Pass.inference().child(1).mask(1, 1, 1, 0.5))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("mask: an inference pass drops nothing; use Pass.training(seed, step)");
    }
}
