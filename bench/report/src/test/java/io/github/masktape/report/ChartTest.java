// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.masktape.report.Chart.Table;
import io.github.masktape.text.Markup;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("once")
class ChartTest {
    private static Chart chart(String text) {
        Table table = new Table("x", "y").row(1, 2.5).row(2, 1).row(3, 4);
        return new Chart(text, text, 480, 300)
                .layer("line", table, Chart.map("x", "x", "y", "y"))
                .automatic("x", text)
                .automatic("y", text);
    }

    private static Chart points(String axis, double... values) {
        Table table = new Table("x", "y");
        for (double value : values) {
            table.row(axis.equals("x") ? value : 0, axis.equals("y") ? value : 0);
        }
        return new Chart("", "", 480, 300).layer("point", table, Chart.map("x", "x", "y", "y"));
    }

    @Test
    void theSameChartGivesTheSameBytes() {
        assertThat(chart("t").svg())
                .isEqualTo(chart("t").svg())
                .startsWith("<svg ")
                .endsWith("</svg>\n");
        assertThat(chart("t").svg("n", "t")).isEqualTo(chart("t").svg("n", "t"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "x=\"NaN\"", "id=\"middle\"", "<g x=\"NaN\">"})
    void aTextMayContainAnything(String text) {
        assertThat(chart(text).svg()).contains(">" + Markup.escape(text) + "</text>");
        assertThat(chart(text).svg("n", text)).contains("aria-label=\"" + Markup.escape(text) + "\"");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void whatIsDrawnIsFinite(double value) {
        assertThatThrownBy(() -> new Table("x", "y").row(1, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("chart, column y: expected a finite number, got " + value);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, -1e17, 1e17, 1e-300, Double.MAX_VALUE, -Double.MAX_VALUE, Double.MIN_VALUE})
    void anyNumberHasAPlace(double value) {
        for (String axis : List.of("x", "y")) {
            assertThat(points(axis, value).svg()).contains("<circle ").doesNotContain("NaN", "Infinity");
            assertThat(points(axis, value, 0).svg()).contains("<circle ").doesNotContain("NaN", "Infinity");
            assertThat(points(axis, value, -value).svg()).contains("<circle ").doesNotContain("NaN", "Infinity");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 0.2, 0.4",
        "0, 100, 20, 40",
        "-3, 2, −2, −1",
        "1000000, 1000001, 1000000.2, 1000000.4",
        "0, 2e17, 5e+16, 1e+17",
        "0, 3e-7, 1e−07, 2e−07",
    })
    void ticksAreRoundAndTellTheNumbersApart(double least, double most, String one, String next) {
        assertThat(points("y", least, most).svg()).contains(">" + one + "</text>", ">" + next + "</text>");
    }

    @Test
    void aSeriesHasAColorAndAPlaceInTheLegend() {
        Table table = new Table("x", "y", "s").row(1, 1, "b").row(2, 2, "b");
        Chart chart = new Chart("", "", 480, 300)
                .layer("line", table, Chart.map("x", "x", "y", "y", "color", "s"))
                .series(List.of("a", "b"));
        assertThat(chart.svg()).contains(">a</text>", ">b</text>").containsPattern("<path [^>]*stroke=\"#D55E00\"");
        assertThat(chart.unnamed().svg()).doesNotContain(">a</text>");
        assertThatThrownBy(() -> chart.series(List.of("c")).svg())
                .hasMessage("chart, color: expected one of the series [c], got b");
    }

    @Test
    void barsOfSeveralSeriesStandSideBySide() {
        Table table = new Table("x", "y", "s").row("one", 1, "a").row("one", 2, "b");
        String svg = new Chart("", "", 480, 300)
                .layer("bar", table, Chart.map("x", "x", "y", "y", "fill", "s"), "width", 0.8)
                .names("x", "", List.of("one", "two"))
                .linear("y", "", 0)
                .unnamed()
                .series(List.of("a", "b"))
                .svg();
        assertThat(svg.split("<rect [^>]*fill=\"#0072B2\"", -1)).hasSize(2);
        assertThat(svg.split("<rect [^>]*fill=\"#D55E00\"", -1)).hasSize(2);
    }

    @Test
    void whatWouldNotBeDrawnIsRefused() {
        Table table = new Table("x", "y").row(0, 1);
        assertThatThrownBy(() -> chart("t").layer("line", table, Chart.map("x", "x", "y", "y"), "colour", "#000000"))
                .hasMessageContaining("expected one of the options")
                .hasMessageEndingWith("got colour");
        assertThatThrownBy(() ->
                        chart("t").layer("smooth", table, Chart.map("x", "x")).svg())
                .hasMessage("chart: expected a known geometry, got smooth");
        assertThatThrownBy(() -> chart("t")
                        .layer("point", table, Chart.map("x", "z", "y", "y"))
                        .svg())
                .hasMessage("chart, point: expected one of the columns [x, y], got z");
        assertThatThrownBy(() ->
                        chart("t").layer("point", table, Chart.map("x", "x")).svg())
                .hasMessage("chart, point: expected a mapping of y");
        assertThatThrownBy(() -> points("x", 0).logarithmic("x", "rate", 1, 10).svg())
                .hasMessage("chart, logarithmic axis 'rate': expected a positive number, got 0.0");
        assertThatThrownBy(() -> points("x", 1).series(List.of("a", "b", "c", "d", "e", "f", "g", "h")))
                .hasMessage("chart, color: expected at most 7 names, got 8");
    }
}
