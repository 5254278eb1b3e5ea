// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Variable;
import io.github.masktape.cli.model.Onnx.Standardization;
import io.github.masktape.layers.DropConnect;
import io.github.masktape.layers.Dropout;
import io.github.masktape.layers.Linear;
import io.github.masktape.layers.ReLU;
import io.github.masktape.layers.Sequential;
import io.github.masktape.layers.Sigmoid;
import io.github.masktape.layers.Tanh;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Tensor;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an exported file says; what it computes is in {@code OnnxExchangeProperties}, run by {@code -Pexchange}. */
class OnnxTest {
    private static final Tensor W = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    private static final Tensor B = Tensor.of(new float[] {7, 8}, 2);
    private static final Tensor V = Tensor.of(new float[] {1, 0, 0, 1}, 2, 2);

    private static final int FLOAT = TensorProto.DataType.FLOAT.getNumber();
    private static final int DOUBLE = TensorProto.DataType.DOUBLE.getNumber();

    private static GraphProto graph(byte[] file) throws InvalidProtocolBufferException {
        return ModelProto.parseFrom(file).getGraph();
    }

    private static List<String> nodes(byte[] file) throws InvalidProtocolBufferException {
        return graph(file).getNodeList().stream()
                .map(node -> node.getOpType() + " " + String.join(" ", node.getInputList()) + " → "
                        + String.join(" ", node.getOutputList()))
                .toList();
    }

    @Test
    void maskedLayersAreAffineAndDropoutIsNothing() throws InvalidProtocolBufferException {
        Sequential net = Sequential.of(
                DropConnect.of(W, B, 0.5), new ReLU(), new Dropout(0.5), Linear.of(V, B), new Tanh(), new Sigmoid());
        byte[] file = Onnx.classifier(net, null, Map.of());
        assertThat(nodes(file))
                .containsExactly(
                        "Gemm features 0.weight 0.bias → 0",
                        "Relu 0 → 1",
                        "Gemm 1 3.weight 3.bias → 3",
                        "Tanh 3 → 4",
                        "Sigmoid 4 → 5",
                        "Identity 5 → logits",
                        "Softmax logits → probabilities");
        NodeProto gemm = graph(file).getNode(0);
        assertThat(gemm.getAttributeList()).singleElement().satisfies(attribute -> {
            assertThat(attribute.getName()).isEqualTo("transB");
            assertThat(attribute.getI()).isEqualTo(1);
        });
    }

