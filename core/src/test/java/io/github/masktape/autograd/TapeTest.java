// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Descent;
import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TapeTest {
    private static final Tensor ONE_TO_FOUR = Tensor.of(new double[][] {{1, 2}, {3, 4}});

    private final Tape tape = new Tape();

    @Test
    void printsALineForEachNode() {
        Variable x = tape.constant(ONE_TO_FOUR);
        Variable w = tape.parameter(new Parameter(ONE_TO_FOUR));
        Ops.mean(Ops.relu(Ops.matmul(x, w)));
        assertThat(tape)
                .hasToString("#0 constant  (2×2)\n"
                        + "#1 parameter  (2×2)\n"
                        + "#2 matmul ← #0, #1  (2×2)\n"
                        + "#3 relu ← #2  (2×2)\n"
                        + "#4 mean ← #3  (scalar)");
    }

    @Test
    void itsNodesCanBeRead() {
        Variable x = tape.constant(ONE_TO_FOUR);
        List<Tape.Node> nodes = tape.nodes();
        Variable w = tape.parameter(new Parameter(ONE_TO_FOUR));
        Variable y = Ops.matmul(x, w);
        Variable loss = Ops.sum(y);
        assertThat(nodes)
                .extracting(Tape.Node::kind)
                .containsExactly(Tape.NodeKind.CONSTANT, Tape.NodeKind.PARAMETER, Tape.NodeKind.OP, Tape.NodeKind.OP);
        assertThat(nodes).extracting(Tape.Node::op).containsExactly("constant", "parameter", "matmul", "sum");
        assertThat(nodes).extracting(Tape.Node::result).containsExactly(x, w, y, loss);
        List<Tape.Node> before = List.copyOf(nodes);
        tape.backward(loss);
        assertThat(nodes).as("after backward").isEqualTo(before);
        assertThat(nodes)
                .extracting(Tape.Node::inputs)
                .containsExactly(List.of(), List.of(), List.of(x, w), List.of(y));
        assertThatThrownBy(nodes::clear).isInstanceOf(UnsupportedOperationException.class);
        assertThat(Tape.inference().nodes()).isEmpty();
    }

    /** A rule costs little more than tensor arithmetic: the ops in it keep nothing. */
    @Test
    void rulesAreMadeOnlyWhileTheTapeIsWritten() {
        Variable x = tape.input(ONE_TO_FOUR);
        assertThat(Ops.wrt(x, dy -> dy)).isNotSameAs(Ops.wrt(x, dy -> dy));
        List<Vjp> madeByTheRule = new ArrayList<>();
        Variable y = Ops.op("probe", x.value(), Ops.wrt(x, dy -> {
            madeByTheRule.add(Ops.wrt(dy, d -> d));
            madeByTheRule.add(Ops.wrt(x, (d, r) -> d));
            madeByTheRule.add(Ops.zero(dy));
            return dy;
        }));
        int nodes = tape.size() + 1;
        tape.backward(Ops.sum(y));
        assertThat(madeByTheRule).hasSize(3).allSatisfy(rule -> assertThat(rule).isSameAs(madeByTheRule.get(0)));
        assertThat(tape.size()).isEqualTo(nodes);
        Variable z = Tape.inference().constant(ONE_TO_FOUR);
        assertThat(Ops.wrt(z, dy -> dy)).isSameAs(Ops.wrt(z, dy -> dy));
    }

    @Test
    void everyVariableThatDependsOnAnInputHasItsGradient() {
        Variable x = tape.input(ONE_TO_FOUR);
        Variable y = Ops.square(x);
        Variable z = Ops.sum(y);
        Gradients gradients = tape.backward(z);
        assertThat(gradients.of(x)).isEqualTo(ONE_TO_FOUR.scale(2));
        assertThat(gradients.of(y)).isEqualTo(Tensor.full(DType.FLOAT64, 1, 2, 2));
        assertThat(gradients.of(z)).isEqualTo(Tensor.scalar(1));
    }

    @Test
    void whatTheLossDoesNotDependOnHasGradientZero() {
        Parameter recorded = new Parameter(ONE_TO_FOUR);
        tape.parameter(recorded);
        Variable after = Ops.exp(tape.input(Tensor.scalar(1)));
        Gradients gradients = tape.backward(Ops.sum(tape.input(ONE_TO_FOUR)));
        assertThat(gradients.of(recorded)).isEqualTo(Tensor.zeros(DType.FLOAT64, 2, 2));
        assertThat(gradients.of(after)).isEqualTo(Tensor.scalar(0));
    }

    @Test
    void aParameterIsOneLeafHoweverOftenItIsUsed() {
        Parameter w = new Parameter(ONE_TO_FOUR);
        assertThat(tape.parameter(w)).isSameAs(tape.parameter(w));
        Variable product = Ops.mul(tape.parameter(w), tape.parameter(w));
        assertThat(tape.backward(Ops.sum(product)).of(w)).isEqualTo(ONE_TO_FOUR.scale(2));
    }

    @Test
    void constantsHaveNoGradient() {
        Variable c = tape.constant(ONE_TO_FOUR);
        Variable x = tape.input(ONE_TO_FOUR);
        Variable derived = Ops.exp(c);
        Gradients gradients = tape.backward(Ops.sum(Ops.mul(derived, x)));
        assertThatThrownBy(() -> gradients.of(c))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("gradients: #0 depends on no input or parameter, so no gradient was computed;"
                        + " make it with tape.input(...)");
        assertThatThrownBy(() -> gradients.of(derived)).hasMessageStartingWith("gradients: #2 depends on no input");
    }

    @Test
    void scaledGradientsAreThoseOfParameters() {
        Parameter w = new Parameter(Tensor.scalar(3));
        Variable x = tape.input(Tensor.scalar(2));
        Gradients gradients = tape.backward(Ops.mul(x, tape.parameter(w)));
        Gradients half = gradients.scaled(0.5);
        assertThat(half.of(w).item()).isEqualTo(1);
        assertThat(gradients.of(w).item()).isEqualTo(2);
        assertThat(half.has(x)).isFalse();
        assertThatThrownBy(() -> half.of(x))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("gradients: only those that backward returned have a tape");
    }

    /** An op whose name is that of a kind of leaf is an op all the same. */
    @Test
    void aKindIsNoName() {
        Tape within = new Tape(new Workspace());
        Variable x = within.input(ONE_TO_FOUR);
        Variable y = Ops.op("parameter", ONE_TO_FOUR, Ops.wrt(x, dy -> dy));
        Gradients gradients = within.backward(Ops.sum(y));
        assertThatThrownBy(() -> gradients.of(y)).hasMessageContaining("was not kept");
    }

    // ---- gradients on the tape ----

    /** d(x³)/dx = 3x², then 6x, then 6. */
    @Test
    void gradientsAreVariablesToAnyOrder() {
        Variable x = tape.input(Tensor.scalar(2));
        Variable cube = Ops.mul(Ops.square(x), x);
        Variable first = tape.gradients(cube, x).get(0);
        Variable second = tape.gradients(first, x).get(0);
        Variable third = tape.gradients(second, x).get(0);
        assertThat(List.of(first, second, third))
                .extracting(v -> v.value().item())
                .containsExactly(12.0, 12.0, 6.0);
        assertThat(tape.backward(first).of(x).item()).isEqualTo(12);
    }

    @Test
    void gradientsLeaveOutWhatTheInputsDoNotReach() {
        Variable x = tape.input(ONE_TO_FOUR);
        Variable w = tape.input(ONE_TO_FOUR);
        Variable loss = Ops.sum(Ops.matmul(x, w));
        int before = tape.size();
        assertThat(tape.gradients(loss, w)).hasSize(1);
        assertThat(tape.nodes().subList(before, tape.size()))
                .extracting(Tape.Node::op)
                .containsExactly("constant", "expand", "transposedMatmul");
    }

    @Test
    void gradientsOfWhatTheLossDoesNotDependOnAreZero() {
        Variable x = tape.input(ONE_TO_FOUR);
        Variable other = tape.input(ONE_TO_FOUR);
        assertThat(tape.gradients(Ops.sum(x), other, x))
                .extracting(Variable::value)
                .containsExactly(Tensor.zeros(DType.FLOAT64, 2, 2), Tensor.full(DType.FLOAT64, 1, 2, 2));
    }

    @Test
    void gradientsRefuseWhatHasNone() {
        Variable c = tape.constant(ONE_TO_FOUR);
        Variable x = tape.input(ONE_TO_FOUR);
        Variable sum = Ops.sum(Ops.mul(c, x));
        assertThatThrownBy(() -> tape.gradients(sum, c))
                .hasMessage("gradients: #0 depends on no input or parameter, so no gradient flows to it;"
                        + " make it with tape.input(...)");
        assertThatThrownBy(() -> tape.gradients(x, x))
                .hasMessageStartingWith("gradients: expected a scalar loss, got 2×2");
        Variable foreign = new Tape().input(ONE_TO_FOUR);
        assertThatThrownBy(() -> tape.gradients(sum, foreign)).hasMessage("gradients: its inputs stand on two tapes");
        Tape inference = Tape.inference();
        Variable loss = Ops.sum(inference.input(ONE_TO_FOUR));
        assertThatThrownBy(() -> inference.gradients(loss, loss))
                .hasMessage("gradients: this tape is for inference and recorded nothing; use new Tape()");
        tape.backward(sum);
        assertThatThrownBy(() -> tape.gradients(sum, x)).hasMessageContaining("was consumed by backward");
    }

    /** The law is a line of the tape: J, then J ⊙ M. */
    @Test
    void theLawIsALineOfTheTape() {
        Variable x = tape.constant(Tensor.of(new double[][] {{1, 2}}));
        Variable w = tape.input(ONE_TO_FOUR);
        Variable y =
                Ops.matmulTransposed(x, Ops.mask(w, Mask.of(new boolean[][][] {{{true, false}, {true, true}}}, 2)));
        Variable dw = tape.gradients(Ops.sum(y), w).get(0);
        assertThat(tape).hasToString("""
                #0 constant  (1×2)
                #1 input  (2×2)
                #2 mask ← #1  (2×2)
                #3 matmulTransposed ← #0, #2  (1×2)
                #4 sum ← #3  (scalar)
                #5 constant  (scalar)
                #6 expand ← #5  (1×2)
                #7 transposedMatmul ← #6, #0  (2×2)
                #8 mask ← #7  (2×2)""");
        assertThat(dw.index()).isEqualTo(8);
        assertThat(dw.value()).isEqualTo(Tensor.of(new double[][] {{2, 0}, {2, 4}}));
    }

    @Test
    void aRuleMayBeReadOftenAndOrdersMayBeMixedInAWorkspace() {
        Workspace workspace = new Workspace();
        Parameter w = withNumbersOfItsOwn(ONE_TO_FOUR);
        for (int step = 0; step < 3; step++) {
            Tape within = new Tape(workspace);
            Variable leaf = within.parameter(w);
            Variable loss = Ops.sum(Ops.mul(Ops.square(leaf), leaf));
            Variable slope = within.gradients(loss, leaf).get(0);
            assertThat(within.gradients(loss, leaf).get(0).value()).isEqualTo(slope.value());
            assertThat(within.backward(Ops.sum(slope)).of(w)).isEqualTo(ONE_TO_FOUR.scale(6));
        }
    }

    @Test
    void aRuleDoesNotReadTheTapeItIsReadFrom() {
        Variable x = tape.input(Tensor.scalar(1));
        Variable y = Ops.op(
                "nested",
                Tensor.scalar(1),
                Ops.wrt(x, dy -> tape.gradients(x, x).get(0)));
        assertThatThrownBy(() -> tape.backward(y))
                .hasMessage("gradients: this tape is being read; a rule is written with ops alone");
    }

    @Test
    void aRuleOfAnotherTapeIsAnAssertionError() {
        Variable x = tape.input(Tensor.scalar(1));
        Variable foreign = new Tape().input(Tensor.scalar(1));
        Variable y = Ops.op("strange", Tensor.scalar(1), Ops.wrt(x, dy -> foreign));
        assertThatThrownBy(() -> tape.backward(y))
                .isInstanceOf(AssertionError.class)
                .hasMessage("#1 strange ← #0  (scalar): its rule for #0 gave a variable of another tape");
    }

    @Test
    void rulesOfUnwantedGradientsAreNotCalled() {
        Variable c = tape.constant(Tensor.scalar(1));
        Variable x = tape.input(Tensor.scalar(2));
        Variable y = Ops.op(
                "picky",
                Tensor.scalar(3),
                Ops.wrt(c, dy -> {
                    throw new AssertionError("nobody asked");
                }),
                Ops.wrt(x, dy -> dy));
        assertThat(tape.backward(y).of(x).item()).isEqualTo(1);
    }

    @Test
    void aMillionNodesGoBackward() {
        Variable x = tape.input(Tensor.scalar(1));
        Variable y = x;
        for (int i = 0; i < 1_000_000; i++) {
            y = Ops.scale(y, i % 2 == 0 ? 2 : 0.5);
        }
        assertThat(tape.size()).isEqualTo(1_000_001);
        assertThat(tape.backward(y).of(x).item()).isEqualTo(1);
    }

    @Test
    void whatStandsOnItPrintsItself() {
        assertThat(tape.input(ONE_TO_FOUR)).hasToString("#0 (2×2)\n" + ONE_TO_FOUR);
        assertThat(Tape.inference().input(ONE_TO_FOUR)).hasToString("variable (2×2)\n" + ONE_TO_FOUR);
        assertThat(new Parameter(ONE_TO_FOUR)).hasToString("parameter 2×2 FLOAT64");
    }

    @Test
    void isReadOnce() {
        Variable x = tape.input(Tensor.scalar(1));
        Variable y = Ops.exp(x);
        tape.backward(y);
        String message = ": this tape was consumed by backward; record the next computation on a new Tape";
        assertThatThrownBy(() -> tape.backward(y))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("backward" + message);
        assertThatThrownBy(() -> Ops.exp(x)).hasMessage("exp" + message);
        assertThatThrownBy(() -> tape.input(Tensor.scalar(1))).hasMessage("input" + message);
        assertThatThrownBy(() -> tape.parameter(new Parameter(Tensor.scalar(1))))
                .hasMessage("parameter" + message);
        assertThatThrownBy(() -> tape.keep(x)).hasMessage("keep" + message);
        assertThat(tape.toString()).startsWith("#0 input");
    }

    @Test
    void belongsToItsThread() throws InterruptedException {
        assertBelongsToItsThread(tape);
        assertBelongsToItsThread(Tape.inference());
    }

    private static void assertBelongsToItsThread(Tape tape) throws InterruptedException {
        Variable x = tape.input(Tensor.scalar(1));
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread other = new Thread(() -> Ops.exp(x), "intruder");
        other.setUncaughtExceptionHandler((thread, failure) -> thrown.set(failure));
        other.start();
        other.join();
        assertThat(thrown.get())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("exp: the tape belongs to thread \""
                        + Thread.currentThread().getName()
                        + "\" and was used by thread \"intruder\"; give each its own tape");
    }

    @Test
    void refusesInputsOfAnotherTape() {
        Variable mine = tape.input(Tensor.scalar(1));
        Variable theirs = new Tape().input(Tensor.scalar(1));
        assertThatThrownBy(() -> Ops.add(mine, theirs))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("add: its inputs stand on two tapes");
        assertThatThrownBy(() -> tape.backward(theirs)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tape.keep(theirs)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tape.bind(new Parameter(Tensor.scalar(1)), theirs))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tape.backward(mine).of(theirs))
                .hasMessage("gradients: variable #0 stands on another tape");
    }

    @Test
    void theLossIsAScalarUnlessACotangentIsGiven() {
        Variable x = tape.input(ONE_TO_FOUR);
        assertThatThrownBy(() -> tape.backward(x))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("backward: expected a scalar loss, got 2×2;"
                        + " reduce it with Ops.sum or Ops.mean, or give a cotangent");
        assertThatThrownBy(() -> tape.backward(x, Tensor.scalar(1)))
                .hasMessage("backward: cotangent: expected 2×2 FLOAT64, got scalar FLOAT64");
        assertThat(tape.backward(x, ONE_TO_FOUR).of(x)).isEqualTo(ONE_TO_FOUR);
    }

    /** A step may work in place there: what is borrowed is copied. */
    private static Parameter withNumbersOfItsOwn(Tensor value) {
        return new Parameter(new Workspace().borrow(value));
    }

    @Test
    void aStepAfterAWorkspacesTapeWorksInPlace() {
        Tape first = new Tape(new Workspace());
        Parameter w = withNumbersOfItsOwn(ONE_TO_FOUR);
        Variable leaf = first.parameter(w);
        Tensor dw = first.backward(Ops.sum(Ops.square(leaf))).of(w);
        w.update(dw, new Descent(0.1));
        assertThatThrownBy(() -> leaf.value().get(0, 0)).hasMessageContaining("an optimizer step changed");
        assertThat(dw).isEqualTo(ONE_TO_FOUR.scale(2));
    }

    @Test
    void aGradientThatIsAParametersOwnValueOutlastsTheStep() {
        Tape first = new Tape(new Workspace());
        Parameter w = withNumbersOfItsOwn(ONE_TO_FOUR);
        Variable leaf = first.parameter(w);
        Variable half = Ops.op("half", leaf.value().mul(leaf.value()).sum().scale(0.5), Ops.wrt(leaf, dy -> leaf));
        Tensor dw = first.backward(half).of(w);
        w.update(dw, new Descent(1));
        assertThat(dw).isEqualTo(ONE_TO_FOUR);
        assertThat(w.value()).isEqualTo(Tensor.zeros(DType.FLOAT64, 2, 2));
    }

    @Test
    void aCheckedTapeLooksAtSumsOfGradientsAndAtTheCotangent() {
        Tape checked = new Tape(Tape.Check.FINITE);
        Variable x = checked.input(Tensor.scalar(0));
        Variable y = Ops.add(Ops.scale(x, 1.2e308), Ops.scale(x, 1.2e308));
        assertThatThrownBy(() -> checked.backward(y))
                .hasMessage("#1 scale ← #0  (scalar): the sum of gradients for #0 is not finite: inf at []");
        Tape other = new Tape(Tape.Check.FINITE);
        assertThatThrownBy(() -> other.backward(other.input(Tensor.scalar(0)), Tensor.scalar(Double.NaN)))
                .hasMessage("backward: its cotangent is not finite: nan at []");
    }

    @Test
    void aRuleThatGivesNothingIsAnAssertionError() {
        Variable x = tape.input(ONE_TO_FOUR);
        Variable y = Ops.op("empty", Tensor.scalar(1), Ops.wrt(x, (Variable dy) -> null));
        assertThatThrownBy(() -> tape.backward(y))
                .isInstanceOf(AssertionError.class)
                .hasMessage("#1 empty ← #0  (scalar): its rule for #0 gave null");
    }

    @Test
    void aRuleOfTheWrongShapeIsAnAssertionError() {
        Variable x = tape.input(ONE_TO_FOUR);
        Variable y = Ops.op("bad", Tensor.scalar(1), Ops.wrt(x, dy -> dy));
        assertThatThrownBy(() -> tape.backward(y))
                .isInstanceOf(AssertionError.class)
                .hasMessage("#1 bad ← #0  (scalar): its rule for #0 gave scalar FLOAT64, expected 2×2 FLOAT64");
    }

    @Test
    void anInferenceTapeRecordsNothing() {
        Tape inference = Tape.inference();
        Variable y = Ops.exp(inference.input(Tensor.scalar(0)));
        assertThat(y.value().item()).isEqualTo(1);
        assertThat(inference.size()).isZero();
        assertThatThrownBy(() -> inference.backward(y))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("backward: this tape is for inference and recorded nothing; use new Tape()");
    }

    @Test
    void aCheckedTapeNamesTheFirstOpThatIsNotFinite() {
        Tape checked = new Tape(Tape.Check.FINITE);
        Variable x = checked.input(Tensor.of(new double[] {1, 0}));
        assertThatThrownBy(() -> Ops.log(x))
                .isInstanceOf(ArithmeticException.class)
                .hasMessage("#1 log ← #0  (2): its value is not finite: -inf at [1]");
    }

    @Test
    void aCheckedTapeNamesTheFirstGradientThatIsNotFinite() {
        Tape checked = new Tape(Tape.Check.FINITE);
        Variable x = checked.input(Tensor.of(new double[] {1e-310}));
        Variable y = Ops.sum(Ops.log(x));
        assertThatThrownBy(() -> checked.backward(y))
                .isInstanceOf(ArithmeticException.class)
                .hasMessage("#1 log ← #0  (1): its gradient for #0 is not finite: inf at [0]");
    }

    @Test
    void aTapeForInferenceHasNothingToKeep() {
        Tape tape = Tape.inference();
        Variable x = tape.constant(Tensor.scalar(1));
        assertThatThrownBy(() -> tape.keep(x))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("keep: this tape is for inference and has no gradients; use new Tape()");
    }

    /** Each rule gives a result of an operation on the parameter's own view. */
    @Test
    void aStepCanUseGradientsThatWereComputedFromTheParameterItself() {
        Workspace workspace = new Workspace();
        Parameter w = withNumbersOfItsOwn(Tensor.of(new double[] {1, 2}));
        Tape tape = new Tape(workspace);
        Variable v = tape.parameter(w);
        Variable target = tape.constant(Tensor.of(new double[] {0, 0}));
        Gradients gradients = tape.backward(Ops.add(Ops.sum(Ops.relu(v)), Ops.meanSquaredError(v, target)));
        w.update(gradients.of(w), new Descent(0.5));
        assertThat(w.value()).isEqualTo(Tensor.of(new double[] {0, 0.5}));
    }

    @Test
    void aWorkspacesTapeKeepsParametersAndWhatItIsAskedToKeep() {
        Workspace workspace = new Workspace();
        Tape first = new Tape(workspace);
        Parameter w = new Parameter(ONE_TO_FOUR);
        Variable x = first.input(ONE_TO_FOUR);
        Variable y = Ops.mul(x, first.parameter(w));
        first.keep(x);
        Gradients gradients = first.backward(Ops.sum(y));
        assertThat(gradients.of(w)).isEqualTo(ONE_TO_FOUR);
        assertThat(gradients.of(x)).isEqualTo(ONE_TO_FOUR);
        assertThatThrownBy(() -> gradients.of(y))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("gradients: #2 was not kept: a workspace's tape keeps parameters;"
                        + " call tape.keep(variable) before backward");
        Tensor dw = gradients.of(w);
        new Tape(workspace);
        assertThatThrownBy(() -> dw.get(0, 0)).hasMessageContaining("its workspace was recycled");
        assertThatThrownBy(() -> y.value().get(0, 0)).hasMessageContaining("its workspace was recycled");
    }

    @Test
    void theTensorsOfATapeForInferenceEndWithTheNext() {
        Workspace workspace = new Workspace();
        Parameter w = new Parameter(ONE_TO_FOUR);
        Tape first = Tape.inference(workspace);
        Variable y = Ops.mul(first.constant(ONE_TO_FOUR), first.parameter(w));
        assertThat(y.value()).isEqualTo(ONE_TO_FOUR.mul(ONE_TO_FOUR));
        assertThat(first.size()).isZero();
        Tape.inference(workspace);
        assertThatThrownBy(() -> y.value().get(0, 0)).hasMessageContaining("its workspace was recycled");
        assertThatThrownBy(y::toString).hasMessageContaining("its workspace was recycled");
    }

    /** Zero for want of influence is one thing, zero for want of a tape another. */
    @Test
    void gradientsTellWhetherAParameterWasOnTheTape() {
        Parameter used = new Parameter(Tensor.scalar(2));
        Parameter withoutInfluence = new Parameter(Tensor.scalar(3));
        Parameter constant = new Parameter(Tensor.scalar(4));
        Tape tape = new Tape();
        tape.parameter(withoutInfluence);
        Gradients gradients = tape.backward(Ops.mul(tape.parameter(used), tape.constant(constant.value())))
                .scaled(0.5);
        assertThat(gradients.has(used)).isTrue();
        assertThat(gradients.has(withoutInfluence)).isTrue();
        assertThat(gradients.has(constant)).isFalse();
        assertThat(gradients.of(withoutInfluence)).isEqualTo(Tensor.scalar(0));
        assertThatThrownBy(() -> gradients.of(constant))
                .hasMessageStartingWith("gradients: expected a parameter that was on the tape, got another");
    }
}
