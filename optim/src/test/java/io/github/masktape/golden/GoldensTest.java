// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.data.Batch;
import io.github.masktape.data.Dataset;
import io.github.masktape.layers.DropConnect;
import io.github.masktape.layers.Dropout;
import io.github.masktape.layers.Sequential;
import io.github.masktape.loss.CrossEntropy;
import io.github.masktape.loss.Loss;
import io.github.masktape.optim.Adam;
import io.github.masktape.optim.AdamW;
import io.github.masktape.optim.LearningRate;
import io.github.masktape.optim.Optimizer;
import io.github.masktape.optim.SGD;
import io.github.masktape.optim.Trainer;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.Shape;
import io.github.masktape.tensor.Tensor;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every op, layer, loss and optimizer beside PyTorch's: src/test/python/goldens.py tells how the values were made. */
class GoldensTest {
    /** How the masks of a network reach it. */
    private enum Form {
        /** Drawn by the layers, as in training. */
        DRAWN(""),
        /** Given to the fused layers. */
        GIVEN("drop"),
        /** Given to the composed layers. */
        COMPOSED("dropconnect");

        /** What a network's layers are named, if the form makes a difference to it. */
        final String layer;

        Form(String layer) {
            this.layer = layer;
        }
    }

    private interface Comparison {
        void of(Matcher name, Golden.Given given, Golden.Expected expected);
    }

    // ---- ops ----

    @TestFactory
    Stream<DynamicTest> ops() throws IOException {
        return tests("ops", 189, "(\\w+)((?: \\d+(?:x\\d+)*)+)", GoldensTest::op);
    }

    /** Each op, its gradients, and the gradients of those by PyTorch's double backward. */
    @TestFactory
    Stream<DynamicTest> secondOrder() throws IOException {
        return tests("second", 356, "(\\w+)((?: (?:scalar|\\d+(?:x\\d+)*))+)", GoldensTest::secondOrder);
    }

    @TestFactory
    Stream<DynamicTest> compositions() throws IOException {
        return tests("compositions", 24, "(\\w+)((?: \\d+(?:x\\d+)*)+)", GoldensTest::secondOrder);
    }

    private static void secondOrder(Matcher name, Golden.Given given, Golden.Expected expected) {
        expected.loosenForSecondOrder();
        Tape tape = new Tape();
        List<Variable> inputs = inputs(tape, name.group(2), given);
        Variable y = op(name.group(1), inputs, given);
        Variable dy = tape.input(given.tensor(y.shape().dims()));
        List<Variable> first = tape.gradients(y, dy, inputs);
        expected.check("y", y.value());
        Variable contracted = null;
        for (int i = 0; i < inputs.size(); i++) {
            expected.check("gradient of input " + i, first.get(i).value());
            Variable u = tape.constant(given.tensor(inputs.get(i).shape().dims()));
            Variable term = Ops.sum(Ops.mul(u, first.get(i)));
            contracted = contracted == null ? term : Ops.add(contracted, term);
        }
        Gradients second = tape.backward(contracted);
        for (int i = 0; i < inputs.size(); i++) {
            expected.check("second gradient of input " + i, second.of(inputs.get(i)));
        }
        expected.check("second gradient of dy", second.of(dy));
    }

    @Test
    void everyOpOfTheRulebookIsCompared() throws IOException {
        Stream<String> rulebook = Arrays.stream(Ops.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && method.getReturnType() == Variable.class)
                .map(Method::getName)
                .filter(name -> !name.equals("op"));
        assertThat(Golden.of("second").stream().map(golden -> golden.name().split(" ", 2)[0]))
                .containsAll(rulebook.toList());
    }

    private static void op(Matcher name, Golden.Given given, Golden.Expected expected) {
        Tape tape = new Tape();
        List<Variable> inputs = inputs(tape, name.group(2), given);
        Variable y = op(name.group(1), inputs, given);
        Gradients gradients = tape.backward(y, given.tensor(y.shape().dims()));
        expected.check("y", y.value());
        for (int i = 0; i < inputs.size(); i++) {
            expected.check("gradient of input " + i, gradients.of(inputs.get(i)));
        }
    }

