// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.io.DataFormatException;
import io.github.masktape.io.SafeTensors;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.Tensor;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFileTest {
    private static final String EVERYTHING =
            "dropconnect 5 9 0.5 per-example, relu, dropconnect 9 9 0.1 per-batch, tanh,"
                    + " dropconnect 9 9 0.2 per-example masked-bias, sigmoid, dropconnect 9 9 0.3 per-batch masked-bias,"
                    + " dropconnect 9 9 0.5 flipout,"
                    + " dropout 0.25, (linear 9 4, (relu), dropconnect 4 4 0 per-example), linear 4 3";

    private final Initializer init = Initializer.heUniform(1);

    @TempDir
    private File folder;

    private File file;

    @BeforeEach
    void name() {
        file = new File(folder, "model.safetensors");
    }

    @Test
    void anArchitectureSaysEverySetting() {
        Sequential net = Sequential.of(
                DropConnect.of(784, 800, 0.5, init),
                new ReLU(),
                DropConnect.of(800, 800, 1 / 3.0, init)
                        .withMaskSharing(MaskSharing.PER_BATCH)
                        .withMaskedBias(),
                new Dropout(1e-7),
                Sequential.of(new Tanh(), new Sigmoid()),
                Linear.of(800, 10, init));
        assertThat(net.architecture())
                .isEqualTo("dropconnect 784 800 0.5 per-example, relu,"
                        + " dropconnect 800 800 0.3333333333333333 per-batch masked-bias, dropout 1e-07,"
                        + " (tanh, sigmoid), linear 800 10");
    }

    @Test
    void anArchitectureIsBuiltAsByHand() {
        Sequential net = Sequential.ofArchitecture(EVERYTHING, Initializer.heUniform(7));
        assertThat(net.architecture()).isEqualTo(EVERYTHING);
        Initializer same = Initializer.heUniform(7);
        Sequential byHand = Sequential.of(DropConnect.of(5, 9, 0.5, same), Linear.of(9, 3, same));
        Sequential built = Sequential.ofArchitecture("dropconnect 5 9 0.5,linear 9 3", Initializer.heUniform(7));
        assertThat(values(built)).isEqualTo(values(byHand));
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void aLoadedNetworkGivesTheSameBitsInTrainingAndInference(DType dtype) throws IOException {
        Sequential net = network(EVERYTHING, dtype);
        net.save(file, Map.of("classes", "a,b"));
        Sequential loaded = Sequential.load(file);
        assertThat(loaded.architecture()).isEqualTo(net.architecture());
        assertThat(values(loaded)).isEqualTo(values(net));
        Tensor x = Cases.tensor(3, 6, 5).to(dtype);
        for (Pass pass : List.of(Pass.inference(), Pass.training(1, 1), Pass.training(2, 9))) {
            assertThat(forward(loaded, x, pass)).isEqualTo(forward(net, x, pass));
        }
        assertThat(forward(loaded, x, Pass.training(1, 1))).isNotEqualTo(forward(loaded, x, Pass.training(1, 2)));
    }

    @Test
    void aComposedLayerIsReadAsTheFusedOne() throws IOException {
        Sequential net = Sequential.of(
                DropConnect.of(Cases.tensor(1, 4, 5), Cases.tensor(2, 4), 0.5).withComposedForm());
        net.save(file);
        Sequential loaded = Sequential.load(file);
        Tensor x = Cases.tensor(3, 6, 5);
        assertThat(forward(loaded, x, Pass.training(1, 1))).isEqualTo(forward(net, x, Pass.training(1, 1)));
    }

    @Test
    void metadataIsKeptBesideOurs() throws IOException {
        Sequential net = network("linear 2 2", DType.FLOAT32);
        net.save(file, Map.of("classes", "a,b", "masktape.architecture", "another"));
        SafeTensors model = SafeTensors.read(file);
        assertThat(model.metadata())
                .isEqualTo(Map.of("classes", "a,b", "masktape.architecture", "linear 2 2", "masktape.format", "1"));
        assertThat(model.tensors().keySet()).containsExactly("0.weight", "0.bias");
        assertThat(values(Sequential.of(model))).isEqualTo(values(net));
    }

    @Test
    void aPlainStackOfPyTorchIsReadByItsArchitecture() {
        Map<String, Tensor> tensors = new TreeMap<>(network("linear 4 8, relu, linear 8 3", DType.FLOAT32)
                .toSafeTensors(Map.of())
                .tensors());
        assertThat(values(Sequential.ofArchitecture("linear 4 8, relu, linear 8 3", tensors)))
                .isEqualTo(tensors);
        assertThatThrownBy(() -> Sequential.of(new SafeTensors(tensors, Map.of())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "expected metadata masktape.architecture, which Sequential.save writes, got none; for a plain"
                                + " stack use Sequential.ofArchitecture(\"linear 4 8, relu, linear 8 3\", tensors)");
        for (Map<String, Tensor> others : List.of(Map.<String, Tensor>of(), Map.of("0.bias", Tensor.scalar(1)))) {
            assertThatThrownBy(() -> Sequential.of(new SafeTensors(others, Map.of())))
                    .hasMessage("expected metadata masktape.architecture, which Sequential.save writes, got none");
        }
    }

    // ---- mistakes ----

    @Test
    void whatAFileCannotKeepIsRefusedBeforeItIsWritten() {
        Linear shared = Linear.of(3, 3, init);
        assertThatThrownBy(() -> Sequential.of(shared, new ReLU(), shared).save(file, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("net: expected a parameter of its own for 2.weight, got that of 0.weight; ");
        assertThatThrownBy(() -> Sequential.of(new Mine()).save(file, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "architecture: expected layers of io.github.masktape.layers, or of a LayerKind passed to this call, got Mine; pass its"
                                + " LayerKind, or write only its numbers, state(), with SafeTensors");
        Layer deep = new ReLU();
        for (int i = 0; i < 18; i++) {
            deep = Sequential.of(deep);
        }
        Sequential tooDeep = (Sequential) deep;
        assertThatThrownBy(tooDeep::architecture)
                .hasMessage("architecture: expected at most 16 networks within each other, got more");
        assertThat(file).doesNotExist();
    }

    @Test
    void theDeepestNetworkThatIsWrittenIsRead() {
        Sequential net = Sequential.of(new ReLU());
        for (int i = 0; i < 16; i++) {
            net = Sequential.of(net);
        }
        assertThat(Sequential.ofArchitecture(net.architecture(), init).architecture())
                .isEqualTo(net.architecture());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "''; linear, dropconnect, dropout, batchnorm, relu, tanh or sigmoid, got the end (word 1)",
                "relu,; linear, dropconnect, dropout, batchnorm, relu, tanh or sigmoid, got the end (word 3)",
                "gelu; 'linear, dropconnect, dropout, batchnorm, relu, tanh or sigmoid, got gelu (word 1);"
                        + " pass the LayerKind of a layer of your own'",
                "relu tanh; a comma or the end, got tanh (word 2)",
                "relu); a comma or the end, got ) (word 2)",
                "(relu; a comma or ), got the end (word 3)",
                "linear 0 3; a number of features, got 0 (word 2)",
                "linear 3; a number of features, got the end (word 3)",
                "linear 3 9999999999; a number of features, got 9999999999 (word 3)",
                "linear 784 3, relu, linear 5 10; 3 input features, which the layer before gives, got 5 (word 8)",
                "linear 4 3, (dropconnect 4 3 0.5); 3 input features, which the layer before gives, got 4 (word 7)",
                "dropout 1; a drop probability in [0, 1), got 1 (word 2)",
                "dropout NaN; a drop probability in [0, 1), got NaN (word 2)",
                "dropout 0x1p-1; a drop probability in [0, 1), got 0x1p-1 (word 2)",
                "dropconnect 3 2 per-batch; a drop probability in [0, 1), got per-batch (word 4)",
                "dropconnect 3 2 0.5 per-batch per-example; a comma or the end, got per-example (word 6)",
                "dropconnect 3 2 0.5 flipout per-batch; a comma or the end, got per-batch (word 6)",
                "dropout 0123456789012345678901234567890123456789; a drop probability in [0, 1),"
                        + " got 0123456789012345678901234567890123456789 (word 2)",
                "dropout 01234567890123456789012345678901234567890; a drop probability in [0, 1),"
                        + " got 0123456789012345678901234567890123456789… (word 2)",
            })
    void anArchitectureIsReadStrictly(String text, String expected) {
        assertThatThrownBy(() -> Sequential.ofArchitecture(text, init))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("architecture: expected " + expected);
    }

    @Test
    void aHugeArchitectureIsAnErrorToo() {
        assertThatThrownBy(() -> Sequential.ofArchitecture("(".repeat(1_000_000), init))
                .hasMessage(
                        "architecture: expected linear, dropconnect, dropout, batchnorm, relu, tanh or sigmoid, got ( (word 17)");
        assertThatThrownBy(() -> Sequential.ofArchitecture("linear 999999999 999999999", Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("shape: at most 2147483647 elements fit one tensor, got 999999999×999999999");
    }

    @Test
    void tensorsFitTheArchitecture() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("0.weight", Tensor.zeros(DType.FLOAT32, 3, 2));
        String bias = "tensors: expected 0.bias of 3 as in the architecture, got none";
        assertBroken(tensors, "linear 2 3", bias);
        tensors.put("0.bias", Tensor.zeros(DType.FLOAT32, 3));
        assertBroken(tensors, "linear 3 2", "tensors: expected 0.weight of 2×3 as in the architecture, got 3×2");
        assertBroken(tensors, "relu", "tensors: expected those of the architecture relu, got 0.weight as well");
        assertBroken(
                tensors,
                "gelu",
                "architecture: expected linear, dropconnect, dropout, batchnorm, relu, tanh or sigmoid,"
                        + " got gelu (word 1); pass the LayerKind of a layer of your own");
        tensors.put("0.bias", Tensor.zeros(DType.FLOAT64, 3));
        assertBroken(
                tensors, "linear 2 3", "tensors: expected FLOAT32 for 0.bias as for the tensor before, got FLOAT64");
    }

    private void assertBroken(Map<String, Tensor> tensors, String architecture, String problem) throws IOException {
        new SafeTensors(tensors, Map.of("masktape.architecture", architecture, "masktape.format", "1")).write(file);
        assertThatThrownBy(() -> Sequential.load(file))
                .isInstanceOf(DataFormatException.class)
                .hasMessage(file + ": " + problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", ""})
    void aFormatOfAnotherTimeIsNamed(String format) throws IOException {
        new SafeTensors(Map.of(), Map.of("masktape.architecture", "relu", "masktape.format", format)).write(file);
        assertThatThrownBy(() -> Sequential.load(file))
                .isInstanceOf(DataFormatException.class)
                .hasMessage(file + ": metadata masktape.format: expected 1, got " + format);
    }

    @Test
    void aFileOfOtherTensorsIsNoNetwork() throws IOException {
        new SafeTensors(Map.of("velocity", Tensor.scalar(1)), Map.of()).write(file);
        assertThatThrownBy(() -> Sequential.load(file))
                .hasMessage(file + ": expected metadata masktape.architecture, which Sequential.save writes, got none");
    }

    // ---- PyTorch ----

    /** Made by src/test/python/golden.py. */
    @Test
    void aStackOfPyTorchGivesPyTorchsOutputs() throws IOException {
        Map<String, Tensor> golden =
                SafeTensors.read(resource("torch-mlp.safetensors")).tensors();
        Map<String, Tensor> io =
                SafeTensors.read(resource("torch-mlp-io.safetensors")).tensors();
        assertThat(golden.keySet()).containsExactly("0.weight", "0.bias", "2.weight", "2.bias");
        Sequential net = Sequential.ofArchitecture("linear 7 16, relu, linear 16 3", golden);
        double[] expected = io.get("output").toDoubleArray();
        double[] actual = forward(net, io.get("input"), Pass.inference()).toDoubleArray();
        assertThat(actual).hasSize(5 * 3);
        assertThat(expected).hasSize(5 * 3);
        for (int i = 0; i < actual.length; i++) {
            assertThat(actual[i]).isBetween(expected[i] - 1e-6, expected[i] + 1e-6);
        }
    }

    private static File resource(String name) {
        return new File(URI.create(ModelFileTest.class.getResource("/" + name).toString()));
    }

    // ---- shared ----

    private static Sequential network(String architecture, DType dtype) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        long[] seed = {1};
        Sequential.ofArchitecture(architecture, Initializer.heUniform(1))
                .parameters()
                .forEach((name, parameter) -> tensors.put(
                        name, Cases.tensor(seed[0]++, parameter.shape().dims()).to(dtype)));
        return Sequential.ofArchitecture(architecture, tensors);
    }

    private static Map<String, Tensor> values(Layer net) {
        Map<String, Tensor> values = new TreeMap<>();
        net.parameters().forEach((name, parameter) -> values.put(name, parameter.value()));
        return values;
    }

    private static Tensor forward(Layer net, Tensor x, Pass pass) {
        return net.forward(new Tape().constant(x), pass).value();
    }

    /** A layer of somebody else. */
    private static final class Mine implements Layer {
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
            return "Mine";
        }
    }
}
