// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.model;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.autograd.Pass;
import io.github.masktape.data.Preprocessing;
import io.github.masktape.layers.ActivationLayer;
import io.github.masktape.layers.Affine;
import io.github.masktape.layers.Dropout;
import io.github.masktape.layers.Sequential;
import io.github.masktape.tensor.Activation;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A network for other programs: an ONNX graph of its inference, in which DropConnect is an affine layer and Dropout is
 * omitted.
 *
 * <pre>
 *   features [N, in] ──► (x − mean) ÷ deviation ──► Gemm, Relu, Tanh, Sigmoid … ──► logits [N, out] ──► Softmax ──► probabilities
 *                                                          of a regression: ──► · deviation + mean ──► predictions [N, out]
 * </pre>
 *
 * <p>Standardization is done in DOUBLE, so a standardized input is DOUBLE, and so are predictions of standardized
 * targets: a FLOAT near the number of seconds since 1970 is a multiple of 128, and 1000000.1 as a FLOAT loses its
 * tenth. The network computes in its own dtype, which is also that of inputs and outputs without standardization.
 *
 * <p>The file needs an ONNX runtime of December 2020 or later (operator set 13). The same network gives the same bytes.
 */
public final class Onnx {
    /** The name of the input of exported networks. */
    static final String FEATURES = "features";

    private static final long OPERATOR_SET = 13;
    private static final long IR_VERSION = 7;
    /** The most bytes of weights: the limit of a protobuf message, less some room for everything else. */
    private static final long MOST_BYTES = Integer.MAX_VALUE - (1L << 20);

    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("masktape");
    private final DType dtype;
    private String last = FEATURES;

    private Onnx(DType dtype) {
        this.dtype = dtype;
    }

    /** What is done to the features before they reach the network. */
    public sealed interface Preparation {}

    /**
     * The standardization of columns before training: x' = (x − mean) ÷ deviation.
     *
     * @param mean a vector with one element for each column
     * @param deviation a vector of the same length, all above 0; an infinite deviation makes a feature 0
     */
    public record Standardization(Tensor mean, Tensor deviation) implements Preparation {}

    /**
     * The encoding of a table's features, in which NaN is a missing number, or a missing or unknown category, and a
     * category is its index.
     *
     * <pre>
     *   x = features[inputs' features]      missing = isNaN(x)      one = (x = category)      none = 1 − Σ one
     *   input = (fill if missing, otherwise x, − mean) ÷ deviation, or missing, one or none, by its use
     * </pre>
     *
     * @param features the number of features
     * @param inputs the inputs of the network
     */
    public record EncodedInputs(int features, List<Preprocessing.Input> inputs) implements Preparation {
        /** Copies the list. */
        public EncodedInputs {
            inputs = List.copyOf(inputs);
        }
    }

    /**
     * A classifier's graph, with the outputs {@code logits} and {@code probabilities}.
     *
     * @param features the preparation of the input, or null for none
     * @param metadata the metadata of the file
     * @return the file
     */
    public static byte[] classifier(Sequential net, @Nullable Preparation features, Map<String, String> metadata) {
        Onnx onnx = network(net, features, "logits");
        onnx.node("Softmax", "probabilities", onnx.last).addAttribute(integer("axis", 1));
        int classes = outputs(net);
        onnx.output("logits", classes, onnx.dtype);
        onnx.output("probabilities", classes, onnx.dtype);
        return onnx.file(metadata);
    }

    /**
     * A regression's graph, with the output {@code predictions}.
     *
     * @param features the preparation of the input, or null for none
     * @param targets the standardization of the targets, which the graph reverses, or null for none
     * @param metadata the metadata of the file
     * @return the file
     */
    public static byte[] regression(
            Sequential net,
            @Nullable Preparation features,
            @Nullable Standardization targets,
            Map<String, String> metadata) {
        Onnx onnx = network(net, features, targets == null ? "predictions" : "standardized");
        int out = outputs(net);
        if (targets != null) {
            onnx.cast("standardized.double", DType.FLOAT64);
            onnx.node("Mul", "targets.scaled", onnx.last, onnx.row("targets.deviation", targets.deviation(), out));
            onnx.node("Add", "predictions", "targets.scaled", onnx.row("targets.mean", targets.mean(), out));
        }
        onnx.output("predictions", out, targets == null ? onnx.dtype : DType.FLOAT64);
        return onnx.file(metadata);
    }

