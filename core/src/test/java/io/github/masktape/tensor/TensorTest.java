// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.tensor;

import static io.github.masktape.tensor.DType.FLOAT32;
import static io.github.masktape.tensor.DType.FLOAT64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class TensorTest {
    private static final Tensor A = Tensor.of(new double[][] {{1, 2, 3}, {4, 5, 6}});
    private static final Tensor B = Tensor.of(new double[][] {{1, 0, -1}, {2, 1, 0}});

    @Test
    void keepsACopyOfWhatItIsMadeFrom() {
        double[] values = {1, 2};
        Tensor tensor = Tensor.of(values);
        values[0] = 9;
        tensor.toDoubleArray()[1] = 9;
        assertThat(tensor).isEqualTo(Tensor.of(new double[] {1, 2}));
    }

    @Test
    void multipliesMatricesInAllForms() {
        Tensor product = Tensor.of(new double[][] {{-2, 4}, {-2, 13}});
        assertThat(A.matmulTransposed(B)).isEqualTo(product);
        assertThat(A.matmul(B.transpose())).isEqualTo(product);
        assertThat(A.transpose().transposedMatmul(B.transpose())).isEqualTo(product);
    }

    @Test
    void calculatesElementByElement() {
        assertThat(A.add(B)).isEqualTo(Tensor.of(new double[][] {{2, 2, 2}, {6, 6, 6}}));
        assertThat(A.sub(B)).isEqualTo(Tensor.of(new double[][] {{0, 2, 4}, {2, 4, 6}}));
        assertThat(A.mul(B).toDoubleArray()).containsExactly(1, 0, -3, 8, 5, 0);
        assertThat(A.div(A)).isEqualTo(Tensor.full(FLOAT64, 1, 2, 3));
        assertThat(A.scale(0.5).plus(1).get(1, 2)).isEqualTo(4);
        assertThat(B.relu().toDoubleArray()).containsExactly(1, 0, 0, 2, 1, 0);
        assertThat(A.wherePositive(B).toDoubleArray()).containsExactly(1, 0, 0, 4, 5, 0);
        assertThat(A.neg().get(0, 0)).isEqualTo(-1);
    }

    @Test
    void reduces() {
        assertThat(A.sum().item()).isEqualTo(21);
        assertThat(A.mean().item()).isEqualTo(3.5);
        assertThat(A.sumRows()).isEqualTo(Tensor.of(new double[] {5, 7, 9}));
        assertThat(A.sumColumns()).isEqualTo(Tensor.of(new double[] {6, 15}));
        assertThat(A.dot(B)).isEqualTo(11);
        assertThat(B.argMaxRows()).containsExactly(0, 0);
        assertThat(A.argMaxRows()).containsExactly(2, 2);
        assertThat(Tensor.of(new double[][] {{1, 1, 0}, {0, 2, 2}}).argMaxRows())
                .containsExactly(0, 1);
    }

    /** The first class is no answer where there is none. */
    @Test
    void nothingIsTheLargestOfNaN() {
        double nan = Double.NaN;
        double inf = Double.POSITIVE_INFINITY;
        assertThatThrownBy(() -> Tensor.of(new double[][] {{1, 2}, {3, nan}}).argMaxRows())
                .isInstanceOf(ArithmeticException.class)
                .hasMessage("argMaxRows: expected numbers, got nan at [1, 1]");
        assertThatThrownBy(() -> Tensor.of(new float[] {Float.NaN}, 1, 1).argMaxRows())
                .hasMessage("argMaxRows: expected numbers, got nan at [0, 0]");
        assertThat(Tensor.of(new double[][] {{1, 2}, {3, nan}, {4, 5}, {-inf, inf}})
                        .notFiniteRows())
                .containsExactly(1, 3);
        assertThat(A.notFiniteRows()).isEmpty();
    }

    @Test
    void picksOneElementOfEachRow() {
        assertThat(A.pick(new int[] {2, 0})).isEqualTo(Tensor.of(new double[] {3, 4}));
        assertThat(A.plusAt(new int[] {2, 0}, -1)).isEqualTo(Tensor.of(new double[][] {{1, 2, 2}, {3, 5, 6}}));
    }

    @Test
    void cutsAndStacksRows() {
        assertThat(A.row(1)).isEqualTo(Tensor.of(new double[][] {{4, 5, 6}}));
        assertThat(Tensor.stackRows(List.of(A.row(1), A.row(0))).get(0, 0)).isEqualTo(4);
        assertThat(A.rows(1, 1, 0)).isEqualTo(Tensor.of(new double[][] {{4, 5, 6}, {4, 5, 6}, {1, 2, 3}}));
        assertThat(A.columns(2, 0, 1, 2)).isEqualTo(Tensor.of(new double[][] {{3, 1, 2, 3}, {6, 4, 5, 6}}));
        assertThat(Tensor.stackRows(List.of(A, A.row(0)))).isEqualTo(Tensor.of(new double[][] {
            {1, 2, 3}, {4, 5, 6}, {1, 2, 3}
        }));
        assertThat(Tensor.stackColumns(List.of(A.columns(1), A))).isEqualTo(Tensor.of(new double[][] {
            {2, 1, 2, 3}, {5, 4, 5, 6}
        }));
        assertThat(A.row(0).placeRows(new int[] {1}, 3).toDoubleArray()).containsExactly(0, 0, 0, 1, 2, 3, 0, 0, 0);
        assertThat(A.placeRows(new int[] {1, 1}, 2)).isEqualTo(Tensor.of(new double[][] {{0, 0, 0}, {5, 7, 9}}));
        assertThat(A.addRow(Tensor.of(new double[] {1, 1, 1})).get(1, 0)).isEqualTo(5);
        assertThat(A.reshape(3, 2).get(2, 1)).isEqualTo(6);
    }

    /** The sum begins with its first term, so that a row that is alone keeps its bits. */
    @Test
    void placedRowsKeepTheirBits() {
        Tensor minus = Tensor.of(new double[][] {{-0.0}, {-0.0}, {5}});
        assertThat(minus.placeRows(new int[] {2, 0, 1}, 4))
                .isEqualTo(Tensor.of(new double[][] {{-0.0}, {5}, {-0.0}, {0.0}}));
        assertThat(minus.placeRows(new int[] {0, 0, 1}, 2)).isEqualTo(Tensor.of(new double[][] {{-0.0}, {5}}));
    }

    /** Added in float, the sum would stay at 2²⁴. */
    @Test
    void longSumsOfPlacedRowsKeepTheirDigits() {
        float[] terms = new float[1001];
        Arrays.fill(terms, 1);
        terms[0] = 1 << 24;
        Tensor placed = Tensor.of(terms, 1001, 1).placeRows(new int[1001], 1);
        assertThat(placed.get(0, 0)).isEqualTo((1 << 24) + 1000);
    }

    @Test
    void mapsElementsAndPairs() {
        assertThat(B.map(x -> x * x)).isEqualTo(B.mul(B));
        assertThat(A.map(B, (a, b) -> a > b ? 1 : 0).toDoubleArray()).containsExactly(0, 1, 1, 1, 1, 1);
        Tensor single = Tensor.of(new float[] {2, 3});
        assertThat(single.map(Math::sqrt).toFloatArray()).containsExactly((float) Math.sqrt(2), (float) Math.sqrt(3));
        assertThat(single.map(single, (a, b) -> a / b + 0.1).toFloatArray()).containsExactly(1.1f, 1.1f);
        assertFails(
                () -> A.map(A.to(FLOAT32), Math::max),
                "map: dtypes differ: FLOAT64 and FLOAT32; convert one with to(...)");
    }

    @Test
    void repeatsVectors() {
        Tensor v = Tensor.of(new double[] {1, 2});
        assertThat(v.repeatRows(3)).isEqualTo(Tensor.of(new double[][] {{1, 2}, {1, 2}, {1, 2}}));
        assertThat(v.repeatColumns(3)).isEqualTo(Tensor.of(new double[][] {{1, 1, 1}, {2, 2, 2}}));
    }

    @Test
    void logSoftmaxSurvivesLargeLogits() {
        Tensor logits = Tensor.of(new double[][] {{1000, 1000}, {-1e300, 0}});
        assertThat(logits.logSoftmax().get(0, 0)).isEqualTo(-0.6931471805599453);
        assertThat(logits.logSoftmax().get(1, 1)).isEqualTo(0);
        assertThat(logits.logSoftmax().isFinite()).isTrue();
    }

    @Test
    void float32RoundsOnce() {
        Tensor single = Tensor.of(new float[] {0.1f, 0.2f});
        assertThat(single.dtype()).isEqualTo(FLOAT32);
        assertThat(single.add(single).toFloatArray()).containsExactly(0.2f, 0.4f);
        assertThat(Tensor.of(new double[] {0.1}).to(FLOAT32).toFloatArray()).containsExactly(0.1f);
        assertThat(single.to(FLOAT64).get(0)).isEqualTo((double) 0.1f);
    }

    @Test
    void printsAlignedNumbersAndBareZeros() {
        assertThat(A).hasToString("[[1, 2, 3],\n [4, 5, 6]]");
        assertThat(Tensor.of(new double[][] {{0.5, -1.25}, {0, 10}})).hasToString("[[ 0.50, -1.25],\n [ 0   , 10.00]]");
        assertThat(Tensor.scalar(2.0 / 3)).hasToString("0.6667");
        assertThat(Tensor.of(new double[] {1e-5, 0})).hasToString("[1.0000e-05,          0]");
        assertThat(Tensor.of(new double[] {1, Double.NaN, Double.NEGATIVE_INFINITY}))
                .hasToString("[   1,  nan, -inf]");
        assertThat(Tensor.of(new double[] {1, 1e-7})).hasToString("[1.0000, 0.0000]");
        assertThat(Tensor.zeros(FLOAT64, 2, 2)).hasToString("[[0, 0],\n [0, 0]]");
        assertThat(Tensor.zeros(FLOAT64, 2, 1, 2)).hasToString("[[[0, 0]],\n\n [[0, 0]]]");
    }

    @Test
    void shortensLargeTensors() {
        String text = Tensor.full(FLOAT32, 1, 100, 200).toString();
        assertThat(text.lines()).hasSize(7).first().isEqualTo("[[1, 1, 1, …, 1, 1, 1],");
        assertThat(text.lines().skip(3).findFirst()).hasValue(" …,");
        assertThat(text).endsWith(" [1, 1, 1, …, 1, 1, 1]]");
    }

    @Test
    void saysWhichShapesDoNotFit() {
        assertFails(() -> A.matmul(A), "matmul: inner dimensions differ: 2×3 · 2×3");
        assertFails(() -> A.matmulTransposed(A.transpose()), "matmulTransposed: inner dimensions differ: 2×3 · (3×2)ᵀ");
        assertFails(() -> A.transposedMatmul(A.transpose()), "transposedMatmul: inner dimensions differ: (2×3)ᵀ · 3×2");
        assertFails(() -> A.add(A.transpose()), "add: shapes differ: 2×3 and 3×2");
        assertFails(() -> A.addRow(Tensor.of(new double[2])), "addRow: expected a vector of 3 elements for 2×3, got 2");
        assertFails(() -> A.addRow(Tensor.scalar(1)), "addRow: expected a vector of 3 elements for 2×3, got scalar");
        assertFails(() -> A.reshape(4), "reshape: 2×3 has 6 elements, 4 has 4");
        assertFails(() -> A.sum().matmul(A), "matmul: expected a matrix, got a tensor of shape scalar");
        assertFails(A::item, "item: expected a tensor of one element, got 2×3");
        assertFails(() -> Tensor.of(new double[5], 2, 3), "tensor: shape 2×3 needs 6 values, got 5");
        assertFails(() -> Tensor.of(new double[][] {{1, 2}, {3}}), "tensor: row 1 has 1 elements, row 0 has 2");
        assertFails(() -> A.pick(new int[] {0, 3}), "pick: expected a column in 0…2 for row 1, got 3");
        assertFails(() -> A.plusAt(new int[] {-1, 0}, 1), "plusAt: expected a column in 0…2 for row 0, got -1");
        assertFails(() -> A.pick(new int[] {0}), "pick: expected 2 columns for 2×3, got 1");
        assertFails(() -> Tensor.stackRows(List.of()), "stackRows: expected at least one matrix, got none");
        assertFails(
                () -> Tensor.stackRows(List.of(A, A.columns(0))),
                "stackRows: expected matrices with the same number of columns, got 2×3 and 2×1");
        assertFails(
                () -> Tensor.stackColumns(List.of(A, A.row(0))),
                "stackColumns: expected matrices with the same number of rows, got 2×3 and 1×3");
        assertFails(
                () -> Tensor.stackColumns(List.of(A, A.to(FLOAT32))),
                "stackColumns: dtypes differ: FLOAT64 and FLOAT32; convert one with to(...)");
        assertFails(A::rows, "rows: expected at least one index, got none");
        assertFails(A::columns, "columns: expected at least one index, got none");
        assertFails(() -> A.rows(0, 2), "rows: expected a row in 0…1, got 2");
        assertFails(() -> A.columns(3), "columns: expected a column in 0…2, got 3");
        assertFails(() -> A.columns(0, -1), "columns: expected a column in 0…2, got -1");
        assertFails(() -> A.placeRows(new int[] {0}, 3), "placeRows: expected 2 indices for 2×3, got 1");
        assertFails(() -> A.placeRows(new int[] {0, 3}, 3), "placeRows: expected a row in 0…2, got 3");
        assertFails(() -> A.placeRows(new int[] {0, -1}, 3), "placeRows: expected a row in 0…2, got -1");
        assertFails(() -> A.get(1), "get: tensor 2×3 takes 2 indices, got 1");
        assertThatThrownBy(() -> A.get(2, 0)).hasMessage("get: index 2 is outside axis 0 of tensor 2×3");
        assertFails(() -> A.row(2), "rows: expected a row in 0…1, got 2");
    }

    @Test
    void whatIsDoneToRowsNeedsAMatrix() {
        Tensor v = Tensor.of(new double[] {1, 2, 3});
        Map<String, Runnable> calls = new LinkedHashMap<>();
        calls.put("argMaxRows", v::argMaxRows);
        calls.put("notFiniteRows", v::notFiniteRows);
        calls.put("rows", () -> v.rows(0));
        calls.put("columns", () -> v.columns(0));
        calls.put("placeRows", () -> v.placeRows(new int[3], 1));
        calls.put("stackRows", () -> Tensor.stackRows(List.of(v)));
        calls.put("stackColumns", () -> Tensor.stackColumns(List.of(v)));
        calls.put("transpose", v::transpose);
        calls.put("sampled", () -> v.sampled(Activation.RELU, v, 1, new long[1]));
        calls.put("matmul", () -> A.matmul(v));
        calls.put("matmulTransposed", () -> A.matmulTransposed(v));
        calls.put("transposedMatmul", () -> A.transposedMatmul(v));
        calls.put("addRow", () -> v.addRow(v));
        calls.put("sumRows", v::sumRows);
        calls.put("sumColumns", v::sumColumns);
        calls.put("logSoftmax", v::logSoftmax);
        calls.put("pick", () -> v.pick(new int[] {0, 1, 2}));
        calls.put("plusAt", () -> v.plusAt(new int[] {0, 1, 2}, 1));
        calls.forEach((op, call) -> assertFails(call, op + ": expected a matrix, got a tensor of shape 3"));
        assertFails(() -> A.repeatRows(2), "repeatRows: expected a vector, got a tensor of shape 2×3");
        assertFails(() -> A.repeatColumns(2), "repeatColumns: expected a vector, got a tensor of shape 2×3");
    }

    @Test
    void whatIsDoneElementByElementNeedsEqualShapes() {
        Tensor t = A.transpose();
        Map<String, Runnable> calls = new LinkedHashMap<>();
        calls.put("add", () -> A.add(t));
        calls.put("sub", () -> A.sub(t));
        calls.put("mul", () -> A.mul(t));
        calls.put("div", () -> A.div(t));
        calls.put("wherePositive", () -> A.wherePositive(t));
        calls.put("expected", () -> A.expected(Activation.RELU, t));
        calls.put("sampled", () -> A.sampled(Activation.RELU, t, 1, new long[2]));
        calls.put("dot", () -> A.dot(t));
        calls.put("map", () -> A.map(t, Math::max));
        calls.forEach((op, call) -> assertFails(call, op + ": shapes differ: 2×3 and 3×2"));
    }

    @Test
    void aMaskedProductNeedsTheMasksSizes() {
        Mask mask = Mask.bernoulli(4, 2, 3, 0.5, 1);
        Tensor x = Tensor.zeros(FLOAT64, 4, 3);
        Tensor dy = Tensor.zeros(FLOAT64, 4, 2);
        assertThat(dy.maskedOuter(x, mask).shape()).hasToString("2×3");
        for (Runnable call : new Runnable[] {
            () -> x.maskedOuter(x, mask),
            () -> dy.maskedOuter(dy, mask),
            () -> x.maskedLinear(A.transpose(), mask),
            () -> dy.maskedLinear(A, mask),
            () -> x.maskedLinearTransposed(A, mask)
        }) {
            assertThatThrownBy(call::run)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageMatching("masked(Linear|LinearTransposed|Outer): .*")
                    .hasMessageContaining("expected");
        }
    }

    @Test
    void oneElementThatIsNotFiniteIsFoundInBothDtypes() {
        for (DType dtype : DType.values()) {
            for (double odd : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
                for (int at = 0; at < 3; at++) {
                    double[] values = {-1, 0, 3e38};
                    assertThat(Tensor.of(values).to(dtype).isFinite()).isTrue();
                    values[at] = odd;
                    assertThat(Tensor.of(values).to(dtype).isFinite()).isFalse();
                    assertThat(Tensor.of(values).to(dtype).firstNotFinite()).endsWith(" at [" + at + "]");
                }
            }
        }
    }

    @Test
    void rowsMayBeWrittenInOrder() {
        assertThat(Tensor.ofRows(3, 2, (i, row) -> {
                    row[0] = i;
                    row[1] = -i;
                }))
                .isEqualTo(Tensor.of(new float[] {0, 0, 1, -1, 2, -2}, 3, 2));
        assertThat(Tensor.identity(FLOAT32, 3)).isEqualTo(Tensor.of(new float[] {1, 0, 0, 0, 1, 0, 0, 0, 1}, 3, 3));
    }

    @Test
    void elementsMayComeInOrder() {
        Iterator<Double> elements = List.of(1.0, 0.1, -0.0, Double.NaN).iterator();
        assertThat(Tensor.ofElements(FLOAT32, Shape.of(2, 2), elements::next))
                .isEqualTo(Tensor.of(new float[] {1, 0.1f, -0f, Float.NaN}, 2, 2));
        assertThat(Tensor.ofElements(FLOAT64, Shape.scalar(), () -> 0.1)).isEqualTo(Tensor.scalar(0.1));
        assertThatThrownBy(() -> Tensor.ofElements(FLOAT64, Shape.of(2), elements::next))
                .isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void checksumsAndHashesTellTensorsApart() {
        assertThat(A.checksum()).isEqualTo(A.copy().checksum());
        assertThat(List.of(A, A.transpose(), A.to(FLOAT32), A.reshape(6), A.reshape(1, 6), A.plus(1e-15), A.neg()))
                .extracting(Tensor::checksum)
                .doesNotHaveDuplicates();
        assertThat(List.of(A, A.reshape(6), A.plus(1), A.scale(3)))
                .extracting(Tensor::hashCode)
                .doesNotHaveDuplicates();
        assertThat(A.shape().hashCode()).isNotEqualTo(A.transpose().shape().hashCode());
    }

    @Test
    void refusesANumberThatFloat32CannotHold() {
        Mask huge = Mask.of(new boolean[][][] {{{true, true, true}, {true, true, true}}}, 1e39);
        Tensor single = A.to(FLOAT32);
        assertFails(() -> single.mask(huge), "scale: expected a number within FLOAT32's range, got 1.0000e+39");
        assertFails(() -> single.plus(-1e39), "scale: expected a number within FLOAT32's range, got -1.0000e+39");
        Tensor x = Tensor.zeros(FLOAT32, 1, 3);
        Tensor dy = Tensor.zeros(FLOAT32, 1, 2);
        for (Runnable call : new Runnable[] {
            () -> x.maskedLinear(single, huge),
            () -> dy.maskedLinearTransposed(single, huge),
            () -> dy.maskedOuter(x, huge)
        }) {
            assertFails(call, "scale: expected a number within FLOAT32's range, got 1.0000e+39");
        }
        assertFails(() -> A.to(FLOAT32).scale(1e39), "scale: expected a number within FLOAT32's range, got 1.0000e+39");
        assertThat(A.scale(1e39).isFinite()).isTrue();
    }

    @Test
    void neverMixesDtypes() {
        assertFails(
                () -> A.matmul(A.to(FLOAT32).transpose()),
                "matmul: dtypes differ: FLOAT64 and FLOAT32; convert one with to(...)");
    }

    @Test
    void aNanEqualsAnotherAndAZeroItsOwnSignOnly() {
        Tensor nan = Tensor.of(new double[] {Double.NaN});
        assertThat(nan).isEqualTo(Tensor.of(new double[] {Double.longBitsToDouble(0x7ff8000000000001L)}));
        assertThat(Tensor.of(new double[] {0.0})).isNotEqualTo(Tensor.of(new double[] {-0.0}));
        assertThat(A).isNotEqualTo(A.to(FLOAT32)).hasSameHashCodeAs(A.copy());
    }

    @Test
    void nanPassesThroughReluBothWays() {
        Tensor x = Tensor.of(new double[] {Double.NaN, 1});
        assertThat(x.relu().get(0)).isNaN();
        assertThat(Tensor.full(FLOAT64, 1, 2).wherePositive(x).get(0)).isNaN();
        assertThat(x.firstNotFinite()).isEqualTo("nan at [0]");
    }

    @Test
    void aDroppedInfinityLeavesNoTrace() {
        Mask mask = Mask.of(new boolean[][][] {{{false, true}}}, 2);
        for (DType dtype : DType.values()) {
            Tensor w = Tensor.of(new double[][] {{Double.POSITIVE_INFINITY, 3}}).to(dtype);
            Tensor x = Tensor.of(new double[][] {{0, 5}}).to(dtype);
            assertThat(w.mask(mask))
                    .isEqualTo(Tensor.of(new double[][] {{0, 6}}).to(dtype));
            assertThat(x.maskedLinear(w, mask).item()).isEqualTo(30);
        }
    }

    private static void assertFails(Runnable call, String message) {
        assertThatThrownBy(call::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
