// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Shape;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.Tag;

/** Laws of whole programs: gradients of ops that use each other's results, in every way a graph allows. */
@Tag("once")
class RandomProgramProperties {
    /** Of the largest adjoint times the largest tangent: what some hundred roundings of 2⁻⁵³ leave. */
    private static final double ROUNDING = 1e-12;

    @Provide
    Arbitrary<RandomProgram> programs() {
        return RandomProgram.all();
    }

    // ---- the laws ----

    @Property
    void theTapeAgreesWithCentralDifferences(@ForAll("programs") RandomProgram program, @ForAll long seed) {
        GradCheck.Report report = GradCheck.standard()
                .withSeed(seed)
                .check(
                        inputs -> result(program.record(inputs)),
                        program.inputs().toArray(Tensor[]::new));
        assertThat(report.failures()).as("%s", report).isZero();
    }

    /** One derivative at a time: that of Σ ȳ ⊙ y by each element of each input. */
    @Property
    void theTapeAgreesWithForwardModeAtEveryInput(@ForAll("programs") RandomProgram program, @ForAll long seed) {
        assertThat(disagreement(program, program, seed)).isEmpty();
    }

    /** ⟨ȳ, J·v⟩ by forward mode is ⟨Jᵀ·ȳ, v⟩ by the tape; and both ways compute the same values. */
    @Property
    void theCotangentTimesJvIsVTimesTheGradient(@ForAll("programs") RandomProgram program, @ForAll long seed) {
        RandomStream random = new RandomStream(seed);
        List<DualTensor> forward = program.forward(program.inputs().stream()
                .map(x -> DualTensor.of(x, gaussian(x.shape(), random)))
                .toList());
        Tensor jv = forward.get(forward.size() - 1).tangents();
        Tensor cotangent = gaussian(jv.shape(), random);
        Backward backward = new Backward(program, DType.FLOAT64, cotangent, new Tape());
        double byReverse = 0;
        double largestTangent = 1;
        for (int i = 0, input = 0; i < forward.size(); i++) {
            Tensor v = forward.get(i).tangents();
            largestTangent = Math.max(largestTangent, largest(v));
            assertThat(largest(backward.lines.get(i).value().sub(forward.get(i).values())))
                    .as("value of #%s", i)
                    .isLessThanOrEqualTo(1e-10);
            if (input < backward.inputs.size() && backward.lines.get(i) == backward.inputs.get(input)) {
                byReverse += backward.adjoint(i).dot(v);
                input++;
            }
        }
        assertThat(Math.abs(cotangent.dot(jv) - byReverse))
                .isLessThanOrEqualTo(ROUNDING * largestTangent * backward.largestAdjoint());
    }

    /** A program that ends in the scalar Σ ȳ ⊙ y has the gradients that it has when read backwards from ȳ. */
    @Property
    void aScalarAtTheEndStandsForItsCotangent(
            @ForAll("programs") RandomProgram program, @ForAll DType dtype, @ForAll long seed) {
        Tensor cotangent = cotangent(program, seed);
        Backward fromCotangent = new Backward(program, dtype, cotangent, new Tape());
        Tape tape = new Tape();
        List<Variable> inputs =
                program.inputs().stream().map(x -> tape.input(x.to(dtype))).toList();
        Variable y = result(program.record(inputs));
        Gradients gradients = tape.backward(Ops.sum(Ops.mul(y, tape.constant(cotangent.to(dtype)))));
        for (int i = 0; i < inputs.size(); i++) {
            assertThat(gradients.of(inputs.get(i))).isEqualTo(fromCotangent.gradients.of(fromCotangent.inputs.get(i)));
        }
    }

    /** Recording the backward pass changes none of its bits. */
    @Property
    void recordedGradientsAreThoseOfBackward(
            @ForAll("programs") RandomProgram program, @ForAll DType dtype, @ForAll long seed) {
        Tensor cotangent = cotangent(program, seed).to(dtype);
        Backward backward = new Backward(program, dtype, cotangent, new Tape());
        Tape tape = new Tape();
        List<Variable> inputs =
                program.inputs().stream().map(x -> tape.input(x.to(dtype))).toList();
        Variable y = result(program.record(inputs));
        List<Variable> gradients = tape.gradients(y, tape.constant(cotangent), inputs);
        for (int i = 0; i < inputs.size(); i++) {
            assertThat(gradients.get(i).value()).isEqualTo(backward.gradients.of(backward.inputs.get(i)));
        }
    }

    /** With Σ eˣ added, no gradient is 0 but for rounding, which a check of small derivatives would take for one. */
    @Property
    void gradientsOfGradientsAgreeWithCentralDifferences(@ForAll("programs") RandomProgram program, @ForAll long seed) {
        Tensor cotangent = cotangent(program, seed);
        GradCheck.Function function = inputs -> {
            Variable y = result(program.record(inputs));
            Variable sum = Ops.sum(Ops.mul(y, y.tape().constant(cotangent)));
            for (Variable input : inputs) {
                sum = Ops.add(sum, Ops.sum(Ops.exp(input)));
            }
            return sum;
        };
        GradCheck.Report report = GradCheck.standard()
                .withSeed(seed)
                .checkSecondOrder(function, program.inputs().toArray(Tensor[]::new));
        assertThat(report.failures()).as("%s\n%s", report, program).isZero();
    }