    @Test
    void weightsLieRowByRowAsInTheNetwork() throws InvalidProtocolBufferException {
        TensorProto weight = graph(Onnx.classifier(Sequential.of(Linear.of(W, B)), null, Map.of()))
                .getInitializer(0);
        assertThat(weight.getDimsList()).containsExactly(2L, 3L);
        assertThat(weight.getDataType()).isEqualTo(TensorProto.DataType.FLOAT.getNumber());
        var numbers = weight.getRawData()
                .asReadOnlyByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        float[] read = new float[6];
        numbers.get(read);
        assertThat(read).containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void theNumberOfExamplesIsLeftOpen() throws InvalidProtocolBufferException {
        GraphProto graph = graph(Onnx.classifier(Sequential.of(Linear.of(W, B)), null, Map.of()));
        assertThat(graph.getInputList()).extracting(OnnxTest::matrix).containsExactly("features N×3");
        assertThat(graph.getOutputList())
                .extracting(OnnxTest::matrix)
                .containsExactly("logits N×2", "probabilities N×2");
    }

    private static String matrix(ValueInfoProto value) {
        var shape = value.getType().getTensorType().getShape();
        return value.getName() + " " + shape.getDim(0).getDimParam() + "×"
                + shape.getDim(1).getDimValue();
    }

    @Test
    void aRegressionUndoesWhatWasDoneToItsTargets() throws InvalidProtocolBufferException {
        Standardization x = new Standardization(Tensor.of(new double[] {1, 2, 3}), Tensor.of(new double[] {1, 1, 2}));
        Standardization y = new Standardization(Tensor.of(new double[] {5, 6}), Tensor.of(new double[] {2, 3}));
        Sequential net = Sequential.of(Linear.of(W, B));
        assertThat(nodes(Onnx.regression(net, x, y, Map.of())))
                .containsExactly(
                        "Sub features features.mean → features.centered",
                        "Div features.centered features.deviation → features.scaled",
                        "Cast features.scaled → features.cast",
                        "Gemm features.cast 0.weight 0.bias → 0",
                        "Identity 0 → standardized",
                        "Cast standardized → standardized.double",
                        "Mul standardized.double targets.deviation → targets.scaled",
                        "Add targets.scaled targets.mean → predictions");
        assertThat(nodes(Onnx.regression(net, null, null, Map.of())))
                .containsExactly("Gemm features 0.weight 0.bias → 0", "Identity 0 → predictions");
    }

    /** A float of seconds since 1970 is a multiple of 128. */
    @Test
    void standardizationIsInDouble() throws InvalidProtocolBufferException {
        Standardization x =
                new Standardization(Tensor.of(new double[] {1.7e9 + 0.1, 2, 3}), Tensor.of(new double[] {1, 1, 2}));
        Standardization y = new Standardization(Tensor.of(new double[] {1e6, 6}), Tensor.of(new double[] {2, 3}));
        Sequential net = Sequential.of(Linear.of(W, B));
        GraphProto graph = graph(Onnx.regression(net, x, y, Map.of()));
        assertThat(graph.getInputList()).extracting(OnnxTest::type).containsExactly(DOUBLE);
        assertThat(graph.getOutputList()).extracting(OnnxTest::type).containsExactly(DOUBLE);
        assertThat(doubles(graph.getInitializer(0))).containsExactly(1.7e9 + 0.1, 2, 3);
        assertThat(graph.getNode(2).getAttribute(0).getI()).isEqualTo(FLOAT);
        assertThat(graph.getNode(5).getAttribute(0).getI()).isEqualTo(DOUBLE);
        assertThat(graph(Onnx.classifier(net, x, Map.of())).getOutputList())
                .extracting(OnnxTest::type)
                .containsExactly(FLOAT, FLOAT);
        GraphProto plain = graph(Onnx.regression(net, null, null, Map.of()));
        assertThat(plain.getInputList()).extracting(OnnxTest::type).containsExactly(FLOAT);
        assertThat(plain.getOutputList()).extracting(OnnxTest::type).containsExactly(FLOAT);
        Sequential wide = Sequential.of(Linear.of(W.to(DType.FLOAT64), B.to(DType.FLOAT64)));
        assertThat(nodes(Onnx.regression(wide, x, y, Map.of()))).noneMatch(node -> node.startsWith("Cast"));
    }

    private static int type(ValueInfoProto value) {
        return value.getType().getTensorType().getElemType();
    }

    @Test
    void aConstantFeatureIsDividedByInfinity() throws InvalidProtocolBufferException {
        Standardization x = new Standardization(
                Tensor.of(new double[] {1, 2, 3}), Tensor.of(new double[] {1, Double.POSITIVE_INFINITY, 2}));
        TensorProto deviation = graph(Onnx.classifier(Sequential.of(Linear.of(W, B)), x, Map.of()))
                .getInitializer(1);
        assertThat(doubles(deviation)).containsExactly(1, Double.POSITIVE_INFINITY, 2);
    }

    private static double[] doubles(TensorProto tensor) {
        double[] numbers = new double[(int) tensor.getDims(0)];
        tensor.getRawData()
                .asReadOnlyByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asDoubleBuffer()
                .get(numbers);
        return numbers;
    }

    @Test
    void aNetworkInANetworkIsOneGraph() throws InvalidProtocolBufferException {
        Sequential net = Sequential.of(Sequential.of(Linear.of(W, B), new ReLU()), Linear.of(V, B));
        assertThat(nodes(Onnx.classifier(net, null, Map.of())))
                .startsWith(
                        "Gemm features 0.0.weight 0.0.bias → 0.0", "Relu 0.0 → 0.1", "Gemm 0.1 1.weight 1.bias → 1");
    }

    @Test
    void theSameNetworkGivesTheSameBytes() {
        Sequential net = Sequential.of(Linear.of(W, B));
        Map<String, String> metadata = Map.of("a", "b");
        assertThat(Onnx.classifier(net, null, metadata)).isEqualTo(Onnx.classifier(net, null, metadata));
    }

    @Test
    void whatOnnxCannotSayIsRefused() {
        Layer own = new Layer() {
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
                return "Own";
            }
        };
        assertThatThrownBy(() -> Onnx.classifier(Sequential.of(Linear.of(W, B), own), null, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("layer 1 (Own): expected Linear, DropConnect, Dropout, ReLU, Tanh, Sigmoid or a Sequential"
                        + " of them, which is what can be exported to ONNX");
        assertThatThrownBy(() -> Onnx.classifier(Sequential.of(new ReLU()), null, Map.of()))
                .hasMessage("network: expected at least one Linear or DropConnect layer, got none");
    }

    @Test
    void aStandardizationThatDoesNotFitIsRefused() {
        Sequential net = Sequential.of(Linear.of(W, B));
        Tensor ones = Tensor.full(DType.FLOAT32, 1, 3);
        assertThatThrownBy(() ->
                        Onnx.classifier(net, new Standardization(Tensor.full(DType.FLOAT32, 1, 2), ones), Map.of()))
                .hasMessage("features.mean: expected 3 elements, got 2");
        assertThatThrownBy(() ->
                        Onnx.classifier(net, new Standardization(ones, Tensor.of(new float[] {1, 0, 1})), Map.of()))
                .hasMessage("features.deviation: expected numbers above 0, got 0.0");
        assertThatThrownBy(() -> Onnx.classifier(
                        net, new Standardization(Tensor.of(new float[] {1, Float.NaN, 1}), ones), Map.of()))
                .hasMessageStartingWith("features.mean: expected finite numbers, got ");
    }
}
