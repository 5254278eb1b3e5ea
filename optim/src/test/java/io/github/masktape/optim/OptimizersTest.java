// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import com.sun.management.ThreadMXBean;
import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.data.Dataset;
import io.github.masktape.layers.DropConnect;
import io.github.masktape.layers.Linear;
import io.github.masktape.layers.Sequential;
import io.github.masktape.tensor.Compute;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Shape;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Workspace;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What all optimizers have in common, and the formulas of Adam, AdamW and the moving average. */
class OptimizersTest {
    private final int threads = Compute.threads();

    @AfterEach
    void restore() {
        Compute.setThreads(threads);
    }

    /** Each optimizer with settings other than its defaults. */
    private enum Kind {
        SGD_MOMENTUM(p -> new SGD(p, step -> 0.1 / (step + 1)).withMomentum(0.9).withNesterov()),
        SGD_GROUPS(p -> new SGD(p, LearningRate.constant(0.1))
                .withWeightDecay(0.1)
                .withWeightDecay("a"::equals, 0)
                .withMomentum(0.5)
                .withRateFactor("b"::equals, 0.25)),
        ADAM(p -> new Adam(p, LearningRate.constant(0.01)).withWeightDecay(0.1)),
        ADAM_GROUPS(p -> new Adam(p, LearningRate.cosine(0.1, 20))
                .withBetas(0.8, 0.99)
                .withEpsilon(1e-4)
                .withWeightDecay("b"::equals, 0.1)
                .withRateFactor("a"::equals, 2)),
        ADAMW(p -> new AdamW(p, LearningRate.constant(0.01))
                .withWeightDecay("a"::equals, 0)
                .withRateFactor("b"::equals, 0.5)),
        AVERAGE(p -> new MovingAverage(p, ADAM.make.apply(p), 0.9));

        private final Function<Map<String, Parameter>, Optimizer> make;

        Kind(Function<Map<String, Parameter>, Optimizer> make) {
            this.make = make;
        }
    }

    /** Two parameters and an optimizer, whose gradients are a function of the step. */
    private static final class Descent {
        final Map<String, Parameter> parameters = new TreeMap<>();
        final Optimizer optimizer;
        private final DType dtype;
        private int step;

        Descent(Kind kind, DType dtype, int size) {
            this.dtype = dtype;
            parameters.put("a", new Parameter(gaussians(dtype, 1, size)));
            parameters.put("b", new Parameter(gaussians(dtype, 2, 3)));
            optimizer = kind.make.apply(parameters);
        }

        void steps(int count) {
            for (int i = 0; i < count; i++, step++) {
                Map<Parameter, Tensor> gradients = new LinkedHashMap<>();
                for (Parameter parameter : parameters.values()) {
                    gradients.put(
                            parameter,
                            gaussians(dtype, 3 + step, parameter.shape().size()));
                }
                optimizer.step(Gradients.of(gradients));
            }
        }

        Map<String, Tensor> values() {
            Map<String, Tensor> values = new TreeMap<>();
            parameters.forEach((name, parameter) -> values.put(name, parameter.value()));
            return values;
        }

        void goOnFrom(Descent other) {
            optimizer.restore(other.optimizer.state());
            other.values().forEach((name, value) -> parameters.get(name).set(value));
            step = other.step;
        }
    }

    private static Tensor gaussians(DType dtype, long seed, int size) {
        RandomStream random = new RandomStream(seed);
        return Tensor.ofElements(dtype, Shape.of(size), random::nextGaussian);
    }

