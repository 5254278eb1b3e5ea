// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.optim;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Variable;
import io.github.masktape.data.Dataset;
import io.github.masktape.loss.Loss;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** A run that is stopped or killed, and goes on from its checkpoint, is the run that never stopped. */
class ResumeProperties {
    private static Path folder;

    /** In memory if there is such a folder, where it costs nothing to wait for the disk. */
    @BeforeContainer
    static void makeFolder() throws IOException {
        Path memory = Path.of("/dev/shm");
        folder = Files.isWritable(memory)
                ? Files.createTempDirectory(memory, "masktape-resume")
                : Files.createTempDirectory("masktape-resume");
    }

    @AfterContainer
    static void removeFolder() throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    /** A run of some settings, all of them drawn. */
    private record Setup(
            boolean regression,
            DType dtype,
            int examples,
            int epochs,
            int batchSize,
            double momentum,
            boolean nesterov,
            boolean cosine,
            double smoothing,
            double maxNorm,
            int patience,
            long seed) {
        Dataset data(long seed) {
            RandomStream random = new RandomStream(seed);
            double[] features = new double[examples * Net.INPUTS];
            int[] labels = new int[examples];
            double[] targets = new double[examples * Net.OUTPUTS];
            for (int i = 0; i < features.length; i++) {
                features[i] = random.nextGaussian();
            }
            for (int i = 0; i < examples; i++) {
                labels[i] = random.nextInt(Net.OUTPUTS);
            }
            for (int i = 0; i < targets.length; i++) {
                targets[i] = random.nextGaussian();
            }
            Tensor x = Tensor.of(features, examples, Net.INPUTS).to(dtype);
            return regression
                    ? Dataset.regression(
                            x, Tensor.of(targets, examples, Net.OUTPUTS).to(dtype))
                    : new Dataset(x, labels, Net.OUTPUTS);
        }

        Trainer trainer(Net net) {
            int steps = epochs * ((examples - 1) / batchSize + 1);
            SGD sgd = new SGD(net.parameters(), cosine ? LearningRate.cosine(0.2, steps) : LearningRate.constant(0.2))
                    .withMomentum(momentum)
                    .withWeightDecay(0.01);
            Trainer trainer =
                    new Trainer(net, nesterov && momentum > 0 ? sgd.withNesterov() : sgd, epochs, batchSize, seed);
            trainer =
                    regression ? trainer : trainer.withLoss(Loss.crossEntropy().withLabelSmoothing(smoothing));
            trainer = maxNorm > 0 ? trainer.withClippedGradients(maxNorm) : trainer;
            return patience > 0 ? trainer.withPatience(patience) : trainer;
        }
    }

    /** A DropConnect network out of ops: this module does not see layers. */
    private static final class Net implements Layer {
        static final int INPUTS = 3;
        static final int HIDDEN = 5;
        static final int OUTPUTS = 2;

        private final Map<String, Parameter> parameters = new LinkedHashMap<>();

        Net(Setup setup) {
            RandomStream random = new RandomStream(setup.seed);
            parameters.put("0.weight", new Parameter(gaussians(random, setup.dtype, HIDDEN, INPUTS)));
            parameters.put("2.weight", new Parameter(gaussians(random, setup.dtype, OUTPUTS, HIDDEN)));
        }

        private static Tensor gaussians(RandomStream random, DType dtype, int m, int n) {
            double[] values = new double[m * n];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextGaussian() / 2;
            }
            return Tensor.of(values, m, n).to(dtype);
        }

        @Override
        public Variable forward(Variable x, Pass pass) {
            Variable w = x.tape().parameter(parameters.get("0.weight"));
            Variable h = pass.isTraining()
                    ? Ops.maskedLinear(x, w, pass.on(x.tape()).mask(x.shape().dim(0), HIDDEN, INPUTS, 0.5))
                    : Ops.matmulTransposed(x, w);
            return Ops.matmulTransposed(Ops.tanh(h), x.tape().parameter(parameters.get("2.weight")));
        }

        @Override
        public Map<String, Parameter> parameters() {
            return parameters;
        }

