// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.Shape;
import io.github.masktape.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeatmapTest {
    private static final Tensor W = Tensor.of(new double[][] {{1, 2, -1}, {3, -2, 0}});

    @Test
    void charactersTellSignAndSize() {
        assertThat(Heatmap.of(W).titled("W")).hasToString("""
                        W  2×3
                        ┌──────┐
                        │+▒+▓-▒│
                        │+█-▓ ·│
                        └──────┘
                        · 0  ░ to 0.75  ▒ to 1.5  ▓ to 2.25  █ to 3""");
    }

    @Test
    void withoutNegativeNumbersNoSignIsNeeded() {
        Mask mask = Mask.of(new boolean[][][] {{{true, false}, {false, true}}, {{true, true}, {false, false}}}, 2);
        assertThat(Heatmap.of(mask)).hasToString("""
                        mask 2×2×2, scale 2
                         example 0   example 1
                        ┌─────────┐ ┌─────────┐
                        │██ ·     │ │████     │
                        │ ·██     │ │ · ·     │
                        └─────────┘ └─────────┘
                        · 0  ░ to 0.5  ▒ to 1  ▓ to 1.5  █ to 2""");
        assertThat(Heatmap.of(mask.example(1)).toString())
                .contains("\n│████│\n│ · ·│\n")
                .doesNotContain("example");
    }

    @Test
    void notANumberAndInfinitiesAreShownAsSuch() {
        Heatmap odd = Heatmap.of(
                Tensor.of(new double[] {1, Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, -0.0}));
        assertThat(odd).hasToString("""
                        5
                        ┌──────────┐
                        │+█??-∞+∞ ·│
                        └──────────┘
                        · 0  ░ to 0.25  ▒ to 0.5  ▓ to 0.75  █ to 1
                        1 nan
                        2 infinite""");
        assertThat(Pictures.texts(odd.toSvg())).contains("nan", "-inf", "inf", "1 nan", "2 infinite");
        Tensor large = Tensor.full(DType.FLOAT64, 1, 20, 20);
        double[] values = large.toDoubleArray();
        values[3] = Double.NaN;
        values[4] = Double.NEGATIVE_INFINITY;
        String svg = Heatmap.of(Tensor.of(values).reshape(20, 20)).toSvg();
        assertThat(Pictures.elements(svg, "cross")).hasSize(1);
        assertThat(Pictures.elements(svg, "dot")).hasSize(1);
        assertThat(Pictures.elements(svg, "minus").get(0).getAttribute("fill-opacity"))
                .as("as strong as any")
                .isEqualTo("0.7");
    }

    @Test
    void theLevelIsTheShareOfTheFullColor() {
        String svg = Heatmap.of(Tensor.of(new double[] {0, 0.5, 1, -2, 4})).toSvg();
        assertThat(opacities(svg, "plus")).startsWith("0.105", "0.175", "0.7");
        assertThat(opacities(svg, "minus")).startsWith("0.35");
        String limited = Heatmap.of(Tensor.of(new double[] {1, 4})).upTo(2).toSvg();
        assertThat(opacities(limited, "plus")).startsWith("0.35", "0.7");
        assertThat(Pictures.texts(limited)).contains("2 and beyond");
        assertThat(Heatmap.of(Tensor.of(new double[] {1, 4})).upTo(2).toString())
                .endsWith("█ beyond, from 1.5");
    }

    /** Twenty levels; what is not 0 has a color, however small. */
    @Test
    void onlyZeroHasNoColor() {
        String svg = Heatmap.of(Tensor.of(new double[] {0, 1e-300, 1})).toSvg();
        assertThat(opacities(svg, "plus")).startsWith("0.035", "0.7");
        assertThat(Heatmap.of(Tensor.of(new double[] {0, 1e-300, 1})).toString())
                .contains("│ ·░░██│");
        assertThat(Heatmap.of(Tensor.zeros(DType.FLOAT32, 1, 1)).toString()).endsWith("│ ·│\n└──┘\n· 0");
        assertThat(opacities(Heatmap.of(Tensor.zeros(DType.FLOAT32, 2, 2)).toSvg(), "plus"))
                .isEmpty();
    }

    @Test
    void numbersStandInCellsWhereTheyFit() {
        assertThat(Pictures.texts(Heatmap.of(W).titled("W").toSvg()))
                .containsExactly("W  2×3", "1", "2", "-1", "3", "-2", "0", "-3", "3");
        assertThat(Pictures.texts(Heatmap.of(W.scale(0.125)).toSvg())).contains("0.125", "-0.250", "0");
        assertThat(Pictures.texts(
                        Heatmap.of(Tensor.full(DType.FLOAT64, 7, 2, 13)).toSvg()))
                .doesNotContain("7.0");
        assertThat(Pictures.texts(Heatmap.of(Mask.bernoulli(2, 1, 2, 0, 1)).toSvg()))
                .contains("example 0", "example 1", "1");
    }

    @Test
    void aCellOfALargeMatrixIsAMeanAndThePictureSaysSo() {
        double[] values = new double[800 * 784];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 784 < 13 && i / 784 < 13 ? (i % 2 == 0 ? 3 : 1) : -1;
        }
        Heatmap large = Heatmap.of(Tensor.of(values).reshape(800, 784));
        String note = "a cell is the mean of 13×13 elements, which reach from -1 to 3";
        assertThat(Pictures.texts(large.toSvg())).contains("800×784", note);
        assertThat(Pictures.elements(large.toSvg(), "plus").get(0).getAttribute("d"))
                .as("one cell, in the corner")
                .startsWith("M12 36h5v5h-5z")
                .hasSize("M12 36h5v5h-5z".length());
        assertThat(large.toSvg()).hasSizeLessThan(150_000);
        assertThat(large.toString())
                .contains("a cell is the mean of 34×25 elements")
                .hasLineCount(24 + 5);
        assertThat(Heatmap.of(Tensor.full(DType.FLOAT64, 1.5e308, 65, 65)).toString())
                .as("means do not overflow")
                .doesNotContain("∞");
    }

    @Test
    void manyExamplesAreShortened() {
        Mask mask = Mask.bernoulli(40, 800, 784, 0.5, 1);
        assertThat(Pictures.texts(Heatmap.of(mask).toSvg()))
                .contains("example 3", "… 36 more of 40")
                .doesNotContain("example 4");
        assertThat(Heatmap.of(mask).toString())
                .contains("example 1", "… 38 more of 40")
                .doesNotContain("example 2");
        assertThat(Pictures.texts(Heatmap.of(Mask.bernoulli(40, 1, 1, 0.5, 1)).toSvg()))
                .contains("example 15", "… 24 more of 40");
    }

    @Test
    void aStackIsShownSideBySide() {
        Heatmap stack = Heatmap.of(Tensor.of(new double[] {1, 2, 3, 4}, 2, 1, 2));
        assertThat(stack.toString()).contains(" 0      1\n┌────┐ ┌────┐\n│░░▒▒│ │▓▓██│\n");
        assertThatThrownBy(() -> Heatmap.of(Tensor.zeros(DType.FLOAT64, 1, 1, 1, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("heatmap: expected at most 3 axes, got 1×1×1×1; choose a part, or reshape it");
        for (double limit : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> stack.upTo(limit))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("heatmap: limit: expected a positive, finite number, got ");
        }
    }

    @Test
    void titlesAreEscapedAndDescribed() {
        String svg = Heatmap.of(W).titled("<&\">\u0001\n]]>").toSvg();
        assertThat(Pictures.texts(svg)).contains("<&\">\uFFFD\uFFFD]]>  2×3");
        assertThat(Pictures.parse(svg).getElementsByTagName("title").item(0).getTextContent())
                .startsWith("<&\">");
        assertThat(Pictures.parse(svg).getElementsByTagName("desc").item(0).getTextContent())
                .isEqualTo("Heat map:\n1 2 -1\n3 -2 0");
        assertThat(Heatmap.of(W).titled("a\nb").toString()).startsWith("a\uFFFDb  2×3\n");
    }

    @Test
    void nothingIsFetchedAndBothLightsAreServed() {
        String svg = Heatmap.of(W).toSvg();
        assertThat(svg.replace("xmlns=\"http://www.w3.org/2000/svg\"", ""))
                .doesNotContain("http", "href", "url(", "@import")
                .contains("prefers-color-scheme: dark");
    }

    private static List<String> opacities(String svg, String itsClass) {
        return Pictures.elements(svg, itsClass).stream()
                .map(path -> path.getAttribute("fill-opacity"))
                .toList();
    }

    @Test
    void picturesLookAsTheyDid() {
        approve("matrix", Heatmap.of(W).titled("W"));
        approve("to-a-limit", Heatmap.of(W).titled("W, up to 10").upTo(10));
        approve("vector", Heatmap.of(Tensor.of(new double[] {0.001, 123456, -7.25, 0, 1e-9, -1e30})));
        approve("scalar", Heatmap.of(Tensor.scalar(-2.5)));
        approve("odd", Heatmap.of(Tensor.of(new double[][] {
            {1, Double.NaN, Double.NEGATIVE_INFINITY}, {Double.POSITIVE_INFINITY, -0.0, 0.25}
        })));
        approve("zeros", Heatmap.of(Tensor.zeros(DType.FLOAT32, 3, 2)).titled("nothing yet"));
        approve("mask", Heatmap.of(Mask.bernoulli(2, 5, 7, 0.5, 3)).titled("M"));
        approve("masks", Heatmap.of(Mask.bernoulli(30, 4, 6, 0.25, 1)));
        approve("stack", Heatmap.of(waves(3, 6, 5)).titled("three of a kind"));
        approve("large", Heatmap.of(waves(150, 333)).titled("large"));
        approve("wide", Heatmap.of(waves(1, 100)));
        approve("middle", Heatmap.of(waves(14, 15)));
    }

    private static void approve(String name, Heatmap heatmap) {
        Pictures.assertApproved("heatmap-" + name + ".svg", heatmap.toSvg());
        Pictures.assertApproved("heatmap-" + name + ".txt", heatmap.toString());
    }

    /** Halves and quarters, so that means are exact on every machine. */
    private static Tensor waves(int... dims) {
        double[] values = new double[Shape.of(dims).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i * 13 % 29 - 9) / 4.0;
        }
        return Tensor.of(values, dims);
    }
}
