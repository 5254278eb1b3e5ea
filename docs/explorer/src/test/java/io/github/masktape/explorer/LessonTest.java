// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.explorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.layers.DropConnect;
import io.github.masktape.tensor.Tensor;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LessonTest {
    private static LessonSettings settings(long seed, boolean perBatch) {
        int size = (int) (seed % 4) + 1;
        return LessonSettings.drawn(seed, 0, 0.5, size, 5 - size + 1, size, 2 + (int) (seed % 3), perBatch);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void theSumOfTheSharesIsTheGradient(long seed) {
        for (boolean perBatch : new boolean[] {false, true}) {
            Lesson lesson = Lesson.of(settings(seed, perBatch));
            assertThat(lesson.sum()).isEqualTo(lesson.gradient());
            assertThat(lesson.shares()).hasSize(perBatch ? 1 : lesson.settings().examples());
        }
    }

    @Test
    void theLossAndTheGradientAreThoseOfTheFusedLayer() {
        LessonSettings s = LessonSettings.drawn(5, 2, 0.25, 3, 4, 5, 3, false).complete();
        Lesson lesson = Lesson.of(s);
        Tape tape = new Tape();
        DropConnect layer = DropConnect.of(Tensor.of(s.w(), 5, 4), Tensor.of(s.b(), 5), 0.25);
        Variable h = Ops.relu(layer.forward(tape.constant(Tensor.of(s.x(), 3, 4)), s.mask()));
        Variable z = Ops.addRow(
                Ops.matmulTransposed(h, tape.constant(Tensor.of(s.v(), 3, 5))), tape.constant(Tensor.of(s.c())));
        Variable loss = Ops.softmaxCrossEntropy(z, s.labels());
        Gradients gradients = tape.backward(loss);
        assertThat(lesson.loss()).isEqualTo(loss.value().item());
        assertThat(lesson.gradient()).isEqualTo(gradients.of(layer.weight()).toDoubleArray());
    }

    @Test
    void theNodesHaveNames() {
        assertThat(labels(LessonSettings.drawn(1, 0, 0.5, 2, 3, 2, 2, false)))
                .containsExactly(
                        "x",
                        "W",
                        "W ⊙ M₁",
                        "x₁",
                        "(W ⊙ M₁)ᵀ",
                        "u₁",
                        "W ⊙ M₀",
                        "x₀",
                        "(W ⊙ M₀)ᵀ",
                        "u₀",
                        "u",
                        "b",
                        "y",
                        "h",
                        "V",
                        "c",
                        "h Vᵀ",
                        "z",
                        "L");
        assertThat(labels(LessonSettings.drawn(1, 0, 0.5, 2, 3, 2, 2, true)))
                .containsExactly("x", "W", "W ⊙ M", "(W ⊙ M)ᵀ", "u", "b", "y", "h", "V", "c", "h Vᵀ", "z", "L");
        assertThat(labels(squared(LessonSettings.drawn(1, 0, 0.5, 2, 3, 2, 2, true))))
                .containsExactly("x", "W", "W ⊙ M", "(W ⊙ M)ᵀ", "u", "b", "y", "t", "L");
    }

    private static List<String> labels(LessonSettings settings) {
        return Lesson.of(settings).nodes().stream().map(Lesson.TapeNode::label).toList();
    }

    private static LessonSettings squared(LessonSettings s) {
        return with(s, LessonSettings.SQUARED_ERROR, null, null);
    }

    private static LessonSettings with(LessonSettings s, String loss, double[] w, byte[] bits) {
        return new LessonSettings(
                s.seed(),
                s.step(),
                s.dropProbability(),
                s.examples(),
                s.inputs(),
                s.hidden(),
                s.classes(),
                s.perBatch(),
                loss,
                s.x(),
                w,
                s.b(),
                s.v(),
                s.c(),
                s.labels(),
                s.targets(),
                bits);
    }

    @Test
    void onlyAConstantHasNoGradient() {
        assertThat(Lesson.of(squared(LessonSettings.drawn(1, 0, 0.5, 2, 3, 2, 2, false)))
                        .nodes())
                .allSatisfy(node -> assertThat(node.gradient() == null)
                        .isEqualTo(node.label().equals("t")));
    }

    @Test
    void whatIsGivenIsUsedAndCompleteSettingsStayAsTheyAre() {
        LessonSettings drawn = LessonSettings.drawn(3, 1, 0.5, 2, 2, 2, 2, false);
        LessonSettings given = with(
                drawn, LessonSettings.CROSS_ENTROPY, new double[] {1, 2, 3, 4}, new byte[] {1, 0, 0, 1, 0, 0, 1, 1});
        Lesson lesson = Lesson.of(given);
        assertThat(lesson.shares().get(0).masked()).containsExactly(2, 0, 0, 8);
        assertThat(lesson.shares().get(1).m()).containsExactly(0, 0, 2, 2);
        assertThat(lesson.settings().complete()).usingRecursiveComparison().isEqualTo(lesson.settings());
        assertThat(Lesson.of(lesson.settings()).gradient()).isEqualTo(lesson.gradient());
    }

    @Test
    void anotherStepIsAnotherMaskOfTheSameWeights() {
        Lesson first = Lesson.of(LessonSettings.drawn(1, 0, 0.5, 4, 5, 5, 2, false));
        Lesson second = Lesson.of(LessonSettings.drawn(1, 1, 0.5, 4, 5, 5, 2, false));
        assertThat(first.settings().w()).isEqualTo(second.settings().w());
        assertThat(first.settings().bits()).isNotEqualTo(second.settings().bits());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "w", "b", "v", "c"})
    void differencesAgreeWithTheTape(String parameter) {
        LessonSettings settings =
                LessonSettings.drawn(2, 0, 0.5, 3, 2, 3, 2, false).complete();
        int entries = switch (parameter) {
            case "x", "w", "v" -> 6;
            case "b" -> 3;
            default -> 2;
        };
        for (int i = 0; i < entries; i++) {
            Lesson.Difference difference = Lesson.difference(settings, parameter, i, 1e-5);
            assertThat(difference.quotient()).isCloseTo(difference.gradient(), within(1e-8));
            assertThat(difference.plus() - difference.minus() == 0).isEqualTo(difference.gradient() == 0);
        }
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertRefused("examples: expected 1…4, got 0", () -> LessonSettings.drawn(1, 0, 0.5, 0, 3, 2, 2, false));
        assertRefused("inputs: expected 1…5, got 6", () -> LessonSettings.drawn(1, 0, 0.5, 1, 6, 2, 2, false));
        assertRefused("classes: expected 2…4, got 1", () -> LessonSettings.drawn(1, 0, 0.5, 1, 3, 2, 1, false));
        assertRefused(
                "dropProbability: expected a number in [0, 1), got nan",
                () -> LessonSettings.drawn(1, 0, Double.NaN, 1, 3, 2, 2, false));
        LessonSettings drawn = LessonSettings.drawn(1, 0, 0.5, 1, 3, 2, 2, false);
        assertRefused("w: expected 6 numbers, got 1", () -> with(drawn, drawn.loss(), new double[1], null));
        assertRefused(
                "loss: expected softmaxCrossEntropy or meanSquaredError, got \"hinge\"",
                () -> with(drawn, "hinge", null, null));
        assertRefused("there is no v with meanSquaredError", () -> Lesson.difference(squared(drawn), "v", 0, 1e-5));
        assertRefused("w has entries 0…5, got 6", () -> Lesson.difference(drawn, "w", 6, 1e-5));
        assertRefused("h: expected a number in (0, 1], got 0.0", () -> Lesson.difference(drawn, "w", 0, 0));
    }

    private static void assertRefused(String message, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }
}
