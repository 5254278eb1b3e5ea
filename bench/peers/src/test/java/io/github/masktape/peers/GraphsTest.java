package io.github.masktape.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Variable;
import io.github.masktape.tensor.Tensor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
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
        assertThat(GraphOps.ALL).extracting(GraphOps.Entry::op).containsExactlyInAnyOrderElementsOf(rulebook);
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
        assertThat(programs()).allMatch(program -> Graphs.deviation(program, Graphs::ours, Graphs::ours) == 0);
    }

    @Test
    void aWrongRuleIsFoundAndItsProgramShrunkToOneCall() {
        Predicate<Program> differs = program ->
                !(Graphs.deviation(program, Graphs::ours, p -> Graphs.ours(withWrongTanh(p))) <= Graphs.TOLERANCE);
        Program found = programs().filter(differs).findFirst().orElseThrow();
        Program shrunk = found.shrunk(differs);
        assertThat(shrunk.lines()).hasSize(2);
        assertThat(shrunk.lines().get(0).value().shape().size()).isLessThanOrEqualTo(4);
        assertThat(shrunk.toString()).matches("(?s)v0 = input .+\nv1 = tanh\\(v0\\) .+\nloss \\+= Σ c ⊙ v1, c = .+\n");
    }

    private static Stream<Program> programs() {
        return IntStream.range(0, 300).mapToObj(key -> RandomProgram.of(key, key < 50));
    }

    private static Program withWrongTanh(Program program) {
        return new Program(program.lines().stream()
                .map(line -> {
                    GraphOps.Call call = line.call();
                    return call == null || !call.op().equals("tanh")
                            ? line
                            : new Program.Line(
                                    new GraphOps.Call(
                                            "tanh", call.arguments(), "", v -> wrongTanh(v.get(0)), call.theirs()),
                                    line.value(),
                                    line.cotangent());
                })
                .toList());
    }

    private static Variable wrongTanh(Variable x) {
        return Ops.op(
                "tanh", x.value().tanh(), Ops.wrt(x, (dy, y) -> Ops.mul(dy, Ops.plus(Ops.square(y), 1))));
    }

    /** A side that changes its mind is asked until it says the same twice, and one that never does is not believed. */
    @Test
    void whatAnswersOtherwiseTheSecondTimeIsAskedAgain() {
        Program program = programs().findFirst().orElseThrow();
        AtomicInteger asked = new AtomicInteger();
        Graphs.Outcome right = Graphs.ours(program);
        Graphs.Outcome wrong = new Graphs.Outcome(right.values(), List.of(new double[] {Double.POSITIVE_INFINITY}));
        assertThat(Graphs.steady(p -> asked.incrementAndGet() == 1 ? wrong : right, program))
                .isSameAs(right);
        assertThat(asked).hasValue(3);
        assertThatThrownBy(() -> Graphs.steady(p -> asked.incrementAndGet() % 2 == 0 ? wrong : right, program))
                .isInstanceOf(IllegalStateException.class);
    }
}
