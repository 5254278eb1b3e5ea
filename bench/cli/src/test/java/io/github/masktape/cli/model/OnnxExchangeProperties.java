// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.cli.model.Onnx.Standardization;
import io.github.masktape.layers.DropConnect;
import io.github.masktape.layers.Dropout;
import io.github.masktape.layers.Linear;
import io.github.masktape.layers.ReLU;
import io.github.masktape.layers.Sequential;
import io.github.masktape.layers.Sigmoid;
import io.github.masktape.layers.Tanh;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** ONNX Runtime computes of an exported network what the network computes. */
class OnnxExchangeProperties {
    private static final double TOLERANCE = 1e-5;

    /**
     * A network to be drawn.
     *
     * @param kinds the affine layer, the activation and what follows it, of each hidden layer
     */
    record Case(int examples, List<Integer> widths, List<String> kinds, DType dtype, long seed) {
        Sequential net() {
            List<Layer> layers = new ArrayList<>();
            for (int i = 0; i + 1 < widths.size(); i++) {
                String kind = kinds.get(i % kinds.size());
                Tensor weight = draw(2 * i + 1, widths.get(i + 1), widths.get(i));
                Tensor bias = draw(2 * i + 2, widths.get(i + 1));
                layers.add(kind.contains("connect") ? DropConnect.of(weight, bias, 0.5) : Linear.of(weight, bias));
                if (i + 2 < widths.size()) {
                    layers.add(kind.contains("relu") ? new ReLU() : kind.contains("tanh") ? new Tanh() : new Sigmoid());
                    if (kind.contains("dropout")) {
                        layers.add(new Dropout(0.5));
                    }
                }
            }
            return layers.size() > 2
                    ? Sequential.of(
                            Sequential.of(layers.subList(0, 2)), Sequential.of(layers.subList(2, layers.size())))
                    : Sequential.of(layers);
        }

        int in() {
            return widths.get(0);
        }

        int out() {
            return widths.get(widths.size() - 1);
        }

        /** Numbers in −1…1. */
        Tensor draw(int what, int... dims) {
            RandomStream random = new RandomStream(RandomStream.derive(seed, what));
            double[] numbers =
                    new double[Tensor.zeros(DType.FLOAT64, dims).shape().size()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = 2 * random.nextDouble() - 1;
            }
            return Tensor.of(numbers, dims).to(dtype);
        }
    }

    @Provide
    Arbitrary<Case> cases() {
        return Combinators.combine(
                        Arbitraries.of(1, 2, 7, 33),
                        Arbitraries.of(1, 2, 3, 17, 64).list().ofMinSize(2).ofMaxSize(4),
                        Arbitraries.of(
                                        "relu",
                                        "tanh",
                                        "sigmoid",
                                        "relu dropout",
                                        "relu connect",
                                        "tanh connect",
                                        "sigmoid connect dropout")
                                .list()
                                .ofMinSize(1)
                                .ofMaxSize(3),
                        Arbitraries.of(DType.values()),
                        Arbitraries.longs())
                .as(Case::new);
    }

    @Property
    void logitsAndProbabilitiesAreOurs(@ForAll("cases") Case c) throws OrtException {
        Sequential net = c.net();
        Tensor x = c.draw(0, c.examples(), c.in());
        Tensor logits = inference(net, x);
        byte[] file = Onnx.classifier(net, null, Map.of());
        assertClose(run(file, "logits", x), logits);
        assertClose(run(file, "probabilities", x), logits.logSoftmax().exp());
    }

    @Property
    void rawFeaturesAreStandardizedAndPredictionsBroughtBack(@ForAll("cases") Case c) throws OrtException {
        Sequential net = c.net();
        Standardization features = standardization(c, 100, c.in(), 1.7e9);
        Standardization targets = standardization(c, 102, c.out(), 1e6);
        Tensor raw = c.draw(0, c.examples(), c.in()).to(DType.FLOAT64).plus(1.7e9);
        Tensor x = raw.sub(features.mean().repeatRows(c.examples()))
                .div(features.deviation().repeatRows(c.examples()))
                .to(c.dtype());
        Tensor predictions = inference(net, x)
                .to(DType.FLOAT64)
                .mul(targets.deviation().repeatRows(c.examples()))
                .addRow(targets.mean());
        Tensor theirs = run(Onnx.regression(net, features, targets, Map.of()), "predictions", raw);
        assertClose(theirs.plus(-1e6), predictions.plus(-1e6));
        assertClose(run(Onnx.classifier(net, features, Map.of()), "logits", raw), inference(net, x));
    }

    private static Standardization standardization(Case c, int what, int columns, double about) {
        return new Standardization(
                c.draw(what, columns).to(DType.FLOAT64).plus(about),
                c.draw(what + 1, columns).to(DType.FLOAT64).plus(1.5));
    }

    @Property
    void metadataIsReadBack(@ForAll boolean some) throws OrtException {
        Map<String, String> metadata = some ? Map.of("classes", "[\"ä\",\"<b>\"]", "n", "2") : Map.of();
        Sequential net = Sequential.of(Linear.of(Tensor.identity(DType.FLOAT32, 2), Tensor.zeros(DType.FLOAT32, 2)));
        OrtEnvironment environment = environment();
        try (OrtSession session = environment.createSession(Onnx.classifier(net, null, metadata))) {
            assertThat(session.getMetadata().getCustomMetadata()).isEqualTo(metadata);
            assertThat(session.getMetadata().getProducerName()).isEqualTo("masktape");
            assertThat(session.getInputNames()).containsExactly("features");
            assertThat(session.getOutputNames()).containsExactly("logits", "probabilities");
        }
    }

    private static Tensor inference(Sequential net, Tensor x) {
        return net.forward(Tape.inference().constant(x), Pass.inference()).value();
    }

    private static OrtEnvironment environment() {
        return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
    }

    private static Tensor run(byte[] file, String output, Tensor x) throws OrtException {
        OrtEnvironment environment = environment();
        long[] shape = {x.shape().dim(0), x.shape().dim(1)};
        boolean doubles = x.dtype() == DType.FLOAT64;
        try (OrtSession session = environment.createSession(file);
                OnnxTensor features = doubles
                        ? OnnxTensor.createTensor(environment, DoubleBuffer.wrap(x.toDoubleArray()), shape)
                        : OnnxTensor.createTensor(environment, FloatBuffer.wrap(x.toFloatArray()), shape);
                OrtSession.Result result = session.run(Map.of(Onnx.FEATURES, features))) {
            Object values = result.get(output).orElseThrow().getValue();
            if (values instanceof double[][] rows) {
                return Tensor.of(rows);
            }
            float[][] rows = (float[][]) values;
            double[][] wide = new double[rows.length][];
            for (int i = 0; i < rows.length; i++) {
                wide[i] = Tensor.of(rows[i]).toDoubleArray();
            }
            return Tensor.of(wide);
        }
    }

    private static void assertClose(Tensor actual, Tensor expected) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        double[] theirs = actual.toDoubleArray();
        double[] ours = expected.toDoubleArray();
        for (int i = 0; i < ours.length; i++) {
            assertThat(theirs[i]).isCloseTo(ours[i], within(TOLERANCE * Math.max(1, Math.abs(ours[i]))));
        }
    }
}