    @Property
    void float32AgreesWithFloat64(@ForAll("programs") RandomProgram program, @ForAll long seed) {
        Tensor cotangent = cotangent(program, seed);
        Backward wide = new Backward(program, DType.FLOAT64, cotangent, new Tape());
        Backward narrow = new Backward(program, DType.FLOAT32, cotangent, new Tape());
        for (int i = 0; i < wide.lines.size(); i++) {
            assertThat(narrow.adjoint(i).dtype()).isEqualTo(DType.FLOAT32);
            assertThat(largest(narrow.adjoint(i).to(DType.FLOAT64).sub(wide.adjoint(i))))
                    .as("gradient at #%s", i)
                    .isLessThanOrEqualTo(1e-3 * wide.largestAdjoint());
        }
    }

    /** Its memory comes from the same program on NaN, and is given to the next result as soon as it is free. */
    @Property
    void aWorkspaceChangesNoBit(@ForAll("programs") RandomProgram program, @ForAll DType dtype, @ForAll long seed) {
        Tensor cotangent = cotangent(program, seed);
        Workspace workspace = new Workspace();
        new Backward(
                program.inputs().stream().map(x -> x.scale(Double.NaN)).toList(),
                program,
                dtype,
                cotangent,
                new Tape(workspace));
        Backward within = new Backward(program, dtype, cotangent, new Tape(workspace));
        Backward without = new Backward(program, dtype, cotangent, new Tape());
        for (int i = 0; i < without.lines.size(); i++) {
            assertThat(within.lines.get(i).value())
                    .isEqualTo(without.lines.get(i).value());
        }
        for (int i = 0; i < without.inputs.size(); i++) {
            assertThat(within.gradients.of(within.inputs.get(i)))
                    .isEqualTo(without.gradients.of(without.inputs.get(i)));
        }
    }

    // ---- the programs themselves ----

    @Example
    void everyOpOfTheRulebookOccursInPrograms() {
        Set<String> occurring = samples(2000)
                .map(Shrinkable::value)
                .flatMap(program -> recorded(program).stream())
                .map(Tape.Node::op)
                .collect(Collectors.toSet());
        occurring.removeAll(Set.of("input", "constant"));
        assertThat(occurring).isEqualTo(OpsProperties.rulebook());
    }

    /** Sharing is what a table of single ops does not try: it must not be rare. */
    @Example
    void programsShareReuseAndWasteValues() {
        List<RandomProgram> programs = samples(1000).map(Shrinkable::value).toList();
        assertThat(programs)
                .filteredOn(program -> recorded(program).stream()
                        .anyMatch(node ->
                                Set.copyOf(node.inputs()).size() < node.inputs().size()))
                .as("an op uses a value twice")
                .hasSizeGreaterThan(100);
        assertThat(programs)
                .filteredOn(program -> uses(program).values().stream().anyMatch(count -> count > 1))
                .as("two ops use a value")
                .hasSizeGreaterThan(300);
        assertThat(programs)
                .filteredOn(program -> uses(program).size() < recorded(program).size() - 1)
                .as("nothing uses a value")
                .hasSizeGreaterThan(300);
    }

    private static List<Tape.Node> recorded(RandomProgram program) {
        Tape tape = new Tape();
        program.record(program.inputs().stream().map(tape::input).toList());
        return tape.nodes();
    }

