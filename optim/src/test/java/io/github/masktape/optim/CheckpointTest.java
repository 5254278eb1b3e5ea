// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Variable;
import io.github.masktape.data.Dataset;
import io.github.masktape.io.DataFormatException;
import io.github.masktape.io.SafeTensors;
import io.github.masktape.loss.Loss;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Tensor;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    @TempDir
    private Path folder;

    private final Dataset training = data(5, 0.1);
    private final Dataset validation = data(3, 0.2);

    private static Dataset data(int examples, double first) {
        double[] features = new double[examples * 2];
        int[] labels = new int[examples];
        for (int i = 0; i < examples; i++) {
            features[2 * i] = first + i;
            features[2 * i + 1] = i % 3 - 1;
            labels[i] = i % 2;
        }
        return new Dataset(Tensor.of(features, examples, 2), labels, 2);
    }

    /** A linear classifier. */
    private static final class Net implements Layer {
        private final Parameter weight = new Parameter(Tensor.full(DType.FLOAT64, 0.5, 2, 2));

        @Override
        public Variable forward(Variable x, Pass pass) {
            return Ops.matmulTransposed(x, x.tape().parameter(weight));
        }

        @Override
        public Map<String, Parameter> parameters() {
            return Map.of("weight", weight);
        }
    }

    private static Trainer trainer(Net net, int epochs) {
        return new Trainer(net, sgd(net, LearningRate.constant(0.1), 0.9), epochs, 2, 7);
    }

    private static SGD sgd(Net net, LearningRate rate, double momentum) {
        return new SGD(net.parameters(), rate).withMomentum(momentum);
    }

    private File file() {
        return folder.resolve("run.safetensors").toFile();
    }

    /** The checkpoint of a run of two epochs, three steps each. */
    private Checkpoint checkpoint() throws IOException {
        trainer(new Net(), 2).withPatience(2).withCheckpoint(file()).fit(training, validation);
        return Checkpoint.read(file());
    }

    @Test
    void holdsWhatTheRunWasToldToKeep() throws IOException {
        Map<String, String> extra = new LinkedHashMap<>();
        extra.put("command", "train --seed 7");
        extra.put("", "ü\n\"");
        List<Checkpoint> saved = new ArrayList<>();
        Trainer.History history = trainer(new Net(), 2)
                .withCheckpoint(file(), 0, extra)
                .fit(training, validation, new Trainer.Listener() {
                    @Override
                    public void saved(File file, Checkpoint checkpoint) {
                        assertThat(file).isEqualTo(file());
                        saved.add(checkpoint);
                    }
                });
        assertThat(saved).extracting(Checkpoint::step).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L);
        Checkpoint last = Checkpoint.read(file());
        assertThat(last).isEqualTo(saved.get(6));
        assertThat(last.extra()).isEqualTo(extra);
        assertThat(last.epochs()).isEqualTo(history.epochs());
        assertThat(last.unfinished()).isEqualTo(new Checkpoint.Unfinished(0, 0, 0));
        assertThat(saved.get(4).unfinished().lossSum()).isPositive();
        assertThat(last.bestWeights()).isEmpty();
        assertThat(last.optimizer().tensors()).containsOnlyKeys("velocity.weight");
    }

    @Test
    void weightsHaveTheirOwnNamesInTheFile() throws IOException {
        Checkpoint checkpoint = checkpoint();
        Map<String, Tensor> tensors = SafeTensors.read(file()).tensors();
        assertThat(tensors).containsOnlyKeys("weight", "best.weight", "optimizer.velocity.weight", "history");
        assertThat(tensors.get("weight")).isEqualTo(checkpoint.weights().get("weight"));
        assertThat(tensors.get("history").shape().dim(0)).isEqualTo(2);
    }

    @Test
    void everyDamagedByteIsFoundOrHarmless() throws IOException {
        Checkpoint checkpoint = checkpoint();
        byte[] good = Files.readAllBytes(file().toPath());
        for (int at = 0; at < good.length; at++) {
            byte[] bad = good.clone();
            bad[at] ^= (byte) (1 << at % 8);
            Files.write(file().toPath(), bad);
            try {
                assertThat(Checkpoint.read(file())).isEqualTo(checkpoint);
            } catch (DataFormatException e) {
                assertThat(e).hasMessageStartingWith(file() + ": ").hasMessageNotContaining("\n");
            }
        }
    }

    @Test
    void aDamagedWeightIsFound() throws IOException {
        checkpoint();
        byte[] bytes = Files.readAllBytes(file().toPath());
        bytes[bytes.length - 1] ^= 1;
        Files.write(file().toPath(), bytes);
        assertThatThrownBy(() -> Checkpoint.read(file()))
                .isInstanceOf(DataFormatException.class)
                .hasMessageMatching(".*run.safetensors: corrupt: expected checksum [0-9a-f]{16}, got [0-9a-f]{16}");
    }

    @Test
    void truncationIsFound() throws IOException {
        checkpoint();
        byte[] good = Files.readAllBytes(file().toPath());
        for (int length = 0; length < good.length; length += 1 + length / 64) {
            Files.write(file().toPath(), Arrays.copyOf(good, length));
            assertThatThrownBy(() -> Checkpoint.read(file())).isInstanceOf(DataFormatException.class);
        }
    }

    @Test
    void anotherSafetensorsFileIsRefused() throws IOException {
        new SafeTensors(Map.of("weight", Tensor.scalar(1)), Map.of()).write(file());
        assertThatThrownBy(() -> Checkpoint.read(file()))
                .isInstanceOf(DataFormatException.class)
                .hasMessage(
                        file() + ": expected a checkpoint of a training run, got a safetensors file of another kind");
    }

    /** The columns begin with those of the first version. */
    @Test
    void theHistoryTellsTheKindOfEachEvaluation() throws IOException {
        List<Trainer.Epoch> epochs = List.of(
                new Trainer.Epoch(1, 0.5, new Evaluation.OfLabels(3, 8, 0.25)),
                new Trainer.Epoch(2, 1.5, new Evaluation.OfValues(8, 0.75, 0.5, 4)),
                new Trainer.Epoch(3, 2.5, null),
                new Trainer.Epoch(4, 3.5, new Evaluation.OfLoss(8, 0.125)),
                new Trainer.Epoch(5, 4.5, new Evaluation.OfLabels(3, 8, 0.25, 0.0625)));
        Checkpoint good = checkpoint();
        Checkpoint checkpoint = new Checkpoint(
                6,
                good.unfinished(),
                epochs,
                good.settings(),
                good.weights(),
                good.bestWeights(),
                good.optimizer(),
                good.extra());
        double none = Double.NaN;
        assertThat(checkpoint.content().tensors().get("history").toDoubleArray())
                .containsExactly(
                        0.5, 3, 8, 0.25, none, none, 1.5, -1, 8, 0.75, 4, 0.5, 2.5, none, none, none, none, none, 3.5,
                        none, 8, 0.125, none, none, 4.5, 3, 8, 0.25, 0.0625, none);
        assertThat(Checkpoint.of(file().toString(), checkpoint.content()).epochs())
                .isEqualTo(epochs);
    }

    @Test
    void aTrainerDoesNotChange() {
        Trainer trainer = trainer(new Net(), 1);
        assertThat(trainer.withPatience(1)).isNotSameAs(trainer);
        assertThat(trainer.withCheckpoint(file())).isNotSameAs(trainer);
        Loss loss = Loss.huber(1);
        assertThat(trainer.withLoss(loss).settings.loss()).isSameAs(loss);
        assertThat(trainer.withClippedGradients(2)
                        .withPatience(3)
                        .withCheckpoint(file())
                        .withLoss(loss)
                        .settings)
                .isEqualTo(new Trainer.Adjustments(
                        loss,
                        new Trainer.Clipping(Double.POSITIVE_INFINITY, 2),
                        null,
                        3,
                        new Trainer.Saving(file(), Double.POSITIVE_INFINITY, Map.of())));
        assertThat(trainer.settings)
                .as("nothing was set")
                .isEqualTo(new Trainer.Adjustments(
                        null, new Trainer.Clipping(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY), null, 0, null));
    }

    // ---- refusals ----

    private void assertRefuses(Trainer trainer, Dataset training, Dataset validation, String message) {
        assertThatThrownBy(() -> trainer.resume(checkpoint(), training, validation))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("resume: " + message);
    }

    @Test
    void refusesOtherData() {
        assertRefuses(
                trainer(new Net(), 2).withPatience(2),
                data(6, 0.1),
                validation,
                "training examples: expected 5 as in the checkpoint, got 6");
        assertRefuses(
                trainer(new Net(), 2).withPatience(2),
                training,
                data(2, 0.2),
                "validation examples: expected 3 as in the checkpoint, got 2");
        assertThatThrownBy(() -> trainer(new Net(), 2).withPatience(2).resume(checkpoint(), data(5, 0.3), validation))
                .hasMessageMatching("resume: training data: expected checksum \\w{16} as in the checkpoint, got"
                        + " checksum \\w{16}");
        int[] labels = training.labels();
        labels[4] = 1;
        assertThatThrownBy(() -> trainer(new Net(), 2)
                        .withPatience(2)
                        .resume(checkpoint(), new Dataset(training.features(), labels, 2), validation))
                .hasMessageStartingWith("resume: training data: ");
    }

    @Test
    void refusesAnotherNetOfTheSameWeights() {
        Net net = new Net();
        assertRefuses(
                new Trainer(followed(net, Ops::tanh), sgd(net, LearningRate.constant(0.1), 0.9), 2, 2, 7)
                        .withPatience(2),
                training,
                validation,
                "net: expected the checkpoint's, got one of other layers or drop probabilities");
        assertThat(net.weight.value()).as("nothing was changed").isEqualTo(new Net().weight.value());
    }

    @Test
    void aNetThatFailsWhenItIsComparedKeepsItsWeights() {
        Net net = new Net();
        Layer failing = followed(net, y -> {
            throw new IllegalStateException("not today");
        });
        assertThatThrownBy(() -> new Trainer(failing, sgd(net, LearningRate.constant(0.1), 0.9), 2, 2, 7)
                        .withPatience(2)
                        .resume(checkpoint(), training, validation))
                .hasMessage("not today");
        assertThat(net.weight.value()).isEqualTo(new Net().weight.value());
    }

    private static Layer followed(Net net, UnaryOperator<Variable> last) {
        return new Layer() {
            @Override
            public Variable forward(Variable x, Pass pass) {
                return last.apply(net.forward(x, pass));
            }

            @Override
            public Map<String, Parameter> parameters() {
                return net.parameters();
            }
        };
    }

    @Test
    void refusesOtherSettings() {
        Net net = new Net();
        SGD sgd = sgd(net, LearningRate.constant(0.1), 0.9);
        assertRefuses(
                new Trainer(net, sgd, 2, 3, 7).withPatience(2),
                training,
                validation,
                "batch size: expected 2 as in the checkpoint, got 3");
        assertRefuses(
                new Trainer(net, sgd, 2, 2, 8).withPatience(2),
                training,
                validation,
                "seed: expected 7 as in the checkpoint, got 8");
        assertRefuses(
                trainer(net, 2).withPatience(2).withLoss(Loss.crossEntropy().withLabelSmoothing(0.1)),
                training,
                validation,
                "label smoothing: expected 0 as in the checkpoint, got 0.1");
        assertRefuses(
                trainer(net, 2).withPatience(2).withClippedGradients(2.5),
                training,
                validation,
                "gradient norm: expected unlimited as in the checkpoint, got 2.5");
        assertRefuses(
                trainer(net, 2), training, validation, "early stopping: expected yes as in the checkpoint, got no");
        assertRefuses(
                new Trainer(net, sgd(net, LearningRate.constant(0.1), 0.8), 2, 2, 7).withPatience(2),
                training,
                validation,
                "momentum: expected 0.9 as in the checkpoint, got 0.8");
        assertRefuses(
                trainer(net, 1).withPatience(2),
                training,
                validation,
                "epochs: expected at least 2 as begun in the checkpoint, got 1");
        assertThatThrownBy(() -> new Trainer(net, sgd(net, LearningRate.cosine(0.1, 6), 0.9), 2, 2, 7)
                        .withPatience(2)
                        .resume(checkpoint(), training, validation))
                .hasMessageMatching("resume: learning rates of the steps made: expected 0.1 to 0.1 \\(checksum \\w+\\)"
                        + " as in the checkpoint, got 0.1 to 0.00669873 \\(checksum \\w+\\)");
        assertThat(net.weight.value()).as("nothing was changed").isEqualTo(new Net().weight.value());
        assertThat(sgd.steps()).isZero();
    }

    @Test
    void refusesAnotherNet() throws IOException {
        Checkpoint good = checkpoint();
        Checkpoint other = new Checkpoint(
                good.step(),
                good.unfinished(),
                good.epochs(),
                good.settings(),
                Map.of("weight", Tensor.full(DType.FLOAT64, 0, 3, 2)),
                good.bestWeights(),
                good.optimizer(),
                good.extra());
        assertThatThrownBy(() -> trainer(new Net(), 2).withPatience(2).resume(other, training, validation))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("resume: weight: expected 3×2 FLOAT64 as in the checkpoint, got 2×2 FLOAT64");
    }

    /** A checkpoint with other steps, settings, weights and best weights. */
    private static Checkpoint changed(
            Checkpoint good,
            long step,
            Map<String, String> settings,
            Map<String, Tensor> weights,
            Map<String, Tensor> best) {
        return new Checkpoint(
                step, good.unfinished(), good.epochs(), settings, weights, best, good.optimizer(), good.extra());
    }

    @Test
    void refusesCheckpointsWhosePartsDoNotFitEachOther() throws IOException {
        Checkpoint good = checkpoint();
        Map<String, String> more = new LinkedHashMap<>(good.settings());
        more.put("moon", "full");
        assertThatThrownBy(() -> resume(changed(good, 6, more, good.weights(), good.bestWeights())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("resume: moon: expected full as in the checkpoint, got none");
        assertThatThrownBy(() -> resume(changed(good, 6, good.settings(), good.weights(), Map.of())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("resume: weight: expected none as in the checkpoint, got 2×2 FLOAT64");
        assertThatThrownBy(() -> resume(changed(good, 9, good.settings(), good.weights(), good.bestWeights())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("resume: expected the checkpoint's 9 steps to be 3 epochs of 3 steps, got 2");
        Map<String, Tensor> taken = Map.of("best.weight", Tensor.scalar(1));
        assertThatThrownBy(() -> changed(good, 6, good.settings(), taken, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("checkpoint: expected names of parameters other than ");
    }

    private void resume(Checkpoint checkpoint) {
        trainer(new Net(), 4).withPatience(2).resume(checkpoint, training, validation);
    }

    @Test
    void aRunGoesOnFromBeforeItsFirstStep() throws IOException {
        List<Checkpoint> saved = new ArrayList<>();
        Net whole = new Net();
        trainer(whole, 2)
                .withPatience(2)
                .withCheckpoint(file(), 0, Map.of())
                .fit(training, validation, new Trainer.Listener() {
                    @Override
                    public void saved(File file, Checkpoint checkpoint) {
                        saved.add(checkpoint);
                    }
                });
        assertThat(saved.get(0).step()).isZero();
        Net net = new Net();
        trainer(net, 2).withPatience(2).resume(saved.get(0), training, validation);
        assertThat(net.weight.value()).isEqualTo(whole.weight.value());
    }

    @Test
    void refusesNamesThatTheFileNeeds() {
        assertThatThrownBy(() -> trainer(new Net(), 2).withCheckpoint(file(), 1, Map.of("checkpoint.x", "")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("checkpoint: expected extra keys that do not begin with checkpoint., got checkpoint.x");
        assertThatThrownBy(() -> trainer(new Net(), 2).withCheckpoint(file(), Double.NaN, Map.of()))
                .hasMessage("seconds: expected at least 0, got nan");
    }

    // ---- going on ----

    @Test
    void moreEpochsOfAScheduleThatDoesNotDependOnThemAreTheLongerRun() throws IOException {
        Net whole = new Net();
        Trainer.History history = trainer(whole, 5).withPatience(9).fit(training, validation);
        Net net = new Net();
        assertThat(trainer(net, 5).withPatience(9).resume(checkpoint(), training, validation))
                .isEqualTo(history);
        assertThat(net.weight.value()).isEqualTo(whole.weight.value());
    }

    @Test
    void aCompleteRunResumedIsOverAtOnceWithTheBestWeights() throws IOException {
        Checkpoint checkpoint = checkpoint();
        Net net = new Net();
        Trainer.History history = trainer(net, 2)
                .withPatience(2)
                .resume(checkpoint, training, validation, new Trainer.Listener() {
                    @Override
                    public void step(Trainer.Step step) {
                        throw new AssertionError(step);
                    }
                });
        assertThat(history.ending()).isEqualTo(Trainer.Ending.COMPLETE);
        assertThat(net.weight.value()).isEqualTo(checkpoint.bestWeights().get("weight"));
    }

    @Test
    void shortEpochsDoNotEachWaitForTheDisk() throws IOException {
        List<Integer> saved = new ArrayList<>();
        trainer(new Net(), 400).withCheckpoint(file()).fit(training, null, new Trainer.Listener() {
            @Override
            public void saved(File file, Checkpoint checkpoint) {
                saved.add(checkpoint.epochs().size());
            }
        });
        assertThat(saved).startsWith(0).endsWith(400).hasSizeLessThan(200);
        assertThat(Checkpoint.read(file()).epochs()).hasSize(400);
    }

    // ---- files that cannot be written ----

    @Test
    void aFileThatCannotBeWrittenEndsTheRunBeforeItsFirstStep() {
        File missing = folder.resolve("missing/run.safetensors").toFile();
        assertThatThrownBy(() -> trainer(new Net(), 2).withCheckpoint(missing).fit(training))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith(missing + ": ")
                .hasMessageNotContaining("\n");
    }

    @Test
    void aWriteThatFailsLeavesTheLastGoodCheckpoint() throws IOException {
        Trainer trainer = trainer(new Net(), 3).withCheckpoint(file(), 0, Map.of());
        Path blocked = folder.resolve("moved");
        assertThatThrownBy(() -> trainer.fit(training, null, new Trainer.Listener() {
                    @Override
                    public void epoch(Trainer.Epoch epoch) {
                        move(file().toPath(), blocked);
                        makeFolder(file().toPath());
                    }
                }))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("run.safetensors");
        assertThat(Checkpoint.read(blocked.toFile()).step()).isEqualTo(3);
    }

    @Test
    void aListenerMayGoOnWithoutCheckpoints() {
        File missing = folder.resolve("missing/run.safetensors").toFile();
        List<IOException> problems = new ArrayList<>();
        Trainer.History history = trainer(new Net(), 2)
                .withCheckpoint(missing, 0, Map.of())
                .fit(training, null, new Trainer.Listener() {
                    @Override
                    public void notSaved(File file, IOException problem) {
                        problems.add(problem);
                    }
                });
        // One before the first of six steps, one after each.
        assertThat(problems).hasSize(7);
        assertThat(history.epochs()).hasSize(2);
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void makeFolder(Path path) {
        try {
            Files.createDirectory(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- a second fit ----

    /** Its steps are counted from 0 again, but rates, masks and shuffling go on: the file must tell both. */
    @Test
    void aSecondFitThatWasStoppedGoesOnToTheSameBits() throws IOException {
        Net whole = new Net();
        Trainer both = trainer(whole, 2);
        both.fit(training, validation);
        Trainer.History expected = both.fit(training, validation);

        Net net = new Net();
        Trainer first = trainer(net, 2).withCheckpoint(file());
        first.fit(training, validation);
        first.fit(training, validation, new Trainer.Listener() {
            @Override
            public void step(Trainer.Step step) {
                if (step.number() == 4) {
                    first.stop();
                }
            }
        });
        assertThat(Checkpoint.read(file()).step()).isEqualTo(4);
        assertThat(Checkpoint.read(file()).optimizer().steps()).isEqualTo(10);
        Net resumed = new Net();
        Trainer.History history = trainer(resumed, 2).resume(Checkpoint.read(file()), training, validation);
        assertThat(history).isEqualTo(expected);
        assertThat(resumed.weight.value()).isEqualTo(whole.weight.value());
    }
}