    // ---- the graph ----

    /** The graph up to the network's result, which is named {@code result}. */
    private static Onnx network(Sequential net, @Nullable Preparation features, String result) {
        Onnx onnx = new Onnx(affine(net).get(0).dtype());
        onnx.requireRoom(net);
        int in = inputs(net);
        int columns = features instanceof EncodedInputs encoding ? encoding.features() : in;
        onnx.graph.addInput(matrix(FEATURES, columns, features == null ? onnx.dtype : DType.FLOAT64));
        if (features instanceof Standardization standardization) {
            requirePositive(standardization.deviation());
            onnx.standardize(FEATURES, standardization, in);
            onnx.cast("features.cast", onnx.dtype);
        } else if (features instanceof EncodedInputs encoding) {
            onnx.encode(encoding, in);
            onnx.cast("features.cast", onnx.dtype);
        }
        net.leaves(Pass.inference()).forEach(onnx::layer);
        onnx.node("Identity", result, onnx.last);
        return onnx;
    }

    private void standardize(String features, Standardization standardization, int in) {
        node("Sub", "features.centered", features, row("features.mean", standardization.mean(), in));
        node("Div", "features.scaled", last, deviation(standardization.deviation(), in));
    }

    private void encode(EncodedInputs encoding, int in) {
        List<Preprocessing.Input> inputs = encoding.inputs();
        if (inputs.size() != in) {
            throw new IllegalArgumentException("features: expected " + in + " inputs, got " + inputs.size());
        }
        node(
                        "Gather",
                        "features.gathered",
                        FEATURES,
                        integers("features.columns", inputs, Preprocessing.Input::feature))
                .addAttribute(integer("axis", 1));
        node("IsNaN", "features.is_missing", "features.gathered");
        node(
                "Where",
                "features.filled",
                last,
                doubles("features.fill", inputs, Preprocessing.Input::fill),
                "features.gathered");
        standardize(
                last,
                new Standardization(
                        Tensor.of(inputs.stream()
                                .mapToDouble(Preprocessing.Input::mean)
                                .toArray()),
                        Tensor.of(inputs.stream()
                                .mapToDouble(
                                        input -> input.deviation() == 0 ? Double.POSITIVE_INFINITY : input.deviation())
                                .toArray())),
                in);
        node(
                "Equal",
                "features.is_category",
                "features.gathered",
                doubles("features.category", inputs, Preprocessing.Input::category));
        toDouble("features.one");
        choose("features.categories", Preprocessing.Input.Use.CATEGORY, inputs, "features.one", "features.scaled");
        node("Cast", "features.missing", "features.is_missing")
                .addAttribute(integer("to", TensorProto.DataType.DOUBLE.getNumber()));
        choose("features.flags", Preprocessing.Input.Use.MISSING, inputs, "features.missing", "features.categories");
        if (inputs.stream().anyMatch(input -> input.use() == Preprocessing.Input.Use.NO_CATEGORY)) {
            node("MatMul", "features.sums", "features.one", sums(inputs));
            node("Sub", "features.none", initializer("one", Tensor.of(new double[] {1})), "features.sums");
            choose("features.encoded", Preprocessing.Input.Use.NO_CATEGORY, inputs, "features.none", "features.flags");
        }
    }

    private void toDouble(String name) {
        node("Cast", name, last).addAttribute(integer("to", TensorProto.DataType.DOUBLE.getNumber()));
    }