    /** How many ops use each value that any uses. */
    private static Map<Variable, Long> uses(RandomProgram program) {
        return recorded(program).stream()
                .flatMap(node -> node.inputs().stream().distinct())
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    // ---- what is left of a program with a mistake ----

    @Example
    void aForgottenSquareShrinksToOneOp() {
        assertThat(smallestWith("tanh", (v, variant) -> {
                    Tensor y = v.get(0).value().tanh();
                    return Ops.op("tanh", y, Ops.wrt(v.get(0), (dy, own) -> Ops.mul(dy, Ops.plus(Ops.neg(own), 1))));
                }))
                .hasToString("\n#0 = input 1×1 [0.01]\n#1 = tanh(#0), variant 0");
    }

    @Example
    void aForgottenTransposeShrinksToOneOp() {
        RandomProgram smallest = smallestWith("matmul", (v, variant) -> {
            Variable a = v.get(0);
            Variable b = v.get(1);
            boolean square = a.shape().equals(b.shape());
            return Ops.op(
                    "matmul",
                    a.value().matmul(b.value()),
                    Ops.wrt(a, dy -> square ? Ops.matmul(dy, b) : Ops.matmulTransposed(dy, b)),
                    Ops.wrt(b, dy -> Ops.transposedMatmul(a, dy)));
        });
        assertThat(smallest.size()).as(smallest.toString()).isEqualTo(1);
        assertThat(smallest.inputs()).allMatch(x -> x.shape().size() == 4);
    }

    /** The mistake shows only where a value is used by one op twice. */
    @Example
    void aShareLostOnReuseShrinksToOneOp() {
        RandomProgram smallest = smallestWith("mul", (v, variant) -> {
            Variable a = v.get(0);
            Variable b = v.get(1);
            return Ops.op(
                    "mul",
                    a.value().mul(b.value()),
                    Ops.wrt(a, dy -> Ops.mul(dy, b)),
                    Ops.wrt(b, dy -> Ops.scale(Ops.mul(dy, a), a == b ? 0 : 1)));
        });
        assertThat(smallest.size()).as(smallest.toString()).isLessThanOrEqualTo(2);
    }

    /** The smallest program whose gradients show that this rule is wrong: jqwik's way, by the first step that fails. */
    private static RandomProgram smallestWith(String operation, RandomProgram.Rule<Variable> wrong) {
        Predicate<RandomProgram> shows = program ->
                disagreement(program, program.with(operation, wrong), 1).isPresent();
        Shrinkable<RandomProgram> sample = samples(10_000)
                .filter(candidate -> shows.test(candidate.value()))
                .findFirst()
                .orElseThrow();
        while (true) {
            Optional<Shrinkable<RandomProgram>> smaller = sample.shrink()
                    .filter(candidate -> shows.test(candidate.value()))
                    .findFirst();
            if (smaller.isEmpty()) {
                return sample.value();
            }
            sample = smaller.get();
        }
    }

    private static Stream<Shrinkable<RandomProgram>> samples(int count) {
        RandomGenerator<RandomProgram> generator = RandomProgram.all().generator(count);
        Random random = new Random(1);
        return IntStream.range(0, count).mapToObj(i -> generator.next(random));
    }

    // ---- help ----

    /** Where the gradients of one program are not the derivatives of another, if anywhere. */
    private static Optional<String> disagreement(RandomProgram derived, RandomProgram recorded, long seed) {
        Tensor cotangent = cotangent(derived, seed);
        Backward backward = new Backward(recorded, DType.FLOAT64, cotangent, new Tape());
        List<Tensor> inputs = derived.inputs();
        for (int k = 0; k < inputs.size(); k++) {
            double[] gradient = backward.gradients.of(backward.inputs.get(k)).toDoubleArray();
            for (int e = 0; e < gradient.length; e++) {
                List<DualTensor> forward = derived.forward(along(inputs, k, e));
                double derivative =
                        cotangent.dot(forward.get(forward.size() - 1).tangents());
                double largest = forward.stream()
                        .mapToDouble(line -> largest(line.tangents()))
                        .max()
                        .orElseThrow();
                if (!(Math.abs(gradient[e] - derivative) <= ROUNDING * largest * backward.largestAdjoint())) {
                    return Optional.of("input " + k + ", element " + e + ": tape " + gradient[e] + ", forward mode "
                            + derivative + " in" + derived);
                }
            }
        }
        return Optional.empty();
    }

    /** The inputs, with the derivative 1 at element e of input k. */
    private static List<DualTensor> along(List<Tensor> inputs, int k, int e) {
        List<DualTensor> dual = new ArrayList<>();
        for (Tensor x : inputs) {
            double[] tangents = new double[x.shape().size()];
            if (dual.size() == k) {
                tangents[e] = 1;
            }
            dual.add(DualTensor.of(x, Tensor.of(tangents)));
        }
        return dual;
    }

    /** A program recorded, and read backwards from a cotangent of its result. */
    private static final class Backward {
        final List<Variable> inputs;
        final List<Variable> lines;
        final Gradients gradients;

        Backward(RandomProgram program, DType dtype, Tensor cotangent, Tape tape) {
            this(program.inputs(), program, dtype, cotangent, tape);
        }

        Backward(List<Tensor> values, RandomProgram program, DType dtype, Tensor cotangent, Tape tape) {
            inputs = values.stream().map(x -> tape.input(x.to(dtype))).toList();
            inputs.forEach(tape::keep);
            lines = program.record(inputs);
            gradients = tape.backward(result(lines), cotangent.to(dtype));
        }

        /** Zero where no gradient is wanted. */
        Tensor adjoint(int line) {
            Variable value = lines.get(line);
            return value.isWanted() ? gradients.of(value) : value.value().scale(0);
        }

        double largestAdjoint() {
            return IntStream.range(0, lines.size())
                    .mapToDouble(i -> largest(adjoint(i)))
                    .max()
                    .orElseThrow();
        }
    }

    private static Variable result(List<Variable> lines) {
        return lines.get(lines.size() - 1);
    }

    private static Tensor cotangent(RandomProgram program, long seed) {
        Tape tape = Tape.inference();
        Variable y = result(
                program.record(program.inputs().stream().map(tape::constant).toList()));
        return gaussian(y.shape(), new RandomStream(seed));
    }

    private static Tensor gaussian(Shape shape, RandomStream random) {
        return GradientTable.normal(random, shape.dims());
    }

    private static double largest(Tensor x) {
        return Arrays.stream(x.toDoubleArray()).map(Math::abs).max().orElseThrow();
    }
}