        List<Tensor> weights() {
            return parameters.values().stream().map(Parameter::value).toList();
        }
    }

    /** Ends a run as if the process were killed: what is not in the file is lost. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @Tag("long")
    @Property
    void aRunKilledAfterAnyStepAndResumedEqualsTheUninterruptedRun(
            @ForAll("setups") Setup setup, @ForAll @IntRange(min = 1, max = 40) int lifetime) throws IOException {
        Net expected = new Net(setup);
        Trainer.History history = setup.trainer(expected).fit(setup.data(1), setup.data(2));

        File file = folder.resolve("killed.safetensors").toFile();
        Files.deleteIfExists(file.toPath());
        Net net = new Net(setup);
        Trainer.History resumed = null;
        List<Trainer.Epoch> told = new ArrayList<>();
        while (resumed == null) {
            net = new Net(setup);
            Trainer trainer = setup.trainer(net).withCheckpoint(file, 0, Map.of());
            Trainer.Listener listener = new Trainer.Listener() {
                private int left = lifetime;

                @Override
                public void step(Trainer.Step step) {
                    if (left-- == 0) {
                        throw new Killed();
                    }
                }

                @Override
                public void epoch(Trainer.Epoch epoch) {
                    told.add(epoch);
                }
            };
            try {
                resumed = file.exists()
                        ? trainer.resume(Checkpoint.read(file), setup.data(1), setup.data(2), listener)
                        : trainer.fit(setup.data(1), setup.data(2), listener);
            } catch (Killed e) {
                assertThat(file).exists();
            }
        }
        assertThat(resumed).isEqualTo(history);
        assertThat(told).isEqualTo(history.epochs());
        assertThat(net.weights()).isEqualTo(expected.weights());
    }

    @Property
    void aRunStoppedAfterAnyStepAndResumedEqualsTheUninterruptedRun(
            @ForAll("setups") Setup setup, @ForAll @IntRange(min = 1, max = 40) int last) throws IOException {
        Net expected = new Net(setup);
        Trainer.History history = setup.trainer(expected).fit(setup.data(1), setup.data(2));

        File file = folder.resolve("stopped.safetensors").toFile();
        Net net = new Net(setup);
        Trainer first = setup.trainer(net).withCheckpoint(file);
        Trainer.History before = first.fit(setup.data(1), setup.data(2), new Trainer.Listener() {
            @Override
            public void step(Trainer.Step step) {
                if (step.number() == last) {
                    first.stop();
                }
            }
        });
        Checkpoint checkpoint = Checkpoint.read(file);
        assertThat(checkpoint.epochs()).isEqualTo(before.epochs());
        if (before.ending() == Trainer.Ending.STOPPED) {
            assertThat(checkpoint.step()).isEqualTo(last);
            assertThat(List.copyOf(checkpoint.weights().values())).isEqualTo(net.weights());
        }

        Net second = new Net(setup);
        assertThat(setup.trainer(second).resume(checkpoint, setup.data(1), setup.data(2)))
                .isEqualTo(history);
        assertThat(second.weights()).isEqualTo(expected.weights());

        assertThat(first.resume(checkpoint, setup.data(1), setup.data(2)))
                .as("in the same process")
                .isEqualTo(history);
        assertThat(net.weights()).isEqualTo(expected.weights());
    }

    @Provide
    Arbitrary<Setup> setups() {
        return Combinators.combine(
                        Combinators.combine(
                                        Arbitraries.of(false, true),
                                        Arbitraries.of(DType.FLOAT32, DType.FLOAT64),
                                        Arbitraries.integers().between(2, 16),
                                        Arbitraries.integers().between(1, 4),
                                        Arbitraries.integers().between(1, 8))
                                .as((regression, dtype, examples, epochs, batchSize) -> new Setup(
                                        regression, dtype, examples, epochs, batchSize, 0, false, false, 0, 0, 0, 0)),
                        Arbitraries.of(0.0, 0.5, 0.9),
                        Arbitraries.of(false, true),
                        Arbitraries.of(false, true),
                        Arbitraries.of(0.0, 0.1),
                        Arbitraries.of(0.0, 0.1, 1e6),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.longs())
                .as((s, momentum, nesterov, cosine, smoothing, maxNorm, patience, seed) -> new Setup(
                        s.regression,
                        s.dtype,
                        s.examples,
                        s.epochs,
                        s.batchSize,
                        momentum,
                        nesterov,
                        cosine,
                        smoothing,
                        maxNorm,
                        patience,
                        seed));
    }
}