    /** The columns of {@code chosen} for the inputs of this use, those of {@code others} for the rest. */
    private void choose(
            String name, Preprocessing.Input.Use use, List<Preprocessing.Input> inputs, String chosen, String others) {
        TensorProto.Builder mask = graph.addInitializerBuilder()
                .setName(name + ".mask")
                .setDataType(TensorProto.DataType.BOOL.getNumber())
                .addDims(inputs.size());
        byte[] bits = new byte[inputs.size()];
        for (int k = 0; k < bits.length; k++) {
            bits[k] = (byte) (inputs.get(k).use() == use ? 1 : 0);
        }
        mask.setRawData(ByteString.copyFrom(bits));
        node("Where", name, name + ".mask", chosen, others);
    }

    /** A matrix whose product with the categories sums, for each input of no category, those of its feature. */
    private String sums(List<Preprocessing.Input> inputs) {
        int in = inputs.size();
        double[] sums = new double[in * in];
        for (int i = 0; i < in; i++) {
            for (int k = 0; k < in; k++) {
                boolean summed = inputs.get(i).use() == Preprocessing.Input.Use.CATEGORY
                        && inputs.get(k).use() == Preprocessing.Input.Use.NO_CATEGORY
                        && inputs.get(i).feature() == inputs.get(k).feature();
                sums[i * in + k] = summed ? 1 : 0;
            }
        }
        return initializer("features.sum", Tensor.of(sums, in, in));
    }

    private String doubles(String name, List<Preprocessing.Input> inputs, ToDoubleFunction<Preprocessing.Input> value) {
        return initializer(name, Tensor.of(inputs.stream().mapToDouble(value).toArray()));
    }

