// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.io.SafeTensors;
import io.github.masktape.layers.BatchNorm;
import io.github.masktape.layers.DropConnect;
import io.github.masktape.layers.Linear;
import io.github.masktape.layers.Sequential;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.MutableTensor;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Shape;
import io.github.masktape.tensor.Tensor;
import java.io.File;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingStateTest {
    @TempDir
    private File folder;

    /** A loop of two networks and two optimizers. */
    private static final class Loop {
        final Sequential a;
        final Linear b;
        final Adam adam;
        final Optimizer sgd;
        final MutableTensor sum = new MutableTensor(Tensor.zeros(DType.FLOAT32, 5, 1));
        final TrainingState state;

        Loop(long seed, double rate) {
            Initializer init = Initializer.heUniform(seed);
            a = Sequential.of(DropConnect.of(3, 4, 0.5, init), BatchNorm.of(4, DType.FLOAT32));
            b = Linear.of(4, 1, init);
            adam = new Adam(a.parameters(), LearningRate.cosine(rate, 20));
            sgd = new MovingAverage(b.parameters(), new SGD(b.parameters(), step -> rate).withMomentum(0.9), 0.9);
            state = TrainingState.of(Map.of("a", a, "b", b), Map.of("adam", adam, "sgd", sgd))
                    .withTensors(Map.of("sum", sum));
        }

        void run(long end) {
            for (long step = adam.steps(); step < end; step++) {
                RandomStream random = new RandomStream(RandomStream.derive(3, step));
                Tensor x = Tensor.ofElements(DType.FLOAT32, Shape.of(5, 3), random::nextGaussian);
                Tape tape = new Tape();
                Variable y = b.forward(a.forward(tape.constant(x), Pass.training(1, step)), Pass.inference());
                var gradients = tape.backward(Ops.mean(Ops.square(y)));
                adam.step(gradients);
                sgd.step(gradients);
                sum.set(sum.value().add(y.value()));
            }
        }

        Map<String, Tensor> all() {
            return state.toSafeTensors(Map.of()).tensors();
        }
    }

    @Test
    void aLoopContinuesWithTheSameBits() throws IOException {
        Loop whole = new Loop(1, 0.1);
        whole.run(9);
        Loop begun = new Loop(1, 0.1);
        begun.run(4);
        File file = new File(folder, "state.safetensors");
        begun.state.save(file);
        Loop other = new Loop(2, 0.1);
        other.state.restore(file);
        assertThat(other.adam.steps()).isEqualTo(4);
        other.run(9);
        assertThat(other.all()).isEqualTo(whole.all());
        assertThat(other.all().keySet())
                .contains("sum", "a.1.running_mean", "b.weight", "optimizer.adam.mean.0.weight");
    }

    private static void assertRefuses(Loop loop, SafeTensors content, String message) {
        Map<String, Tensor> before = loop.all();
        assertThatThrownBy(() -> loop.state.restore(content))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
        assertThat(loop.all()).isEqualTo(before);
    }

    @Test
    void filesOfOtherLoopsAreRefused() throws IOException {
        Loop loop = new Loop(1, 0.1);
        loop.run(3);
        SafeTensors content = loop.state.toSafeTensors(Map.of("note", "mine"));
        assertThat(content.metadata()).containsEntry("note", "mine");
        assertRefuses(
                new Loop(1, 0.2),
                content,
                "optimizer adam: resume: learning rates of the steps made: expected 0.1 to ");
        Map<String, Tensor> tensors = new LinkedHashMap<>(content.tensors());
        tensors.put("b.bias", Tensor.zeros(DType.FLOAT32, 1).plus(1));
        assertRefuses(loop, new SafeTensors(tensors, content.metadata()), "corrupt: expected checksum ");
        assertRefuses(loop, new SafeTensors(tensors, Map.of()), "expected a file of TrainingState, got another one");
        TrainingState part =
                TrainingState.of(Map.of("a", loop.a), Map.of("adam", loop.adam)).withTensors(Map.of("sum", loop.sum));
        assertRefuses(loop, part.toSafeTensors(Map.of()), "resume: b.bias: expected none as in the checkpoint, got 1 ");
        TrainingState nets =
                TrainingState.of(Map.of("a", loop.a, "b", loop.b), Map.of()).withTensors(Map.of("sum", loop.sum));
        assertRefuses(loop, nets.toSafeTensors(Map.of()), "optimizer adam: expected its state, got none");
        File file = new File(folder, "nets.safetensors");
        nets.save(file);
        assertThatThrownBy(() -> loop.state.restore(file))
                .isInstanceOf(IOException.class)
                .hasMessage(file + ": optimizer adam: expected its state, got none");
        assertThatThrownBy(() -> TrainingState.of(Map.of("optimizer", loop.b), Map.of()))
                .hasMessage("nets: expected names without a dot and other than optimizer, got optimizer");
        assertThatThrownBy(() -> nets.toSafeTensors(Map.of("training.x", "")))
                .hasMessage("metadata: expected keys that do not begin with training., got training.x");
    }
}
