// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.text.Decimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GradCheckTest {
    private static final GradCheck STRICT = GradCheck.strict();

    @Test
    void acceptsARightRule() {
        GradCheck.Report report = STRICT.check(v -> Ops.square(v.get(0)), Tensor.of(new double[] {1, -2, 3}));
        report.requirePassed();
        assertThat(report.checked()).isEqualTo(3);
        assertThat(report.kinks()).isZero();
        assertThat(report.toString()).startsWith("gradcheck passed: 3 coordinates agree\n  worst: input[");
    }

    @Test
    void reportsAWrongRuleWithItsWorstCoordinate() {
        GradCheck.Report report =
                STRICT.check(v -> wrongAt(v.get(1), 2), Tensor.scalar(1), Tensor.of(new double[][] {{1, 2}, {3, 4}}));
        assertThat(report.passed()).isFalse();
        assertThat(report.failures()).isEqualTo(1);
        assertThat(report.worst().input()).isEqualTo("input 1");
        assertThat(report.worst().place()).isEqualTo("[1, 0]");
        assertThat(report.toString())
                .startsWith("gradcheck FAILED: 1 of 5 coordinates disagree\n  worst: input 1[1, 0]: analytic ")
                .endsWith("step 1e-06\n  inputs: input 0 scalar, input 1 2×2");
        assertThatThrownBy(report::requirePassed)
                .isInstanceOf(AssertionError.class)
                .hasMessage(report.toString());
    }

    /** x², whose rule forgets element i. */
    private static Variable wrongAt(Variable x, int i) {
        return Ops.op("wrong", x.value().mul(x.value()), Ops.wrt(x, dy -> {
            double[] dx = dy.value().mul(x.value()).scale(2).toDoubleArray();
            dx[i] = 0;
            return dy.tape().constant(Tensor.of(dx).reshape(x.shape()));
        }));
    }

    @Test
    void findsASmallError() {
        GradCheck.Report report = STRICT.check(
                v -> Ops.op("almost", v.get(0).value().scale(3), Ops.wrt(v.get(0), dy -> Ops.scale(dy, 3.00001))),
                Tensor.of(new double[] {1, 2, 3}));
        assertThat(report.failures()).isEqualTo(3);
        GradCheck.standard()
                .check(
                        v -> Ops.op(
                                "almost", v.get(0).value().scale(3), Ops.wrt(v.get(0), dy -> Ops.scale(dy, 3.00001))),
                        Tensor.of(new double[] {1, 2, 3}))
                .requirePassed();
    }

    /** With an upstream gradient of ones, a rule that ignores dy would pass. */
    @Test
    void findsARuleThatIgnoresItsCotangent() {
        GradCheck.Report report = STRICT.check(
                v -> Ops.op(
                        "deaf",
                        v.get(0).value().scale(2),
                        Ops.wrt(
                                v.get(0),
                                dy -> dy.tape()
                                        .constant(Tensor.full(DType.FLOAT64, 2).expand(dy.shape())))),
                Tensor.of(new double[] {1, 2, 3}));
        assertThat(report.passed()).isFalse();
    }

    @Test
    void acceptsASubgradientAtAKinkAndCountsIt() {
        GradCheck.Report report = STRICT.check(v -> Ops.relu(v.get(0)), Tensor.of(new double[] {0, 1, -1, 0}));
        report.requirePassed();
        assertThat(report.kinks()).isEqualTo(2);
        assertThat(report.kinkShare()).isEqualTo(0.5);
        assertThat(report.toString()).startsWith("gradcheck passed: 4 coordinates agree, 2 of them at kinks");
    }

    @Test
    void refusesWhatIsNoSubgradientAtAKink() {
        GradCheck.Report report = STRICT.check(
                v -> Ops.op("wild", v.get(0).value().relu(), Ops.wrt(v.get(0), dy -> Ops.scale(dy, 1.5))),
                Tensor.of(new double[] {0}));
        assertThat(report.passed()).isFalse();
        assertThat(report.kinks()).isEqualTo(1);
    }

    @Test
    void aKinkNearThePointIsNoExcuse() {
        Tensor x = Tensor.of(new double[] {5e-7});
        GradCheck.Report right = STRICT.check(v -> Ops.relu(v.get(0)), x);
        right.requirePassed();
        assertThat(right.kinks()).isZero();
        GradCheck.Report half = STRICT.check(
                v -> Ops.op("half", v.get(0).value().relu(), Ops.wrt(v.get(0), dy -> Ops.scale(dy, 0.5))), x);
        assertThat(half.passed()).isFalse();
    }

    @Test
    void curvatureIsNoKink() {
        GradCheck.Report report = STRICT.check(
                v -> Ops.op(
                        "curved",
                        v.get(0).value().mul(v.get(0).value()).scale(1e4),
                        Ops.wrt(v.get(0), dy -> Ops.plus(Ops.scale(Ops.mul(dy, v.get(0)), 2e4), 5e-3))),
                Tensor.of(new double[] {0}));
        assertThat(report.kinks()).isZero();
        assertThat(report.passed()).isFalse();
    }

    @Test
    void reportsAFunctionThatIsNotDeterministic() {
        RandomStream random = new RandomStream(1);
        GradCheck.Report report =
                STRICT.check(v -> Ops.scale(v.get(0), random.nextDouble()), Tensor.of(new double[] {1}));
        assertThat(report.passed()).isFalse();
        assertThat(report.deterministic()).isFalse();
        assertThat(report.toString()).startsWith("gradcheck FAILED: the function is not deterministic");
    }

    @Test
    void aNanFails() {
        GradCheck.Report report = STRICT.check(v -> Ops.log(v.get(0)), Tensor.of(new double[] {-1}));
        assertThat(report.passed()).isFalse();
    }

    @Test
    void checksLargeInputsAlongRandomDirections() {
        Tensor large = GradientTable.normal(new RandomStream(1), 50, 41);
        GradCheck.Report report = STRICT.check(v -> Ops.exp(v.get(0)), large);
        report.requirePassed();
        assertThat(report.checked()).isEqualTo(100);
        GradCheck.Report wrong = STRICT.check(v -> wrongAt(v.get(0), 7), large);
        assertThat(wrong.failures()).isGreaterThan(90);
        assertThat(wrong.worst().place()).startsWith(" along direction ");
    }

    @Test
    void checksALayerAndItsParametersAndLeavesThemAsTheyAre() {
        Parameter w = new Parameter(Tensor.of(new double[][] {{1, 2}}));
        Tensor before = w.value();
        Layer layer = new Layer() {
            @Override
            public Variable forward(Variable x, Pass pass) {
                return Ops.matmulTransposed(x, x.tape().parameter(w));
            }

            @Override
            public Map<String, Parameter> parameters() {
                return Map.of("weight", w);
            }
        };
        GradCheck.Report report = STRICT.check(layer, Tensor.of(new double[][] {{3, 4}}), Pass.inference());
        report.requirePassed();
        assertThat(report.checked()).isEqualTo(4);
        assertThat(report.inputs()).isEqualTo("x 1×2, weight 1×2");
        assertThat(w.value()).isSameAs(before);
    }

    @Test
    void aLeapIsNoKink() {
        GradCheck.Report report = STRICT.check(
                v -> Ops.op(
                        "step",
                        Tensor.scalar(v.get(0).value().item() > 0 ? 1 : 0),
                        Ops.wrt(v.get(0), dy -> Ops.scale(dy, 12345))),
                Tensor.scalar(0));
        assertThat(report.passed()).isFalse();
    }

    @Test
    void theStepDoesNotVanishBesideALargeInput() {
        STRICT.check(v -> Ops.scale(v.get(0), 2), Tensor.scalar(1e11)).requirePassed();
    }

    // ---- numbers of the report ----

    /** 3x, whose rule says 4. */
    private static Variable fourForThree(Variable x) {
        return Ops.op("wrong", x.value().scale(3), Ops.wrt(x, dy -> Ops.scale(dy, 4)));
    }

    @Test
    void theWorstCoordinateHasItsNumbers() {
        GradCheck.Report report = STRICT.check(v -> fourForThree(v.get(0)), Tensor.of(new double[] {0.5}));
        GradCheck.Coordinate worst = report.worst();
        assertThat(worst.numeric()).isCloseTo(0.75 * worst.analytic(), within(1e-8));
        assertThat(worst.tolerance()).isEqualTo(1e-7 * Math.max(1, Math.abs(worst.analytic())));
        assertThat(worst.step()).isEqualTo(1e-6);
        double difference = Math.abs(worst.analytic() - worst.numeric());
        assertThat(worst.excess()).isEqualTo(difference / worst.tolerance()).isGreaterThan(1e4);
        assertThat(report.toString()).contains(", difference " + Decimal.scientific(difference, 2) + ", tolerance ");
    }

    @Test
    void aDifferenceOfTheToleranceIsAllowed() {
        GradCheck.Function function = v -> fourForThree(v.get(0));
        Tensor x = Tensor.of(new double[] {0.5, 2});
        STRICT.withTolerance((analytic, numeric, f) -> Math.abs(analytic - numeric))
                .check(function, x)
                .requirePassed();
        GradCheck.Report report = STRICT.withTolerance(
                        (analytic, numeric, f) -> Math.nextDown(Math.abs(analytic - numeric)))
                .check(function, x);
        assertThat(report.failures()).isEqualTo(2);
    }

    @Test
    void exactAgreementExceedsNoTolerance() {
        GradCheck.Coordinate exact = new GradCheck.Coordinate("x", "[0]", 2, 2, 0, 1e-6);
        assertThat(exact.excess()).isZero();
    }

    @Test
    void ofEqualOnesTheFirstIsTheWorst() {
        GradCheck.Report report = STRICT.withTolerance((analytic, numeric, f) -> 0)
                .check(v -> fourForThree(v.get(0)), Tensor.of(new double[] {0.5, 2}));
        assertThat(report.worst().excess()).isInfinite();
        assertThat(report.worst().place()).isEqualTo("[0]");
    }

    @Test
    void whereAllAreKinksThereIsNoWorst() {
        GradCheck.Report report = STRICT.check(v -> Ops.relu(v.get(0)), Tensor.of(new double[] {0}));
        assertThat(report.worst()).isNull();
        assertThat(report).hasToString("gradcheck passed: 1 coordinates agree, 1 of them at kinks\n  inputs: input 1");
    }

    /** At a kink both slopes beside it, and all between them, are subgradients. */
    @Test
    void theSlopesBesideAKinkAreSubgradients() {
        for (double slope : new double[] {0, 0.25, 1}) {
            GradCheck.Report report = STRICT.check(
                    v -> Ops.op("relu", v.get(0).value().relu(), Ops.wrt(v.get(0), dy -> Ops.scale(dy, slope))),
                    Tensor.of(new double[] {0}));
            report.requirePassed();
            assertThat(report.kinks()).isEqualTo(1);
        }
        for (double slope : new double[] {-0.001, 1.001}) {
            assertThat(STRICT.check(
                                    v -> Ops.op(
                                            "relu",
                                            v.get(0).value().relu(),
                                            Ops.wrt(v.get(0), dy -> Ops.scale(dy, slope))),
                                    Tensor.of(new double[] {0}))
                            .failures())
                    .isEqualTo(1);
        }
    }

    @Test
    void aSuspectedKinkIsLookedAtMoreClosely() {
        GradCheck.Report report = STRICT.check(
                v -> Ops.op("half", v.get(0).value().relu(), Ops.wrt(v.get(0), dy -> Ops.scale(dy, 0.5))),
                Tensor.of(new double[] {5e-7}));
        assertThat(report.worst().step()).isEqualTo(1e-6 / 16);
    }

    @Test
    void everyAxisIsTriedUpToTheLimitAndBeyondItDirectionsOfLengthOne() {
        Tensor x = Tensor.of(new double[] {0.1, -0.2, 0.3, 0.4});
        assertThat(STRICT.withCoordinateLimit(4)
                        .check(v -> Ops.exp(v.get(0)), x)
                        .checked())
                .isEqualTo(4);
        List<Double> moves = new ArrayList<>();
        GradCheck.Report along = STRICT.withCoordinateLimit(3)
                .check(
                        v -> {
                            Tensor move = v.get(0).value().sub(x);
                            moves.add(Math.sqrt(move.dot(move)));
                            return Ops.exp(v.get(0));
                        },
                        x);
        along.requirePassed();
        assertThat(along.checked()).isEqualTo(100);
        assertThat(moves)
                .hasSize(203)
                .allSatisfy(move -> assertThat(move)
                        .satisfiesAnyOf(
                                m -> assertThat(m).isZero(), m -> assertThat(m).isCloseTo(1e-6, within(1e-12))));
    }

    @Test
    void aWrongRuleAtAParameterIsFoundByItsName() {
        Parameter w = new Parameter(Tensor.of(new double[] {1, 2}));
        Layer layer = new Layer() {
            @Override
            public Variable forward(Variable x, Pass pass) {
                return Ops.mul(x, fourForThree(x.tape().parameter(w)));
            }

            @Override
            public Map<String, Parameter> parameters() {
                return Map.of("weight", w);
            }
        };
        GradCheck.Report report = STRICT.check(layer, Tensor.of(new double[] {3, 4}), Pass.inference());
        assertThat(report.failures()).isEqualTo(2);
        assertThat(report.worst().input()).isEqualTo("weight");
    }

    @Test
    void settingsAreThoseThatAreTold() {
        assertThat(GradCheck.standard().tolerance().at(7, -2, 9)).isEqualTo(1e-5 + 1e-3 * 2);
        assertThat(STRICT.tolerance().at(-7, 2, 3)).isEqualTo(1e-7 * 7);
        assertThat(STRICT.tolerance().at(-7, 2, -9)).isEqualTo(1e-7 * 9);
        assertThat(STRICT.withCoordinateLimit(0).withStep(0.999).coordinateLimit())
                .isZero();
        for (double step : new double[] {0, 1, -1, Double.NaN}) {
            assertThatThrownBy(() -> STRICT.withStep(step)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> STRICT.withCoordinateLimit(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(new GradCheck(0.5, STRICT.tolerance(), 1, 1, 1, Set.of()).directions())
                .isEqualTo(1);
        assertThatThrownBy(() -> new GradCheck(0.5, STRICT.tolerance(), 1, 0, 1, Set.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("gradcheck: expected 0 < step < 1, coordinateLimit ≥ 0, directions ≥ 1");
    }

    @Test
    void refusesSinglePrecision() {
        assertThatThrownBy(() -> STRICT.check(v -> v.get(0), Tensor.zeros(DType.FLOAT32, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("gradcheck: expected FLOAT64, got FLOAT32 for input; convert it, to(DType.FLOAT64), or"
                        + " declare it as data, withData(\"input\")");
        Tensor single = Tensor.zeros(DType.FLOAT32, 2);
        assertThatThrownBy(() -> STRICT.check(v -> v.get(0).tape().constant(single), Tensor.zeros(DType.FLOAT64, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "gradcheck: expected a FLOAT64 result, got FLOAT32, in which a difference has no digits left;"
                                + " compute with parameters and data converted by to(DType.FLOAT64)");
        assertThatThrownBy(() -> STRICT.check(
                        v -> Ops.mul(v.get(0), v.get(0).tape().constant(single)), Tensor.zeros(DType.FLOAT64, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "gradcheck: mul: dtypes differ: FLOAT64 and FLOAT32; convert one with to(...); the inputs are"
                                + " FLOAT64: convert the parameters and data to it as well");
    }

    // ---- inputs that are data ----

    /** The squared error with targets, whose rule gives the targets no gradient, and a table of indices in FLOAT32. */
    private static Variable lossOf(Variable x, Variable targets, Variable indices) {
        int[] rows = Arrays.stream(indices.value().toDoubleArray())
                .mapToInt(i -> (int) i)
                .toArray();
        return Ops.meanSquaredError(Ops.rows(x, rows), targets.tape().constant(targets.value()));
    }

    @Test
    void dataAreNotVaried() {
        Tensor x = Tensor.of(new double[][] {{1, 2}, {3, 5}});
        Tensor targets = Tensor.of(new double[][] {{2, 1}, {0, 3}, {1, 1}});
        Tensor indices = Tensor.of(new float[] {1, 0, 1});
        GradCheck.Function loss = v -> lossOf(v.get(0), v.get(1), v.get(2));
        GradCheck check = STRICT.withData("input 1", "input 2");
        GradCheck.Report report = check.check(loss, x, targets, indices);
        report.requirePassed();
        assertThat(report.checked()).isEqualTo(4);
        assertThat(report.inputs()).isEqualTo("input 0 2×2, input 1 3×2 (data), input 2 3 (data)");
        check.checkSecondOrder(loss, x, targets, indices).requirePassed();
        assertThat(STRICT.withData("input 2").check(loss, x, targets, indices).failures())
                .isEqualTo(6);
        assertThat(check.withSeed(2).withStep(1e-5).data()).containsExactlyInAnyOrder("input 1", "input 2");
    }

    @Test
    void aLayersInputCanBeData() {
        Parameter table = new Parameter(Tensor.of(new double[][] {{1, 2}, {3, 5}}));
        Layer embedding = new Layer() {
            @Override
            public Variable forward(Variable x, Pass pass) {
                int[] words = Arrays.stream(x.value().toDoubleArray())
                        .mapToInt(i -> (int) i)
                        .toArray();
                return Ops.rows(x.tape().parameter(table), words);
            }

            @Override
            public Map<String, Parameter> parameters() {
                return Map.of("table", table);
            }
        };
        GradCheck.Report report =
                STRICT.withData("x").check(embedding, Tensor.of(new float[] {1, 1, 0}), Pass.inference());
        report.requirePassed();
        assertThat(report.inputs()).isEqualTo("x 3 (data), table 2×2");
    }

    @Test
    void dataAreInputsAndNotAllOfThem() {
        Tensor x = Tensor.scalar(1);
        assertThatThrownBy(() -> STRICT.withData("x").check(v -> Ops.add(v.get(0), v.get(1)), x, x))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("gradcheck: data: expected one of [input 0, input 1], got x");
        assertThatThrownBy(() -> STRICT.withData("input").check(v -> v.get(0), x))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("gradcheck: expected an input that is not data, got [input]");
        assertThatThrownBy(() -> STRICT.withData("input").checkSecondOrder(v -> v.get(0), x))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("gradcheck: expected an input that is not data, got [input]");
    }

    @Test
    void largeValuesAreCheckedWithTheStepThatRoundingLeaves() {
        STRICT.check(v -> Ops.matmul(v.get(0), v.get(0)), Tensor.of(new double[][] {{12345.678}}))
                .requirePassed();
        STRICT.check(v -> Ops.square(v.get(0)), Tensor.of(new double[] {12345.678, 54321.012, -0.3}))
                .requirePassed();
    }

    // ---- what a check could not have found ----

    /** scale·(x² + offset), with a rule that is wrong by a factor. */
    private static GradCheck.Function square(double factor, double scale, double offset) {
        return v -> {
            Tensor x = v.get(0).value();
            return Ops.op(
                    "square",
                    x.mul(x).plus(offset).scale(scale),
                    Ops.wrt(v.get(0), dy -> Ops.scale(Ops.mul(dy, v.get(0)), 2 * scale * factor)));
        };
    }

    private static final Tensor POINT = Tensor.of(new double[] {1, 2});

    /** A difference of such a function has all its digits; only the tolerance is too large for it. */
    @Test
    void aWrongRuleIsFoundHoweverSmallItsDerivatives() {
        for (double scale : new double[] {1, 1e-3, 1e-6, 1e-9, 1e-15, 1e-30}) {
            for (GradCheck check : List.of(GradCheck.standard(), STRICT)) {
                for (double factor : new double[] {0, -1, 0.5, 2, 1e9}) {
                    GradCheck.Report report = check.check(square(factor, scale, 0), POINT);
                    assertThat(report.failures())
                            .as("%s times the right gradient of %s·x²", factor, scale)
                            .isEqualTo(2);
                }
                check.check(square(1, scale, 0), POINT).requirePassed();
            }
        }
    }

    @Test
    void aTestToAQuarterIsSaid() {
        GradCheck.Report report = GradCheck.standard().check(square(1, 1e-6, 0), POINT);
        assertThat(report.coarse()).isEqualTo(2);
        assertThat(report.toString())
                .startsWith(
                        "gradcheck passed: 2 coordinates agree, 2 of them too small for the tolerance and tested only"
                                + " to within a quarter\n  worst: input[");
        assertThat(report.worst().tolerance()).isCloseTo(Math.abs(report.worst().numeric()) / 4, within(1e-12));
        assertThat(GradCheck.standard().check(square(1.2, 1e-6, 0), POINT).passed())
                .isTrue();
        assertThat(GradCheck.standard().check(square(1.4, 1e-6, 0), POINT).passed())
                .isFalse();
        assertThat(GradCheck.standard().check(square(1, 1, 0), POINT).coarse()).isZero();
    }

    /** At 10⁸ a difference has digits for a quarter, at 10¹² it has none: then no rule passes, right or wrong. */
    @Test
    void aLargeValueIsNoExcuse() {
        for (double factor : new double[] {0, -1, 0.5, 2}) {
            for (double offset : new double[] {1e3, 1e8, 1e9, 1e12, 1e15}) {
                for (GradCheck check : List.of(GradCheck.standard(), STRICT)) {
                    assertThat(check.check(square(factor, 1, offset), POINT).passed())
                            .as("%s times the right gradient, behind %s", factor, offset)
                            .isFalse();
                }
            }
        }
        STRICT.check(square(1, 1, 1e8), POINT).requirePassed();
        GradCheck.Report report = STRICT.check(square(1, 1, 1e12), POINT);
        assertThat(report.failures()).isZero();
        assertThat(report.untested()).extracting(GradCheck.Untested::input).containsExactly("input");
        assertThat(report.toString())
                .matches(
                        "(?s)gradcheck FAILED: input was not tested: derivatives of at most \\d\\.\\de\\+00 are lost in a"
                                + " tolerance or rounding error of \\d\\.\\de\\+04; scale the function, or leave out what makes its"
                                + " value large\n  worst: .*\n  inputs: input 2");
        assertThatThrownBy(report::requirePassed).isInstanceOf(AssertionError.class);
    }

    /** What other inputs show does not excuse one that shows nothing. */
    @Test
    void eachInputIsTestedOnItsOwn() {
        GradCheck.Report small = STRICT.check(squarePlusNoRule(1e-7), POINT, POINT);
        assertThat(small.failures()).isEqualTo(2);
        GradCheck.Report smaller = STRICT.check(squarePlusNoRule(5e-9), POINT, POINT);
        assertThat(smaller.failures()).isZero();
        assertThat(smaller.untested()).extracting(GradCheck.Untested::input).containsExactly("input 1");
        assertThat(smaller.toString()).startsWith("gradcheck FAILED: input 1 was not tested: derivatives of at most ");
    }

    /** a² + scale·b², without a gradient at b. */
    private static GradCheck.Function squarePlusNoRule(double scale) {
        return v -> Ops.add(Ops.square(v.get(0)), square(0, scale, 0).apply(List.of(v.get(1))));
    }

    /** A dropped weight, a unit that is off, a sum that does not change: their derivative is 0, and a rule may say so. */
    @Test
    void aDerivativeOfZeroIsNothingToTest() {
        Mask mask = Mask.of(new boolean[][][] {{{true, false}}}, 2);
        Tensor w = Tensor.of(new double[][] {{3, 4}});
        STRICT.check(v -> Ops.maskedLinear(v.get(0), v.get(1), mask), Tensor.of(new double[][] {{1, 2}}), w)
                .requirePassed();
        GradCheck.Report off = STRICT.check(v -> Ops.relu(v.get(0)), Tensor.of(new double[] {-1, -2}));
        off.requirePassed();
        assertThat(off.coarse()).isZero();
        STRICT.check(v -> Ops.add(v.get(0), Ops.relu(v.get(1))), POINT, Tensor.of(new double[] {-1, -2}))
                .requirePassed();
        STRICT.check(v -> Ops.sum(Ops.mul(v.get(0), Ops.square(v.get(0)))), Tensor.of(new double[] {0}))
                .requirePassed();
        STRICT.check(v -> Ops.tanh(v.get(0)), Tensor.of(new double[] {30})).requirePassed();
    }

    @Test
    void aSmallKinkIsAKink() {
        GradCheck.Report report =
                GradCheck.standard().check(v -> Ops.scale(Ops.relu(v.get(0)), 1e-7), Tensor.of(new double[] {0}));
        report.requirePassed();
        assertThat(report.kinks()).isEqualTo(1);
    }

    /** In the first difference, the slopes differ by 10 for the curvature and by 1 for the kink. */
    @Test
    void aKinkInASharpCurveIsAKink() {
        GradCheck.Report report = GradCheck.standard()
                .check(
                        v -> Ops.scale(Ops.add(Ops.relu(v.get(0)), Ops.scale(Ops.square(v.get(0)), 5e6)), 1e-21),
                        Tensor.of(new double[] {0}));
        assertThat(report.failures()).as("%s", report).isZero();
        assertThat(report.kinks()).isEqualTo(1);
    }

    /** The shares of a softmax add up to 1 but for rounding, which is no derivative. */
    @Test
    void sharesThatAddUpToOneAreNoFailure() {
        for (int seed = 1; seed <= 200; seed++) {
            GradCheck.Report report = GradCheck.standard()
                    .withSeed(seed)
                    .check(
                            v -> Ops.plus(Ops.sumColumns(Ops.softmax(v.get(0))), -1),
                            GradientTable.normal(new RandomStream(seed), 3, 3));
            assertThat(report.failures()).as("%s", report).isZero();
        }
    }

    /** There, all that a difference shows is the curvature, seen through unequal steps. */
    @Test
    void aMinimumIsNoFailure() {
        Tensor at = Tensor.of(new double[][] {{0, -0.04}, {0.07, 2}});
        for (int seed = 1; seed <= 200; seed++) {
            assertThat(GradCheck.standard()
                            .withSeed(seed)
                            .check(v -> Ops.meanSquaredError(v.get(0), v.get(1)), at, at)
                            .failures())
                    .as("seed " + seed)
                    .isZero();
        }
    }

    /** As of a layer whose parameters are a Map.of, which another JVM lists in another order. */
    @Test
    void directionsDoNotDependOnTheOrderOfInputs() {
        Tensor large = GradientTable.normal(new RandomStream(1), 30, 41);
        Tensor other = GradientTable.normal(new RandomStream(2), 30, 41);
        assertThat(worstOf(true, large, other)).isEqualTo(worstOf(false, large, other));
    }

    private static GradCheck.Coordinate worstOf(boolean reversed, Tensor a, Tensor b) {
        Parameter p = new Parameter(a);
        Parameter q = new Parameter(b);
        Layer layer = new Layer() {
            @Override
            public Variable forward(Variable x, Pass pass) {
                Variable y = Ops.mul(x.tape().parameter(p), Ops.tanh(x.tape().parameter(q)));
                return Ops.add(Ops.sum(y), Ops.sum(x));
            }

            @Override
            public Map<String, Parameter> parameters() {
                Map<String, Parameter> all = new LinkedHashMap<>();
                all.put(reversed ? "q" : "p", reversed ? q : p);
                all.put(reversed ? "p" : "q", reversed ? p : q);
                return all;
            }
        };
        return STRICT.check(layer, Tensor.scalar(1), Pass.inference()).worst();
    }
}