    private String integers(String name, List<Preprocessing.Input> inputs, ToIntFunction<Preprocessing.Input> value) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * inputs.size()).order(ByteOrder.LITTLE_ENDIAN);
        inputs.forEach(input -> bytes.putLong(value.applyAsInt(input)));
        graph.addInitializerBuilder()
                .setName(name)
                .setDataType(TensorProto.DataType.INT64.getNumber())
                .addDims(inputs.size())
                .setRawData(ByteString.copyFrom(bytes.array()));
        return name;
    }

    private void layer(Sequential.Leaf leaf) {
        if (leaf.layer() instanceof Affine layer) {
            affine(leaf.name(), layer.weight(), layer.bias());
        } else if (leaf.layer() instanceof ActivationLayer layer) {
            node(operator(layer.activation()), leaf.name(), last);
        } else if (!(leaf.layer() instanceof Dropout)) {
            throw new IllegalArgumentException("layer " + leaf.name() + " (" + leaf.layer()
                    + "): expected Linear, DropConnect, Dropout, ReLU, Tanh, Sigmoid or a Sequential of them, which is"
                    + " what can be exported to ONNX");
        }
    }

    private static String operator(Activation activation) {
        return switch (activation) {
            case IDENTITY -> "Identity";
            case RELU -> "Relu";
            case TANH -> "Tanh";
            case SIGMOID -> "Sigmoid";
        };
    }

    private void affine(String name, Parameter weight, Parameter bias) {
        node(
                        "Gemm",
                        name,
                        last,
                        initializer(name + ".weight", weight.value()),
                        initializer(name + ".bias", bias.value()))
                .addAttribute(integer("transB", 1));
    }

    /** Adds a node after the last one. */
    private NodeProto.Builder node(String operator, String name, String... inputs) {
        last = name;
        return graph.addNodeBuilder()
                .setOpType(operator)
                .setName(name)
                .addAllInput(List.of(inputs))
                .addOutput(name);
    }

    /**
     * Converts the last node's result, which is FLOAT64 or of the network's dtype, to the target dtype if necessary.
     */
    private void cast(String name, DType target) {
        if (dtype != DType.FLOAT64) {
            node("Cast", name, last).addAttribute(integer("to", type(target).getNumber()));
        }
    }

    private static AttributeProto integer(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    private String deviation(Tensor values, int columns) {
        requireElements("features.deviation", values, columns);
        return initializer("features.deviation", values.reshape(columns).to(DType.FLOAT64));
    }

    private static void requireElements(String name, Tensor values, int columns) {
        if (values.shape().size() != columns) {
            throw new IllegalArgumentException(name + ": expected " + columns + " elements, got "
                    + values.shape().size());
        }
    }

    private String row(String name, Tensor values, int columns) {
        requireElements(name, values, columns);
        String notFinite = values.firstNotFinite();
        if (notFinite != null) {
            throw new IllegalArgumentException(name + ": expected finite numbers, got " + notFinite);
        }
        return initializer(name, values.reshape(columns).to(DType.FLOAT64));
    }

    private String initializer(String name, Tensor values) {
        TensorProto.Builder tensor = graph.addInitializerBuilder()
                .setName(name)
                .setDataType(type(values.dtype()).getNumber())
                .setRawData(littleEndian(values));
        for (int length : values.shape().dims()) {
            tensor.addDims(length);
        }
        return name;
    }

    private static ByteString littleEndian(Tensor values) {
        if (values.dtype() == DType.FLOAT64) {
            double[] numbers = values.toDoubleArray();
            ByteBuffer bytes = ByteBuffer.allocate(8 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asDoubleBuffer().put(numbers);
            return ByteString.copyFrom(bytes);
        }
        float[] numbers = values.toFloatArray();
        ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(numbers);
        return ByteString.copyFrom(bytes);
    }

    // ---- the file ----

    private void output(String name, int columns, DType type) {
        graph.addOutput(matrix(name, columns, type));
    }

    private byte[] file(Map<String, String> metadata) {
        ModelProto.Builder model = ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPERATOR_SET))
                .setProducerName("masktape")
                .setGraph(graph);
        metadata.forEach((key, value) -> model.addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        return model.build().toByteArray();
    }

    private static ValueInfoProto matrix(String name, int columns, DType type) {
        TensorShapeProto shape = TensorShapeProto.newBuilder()
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("N"))
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(columns))
                .build();
        TypeProto.Tensor tensor = TypeProto.Tensor.newBuilder()
                .setElemType(type(type).getNumber())
                .setShape(shape)
                .build();
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }

    private static TensorProto.DataType type(DType dtype) {
        return dtype == DType.FLOAT64 ? TensorProto.DataType.DOUBLE : TensorProto.DataType.FLOAT;
    }

    // ---- checks before the export ----

    private static int inputs(Sequential net) {
        return affine(net).get(0).shape().dim(1);
    }

    private static int outputs(Sequential net) {
        List<Parameter> weights = affine(net);
        return weights.get(weights.size() - 1).shape().dim(0);
    }

    /** The weights of the affine layers, in order. */
    private static List<Parameter> affine(Sequential net) {
        List<Parameter> weights = new ArrayList<>();
        net.parameters().values().stream()
                .filter(parameter -> parameter.shape().rank() == 2)
                .forEach(weights::add);
        if (weights.isEmpty()) {
            throw new IllegalArgumentException("network: expected at least one Linear or DropConnect layer, got none");
        }
        return weights;
    }

    private static void requirePositive(Tensor deviation) {
        for (double value : deviation.toDoubleArray()) {
            if (!(value > 0)) {
                throw new IllegalArgumentException("features.deviation: expected numbers above 0, got " + value);
            }
        }
    }

    private void requireRoom(Sequential net) {
        long elements = net.parameters().values().stream()
                .mapToLong(parameter -> parameter.shape().size())
                .sum();
        long bytes = elements * (dtype == DType.FLOAT64 ? 8 : 4);
        if (bytes > MOST_BYTES) {
            throw new IllegalArgumentException("network: expected at most " + MOST_BYTES
                    + " bytes of weights, as many as fit in one ONNX file, got " + bytes);
        }
    }
}
