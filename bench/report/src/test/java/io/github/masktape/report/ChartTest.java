package io.github.masktape.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.masktape.report.Chart.Table;
import io.github.masktape.text.Markup;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("once")
class ChartTest {
    private static final Pattern ID = Pattern.compile("id=\"(\\w+)\"");

    private static Chart chart(String text) {
        Table table = new Table("x", "y").row(1, 2.5).row(2, 1).row(3, 4);
        return new Chart(text, text, 480, 300)
                .layer("line", table, Chart.map("x", "x", "y", "y"))
                .automatic("x", text)
                .automatic("y", text);
    }

    @Test
    void theSameChartGivesTheSameBytes() {
        String first = chart("t").drawn();
        assertThat(first).isNotEqualTo(chart("t").drawn());
        assertThat(chart("t").svg()).isEqualTo(Chart.finished(first, "n"));
    }

    /** As one run in about 1,900 has it: Lets-Plot's ids are random. */
    @ParameterizedTest
    @ValueSource(strings = {"dNaNab", "cabNaN", "pNaN123", "NaN", "Infinity"})
    void anIdMayContainAnything(String id) {
        String drawn = chart("t").drawn();
        Matcher ids = ID.matcher(drawn);
        int count = 0;
        while (ids.find()) {
            String forced = drawn.replace(ids.group(1), id);
            assertThat(Chart.finished(forced, "n")).isEqualTo(chart("t").svg());
            count++;
        }
        assertThat(count).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "x=\"NaN\"", "id=\"middle\"", "<g x=\"NaN\">"})
    void aTextMayContainAnything(String text) {
        assertThat(chart(text).svg()).contains(Markup.escape(text)).contains("text-anchor=\"middle\"");
        assertThat(chart(text).svg("n", text)).contains("aria-label=\"" + Markup.escape(text) + "\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<path d=\"M1 2 LNaN 3\">",
                "<g transform=\"translate(NaN 3.5 ) \">",
                "<line x1=\"1\" y1=\"-Infinity\">",
                "<rect clip-bounds-jfx=\"[rect (0, 0), (NaN, 77)]\" width=\"0\">"
            })
    void whatLetsPlotDrawsAtNoPlaceIsRefused(String tag) {
        assertThatThrownBy(() -> Chart.finished("<svg id=\"dNaNab\">" + tag, "n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("chart: expected finite numbers, got \\w[\\w-]*=\".*(NaN|Infinity).*\"");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void whatIsDrawnIsFinite(double value) {
        assertThatThrownBy(() -> new Table("x", "y").row(1, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("chart, column y: expected a finite number, got " + value);
    }
}
