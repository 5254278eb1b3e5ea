// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.peers.graphs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Variable;
import io.github.masktape.tensor.Tensor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The generator and the comparison, without PyTorch. */
class GraphsTest {
    @Test
    void everyOpOfTheRulebookIsCalled() {
        List<String> rulebook = Arrays.stream(Ops.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && method.getReturnType() == Variable.class)
                .map(Method::getName)
                .filter(name -> !name.equals("op"))
                .toList();
        assertThat(GraphOps.ALL).extracting(GraphOps.GraphOp::op).containsExactlyInAnyOrderElementsOf(rulebook);
        assertThat(programs()
                        .flatMap(program -> program.lines().stream())
                        .filter(line -> line.call() != null)
                        .map(line -> line.call().op()))
                .containsAll(rulebook);
    }

    @Test
    void someLinesAreUsedMoreThanOnce() {
        assertThat(programs())
                .anyMatch(program -> IntStream.range(0, program.lines().size())
                        .anyMatch(i -> program.lines().stream()
                                        .filter(line -> line.uses(i))
                                        .count()
                                >= 3));
    }

    @Test
    void aTapeAgreesWithItself() {
        Graphs.LargestDifferences none = new Graphs.LargestDifferences(0, 0);
        assertThat(programs())
                .allMatch(program -> Graphs.LargestDifferences.of(program, Graphs::ours, Graphs::ours)
                        .equals(none));
    }

    @Test
    void mostProgramsHaveSecondDerivatives() {
        assertThat(programs().filter(program -> Graphs.isCurved(program, Graphs.ours(program))))
                .hasSizeGreaterThan(200);
    }

    @Test
    void aWrongRuleIsFoundAndItsProgramShrunkToOneCall() {
        assertIsFound(
                "tanh",
                v -> Ops.op(
                        "tanh",
                        v.get(0).value().tanh(),
                        Ops.wrt(v.get(0), (dy, y) -> Ops.mul(dy, Ops.plus(Ops.square(y), 1)))),
                difference -> difference.first() > Graphs.TOLERANCE);
    }

    /** Its first gradients are right. */
    @Test
    void aRuleThatCannotBeDifferentiatedAgainIsFoundAndItsProgramShrunkToOneCall() {
        assertIsFound(
                "tanh",
                v -> Ops.op("tanh", v.get(0).value().tanh(), Ops.wrt(v.get(0), (dy, y) -> {
                    Tensor slope = y.value().mul(y.value()).neg().plus(1);
                    return Ops.mul(dy, dy.tape().constant(slope));
                })),
                difference -> difference.first() == 0 && difference.second() > Graphs.SECOND_TOLERANCE);
    }

    /** The first gradients at a linear op's inputs do not depend on them: the cotangents show that dy was forgotten. */
    @Test
    void aRuleThatForgetsDyIsFoundAndItsProgramShrunkToOneCall() {
        assertIsFound(
                "neg",
                v -> Ops.op(
                        "neg",
                        v.get(0).value().neg(),
                        Ops.wrt(v.get(0), dy -> dy.tape().constant(dy.value().neg()))),
                difference -> difference.first() == 0 && difference.second() > Graphs.SECOND_TOLERANCE);
    }

    /** With a wrong op in place of one of the rulebook, a program differs in this way, and so does a single call. */
    private static void assertIsFound(
            String op, Function<List<Variable>, Variable> wrong, Predicate<Graphs.LargestDifferences> way) {
        Predicate<GraphProgram> differs = program ->
                way.test(Graphs.LargestDifferences.of(program, Graphs::ours, p -> Graphs.ours(replaced(p, op, wrong))));
        GraphProgram found = programs().filter(differs).findFirst().orElseThrow();
        GraphProgram shrunk = found.shrunk(differs);
        assertThat(shrunk.lines()).hasSize(2);
        assertThat(shrunk.lines().get(0).value().shape().size()).isLessThanOrEqualTo(4);
        assertThat(shrunk.toString())
                .matches("(?s)v0 = input .+\nv1 = " + op + "\\(v0\\) .+\nloss \\+= Σ c ⊙ v1, c = .+\n"
                        + "s \\+= Σ u ⊙ ∂loss/∂v0, u = .+\n");
    }

    private static Stream<GraphProgram> programs() {
        return IntStream.range(0, 300).mapToObj(key -> RandomProgram.of(key, key < 50));
    }

    private static GraphProgram replaced(GraphProgram program, String op, Function<List<Variable>, Variable> by) {
        return new GraphProgram(program.lines().stream()
                .map(line -> {
                    GraphOps.Call call = line.call();
                    return call == null || !call.op().equals(op)
                            ? line
                            : new GraphProgram.Line(
                                    new GraphOps.Call(op, call.arguments(), "", by, call.theirs()),
                                    line.value(),
                                    line.cotangent(),
                                    line.direction());
                })
                .toList());
    }
}
