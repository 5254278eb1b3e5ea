// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Variable;
import io.github.masktape.layers.DropConnect;
import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GradcheckCommandTest {
    /** Another implementation of the product under the masks, and of what is added to it. */
    private record Other(DropConnect layer, Product product, Sum sum) implements Layer {
        @FunctionalInterface
        interface Product {
            Variable of(Variable x, Variable w, Mask mask);
        }

        @FunctionalInterface
        interface Sum {
            Variable of(Variable product, Variable b);
        }

        @Override
        public Variable forward(Variable x, Pass pass) {
            Mask mask = layer.mask(x.shape().dim(0), pass);
            Variable product = this.product.of(x, x.tape().parameter(layer.weight()), mask);
            return sum.of(product, x.tape().parameter(layer.bias()));
        }

        @Override
        public Map<String, Parameter> parameters() {
            return layer.parameters();
        }
    }

    private static CommandResult check(Other.Product product, Other.Sum sum) {
        return CommandResult.of(new GradcheckCommand(layer -> new Other(layer, product, sum)), "gradcheck");
    }

    private static void assertDisagrees(CommandResult outcome, String message) {
        assertThat(outcome.errLines()).containsExactly("error: gradcheck: " + message);
        assertThat(outcome.outLines()).last().isEqualTo("they disagree: " + message);
        assertThat(outcome.code()).isEqualTo(1);
    }

    @Test
    void theLayerAgreesWithItsLaw() {
        CommandResult outcome = CommandResult.of("gradcheck");
        assertThat(outcome.code()).isZero();
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.outLines())
                .last()
                .asString()
                .matches("all agree: 6 entries bit for bit, central differences within \\d\\.\\de-\\d\\d");
    }

    @Test
    void itPrintsWhatALessonNeeds() {
        assertThat(CommandResult.of("gradcheck").out())
                .contains("""
                        DropConnect 3→2 in FLOAT64, 2 examples, drop probability p = 0.5, seed 1

                          yₙ = (W ⊙ Mₙ) xₙ + b       Mₙ is 0 with probability p, else 1/(1 − p)
                          L  = Σ C ⊙ Y               C is random; dY = ∂L/∂Y = C
                          Jₙ = ∂L/∂(W ⊙ Mₙ) = dyₙ xₙᵀ
                          ∂L/∂W = Σₙ Jₙ ⊙ Mₙ

                          X                      W                      b                dY = C
                          │  0.4   0.5  -0.3 │   │ -2.5  -0.2   0.5 │   │ -2.1  -1.7 │   │  0.3   1.0 │
                          │  1.1  -0.7  -1.5 │   │  0.3   0.1   1.7 │                    │  0.7  -1.2 │

                        example 0
                          M₀            J₀                        J₀ ⊙ M₀
                          │ 0  0  2 │   │  0.12   0.15  -0.09 │   │  0      0     -0.18 │
                          │ 2  2  0 │   │  0.40   0.50  -0.30 │   │  0.80   1.00   0    │

                        example 1
                          M₁            J₁                        J₁ ⊙ M₁
                          │ 0  2  0 │   │  0.77  -0.49  -1.05 │   │  0     -0.98   0    │
                          │ 2  0  0 │   │ -1.32   0.84   1.80 │   │ -2.64   0      0    │

                        the sum, and three other ways to ∂L/∂W
                          Σₙ Jₙ ⊙ Mₙ                tape, fused op
                          │  0     -0.98  -0.18 │   │  0     -0.98  -0.18 │
                          │ -1.84   1.00   0    │   │ -1.84   1.00   0    │

                          tape, elementary ops      central differences
                          │  0     -0.98  -0.18 │   │  0     -0.98  -0.18 │
                          │ -1.84   1.00   0    │   │ -1.84   1.00   0    │

                        largest differences
                          fused op − sum         0, bit for bit
                          elementary ops − sum   0, bit for bit
                          fused op − central     \
                        """)
                .contains("step 1e-06", "gradcheck passed: 14 coordinates agree", "inputs: x 2×3, weight 2×3, bias 2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--examples 1 --in 1 --out 1 --drop-probability 0",
                "--examples 1 --in 4 --out 3",
                "--examples 3 --in 8 --out 8 --drop-probability 0.3 --seed -7",
                "--examples 12 --in 65 --out 9 --drop-probability 0.999",
                "--examples 2 --in 3 --out 40 --drop-probability 0.1",
            })
    void anySizeAgreesAndFitsATerminal(String options) {
        CommandResult outcome = CommandResult.of("gradcheck " + options);
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).contains("all agree: ");
        assertThat(outcome.outLines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void whatIsNotShownIsSaid() {
        assertThat(CommandResult.of("gradcheck --examples 6 --in 20 --out 9").out())
                .contains("  … │", "  │ … 1 more row", "2 more examples, checked but not shown")
                .doesNotContain("M₄", "1 more rows");
    }

    @Test
    void aRuleThatForgetsTheMaskIsCaughtAtADroppedWeight() {
        CommandResult outcome = check(
                (x, w, mask) -> Ops.op(
                        "maskedLinear",
                        x.value().maskedLinear(w.value(), mask),
                        Ops.wrt(x, dy -> Ops.maskedLinearTransposed(dy, w, mask)),
                        Ops.wrt(w, dy -> Ops.transposedMatmul(dy, x))),
                Ops::addRow);
        assertDisagrees(outcome, "∂L/∂W[1, 2] is 1.5 by the fused op, 0 by Σₙ Jₙ ⊙ Mₙ");
    }

    @Test
    void aRuleThatIsOneBitOffIsCaught() {
        CommandResult outcome = check(
                (x, w, mask) -> Ops.op(
                        "maskedLinear",
                        x.value().maskedLinear(w.value(), mask),
                        Ops.wrt(x, dy -> Ops.maskedLinearTransposed(dy, w, mask)),
                        Ops.wrt(w, dy -> dy.tape().constant(nudged(dy.value().maskedOuter(x.value(), mask), 4)))),
                Ops::addRow);
        assertDisagrees(outcome, "∂L/∂W[1, 1] is 1.0000000000000002 by the fused op, 1 by Σₙ Jₙ ⊙ Mₙ");
    }

    /** The tensor with one element, in row-major order, replaced by its neighbor. */
    private static Tensor nudged(Tensor tensor, int at) {
        double[] values = tensor.toDoubleArray();
        values[at] = Math.nextUp(values[at]);
        return Tensor.of(values).reshape(tensor.shape());
    }

    @Test
    void aRuleThatGivesNoNumberIsCaught() {
        CommandResult outcome = check(
                (x, w, mask) -> Ops.op(
                        "maskedLinear",
                        x.value().maskedLinear(w.value(), mask),
                        Ops.wrt(x, dy -> Ops.maskedLinearTransposed(dy, w, mask)),
                        Ops.wrt(w, dy -> {
                            double[] values = new double[w.shape().size()];
                            Arrays.fill(values, Double.NaN);
                            return dy.tape().constant(Tensor.of(values).reshape(w.shape()));
                        })),
                Ops::addRow);
        assertDisagrees(outcome, "∂L/∂W[0, 0] is nan by the fused op, 0 by Σₙ Jₙ ⊙ Mₙ");
    }

    @Test
    void aValueThatDoesNotFitItsGradientIsCaughtByDifferences() {
        CommandResult outcome = check(
                (x, w, mask) -> Ops.op(
                        "maskedLinear",
                        x.value().maskedLinear(w.value(), mask).scale(2),
                        Ops.wrt(x, dy -> Ops.maskedLinearTransposed(dy, w, mask)),
                        Ops.wrt(w, dy -> Ops.maskedOuter(dy, x, mask))),
                Ops::addRow);
        assertThat(outcome.errLines())
                .singleElement()
                .asString()
                .startsWith("error: gradcheck: ∂L/∂W[1, 0] is -1.84 by the fused op, -3.68")
                .endsWith(" by central differences");
        assertThat(outcome.code()).isEqualTo(1);
    }

    @Test
    void aWrongRuleForTheBiasIsCaughtByTheCheckOfTheWholeLayer() {
        CommandResult outcome = check(
                Ops::maskedLinear,
                (product, b) -> Ops.op(
                        "addRow",
                        product.value().addRow(b.value()),
                        Ops.wrt(product, dy -> dy),
                        Ops.wrt(b, dy -> Ops.scale(Ops.sumRows(dy), 0.5))));
        assertThat(outcome.out()).contains("gradcheck FAILED: 2 of 14 coordinates disagree");
        assertThat(outcome.errLines())
                .singleElement()
                .asString()
                .startsWith("error: gradcheck: the gradient at bias[")
                .contains(" by the tape, ")
                .endsWith(" by central differences");
        assertThat(outcome.code()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    --in 0                | --in: expected a whole number of at least 1, got "0"
                    --out -1              | --out: expected a whole number of at least 1, got "-1"
                    --examples 0          | --examples: expected a whole number of at least 1, got "0"
                    --examples two        | --examples: expected a whole number of at least 1, got "two"
                    --drop-probability 1  | --drop-probability: expected a number in [0, 1), got "1"
                    --seed 1.5            | --seed: expected a whole number of 64 bits, got "1.5"
                    --in 99999 --out 99999 | --examples, --in, --out: expected a product of at most 2147483647, got 2 × 99999 × 99999
                    """)
    void aValueThatCannotBeIsRefused(String options, String message) {
        CommandResult outcome = CommandResult.of("gradcheck " + options);
        assertThat(outcome.errLines()).containsExactly("error: " + message + "; see masktape gradcheck --help");
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
    }

    @Test
    void helpNamesEveryOptionAndItsDefault() {
        assertThat(CommandResult.of("gradcheck --help").out().replaceAll("\\s+", " "))
                .contains(
                        "--examples=N Examples in the batch (default: 2)",
                        "--in=N Inputs of the layer (default: 3)",
                        "--out=N Outputs of the layer (default: 2)",
                        "--drop-probability=P",
                        "(default: 0.5)",
                        "--seed=N Seed of the random numbers and masks (default: 1)",
                        "--stacktrace",
                        "--help",
                        "--version",
                        "Examples: java -jar masktape.jar gradcheck");
    }
}
