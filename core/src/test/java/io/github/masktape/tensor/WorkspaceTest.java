// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** An ended tensor says so and never gives other numbers; one that has memory of its own does not end too early. */
class WorkspaceTest {
    private static final Tensor START = Tensor.of(new double[] {1, 2});

    /** With numbers of its own, so that a step may work in place: what is borrowed is copied. */
    private final MutableTensor place = new MutableTensor(new Workspace().borrow(START));

    private final Workspace workspace = new Workspace();

    @Test
    void aResultOutlivesTheStepThatEndsItsOperand() {
        Tensor view = place.view(workspace);
        Tensor result = view.scale(2);
        Tensor converted = view.to(DType.FLOAT32);
        place.release(view);
        step();
        assertThat(result).isEqualTo(Tensor.of(new double[] {2, 4}));
        assertThat(converted).isEqualTo(Tensor.of(new float[] {1, 2}));
        workspace.recycle();
        assertThatThrownBy(() -> result.get(0)).hasMessageContaining("its workspace was recycled");
        assertThatThrownBy(() -> converted.get(0)).hasMessageContaining("its workspace was recycled");
    }

    @Test
    void whatSharesAViewsMemoryEndsWithIt() {
        Tensor view = place.view(workspace);
        Tensor reshaped = view.reshape(2, 1);
        Tensor borrowedAgain = workspace.borrow(view);
        place.release(view);
        step();
        assertThatThrownBy(() -> reshaped.get(0, 0)).hasMessageContaining("an optimizer step changed the parameter");
        assertThatThrownBy(() -> borrowedAgain.get(0)).hasMessageContaining("an optimizer step changed the parameter");
    }

    @Test
    void whatIsBorrowedFromAnotherWorkspaceHasMemoryOfItsOwn() {
        Tensor view = place.view(new Workspace());
        Tensor borrowed = workspace.borrow(view);
        place.release(view);
        step();
        assertThat(borrowed).isEqualTo(START);
        workspace.recycle();
        assertThatThrownBy(() -> borrowed.get(0)).hasMessageContaining("its workspace was recycled");
    }

    private void step() {
        place.update(Tensor.of(new double[] {1, 1}), new Descent(0.5));
    }
}