    private static List<Variable> inputs(Tape tape, String shapes, Golden.Given given) {
        List<Variable> inputs = new ArrayList<>();
        for (String shape : shapes.strip().split(" ", -1)) {
            int[] dims = shape.equals("scalar")
                    ? new int[0]
                    : Arrays.stream(shape.split("x"))
                            .mapToInt(Integer::parseInt)
                            .toArray();
            inputs.add(tape.input(given.tensor(dims)));
        }
        return inputs;
    }

    private static Variable op(String name, List<Variable> inputs, Golden.Given given) {
        Variable x = inputs.get(0);
        Variable last = inputs.get(inputs.size() - 1);
        int[] dims = x.shape().dims();
        return switch (name) {
            case "add" -> Ops.add(x, last);
            case "sub" -> Ops.sub(x, last);
            case "mul" -> Ops.mul(x, last);
            case "div" -> Ops.div(x, last);
            case "neg" -> Ops.neg(x);
            case "scaleBy" -> Ops.scaleBy(x, last);
            case "plus" -> Ops.plus(x, given.number());
            case "scale" -> Ops.scale(x, given.number());
            case "square" -> Ops.square(x);
            case "matmul" -> Ops.matmul(x, last);
            case "matmulTransposed" -> Ops.matmulTransposed(x, last);
            case "transposedMatmul" -> Ops.transposedMatmul(x, last);
            case "transpose" -> Ops.transpose(x);
            case "reshape" -> Ops.reshape(x, x.shape().size());
            case "abs" -> Ops.abs(x);
            case "maximum" -> Ops.maximum(x, last);
            case "minimum" -> Ops.minimum(x, last);
            case "clamp" -> {
                double low = given.number();
                yield Ops.clamp(x, low, given.number());
            }
            case "rows" -> Ops.rows(x, given.labels((int) given.whole()));
            case "placeRows" -> {
                int[] places = given.labels(dims[0]);
                yield Ops.placeRows(x, places, (int) given.whole());
            }
            case "columns" -> Ops.columns(x, given.labels((int) given.whole()));
            case "pick" -> Ops.pick(x, given.labels(dims[0]));
            case "stackRows" -> Ops.stackRows(inputs);
            case "stackColumns" -> Ops.stackColumns(inputs);
            case "addRow" -> Ops.addRow(x, last);
            case "relu" -> Ops.relu(x);
            case "wherePositive" -> Ops.wherePositive(x, last);
            case "tanh" -> Ops.tanh(x);
            case "sigmoid" -> Ops.sigmoid(x);
            case "softplus" -> Ops.softplus(x);
            case "exp" -> Ops.exp(x);
            case "log" -> Ops.log(x);
            case "sqrt" -> Ops.sqrt(x);
            case "sum" -> Ops.sum(x);
            case "expand" -> {
                int m = (int) given.whole();
                yield Ops.expand(x, Shape.of(m, (int) given.whole()));
            }
            case "repeatColumns" -> Ops.repeatColumns(x, (int) given.whole());
            case "repeatRows" -> Ops.repeatRows(x, (int) given.whole());
            case "softmax" -> Ops.softmax(x);
            case "logSoftmax" -> Ops.logSoftmax(x);
            case "mean" -> Ops.mean(x);
            case "sumRows" -> Ops.sumRows(x);
            case "sumColumns" -> Ops.sumColumns(x);
            case "meanSquaredError" -> Ops.meanSquaredError(x, last);
            case "softmaxCrossEntropy" -> Ops.softmaxCrossEntropy(x, given.labels(dims[0]));
            case "smoothedCrossEntropy" -> Ops.smoothedCrossEntropy(x, given.labels(dims[0]), given.number());
            case "mask" -> {
                double scale = given.number();
                yield Ops.mask(x, given.mask(1, dims[0], dims[1], scale));
            }
            case "maskedLinear" -> {
                double scale = given.number();
                yield Ops.maskedLinear(x, last, given.mask(dims[0], last.shape().dim(0), dims[1], scale));
            }
            case "maskedLinearTransposed" -> {
                double scale = given.number();
                yield Ops.maskedLinearTransposed(
                        x, last, given.mask(dims[0], dims[1], last.shape().dim(1), scale));
            }
            case "maskedOuter" -> {
                double scale = given.number();
                yield Ops.maskedOuter(
                        x, last, given.mask(dims[0], dims[1], last.shape().dim(1), scale));
            }
            default -> Compositions.of(name, inputs, given);
        };
    }