    @ParameterizedTest
    @EnumSource
    void aResumedOptimizerContinuesBitForBit(Kind kind) {
        for (DType dtype : DType.values()) {
            for (int before : new int[] {0, 1, 5}) {
                Descent whole = new Descent(kind, dtype, 9);
                whole.steps(12);
                Descent first = new Descent(kind, dtype, 9);
                first.steps(before);
                Descent second = new Descent(kind, dtype, 9);
                second.goOnFrom(first);
                second.steps(12 - before);
                assertThat(second.values()).isEqualTo(whole.values());
                assertThat(second.optimizer.state()).isEqualTo(whole.optimizer.state());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theNumberOfThreadsChangesNoBit(Kind kind) {
        for (DType dtype : DType.values()) {
            Map<String, Tensor> expected = null;
            for (int count : new int[] {1, 3}) {
                Compute.setThreads(count);
                Descent descent = new Descent(kind, dtype, 60_001);
                descent.steps(3);
                expected = expected == null ? descent.values() : expected;
                assertThat(descent.values()).isEqualTo(expected);
            }
        }
    }

    /** A step of a parameter whose copies would be 800 kB each. */
    @ParameterizedTest
    @EnumSource
    void aStepAllocatesNextToNothing(Kind kind) {
        Compute.setThreads(1);
        Descent descent = new Descent(kind, DType.FLOAT32, 200_000);
        Tensor a = gaussians(DType.FLOAT32, 3, 200_000);
        Tensor b = gaussians(DType.FLOAT32, 4, 3);
        Workspace workspace = new Workspace();
        long before = 0;
        for (int i = 0; i < 8; i++) {
            before = i == 4 ? allocatedBytes() : before;
            Tape tape = new Tape(workspace);
            Variable loss = Ops.add(
                    Ops.sum(Ops.mul(tape.parameter(descent.parameters.get("a")), tape.constant(a))),
                    Ops.sum(Ops.mul(tape.parameter(descent.parameters.get("b")), tape.constant(b))));
            descent.optimizer.step(tape.backward(loss));
        }
        assertThat((allocatedBytes() - before) / 4).isPositive().isLessThan(64_000);
    }

    private static long allocatedBytes() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    /** On every JDK and processor, with and without an instruction for fma. */
    @Test
    void theBitsAreTheSameEverywhere() {
        Map<Kind, String> checksums = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            long checksum = Checksum.EMPTY;
            for (DType dtype : DType.values()) {
                Descent descent = new Descent(kind, dtype, 100);
                descent.steps(20);
                Map<String, Tensor> all =
                        new TreeMap<>(descent.optimizer.state().tensors());
                all.putAll(descent.values());
                for (Tensor tensor : all.values()) {
                    checksum = Checksum.append(checksum, tensor);
                }
            }
            checksums.put(kind, Checksum.text(checksum));
        }
        assertThat(checksums)
                .containsEntry(Kind.SGD_MOMENTUM, "e6d8f8db6045d790")
                .containsEntry(Kind.SGD_GROUPS, "ac40f004ec90987e")
                .containsEntry(Kind.ADAM, "868f301d02aee57c")
                .containsEntry(Kind.ADAM_GROUPS, "9455bd2426786646")
                .containsEntry(Kind.ADAMW, "233129d67e9b60ca")
                .containsEntry(Kind.AVERAGE, "d3ad30da47910839");
    }

    // ---- formulas ----

    @Test
    void adamFollowsItsFormula() {
        double[] w = gaussians(DType.FLOAT64, 1, 9).toDoubleArray();
        for (boolean decoupled : new boolean[] {false, true}) {
            Parameter parameter = new Parameter(Tensor.of(w));
            Map<String, Parameter> parameters = Map.of("w", parameter);
            LearningRate rate = step -> 0.1 / (step + 1);
            Optimizer optimizer = decoupled
                    ? new AdamW(parameters, rate)
                            .withBetas(0.8, 0.9)
                            .withEpsilon(0.01)
                            .withWeightDecay(0.3)
                    : new Adam(parameters, rate)
                            .withBetas(0.8, 0.9)
                            .withEpsilon(0.01)
                            .withWeightDecay(0.3);
            double[] x = w.clone();
            double[] m = new double[9];
            double[] v = new double[9];
            for (int t = 1; t <= 5; t++) {
                Tensor gradient = gaussians(DType.FLOAT64, 1 + t, 9);
                optimizer.step(Gradients.of(Map.of(parameter, gradient)));
                for (int i = 0; i < 9; i++) {
                    double g = gradient.get(i) + (decoupled ? 0 : 0.3 * x[i]);
                    m[i] = 0.8 * m[i] + 0.2 * g;
                    v[i] = 0.9 * v[i] + 0.1 * g * g;
                    double quotient = m[i] / (Math.sqrt(v[i] / (1 - Math.pow(0.9, t))) + 0.01);
                    x[i] = x[i] * (decoupled ? 1 - 0.1 / t * 0.3 : 1) - 0.1 / t / (1 - Math.pow(0.8, t)) * quotient;
                    assertThat(Math.abs(parameter.value().get(i) - x[i])).isLessThan(1e-14);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void singlePrecisionFollowsDouble(Kind kind) {
        Descent wide = new Descent(kind, DType.FLOAT64, 20);
        Descent narrow = new Descent(kind, DType.FLOAT32, 20);
        wide.steps(20);
        narrow.steps(20);
        for (int i = 0; i < 20; i++) {
            assertThat(Math.abs(wide.values().get("a").get(i)
                            - narrow.values().get("a").get(i)))
                    .isLessThan(2e-6);
        }
    }

    /** A weight whose gradient was always 0 stays where it is. */
    @Test
    void adamDividesByNoZero() {
        for (DType dtype : DType.values()) {
            Parameter parameter = new Parameter(Tensor.of(new double[] {1, 2}).to(dtype));
            Adam adam = new Adam(Map.of("w", parameter), LearningRate.constant(0.5));
            for (int i = 0; i < 3; i++) {
                adam.step(Gradients.of(
                        Map.of(parameter, Tensor.of(new double[] {0, 1}).to(dtype))));
            }
            assertThat(parameter.value().get(0)).isEqualTo(1);
            assertThat(parameter.value().get(1)).isCloseTo(0.5, offset(1e-6));
        }
    }

    // ---- settings ----

    @Test
    void settingsHaveLimits() {
        Map<String, Parameter> parameters = Map.of("w", new Parameter(Tensor.scalar(1)));
        Adam adam = new Adam(parameters, LearningRate.constant(0.1));
        for (double beta : new double[] {-0.1, 1, Double.NaN}) {
            assertThatThrownBy(() -> adam.withBetas(beta, 0.9))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("beta1: expected a number in [0, 1), got ");
            assertThatThrownBy(() -> adam.withBetas(0.9, beta)).hasMessageStartingWith("beta2: ");
        }
        for (double epsilon : new double[] {0, -1, 1e-60, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> adam.withEpsilon(epsilon))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("epsilon: expected a finite number above 0, in FLOAT32 as well, got ");
        }
        assertThatThrownBy(() -> adam.withWeightDecay(-1))
                .hasMessage("weightDecay: expected a finite number of at least 0, got -1");
        assertThatThrownBy(() -> adam.withWeightDecay("w"::equals, Double.NaN))
                .hasMessage("weightDecay: expected a finite number of at least 0, got nan");
        assertThatThrownBy(() -> adam.withRateFactor("w"::equals, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("rateFactor: expected a positive, finite number, got 0;"
                        + " leave parameters that are to stay out of the optimizer");
        for (double decay : new double[] {0, 1, Double.NaN}) {
            assertThatThrownBy(() -> new MovingAverage(parameters, adam, decay))
                    .hasMessageStartingWith("decay: expected a number between 0 and 1, got ");
        }
        assertThat(adam.withBetas(0, 0).withEpsilon(Float.MIN_VALUE).steps()).isZero();
    }

    static Stream<Consumer<Map<String, Parameter>>> constructors() {
        LearningRate rate = LearningRate.constant(0.1);
        return Stream.of(p -> new SGD(p, rate), p -> new Adam(p, rate), p -> new AdamW(p, rate));
    }

    @ParameterizedTest
    @MethodSource("constructors")
    void anOptimizerHasParameters(Consumer<Map<String, Parameter>> constructor) {
        assertThatThrownBy(() -> constructor.accept(Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("optimizer: expected at least one parameter, got none; give it net.parameters()");
    }

    @Test
    void namesMustMeanParameters() {
        Parameter shared = new Parameter(Tensor.scalar(1));
        Map<String, Parameter> parameters =
                Map.of("0.weight", shared, "1.weight", shared, "2.weight", new Parameter(Tensor.scalar(2)));
        SGD sgd = new SGD(parameters, LearningRate.constant(0.1));
        Predicate<String> biases = name -> name.endsWith("bias");
        assertThatThrownBy(() -> sgd.withWeightDecay(biases, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("names: expected at least one of the optimizer's 0.weight, 2.weight, got none");
        assertThatThrownBy(() -> sgd.withRateFactor("1.weight"::equals, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("names: expected all or none of 0.weight, 1.weight, which share a parameter, got 1");
    }

    @Test
    void someParametersHaveRatesAndDecaysOfTheirOwn() {
        Map<String, Parameter> parameters = new LinkedHashMap<>();
        for (String name : List.of("0.bias", "0.weight", "2.weight")) {
            parameters.put(name, new Parameter(Tensor.scalar(8)));
        }
        SGD sgd = new SGD(parameters, LearningRate.constant(0.5))
                .withWeightDecay("0.bias"::equals, 0)
                .withRateFactor(name -> name.startsWith("0."), 0.5)
                .withWeightDecay(0.25);
        Map<Parameter, Tensor> gradients = new LinkedHashMap<>();
        parameters.values().forEach(parameter -> gradients.put(parameter, Tensor.scalar(4)));
        sgd.step(Gradients.of(gradients));
        assertThat(parameters.get("0.bias").value().item()).isEqualTo(8 - 0.25 * 4);
        assertThat(parameters.get("0.weight").value().item()).isEqualTo(8 - 0.25 * (4 + 2));
        assertThat(parameters.get("2.weight").value().item()).isEqualTo(8 - 0.5 * (4 + 2));
        assertThat(sgd.state().settings())
                .containsEntry("weight decay", "0.25")
                .containsEntry("weight decay of 0.bias", "0")
                .containsEntry("rate factor of 0.bias", "0.5")
                .containsEntry("rate factor of 0.weight", "0.5")
                .hasSize(7);
    }

    @Test
    void aStateOfOtherSettingsIsRefused() {
        Map<String, Parameter> parameters = new Descent(Kind.ADAM, DType.FLOAT64, 2).parameters;
        LearningRate rate = LearningRate.constant(0.1);
        Adam adam = new Adam(parameters, rate);
        refuses(
                adam,
                adam.withRateFactor("a"::equals, 0.1),
                "rate factor of a: expected 0.1 as in the checkpoint, got none");
        refuses(
                adam.withRateFactor("a"::equals, 0.1),
                adam,
                "rate factor of a: expected none as in the checkpoint, got 0.1");
        refuses(
                adam,
                adam.withWeightDecay("b"::equals, 0.1),
                "weight decay of b: expected 0.1 as in the checkpoint, got none");
        refuses(adam, adam.withBetas(0.9, 0.99), "beta2: expected 0.99 as in the checkpoint, got 0.999");
        refuses(adam, adam.withEpsilon(1), "epsilon: expected 1 as in the checkpoint, got 1.00000e-08");
        refuses(adam, new AdamW(parameters, rate), "weight decay: expected none as in the checkpoint, got 0");
        refuses(
                adam,
                new SGD(parameters, rate).withMomentum(0.9),
                "beta1: expected none as in the checkpoint, got 0.9");
        refuses(new SGD(parameters, rate), adam, "momentum: expected none as in the checkpoint, got 0");
        MovingAverage average = new MovingAverage(parameters, adam, 0.9);
        refuses(average, adam, "average decay: expected none as in the checkpoint, got 0.9");
        refuses(adam, average, "average decay: expected 0.9 as in the checkpoint, got none");
        refuses(
                average,
                new MovingAverage(parameters, adam, 0.99),
                "average decay: expected 0.99 as in the checkpoint, got 0.9");
    }

    private static void refuses(Optimizer optimizer, Optimizer other, String message) {
        Map<String, String> before = optimizer.state().settings();
        assertThatThrownBy(() -> optimizer.restore(other.state()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("resume: " + message);
        assertThat(optimizer.state().settings()).isEqualTo(before);
    }

    // ---- gradients ----

    @Test
    void aParameterThatWasNeverOnTheTapeIsRefusedBeforeAnythingChanges() {
        Map<String, Parameter> parameters =
                Map.of("a", new Parameter(Tensor.scalar(1)), "b", new Parameter(Tensor.scalar(2)));
        SGD sgd = new SGD(parameters, LearningRate.constant(0.1)).withWeightDecay(0.5);
        Tape tape = new Tape();
        Gradients gradients = tape.backward(Ops.square(tape.parameter(parameters.get("a"))));
        assertThatThrownBy(() -> sgd.step(gradients))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "step: expected a gradient of every parameter, got none of b, which was never on the tape; read"
                                + " it by tape.parameter(...) in forward, or pass gradients.ofAll(optimizer.parameters()) if this"
                                + " step skips it on purpose");
        assertThat(parameters.get("a").value().item()).isEqualTo(1);
        sgd.step(gradients.ofAll(sgd.parameters()));
        assertThat(parameters.get("a").value().item()).isEqualTo(1 - 0.1 * 2.5);
        assertThat(parameters.get("b").value().item()).isEqualTo(2 - 0.1 * 1);
    }

    // ---- the moving average ----

    @Test
    void theAverageFollowsTheParameters() {
        for (DType dtype : DType.values()) {
            Descent plain = new Descent(Kind.ADAM, dtype, 5);
            Descent descent = new Descent(Kind.AVERAGE, dtype, 5);
            MovingAverage average = (MovingAverage) descent.optimizer;
            double[] expected = null;
            for (int step = 0; step < 6; step++) {
                plain.steps(1);
                descent.steps(1);
                assertThat(descent.values()).isEqualTo(plain.values());
                double[] w = plain.values().get("a").toDoubleArray();
                for (int i = 0; i < 5; i++) {
                    w[i] = step == 0 ? w[i] : expected[i] + 0.1 * (w[i] - expected[i]);
                    assertThat(Math.abs(average.values().get("a").get(i) - w[i]))
                            .isLessThan(1e-6);
                }
                expected = w;
            }
            Map<String, Tensor> averages = average.values();
            assertThat(average.evaluate(descent::values)).isEqualTo(averages).isNotEqualTo(plain.values());
            assertThat(descent.values()).isEqualTo(plain.values());
            assertThatThrownBy(() -> average.evaluate(() -> {
                        throw new IllegalStateException("stop");
                    }))
                    .hasMessage("stop");
            assertThat(descent.values()).isEqualTo(plain.values());
            average.apply();
            assertThat(descent.values()).isEqualTo(averages);
        }
    }

    @Test
    void anAverageIsOfAnOptimizersParameters() {
        Descent descent = new Descent(Kind.ADAM, DType.FLOAT64, 2);
        Map<String, Parameter> more = new TreeMap<>(descent.parameters);
        more.put("c", new Parameter(Tensor.scalar(1)));
        more.put("d", descent.parameters.get("a"));
        MovingAverage average = new MovingAverage(more, descent.optimizer, 0.9);
        assertThat(average.values().keySet()).containsExactly("a", "b");
        more.remove("b");
        assertThatThrownBy(() -> new MovingAverage(more, descent.optimizer, 0.9))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("state: expected all parameters of the optimizer, got others; pass net.state()");
        assertThatThrownBy(() -> new MovingAverage(descent.parameters, average, 0.9))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("optimizer: expected one that does not average, got a MovingAverage");
    }

    @Test
    void twoStepsWithTheSameMasksAreRefused() {
        Initializer init = Initializer.heUniform(1);
        Sequential net = Sequential.of(DropConnect.of(2, 3, 0.5, init));
        SGD sgd = new SGD(net.parameters(), LearningRate.constant(0.1));
        Tensor x = init.weight(4, 2);
        for (long step : new long[] {0, 1, 0}) {
            sgd.step(gradients(net, x, Pass.training(7, step)));
        }
        assertThatThrownBy(() -> sgd.step(gradients(net, x, Pass.training(7, 0))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("step: expected a pass of its own for each step, got that of the step before, with the same"
                        + " masks of DropConnect 2→3; number the steps, Pass.training(seed, step)");
        Sequential plain = Sequential.of(Linear.of(2, 3, init));
        SGD other = new SGD(plain.parameters(), LearningRate.constant(0.1));
        other.step(gradients(plain, x, Pass.training(7, 0)));
        other.step(gradients(plain, x, Pass.training(7, 0)));
        assertThat(other.steps()).isEqualTo(2);
        assertThatThrownBy(() -> other.withNesterov().step(gradients(plain, x, Pass.training(7, 0))))
                .hasMessage(
                        "nesterov: expected a momentum above 0, got 0, with which it does nothing; use withMomentum");
    }

    private static Gradients gradients(Layer net, Tensor x, Pass pass) {
        Tape tape = new Tape();
        return tape.backward(Ops.sum(net.forward(tape.constant(x), pass)));
    }

    @Test
    void anOptimizerAsTextHasItsSettings() {
        Map<String, Parameter> parameters = new TreeMap<>(Map.of("w", new Parameter(Tensor.scalar(1))));
        LearningRate rate = LearningRate.constant(0.1);
        assertThat(new SGD(parameters, rate).withMomentum(0.9))
                .hasToString("SGD of 1 parameter after 0 steps, momentum=0.9, weight decay=0, nesterov=false,"
                        + " learning rates of the steps made=none");
        assertThat(new AdamW(parameters, rate))
                .asString()
                .startsWith("AdamW of 1 parameter after 0 steps, beta1=0.9, ");
        assertThat(new MovingAverage(parameters, new Adam(parameters, rate), 0.99))
                .asString()
                .startsWith("Adam of 1 parameter after 0 steps, ")
                .endsWith(", averages of decay 0.99");
    }

    /** The trainer judges by the averages, and returns those of the best epoch. */
    @Test
    void theTrainerJudgesByTheAverages() {
        Slope net = new Slope();
        MovingAverage average =
                new MovingAverage(net.parameters(), new SGD(net.parameters(), LearningRate.constant(0.1)), 0.9);
        Dataset data = Dataset.regression(Tensor.of(new double[][] {{1}, {2}}), Tensor.of(new double[][] {{1}, {2}}));
        List<Tensor> averages = new ArrayList<>();
        Trainer.History history = new Trainer(net, average, 3, 2, 1)
                .withPatience(9)
                .fit(data, data, new Trainer.Listener() {
                    @Override
                    public void epoch(Trainer.Epoch epoch) {
                        averages.add(average.values().get("w"));
                    }
                });
        for (int epoch = 0; epoch < 3; epoch++) {
            double error = averages.get(epoch).item() - 1;
            assertThat(history.epochs().get(epoch).validation().loss()).isCloseTo(2.5 * error * error, offset(1e-12));
        }
        assertThat(net.w.value()).isEqualTo(averages.get(history.bestEpoch() - 1));
    }
}
