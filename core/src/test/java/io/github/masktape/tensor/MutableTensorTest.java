// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Tensors never change: whatever a step does, what somebody holds stays as it is or says that it is over. */
class MutableTensorTest {
    private static final Tensor START = Tensor.of(new double[] {1, 2});

    /** With numbers of its own, so that a step may work in place: what is borrowed is copied. */
    private final MutableTensor place = new MutableTensor(new Workspace().borrow(START));

    private final Workspace workspace = new Workspace();

    @Test
    void aSnapshotOutlivesEveryStep() {
        Tensor before = place.value();
        step();
        assertThat(before).isEqualTo(START);
        Tensor between = place.value();
        step();
        assertThat(between).isEqualTo(Tensor.of(new double[] {0.5, 1.5}));
        assertThat(place.value()).isEqualTo(Tensor.of(new double[] {0, 1}));
    }

    @Test
    void whatAPlaceIsGivenIsNotCopiedUntilAStep() {
        MutableTensor other = new MutableTensor(START);
        assertThat(other.value()).isSameAs(START);
        place.set(START);
        assertThat(place.value()).isSameAs(START);
        step();
        assertThat(START).isEqualTo(Tensor.of(new double[] {1, 2}));
        assertThat(place.value()).isEqualTo(Tensor.of(new double[] {0.5, 1.5}));
        assertThat(other.value()).isSameAs(START);
    }

    @Test
    void whatIsBorrowedIsCopiedAtOnceAndOnce() {
        MutableTensor other = new MutableTensor(place.view(workspace));
        Storage<?> own = other.view(workspace).storage();
        workspace.recycle();
        other.update(Tensor.of(new double[] {1, 1}), new Descent(0.5));
        assertThat(other.view(workspace).storage()).isSameAs(own);
        assertThat(other.value()).isEqualTo(Tensor.of(new double[] {0.5, 1.5}));
    }

    @Test
    void withoutASnapshotTheStepWorksInPlace() {
        Tensor view = place.view(workspace);
        Storage<?> storage = view.storage();
        place.release(view);
        step();
        assertThat(place.view(workspace).storage()).isSameAs(storage);
        assertThatThrownBy(() -> view.get(0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("tensor 2: an optimizer step changed the parameter behind it;"
                        + " read it before the step, or copy() it");
    }

    @Test
    void aLiveViewIsNotWrittenTo() {
        Tensor view = place.view(workspace);
        step();
        assertThat(view).isEqualTo(START);
        assertThat(place.value()).isEqualTo(Tensor.of(new double[] {0.5, 1.5}));
    }

    @Test
    void noneOfSeveralLiveViewsIsWrittenTo() {
        Tensor first = place.view(workspace);
        Tensor second = place.view(workspace);
        place.release(second);
        step();
        assertThat(first).isEqualTo(START);
        assertThat(place.value()).isEqualTo(Tensor.of(new double[] {0.5, 1.5}));
    }

    @Test
    void recyclingEndsTensorsAndWhatWasComputedFromThem() {
        Tensor borrowed = workspace.borrow(START);
        Tensor result = borrowed.add(START).reshape(2, 1).transpose();
        Tensor copy = result.copy();
        workspace.recycle();
        assertThatThrownBy(() -> result.get(0, 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("tensor 1×2: its workspace was recycled;"
                        + " copy() what is to outlive the step before the next one begins");
        assertThatThrownBy(() -> START.mul(borrowed)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(borrowed::toString).isInstanceOf(IllegalStateException.class);
        assertThat(copy.get(0, 1)).isEqualTo(4);
        assertThat(START.get(0)).isEqualTo(1);
    }

    @Test
    void whatItIsMadeFromStaysAsItIs() {
        step();
        place.set(START);
        step();
        assertThat(START).isEqualTo(Tensor.of(new double[] {1, 2}));
    }

    @Test
    void aVelocitySomebodyHoldsDoesNotChange() {
        MutableTensor velocity = new MutableTensor(START);
        Tensor before = velocity.value();
        place.update(Tensor.of(new double[] {1, 1}), new Descent(0.5, 0.9), velocity);
        assertThat(before).isEqualTo(START);
        assertThat(velocity.value()).isNotEqualTo(START);
    }

    @Test
    void viewsThatAreOverAreForgotten() {
        for (int i = 0; i < 1000; i++) {
            place.view(workspace);
            workspace.recycle();
        }
        assertThat(place.views).hasSize(1);
    }

    /** One thread looks, another steps: what a snapshot shows stays as it is. */
    @Test
    void aSnapshotTakenByAnotherThreadDoesNotChange() throws InterruptedException {
        int size = 4000;
        MutableTensor shared = new MutableTensor(Tensor.zeros(DType.FLOAT32, size));
        Tensor ones = Tensor.full(DType.FLOAT32, 1, size);
        MutableTensor velocity = new MutableTensor(Tensor.zeros(DType.FLOAT32, size));
        AtomicInteger torn = new AtomicInteger();
        Thread reader = new Thread(() -> {
            for (int i = 0; i < 2000; i++) {
                Tensor snapshot = shared.value();
                float[] first = snapshot.toFloatArray();
                if (!Arrays.equals(first, snapshot.toFloatArray()) || first[0] != first[size - 1]) {
                    torn.incrementAndGet();
                }
            }
        });
        reader.start();
        while (reader.isAlive()) {
            shared.update(ones, new Descent(0.5, 0), velocity);
        }
        reader.join();
        assertThat(torn).hasValue(0);
    }

    @Test
    void refusesAnotherShapeOrDtype() {
        assertThatThrownBy(() -> place.set(Tensor.scalar(1))).hasMessage("set: shapes differ: 2 and scalar");
        assertThatThrownBy(() -> place.set(START.to(DType.FLOAT32))).hasMessageStartingWith("set: dtypes differ");
        Tensor other = Tensor.scalar(1);
        assertThatThrownBy(() -> place.update(other, new Descent(0.5)))
                .hasMessage("update: shapes differ: 2 and scalar");
        assertThatThrownBy(() -> place.update(START, new Descent(0.5, 0.5), new MutableTensor(other)))
                .hasMessage("update: shapes differ: 2 and scalar");
        assertThatThrownBy(() -> place.update(START, new Descent(0.5, 0.5), place))
                .hasMessage("update: state 0: expected a place of its own");
        MutableTensor state = new MutableTensor(START);
        assertThatThrownBy(() -> place.update(START, new Descent(0.5, 0.5), state, state))
                .hasMessage("update: state 1: expected a place of its own");
        assertThat(place.value()).isEqualTo(START);
    }

    @Test
    void holdsWhatItIsGiven() {
        Tensor next = Tensor.of(new double[] {5, 6});
        place.set(next);
        assertThat(place.value()).isEqualTo(next);
    }

    @Test
    void aStepInSinglePrecisionIsAStep() {
        MutableTensor single = new MutableTensor(Tensor.of(new float[] {1, 2}));
        MutableTensor velocity = new MutableTensor(Tensor.of(new float[] {4, 8}));
        single.update(Tensor.of(new float[] {1, -1}), new Descent(0.5, 0.25), velocity);
        assertThat(velocity.value()).isEqualTo(Tensor.of(new float[] {2, 1}));
        assertThat(single.value()).isEqualTo(Tensor.of(new float[] {0, 1.5f}));
    }

    private void step() {
        place.update(Tensor.of(new double[] {1, 1}), new Descent(0.5));
    }
}