    // ---- layers ----

    @TestFactory
    Stream<DynamicTest> layers() throws IOException {
        return forms("layers", 150, "batch (\\d+) of (\\d+)(?:, no bias)?: (.+)", form -> (name, given, expected) -> {
            int batch = Integer.parseInt(name.group(1));
            Pass pass = Pass.training(given.whole(), 0);
            Tensor features = given.tensor(batch, Integer.parseInt(name.group(2)));
            Sequential net = network(name.group(3), given);
            List<Mask> masks = masks(net, features, pass, given);
            Tape tape = new Tape();
            Variable x = tape.input(features);
            Variable y = forward(net, x, form, pass, masks);
            Gradients gradients = tape.backward(y, given.tensor(y.shape().dims()));
            check(net, x, y, gradients, expected);
        });
    }

    private static Sequential network(String architecture, Golden.Given given) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Sequential.ofArchitecture(architecture, Initializer.heUniform(1))
                .parameters()
                .forEach((name, parameter) ->
                        tensors.put(name, given.tensor(parameter.shape().dims())));
        return Sequential.ofArchitecture(architecture, tensors);
    }

    /** The given masks of a pass, which are those that the layers draw. */
    private static List<Mask> masks(Sequential net, Tensor x, Pass pass, Golden.Given given) {
        int n = x.shape().dim(0);
        int features = x.shape().dim(1);
        List<Mask> masks = new ArrayList<>();
        for (int i = 0; i < net.layers().size(); i++) {
            Layer layer = net.layers().get(i);
            Pass here = pass.child(i);
            List<Mask> drawn = new ArrayList<>();
            if (layer instanceof DropConnect drop && drop.hasMaskedBias()) {
                drawn.add(drop.mask(n, here));
                drawn.add(drop.biasMask(n, here));
            } else if (layer instanceof DropConnect drop) {
                drawn.add(drop.mask(n, here));
            } else if (layer instanceof Dropout dropout) {
                drawn.add(here.mask(1, n, features, dropout.dropProbability()));
            }
            for (Mask mask : drawn) {
                Mask golden = given.mask(mask.examples(), mask.outputs(), mask.inputs(), mask.scale());
                assertThat(mask).as("the mask that layer %d draws", i).isEqualTo(golden);
                masks.add(golden);
            }
            Parameter bias = layer.parameters().get("bias");
            features = bias == null ? features : bias.shape().dim(0);
        }
        return masks;
    }

    private static Variable forward(Sequential net, Variable x, Form form, Pass pass, List<Mask> masks) {
        if (form == Form.DRAWN) {
            return net.forward(x, pass);
        }
        Variable y = x;
        int next = 0;
        for (int i = 0; i < net.layers().size(); i++) {
            Layer layer = net.layers().get(i);
            if (layer instanceof DropConnect fused) {
                DropConnect drop = form == Form.COMPOSED ? fused.withComposedForm() : fused;
                Mask mask = masks.get(next++);
                y = drop.forward(y, mask, drop.hasMaskedBias() ? masks.get(next++) : null);
            } else {
                y = layer instanceof Dropout ? Ops.mask(y, masks.get(next++)) : layer.forward(y, pass.child(i));
            }
        }
        return y;
    }

    private static void check(Layer net, Variable x, Variable y, Gradients gradients, Golden.Expected expected) {
        expected.check("y", y.value());
        expected.check("gradient of x", gradients.of(x));
        net.parameters().forEach((name, parameter) -> expected.check("gradient of " + name, gradients.of(parameter)));
    }

    // ---- optimizers ----

    @TestFactory
    Stream<DynamicTest> optimizers() throws IOException {
        return tests("optimizers", 50, "(\\d+) steps: .+", (name, given, expected) -> {
            double[] settings = settings(given);
            Map<String, Parameter> parameters = new LinkedHashMap<>();
            parameters.put("a", new Parameter(given.tensor(1)));
            parameters.put("b", new Parameter(given.tensor(2, 3)));
            parameters.put("c", new Parameter(given.tensor(9)));
            SGD sgd = sgd(settings, parameters);
            int steps = Integer.parseInt(name.group(1));
            for (int step = 1; step <= steps; step++) {
                sgd.step(gradients(parameters.values(), given));
                for (Map.Entry<String, Parameter> parameter : parameters.entrySet()) {
                    expected.check(
                            parameter.getKey() + " after step " + step,
                            parameter.getValue().value());
                }
            }
        });
    }

    /** Adam and AdamW over 200 steps, a FLOAT64 difference of at most 10⁻¹². */
    @TestFactory
    Stream<DynamicTest> adam() throws IOException {
        return tests("adam", 11, "(\\d+) steps: (\\w+), .+", (name, given, expected) -> {
            expected.loosenForSteps();
            double[] settings = given.numbers(7);
            int steps = Integer.parseInt(name.group(1));
            LearningRate rate =
                    settings[6] == 1 ? LearningRate.cosine(settings[0], steps) : LearningRate.constant(settings[0]);
            Map<String, Parameter> parameters = new LinkedHashMap<>();
            parameters.put("a", new Parameter(given.tensor(1)));
            parameters.put("b", new Parameter(given.tensor(2, 3)));
            Optimizer adam = name.group(2).equals("AdamW")
                    ? new AdamW(parameters, rate)
                            .withBetas(settings[1], settings[2])
                            .withEpsilon(settings[3])
                            .withWeightDecay(settings[4])
                    : new Adam(parameters, rate)
                            .withBetas(settings[1], settings[2])
                            .withEpsilon(settings[3])
                            .withWeightDecay(settings[4]);
            for (int step = 1; step <= steps; step++) {
                adam.step(gradients(parameters.values(), given));
                if (step <= 3 || step % 50 == 0) {
                    for (Map.Entry<String, Parameter> parameter : parameters.entrySet()) {
                        expected.check(
                                parameter.getKey() + " after step " + step,
                                parameter.getValue().value());
                    }
                }
            }
        });
    }

    /** The given gradients: those of the sum of each parameter's product with its gradient. */
    private static Gradients gradients(Iterable<Parameter> parameters, Golden.Given given) {
        Tape tape = new Tape();
        List<Variable> sums = new ArrayList<>();
        for (Parameter parameter : parameters) {
            Variable gradient = tape.constant(given.tensor(parameter.shape().dims()));
            sums.add(Ops.sum(Ops.mul(tape.parameter(parameter), gradient)));
        }
        return tape.backward(sums.stream().reduce(Ops::add).orElseThrow());
    }

    /** Learning rate, momentum, weight decay, 1 for Nesterov's form; the schedule and its four numbers. */
    private static double[] settings(Golden.Given given) {
        return given.numbers(9);
    }

    private static SGD sgd(double[] settings, Map<String, Parameter> parameters) {
        double rate = settings[0];
        LearningRate schedule = switch ((int) settings[4]) {
            case 0 -> LearningRate.constant(rate);
            case 1 -> LearningRate.cosine(rate, (long) settings[5]);
            default ->
                LearningRate.steps(rate, (long) settings[5], (int) settings[6], (int) settings[7], (int) settings[8]);
        };
        SGD sgd = new SGD(parameters, schedule).withMomentum(settings[1]).withWeightDecay(settings[2]);
        return settings[3] == 1 ? sgd.withNesterov() : sgd;
    }

    // ---- losses ----

    /** Each loss with weights of examples and without: its value, its gradient, and a derivative of that. */
    @TestFactory
    Stream<DynamicTest> losses() throws IOException {
        return tests("losses", 92, "(\\w+) (\\d+)x(\\d+)(.*)", (name, given, expected) -> {
            int n = Integer.parseInt(name.group(2));
            int d = Integer.parseInt(name.group(3));
            String form = name.group(4);
            Tensor outputs = given.tensor(n, d);
            Dataset data = name.group(1).equals("crossEntropy")
                    ? new Dataset(outputs, given.labels(n), d)
                    : Dataset.regression(outputs, given.tensor(n, d));
            double[] weights = given.numbers(n);
            Loss loss = loss(name.group(1), form, d, given);
            Batch batch = new Batch(form.contains("weighted") ? data.withWeights(weights) : data);
            Tape tape = new Tape();
            Variable y = tape.input(outputs);
            Variable value = loss.of(y, batch);
            Variable gradient = tape.gradients(value, y).get(0);
            expected.check("loss", value.value());
            expected.check("gradient", gradient.value());
            Variable u = tape.constant(given.tensor(n, d));
            expected.loosenForSecondOrder();
            expected.check(
                    "second gradient",
                    tape.backward(Ops.sum(Ops.mul(u, gradient))).of(y));
        });
    }

    private static Loss loss(String name, String form, int outputs, Golden.Given given) {
        return switch (name) {
            case "meanSquaredError" -> Loss.meanSquaredError();
            case "huber" -> Loss.huber(given.number());
            case "pinball" -> Loss.pinball(given.numbers(outputs));
            case "binaryCrossEntropy" -> {
                double[] positive = given.numbers(outputs);
                yield form.contains("positive") ? Loss.binaryCrossEntropy(positive) : Loss.binaryCrossEntropy();
            }
            case "crossEntropy" -> {
                double[] classes = given.numbers(outputs);
                CrossEntropy plain = Loss.crossEntropy().withLabelSmoothing(given.number());
                yield form.contains("classes") ? plain.withClassWeights(classes) : plain;
            }
            default -> throw new AssertionError("no such loss: " + name);
        };
    }

    // ---- networks ----

    private static final String NETWORK = "\\d+ batch (\\d+): (.+); (\\w+); .+";

    /** The values and gradients of a step, and the losses and weights of three, each with its own masks. */
    @TestFactory
    Stream<DynamicTest> networks() throws IOException {
        return forms("networks", 200, NETWORK, form -> (name, given, expected) -> {
            Problem problem = new Problem(name, given);
            double smoothing = given.number();
            Sequential net = problem.net;
            SGD sgd = sgd(settings(given), net.parameters());
            double[] losses = new double[3];
            for (int step = 0; step < losses.length; step++) {
                Pass pass = Pass.training(problem.seed, step);
                List<Mask> masks = masks(net, problem.features, pass, given);
                Tape tape = new Tape();
                Variable x = tape.input(problem.features);
                Variable y = forward(net, x, form, pass, masks);
                Variable loss = problem.loss(y, smoothing);
                losses[step] = loss.value().item();
                Gradients gradients = tape.backward(loss);
                if (step == 0) {
                    check(net, x, y, gradients, expected);
                }
                sgd.step(gradients);
            }
            expected.check("losses", losses);
            checkParameters(net, expected);
        });
    }

    /** Epochs of one batch, so that the shuffling does not matter; gradients are clipped. */
    @TestFactory
    Stream<DynamicTest> trainers() throws IOException {
        return tests("trainers", 24, NETWORK, (name, given, expected) -> {
            Problem problem = new Problem(name, given);
            double smoothing = given.number();
            SGD sgd = sgd(settings(given), problem.net.parameters());
            double maxNorm = given.number();
            int epochs = 4;
            for (int step = 0; step < epochs; step++) {
                masks(problem.net, problem.features, Pass.training(problem.seed, step), given);
            }
            Trainer trainer =
                    new Trainer(problem.net, sgd, epochs, problem.batch, problem.seed).withClippedGradients(maxNorm);
            Trainer.History history = (problem.loss.equals("smoothedCrossEntropy")
                            ? trainer.withLoss(Loss.crossEntropy().withLabelSmoothing(smoothing))
                            : trainer)
                    .fit(problem.dataset());
            expected.check(
                    "losses",
                    history.epochs().stream()
                            .mapToDouble(Trainer.Epoch::trainingLoss)
                            .toArray());
            checkParameters(problem.net, expected);
        });
    }

    private static void checkParameters(Layer net, Golden.Expected expected) {
        net.parameters().forEach((name, parameter) -> expected.check(name + " at the end", parameter.value()));
    }

    /** A network and a batch to fit. */
    private static final class Problem {
        final int batch;
        final String loss;
        final long seed;
        final Tensor features;
        final Sequential net;
        final Tensor targets;
        final int[] labels;
        final int outputs;

        Problem(Matcher name, Golden.Given given) {
            batch = Integer.parseInt(name.group(1));
            loss = name.group(3);
            seed = given.whole();
            Sequential shape = Sequential.ofArchitecture(name.group(2), Initializer.heUniform(1));
            features = given.tensor(batch, inputs(shape));
            net = network(name.group(2), given);
            outputs = lastBias(net).shape().dim(0);
            boolean regression = loss.equals("meanSquaredError");
            targets = regression ? given.tensor(batch, outputs) : null;
            labels = regression ? null : given.labels(batch);
        }

        private static int inputs(Sequential net) {
            return net.parameters().get("0.weight").shape().dim(1);
        }

        private static Parameter lastBias(Sequential net) {
            return net.parameters().get((net.layers().size() - 1) + ".bias");
        }

        Variable loss(Variable y, double smoothing) {
            return switch (loss) {
                case "softmaxCrossEntropy" -> Ops.softmaxCrossEntropy(y, labels);
                case "smoothedCrossEntropy" -> Ops.smoothedCrossEntropy(y, labels, smoothing);
                case "meanSquaredError" -> Ops.meanSquaredError(y, y.tape().constant(targets));
                default -> throw new AssertionError("no such loss: " + loss);
            };
        }

        Dataset dataset() {
            return targets == null ? new Dataset(features, labels, outputs) : Dataset.regression(features, targets);
        }
    }

    // ---- shared ----

    /** A test for each case and dtype. */
    private static Stream<DynamicTest> tests(String group, int cases, String name, Comparison comparison)
            throws IOException {
        return goldens(group, cases).flatMap(golden -> tests(golden, "", name, comparison));
    }

    /** A test for each case, dtype, and form that makes a difference. */
    private static Stream<DynamicTest> forms(
            String group, int cases, String name, Function<Form, Comparison> comparison) throws IOException {
        return goldens(group, cases)
                .flatMap(golden -> Stream.of(Form.values())
                        .filter(form -> form == Form.DRAWN || golden.name().contains(form.layer))
                        .flatMap(form -> tests(golden, ", masks " + form, name, comparison.apply(form))));
    }

    private static Stream<Golden> goldens(String group, int cases) throws IOException {
        List<Golden> goldens = Golden.of(group);
        assertThat(goldens).as(group).hasSize(cases);
        return goldens.stream();
    }

    private static Stream<DynamicTest> tests(Golden golden, String form, String pattern, Comparison comparison) {
        return Stream.of(DType.values())
                .map(dtype -> dynamicTest(golden.name() + form + ", " + dtype, () -> {
                    Matcher name = Pattern.compile(pattern).matcher(golden.name());
                    assertThat(name.matches()).as(golden.name()).isTrue();
                    Golden.Given given = golden.given(dtype);
                    Golden.Expected expected = golden.expected(dtype);
                    comparison.of(name, given, expected);
                    given.requireEnd();
                    expected.requireEnd();
                }));
    }
}
