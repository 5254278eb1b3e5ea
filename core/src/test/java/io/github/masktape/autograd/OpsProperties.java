// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.github.masktape.tensor.Cases;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.MemoryPoison;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Workspace;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.lifecycle.AfterContainer;

/** Laws of all ops of the rulebook at once: each try looks at every row of the table. */
class OpsProperties {
    private static final double MOST_KINKS = 0.05;

    private static final Map<String, Checks> CHECKS = new TreeMap<>();

    @Provide
    Arbitrary<Integer> sizes() {
        return Cases.sizes();
    }

    @Example
    void everyOpOfTheRulebookHasARow() {
        assertThat(GradientTable.ROWS)
                .extracting(GradientTable.Row::op)
                .containsExactlyInAnyOrderElementsOf(rulebook());
    }

    @Example
    void everyRowTriesItsOp() {
        for (GradientTable.Row row : GradientTable.ROWS) {
            GradientTable.Case point = row.draw().at(new RandomStream(1), 2, 3, 4);
            Variable y = point.function().apply(List.of(inputs(point)));
            assertThat(y.tape().nodes()).extracting(Tape.Node::op).contains(row.op());
        }
    }

    /** The names of all ops. */
    static Set<String> rulebook() {
        return Arrays.stream(Ops.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .filter(method -> method.getReturnType() == Variable.class)
                .map(Method::getName)
                .filter(name -> !name.equals("op"))
                .collect(Collectors.toSet());
    }

    @Property
    void everyRuleAgreesWithCentralDifferences(
            @ForAll("sizes") int m, @ForAll("sizes") int k, @ForAll("sizes") int n, @ForAll long seed) {
        for (GradientTable.Row row : GradientTable.ROWS) {
            GradientTable.Case point = row.draw().at(new RandomStream(seed), m, k, n);
            GradCheck.Report report = GradCheck.strict().withSeed(seed).check(point.function(), point.inputs());
            assertThat(report.passed()).as("%s: %s", row, report).isTrue();
            assertThat(report.checked())
                    .as("%s: %s", row, report)
                    .isEqualTo(point.tensors().stream()
                            .mapToInt(input -> input.shape().size())
                            .sum());
            assertThat(report.kinkShare()).as("%s: %s", row, report).isLessThanOrEqualTo(MOST_KINKS);
            CHECKS.computeIfAbsent(row.op(), op -> new Checks()).add(report);
        }
    }

    @Property
    void everyRuleOfARuleAgreesWithCentralDifferences(
            @ForAll("sizes") int m, @ForAll("sizes") int k, @ForAll("sizes") int n, @ForAll long seed) {
        for (GradientTable.Row row : GradientTable.ROWS) {
            GradientTable.Case point = row.draw().at(new RandomStream(seed), m, k, n);
            GradCheck.Report report =
                    GradCheck.strict().withSeed(seed).checkSecondOrder(point.function(), point.inputs());
            assertThat(report.failures()).as("%s: %s", row, report).isZero();
            CHECKS.computeIfAbsent(row.op() + " twice", op -> new Checks()).add(report);
        }
    }

    /** What the checks of an op came to. */
    private static final class Checks {
        private long cases;
        private long coordinates;

        void add(GradCheck.Report report) {
            cases++;
            coordinates += report.checked();
        }
    }

    /** For the profile gradcheck: a line an op. */
    @AfterContainer
    static void printChecks() {
        if (Boolean.getBoolean("masktape.gradcheck.counts")) {
            CHECKS.forEach((op, checks) ->
                    System.out.printf("%-20s %,9d cases %,13d derivatives%n", op, checks.cases, checks.coordinates));
            System.out.printf(
                    "%d ops, each in at least %,d cases, %,d derivatives in all%n",
                    CHECKS.size(),
                    CHECKS.values().stream()
                            .mapToLong(checks -> checks.cases)
                            .min()
                            .orElse(0),
                    CHECKS.values().stream()
                            .mapToLong(checks -> checks.coordinates)
                            .sum());
        }
    }

    @Property
    void gradientsAddWhenAnInputIsUsedTwice(
            @ForAll("sizes") int m, @ForAll("sizes") int k, @ForAll("sizes") int n, @ForAll long seed) {
        for (GradientTable.Row row : GradientTable.ROWS) {
            GradientTable.Case point = row.draw().at(new RandomStream(seed), m, k, n);
            Variable[] once = inputs(point);
            Variable y = point.function().apply(List.of(once));
            Tensor cotangent =
                    GradientTable.normal(new RandomStream(seed + 1), y.shape().dims());
            Gradients single = y.tape().backward(y, cotangent);

            Variable[] twice = inputs(point);
            Variable sum = Ops.add(
                    point.function().apply(List.of(twice)), point.function().apply(List.of(twice)));
            Gradients both = sum.tape().backward(sum, cotangent);
            for (int i = 0; i < once.length; i++) {
                assertThat(both.of(twice[i]))
                        .as("%s, input %s", row, i)
                        .isEqualTo(single.of(once[i]).scale(2));
            }
        }
    }

    @Property
    void recordingOtherOpsBetweenChangesNoGradient(
            @ForAll("sizes") int m, @ForAll("sizes") int k, @ForAll("sizes") int n, @ForAll long seed) {
        for (GradientTable.Row row : GradientTable.ROWS) {
            GradientTable.Case point = row.draw().at(new RandomStream(seed), m, k, n);
            Variable[] alone = inputs(point);
            Variable y = point.function().apply(List.of(alone));
            Tensor cotangent =
                    GradientTable.normal(new RandomStream(seed + 1), y.shape().dims());
            Gradients expected = y.tape().backward(y, cotangent);

            Variable[] among = inputs(point);
            Ops.exp(among[0]);
            Variable z = point.function().apply(List.of(among));
            Ops.sum(Ops.square(z));
            Gradients gradients = z.tape().backward(z, cotangent);
            for (int i = 0; i < alone.length; i++) {
                assertThat(gradients.of(among[i])).as("%s, input %s", row, i).isEqualTo(expected.of(alone[i]));
            }
        }
    }

    /** Values and gradients of sums of at most 9 terms of size 1 or so: some 30 roundings of 2⁻²⁴, 1e-5 with room. */
    @Property
    void float32AgreesWithFloat64(
            @ForAll("sizes") int m, @ForAll("sizes") int k, @ForAll("sizes") int n, @ForAll long seed) {
        for (GradientTable.Row row : GradientTable.ROWS) {
            GradientTable.Case point = row.draw().at(new RandomStream(seed), m, k, n);
            Tensor[] wide = valueAndGradients(new Tape(), point, seed, tensor -> tensor);
            Tensor[] narrow = valueAndGradients(new Tape(), point, seed, tensor -> tensor.to(DType.FLOAT32));
            for (int i = 0; i < wide.length; i++) {
                assertThat(narrow[i].dtype()).isEqualTo(DType.FLOAT32);
                double[] exact = wide[i].toDoubleArray();
                double[] rounded = narrow[i].toDoubleArray();
                double largest = Arrays.stream(exact).map(Math::abs).max().orElseThrow();
                for (int e = 0; e < exact.length; e++) {
                    assertThat(Math.abs(rounded[e] - exact[e]))
                            .as("%s, result %s", row, i)
                            .isLessThanOrEqualTo(1e-5 * (1 + largest));
                }
            }
        }
    }

    /** With ε/classes for each class, the label's own among them. */
    @Property
    void smoothedCrossEntropyIsAMixtureOfCrossEntropies(
            @ForAll("sizes") int n,
            @ForAll("sizes") int classes,
            @ForAll @DoubleRange(min = 0, max = 1) double smoothing,
            @ForAll long seed) {
        RandomStream random = new RandomStream(seed);
        Tensor z = GradientTable.normal(random, n, classes);
        int[] labels = new int[n];
        for (int i = 0; i < n; i++) {
            labels[i] = random.nextInt(classes);
        }
        Tape tape = new Tape();
        Variable logits = tape.input(z);
        Variable mixture = Ops.scale(Ops.softmaxCrossEntropy(logits, labels), 1 - smoothing);
        for (int c = 0; c < classes; c++) {
            int[] all = new int[n];
            Arrays.fill(all, c);
            mixture = Ops.add(mixture, Ops.scale(Ops.softmaxCrossEntropy(logits, all), smoothing / classes));
        }
        Tape other = new Tape();
        Variable sameLogits = other.input(z);
        Variable smoothed = Ops.smoothedCrossEntropy(sameLogits, labels, smoothing);
        assertThat(smoothed.value().item()).isCloseTo(mixture.value().item(), offset(1e-13));
        assertThat(other.backward(smoothed).of(sameLogits).toDoubleArray())
                .containsExactly(tape.backward(mixture).of(logits).toDoubleArray(), offset(1e-13));
    }

    /** Nor on whether there was one: the memory of results is written whole. */
    @Property(tries = 30)
    void noResultDependsOnWhatAWorkspaceHeldBefore(
            @ForAll("sizes") int m, @ForAll("sizes") int k, @ForAll("sizes") int n, @ForAll long seed) {
        Workspace workspace = new Workspace();
        for (GradientTable.Row row : GradientTable.ROWS) {
            GradientTable.Case point = row.draw().at(new RandomStream(seed), m, k, n);
            for (DType dtype : DType.values()) {
                MemoryPoison.in(workspace);
                Tensor[] within = valueAndGradients(new Tape(workspace), point, seed, tensor -> tensor.to(dtype));
                Tensor[] without = valueAndGradients(new Tape(), point, seed, tensor -> tensor.to(dtype));
                assertThat(within).as("%s %s", row, dtype).isEqualTo(without);
            }
        }
    }

    private static Tensor[] valueAndGradients(
            Tape tape, GradientTable.Case point, long seed, UnaryOperator<Tensor> convert) {
        List<Variable> inputs =
                Arrays.stream(point.inputs()).map(convert).map(tape::input).toList();
        inputs.forEach(tape::keep);
        Variable y = point.function().apply(inputs);
        Tensor cotangent =
                GradientTable.normal(new RandomStream(seed + 1), y.shape().dims());
        Gradients gradients = tape.backward(y, convert.apply(cotangent));
        Tensor[] results = new Tensor[inputs.size() + 1];
        results[0] = y.value();
        for (int i = 0; i < inputs.size(); i++) {
            results[i + 1] = gradients.of(inputs.get(i));
        }
        return results;
    }

    private static Variable[] inputs(GradientTable.Case point) {
        Tape tape = new Tape();
        return Arrays.stream(point.inputs()).map(tape::input).toArray(Variable[]::new);
    }
}
