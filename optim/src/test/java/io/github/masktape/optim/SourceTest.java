// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.masktape.autograd.Ops;
import io.github.masktape.data.Batch;
import io.github.masktape.data.BatchSource;
import io.github.masktape.data.Batches;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.GeneratedPoints;
import io.github.masktape.data.StreamedBatches;
import io.github.masktape.layers.DropConnect;
import io.github.masktape.layers.Linear;
import io.github.masktape.layers.Sequential;
import io.github.masktape.layers.Tanh;
import io.github.masktape.loss.Loss;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.Tensor;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training on batches from a source. */
class SourceTest {
    private static final Dataset DATA = GeneratedPoints.moons(11, 0.2, 1);

    @TempDir
    private static Path folder;

    private final List<String> log = new ArrayList<>();

    /** Three batches of 4, 4 and 3 examples an epoch, which note when they are opened and closed. */
    private final StreamedBatches<Integer> stream = stream(11);

    private StreamedBatches<Integer> stream(int rows) {
        return StreamedBatches.of(
                epoch -> {
                    log.add("open " + epoch);
                    return IntStream.range(0, rows).boxed().onClose(() -> log.add("close " + epoch));
                },
                4,
                some -> DATA.select(some.stream().mapToInt(i -> i).toArray()));
    }

    private static Sequential net() {
        Initializer init = Initializer.heUniform(1);
        return Sequential.of(Linear.of(2, 3, init), new Tanh(), DropConnect.of(3, 2, 0.5, init));
    }

    private static Trainer trainer(Sequential net, int epochs) {
        return new Trainer(net, sgd(net), epochs, 7);
    }

    private static SGD sgd(Sequential net) {
        return new SGD(net.parameters(), LearningRate.constant(0.1)).withMomentum(0.9);
    }

    private static List<Tensor> weights(Sequential net) {
        return net.parameters().values().stream().map(p -> p.value()).toList();
    }

    /** A listener that stops the trainer after a step, and notes the steps. */
    private static Trainer.Listener stopping(Trainer trainer, long after, List<Trainer.Step> steps) {
        return new Trainer.Listener() {
            @Override
            public void step(Trainer.Step step) {
                steps.add(step);
                if (step.number() == after) {
                    trainer.stop();
                }
            }
        };
    }

    @Test
    void theSameBatchesGiveTheSameBits() {
        Sequential fromMemory = net();
        Trainer.History expected = trainer(fromMemory, 3).fit(Batches.of(DATA, 4), DATA);
        for (BatchSource source : List.of(stream, stream.withSteps(3))) {
            Sequential net = net();
            List<Trainer.Step> steps = new ArrayList<>();
            Trainer trainer = trainer(net, 3);
            assertThat(trainer.fit(source, DATA, stopping(trainer, -1, steps))).isEqualTo(expected);
            assertThat(weights(net)).isEqualTo(weights(fromMemory));
            assertThat(steps)
                    .hasSize(9)
                    .allMatch(step -> step.total()
                            .equals(source.steps().isPresent() ? OptionalLong.of(9) : OptionalLong.empty()));
        }
        assertThat(log).startsWith("open 1", "close 1").doesNotContain("open 4");
        Sequential shuffled = net();
        Sequential same = net();
        trainer(shuffled, 3).fit(Batches.of(DATA, 4).withShuffling(7));
        new Trainer(same, sgd(same), 3, 4, 7).fit(DATA);
        assertThat(weights(same)).isEqualTo(weights(shuffled)).isNotEqualTo(weights(fromMemory));
    }

    @Test
    void aSecondFitGoesOnWithTheEpochs() {
        Sequential whole = net();
        trainer(whole, 3).fit(stream.withSteps(3));
        Sequential net = net();
        Trainer trainer = trainer(net, 1);
        trainer.fit(stream.withSteps(3));
        log.clear();
        trainer.fit(stream.withSteps(3));
        trainer.fit(stream.withSteps(3));
        assertThat(log).contains("open 2", "open 3").doesNotContain("open 1");
        assertThat(weights(net)).isEqualTo(weights(whole));
        log.clear();
        trainer.fit(stream);
        assertThat(log).contains("open 1");
    }

    @Test
    void batchesAreClosedHoweverTheRunEnds() {
        Trainer trainer = trainer(net(), 2);
        trainer.fit(stream, null, stopping(trainer, 4, new ArrayList<>()));
        assertThat(log).containsExactly("open 1", "close 1", "open 2", "close 2");
        log.clear();
        assertThatThrownBy(() -> trainer.withLoss((y, batch) -> Ops.log(Ops.neg(Ops.sum(Ops.square(y)))))
                        .fit(stream))
                .isInstanceOf(DivergenceException.class);
        assertThat(log).containsExactly("open 1", "close 1");
        assertThatThrownBy(() -> trainer.fit(closing(new IOException("unplugged"))))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("unplugged");
        assertThatThrownBy(() -> trainer.fit(closing(new InterruptedException("tired"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("batches: expected to close them, got tired");
    }

    private static BatchSource closing(Exception problem) {
        @SuppressWarnings("try") // it throws what it is given
        final class Epoch implements Iterable<Batch>, AutoCloseable {
            @Override
            public Iterator<Batch> iterator() {
                return List.of(new Batch(DATA)).iterator();
            }

            @Override
            public void close() throws Exception {
                throw problem;
            }
        }

        return epoch -> new Epoch();
    }

    @Test
    void aStreamThatCannotBeOpenedIsAnIOException() {
        BatchSource broken = StreamedBatches.of(
                epoch -> {
                    throw new IOException("rows.csv: no such file");
                },
                4,
                some -> DATA);
        assertThatThrownBy(() -> trainer(net(), 1).fit(broken))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("rows.csv: no such file");
        assertThatThrownBy(() -> StreamedBatches.of(epoch -> Stream.of(1), 0, some -> DATA))
                .hasMessage("batchSize: expected at least 1, got 0");
        assertThatThrownBy(() -> stream.withSteps(0)).hasMessage("steps: expected at least 1 in an epoch, got 0");
        assertThatThrownBy(() -> stream.epoch(0)).hasMessage("epoch: expected at least 1, got 0");
    }

    @Test
    void aStreamEndsWhereItEnds() {
        var iterator = stream.epoch(2).iterator();
        assertThat(iterator.next().size()).isEqualTo(4);
        assertThat(iterator.next().size()).isEqualTo(4);
        assertThat(iterator.next().size()).isEqualTo(3);
        assertThat(iterator.hasNext()).isFalse();
        assertThatThrownBy(iterator::next).isInstanceOf(NoSuchElementException.class);
        assertThat(log).containsExactly("open 2", "close 2");
    }

    // ---- refusals ----

    @Test
    void anEpochHasAsManyBatchesAsTheSourcePromises() {
        assertThatThrownBy(() -> trainer(net(), 1).fit(stream.withSteps(4)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "batches: expected 4 in each epoch, got 3 in epoch 1; limit the stream, or correct withSteps or steps()");
        assertThatThrownBy(() -> trainer(net(), 1).fit(stream.withSteps(2)))
                .hasMessage(
                        "batches: expected 2 in each epoch, got more in epoch 1; limit the stream, or correct withSteps or steps()");
        assertThatThrownBy(() -> trainer(net(), 1).fit(stream(0)))
                .hasMessage("batches: expected at least 1 in each epoch, got none in epoch 1");
    }

    @Test
    void aTrainerHasABatchSizeIfItCutsTheBatches() {
        Sequential net = net();
        assertThatThrownBy(() -> trainer(net, 1).fit(DATA))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("batchSize: expected one to cut the dataset by, got none; make the trainer with"
                        + " new Trainer(net, optimizer, epochs, batchSize, seed)");
        assertThatThrownBy(() -> new Trainer(net, sgd(net), 1, 4, 7).fit(stream))
                .hasMessage("batchSize: expected none, since the batches come from a source, got 4; make the trainer"
                        + " with new Trainer(net, optimizer, epochs, seed)");
        assertThatThrownBy(() -> new Trainer(net, sgd(net), 0, 7)).hasMessage("epochs: expected at least 1, got 0");
        assertThatThrownBy(() -> new Trainer(net, sgd(net()), 1, 7))
                .hasMessageContaining("expected parameters of the network");
    }

    @Test
    void theValidationSetIsLikeTheFirstBatch() {
        assertThatThrownBy(() -> trainer(net(), 1).fit(stream, Dataset.regression(DATA.features(), DATA.features())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("validation: expected classes as in training, got targets");
        Sequential net = net();
        StreamedBatches<Integer> wide = StreamedBatches.of(epoch -> Stream.of(1), 1, some -> DATA.to(DType.FLOAT64));
        assertThatThrownBy(() -> trainer(net, 1).fit(wide))
                .hasMessageStartingWith("training: expected FLOAT32 data as the network's parameters, got FLOAT64;");
    }

    /** Of a stream of unknown length this shows only at the end of an epoch. */
    @Test
    void aScheduleThatIsOverIsRefused() {
        Sequential net = net();
        SGD sgd = new SGD(net.parameters(), LearningRate.cosine(0.1, 6));
        Trainer trainer = new Trainer(net, sgd, 2, 7);
        trainer.fit(stream);
        assertThatThrownBy(() -> trainer.fit(stream))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("fit: expected a learning rate above 0, got 0 in all 3 steps of epoch 1: the optimizer's"
                        + " schedule is over after 6 steps; make a new optimizer, or one with a longer schedule");
        assertThatThrownBy(() -> trainer.fit(stream.withSteps(3))).hasMessageContaining("in all 6 steps to come");
    }

    // ---- resuming ----

    private static Trainer saving(Sequential net, File file) {
        return trainer(net, 3).withPatience(5).withCheckpoint(file, 0, Map.of());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 8, 9})
    void aRunOnARepeatableSourceResumesToTheSameBits(int after) throws IOException {
        for (StreamedBatches<Integer> source : List.of(
                stream.withIdentity("moons"), stream.withIdentity("moons").withSteps(3))) {
            File file = folder.resolve("run").toFile();
            Sequential whole = net();
            Trainer.History expected = saving(whole, file).fit(source, DATA);
            Trainer first = saving(net(), file);
            if (after == 0) {
                first.stop();
            }
            first.fit(source, DATA, stopping(first, after, new ArrayList<>()));
            Sequential net = net();
            assertThat(saving(net, file).resume(Checkpoint.read(file), source, DATA, new Trainer.Listener() {}))
                    .isEqualTo(expected);
            assertThat(weights(net)).isEqualTo(weights(whole));
        }
    }

    private Checkpoint stopped(BatchSource source) throws IOException {
        File file = folder.resolve("stopped").toFile();
        Trainer trainer = saving(net(), file);
        trainer.fit(source, DATA, stopping(trainer, 5, new ArrayList<>()));
        return Checkpoint.read(file);
    }

    private void assertRefuses(Checkpoint checkpoint, BatchSource source, String message) {
        Trainer trainer = saving(net(), folder.resolve("other").toFile());
        assertThatThrownBy(() -> trainer.resume(checkpoint, source, DATA, new Trainer.Listener() {}))
                .isInstanceOfAny(IllegalArgumentException.class, IllegalStateException.class)
                .hasMessage(message);
    }

    /** Labels, values, and a loss of one's own: as if they were in memory. */
    @Test
    void aValidationSetMayBeStreamed() throws IOException {
        Sequential net = net();
        Tensor two = DATA.features().columns(1, 0);
        Dataset values = Dataset.regression(DATA.features(), two.add(two).plus(100));
        StreamedBatches<Integer> valueStream = StreamedBatches.of(
                epoch -> IntStream.range(0, 11).boxed(),
                4,
                some -> values.select(some.stream().mapToInt(i -> i).toArray()));
        Evaluation.OfLabels labels = (Evaluation.OfLabels) Metrics.evaluate(net, DATA);
        Evaluation.OfLabels streamed = (Evaluation.OfLabels) Metrics.evaluate(net, stream, Loss.crossEntropy());
        assertThat(streamed.errors()).isEqualTo(labels.errors());
        assertThat(streamed.examples()).isEqualTo(11);
        assertThat(streamed.loss()).isCloseTo(labels.loss(), within(1e-6));
        assertThat(log).containsExactly("open 1", "close 1");
        Loss weighted = Loss.crossEntropy().withClassWeights(1, 5);
        double rate = ((Evaluation.OfLabels) Metrics.evaluate(net, DATA, weighted)).weightedErrorRate();
        assertThat(rate).isNotEqualTo(labels.errorRate());
        assertThat(((Evaluation.OfLabels) Metrics.evaluate(net, stream, weighted)).weightedErrorRate())
                .isCloseTo(rate, within(1e-12));
        log.clear();
        for (Loss loss : List.of(Loss.meanSquaredError(), Loss.huber(1))) {
            Evaluation.OfValues all = (Evaluation.OfValues) Metrics.evaluate(net, values, loss);
            Evaluation.OfValues parts = (Evaluation.OfValues) Metrics.evaluate(net, valueStream, loss);
            assertThat(parts.loss()).isCloseTo(all.loss(), within(1e-6 * all.loss()));
            assertThat(parts.meanSquaredError()).isCloseTo(all.meanSquaredError(), within(1e-6 * all.loss()));
            assertThat(parts.variance()).isCloseTo(all.variance(), within(1e-12 * all.variance()));
        }
        Loss own = (y, batch) -> Ops.mean(Ops.square(y));
        assertThat(Metrics.evaluate(net, stream, own).loss())
                .isCloseTo(Metrics.evaluate(net, DATA, own).loss(), within(1e-6));

        StreamedBatches<Integer> known = stream.withIdentity("moons");
        Trainer.History expected = trainer(net(), 3).withPatience(2).fit(known, DATA);
        File file = folder.resolve("watched").toFile();
        Trainer watching = trainer(net(), 3).withPatience(2).withValidation(known);
        Trainer.History history = watching.withCheckpoint(file).fit(known);
        assertThat(history.bestEpoch()).isEqualTo(expected.bestEpoch());
        Checkpoint checkpoint = Checkpoint.read(file);
        assertThat(checkpoint.settings()).containsEntry("validation batches", "moons");
        assertThat(watching.resume(checkpoint, known).epochs()).isEqualTo(history.epochs());
        assertThatThrownBy(() -> watching.withValidation(stream).resume(checkpoint, known))
                .hasMessage("resume: validation batches: expected a source with an identity, got one without; see"
                        + " BatchSource.identity");
        assertThatThrownBy(() -> watching.fit(known, DATA))
                .hasMessage("validation: expected one validation set, got a dataset and the batches of withValidation");
        assertThatThrownBy(() -> Metrics.evaluate((x, pass) -> Ops.sumRows(x), DATA, own))
                .hasMessage("net: expected outputs of 11 rows, one for each example, got a tensor of shape 2");
        assertThatThrownBy(() -> Metrics.evaluate((x, pass) -> Ops.sumColumns(x), DATA, own))
                .hasMessage("net: expected outputs of 11 rows, one for each example, got a tensor of shape 11"
                        + "; reshape it to 11×1");
        assertThatThrownBy(() -> Metrics.evaluate(net, DATA, (y, batch) -> Ops.square(y)))
                .hasMessageStartingWith("loss: expected a scalar, got a tensor of shape 11×2; ");
        assertThat(new Batch(DATA).withStep(3)).hasToString("batch of 11 examples, step 3");
        assertThatThrownBy(() -> Metrics.evaluate(net, epoch -> List.of(), own))
                .hasMessage("evaluate: expected at least one batch, got none");
    }

    @Test
    void anElementThatIsRefusedIsNamed() {
        StreamedBatches<String> numbers =
                StreamedBatches.of(epoch -> Stream.of("1", "2", "3", epoch == 1 ? "4" : "four", "5"), 2, lines -> {
                    double[] all =
                            lines.stream().mapToDouble(Double::parseDouble).toArray();
                    Tensor column = Tensor.of(all, all.length, 1);
                    return Dataset.regression(column, column);
                });
        assertThat(numbers.epoch(1)).hasSize(3);
        assertThatThrownBy(() -> numbers.epoch(2).forEach(batch -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("batches: element 4 of epoch 2: For input string: \"four\"")
                .hasCauseInstanceOf(NumberFormatException.class);
        StreamedBatches<Integer> pairs = StreamedBatches.of(epoch -> Stream.of(1, 2, 3), 2, some -> {
            if (some.size() > 1) {
                throw new IllegalStateException("no pairs");
            }
            return DATA;
        });
        assertThatThrownBy(() -> pairs.epoch(1).forEach(batch -> {}))
                .hasMessage("batches: elements 1 to 2 of epoch 1: no pairs");
    }

    @Test
    void aRunOnBatchesThatCannotBeRepeatedDoesNotResume() throws IOException {
        StreamedBatches<Integer> known = stream.withIdentity("moons");
        assertRefuses(
                stopped(stream),
                stream,
                "resume: training batches: expected a source with an identity, so that they can be repeated, got one"
                        + " without; see BatchSource.identity");
        assertRefuses(
                stopped(stream),
                known,
                "resume: training batches: expected without an identity as in the checkpoint, got moons");
        assertRefuses(
                stopped(known),
                stream.withIdentity("suns"),
                "resume: training batches: expected moons as in the checkpoint, got suns");
        assertRefuses(
                stopped(known),
                stream(3).withIdentity("moons"),
                "resume: training batches: expected the checkpoint's first examples, got others from a source of the"
                        + " same identity; give other data another identity");
        assertRefuses(
                stopped(known),
                stream(4).withIdentity("moons"),
                "batches: expected at least 2 in each epoch, got 1 in epoch 2");
        assertRefuses(
                stopped(known),
                known.withSteps(2),
                "resume: expected the checkpoint's 5 steps to be 2 epochs of 2 steps, got 1");
    }

    @Test
    void theIdentityOfADatasetIsItsContent() {
        Batches batches = Batches.of(DATA, 4);
        String identity = batches.identity().orElseThrow();
        assertThat(identity).startsWith("11 examples, checksum ").endsWith(", in batches of 4");
        assertThat(List.of(
                        identity,
                        batches.withShuffling(1).identity().orElseThrow(),
                        batches.withShuffling(2).identity().orElseThrow(),
                        Batches.of(DATA, 5).identity().orElseThrow(),
                        Batches.of(DATA.withWeights(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2), 4)
                                .identity()
                                .orElseThrow(),
                        Batches.of(Dataset.regression(DATA.features(), DATA.features()), 4)
                                .identity()
                                .orElseThrow(),
                        Batches.of(new Dataset(DATA.features(), new int[11], 2), 4)
                                .identity()
                                .orElseThrow()))
                .doesNotHaveDuplicates();
        assertThat(Batches.of(DATA.select(IntStream.range(0, 11).toArray()), 4).identity())
                .hasValue(identity);
    }
}
