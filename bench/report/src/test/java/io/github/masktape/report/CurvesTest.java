// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.masktape.report.Curves.EpochMetrics;
import io.github.masktape.report.Curves.ErrorKind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("once")
class CurvesTest {
    private static List<EpochMetrics> history(int epochs) {
        List<EpochMetrics> history = new ArrayList<>();
        for (int i = 1; i <= epochs; i++) {
            history.add(new EpochMetrics(i, 1.0 / i, 1.1 / i, 0.5 / i, 0.1));
        }
        return history;
    }

    @Test
    void lossAndErrorHaveAPanelEachAndTheBestEpochALineInBoth() {
        String svg = new Curves(history(5), ErrorKind.CLASSIFICATION, 4, "validation").svg();
        assertThat(svg).contains("loss, nats", "error, %", "dashed: the best epoch, 4", "training", "validation");
        assertThat(svg.split("stroke-dasharray", -1)).hasSize(3);
        assertThat(new Curves(history(5), ErrorKind.CLASSIFICATION, 0, "validation").svg())
                .doesNotContain("dashed", "stroke-dasharray");
    }

    @Test
    void aRegressionsErrorHasItsName() {
        assertThat(new Curves(history(5), ErrorKind.REGRESSION, 0, "validation").svg())
                .contains("root mean square error")
                .doesNotContain("nats", "error, %");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 11, 41, 1000})
    void anyNumberOfEpochsCanBeDrawn(int epochs) {
        Curves curves = new Curves(history(epochs), ErrorKind.CLASSIFICATION, epochs, "validation");
        assertThat(curves.svg()).startsWith("<svg ").endsWith("</svg>\n").isEqualTo(curves.svg());
    }

    @Test
    void whatWasNotMeasuredIsLeftOut() {
        EpochMetrics unmeasured = new EpochMetrics(1, 0.5, Double.NaN, Double.NaN, 0.1);
        EpochMetrics infinite = new EpochMetrics(2, Double.POSITIVE_INFINITY, Double.NaN, Double.NaN, 0.1);
        String svg = new Curves(List.of(unmeasured, infinite), ErrorKind.CLASSIFICATION, 0, "validation").svg();
        assertThat(svg).contains("loss, nats").doesNotContain("error, %", "validation", "NaN", "Infinity");
    }

    @Test
    void noErrorAtAllIsDrawnOnAnAxisThatBeginsAtZero() {
        List<EpochMetrics> perfect = List.of(new EpochMetrics(1, 1, 1, 0, 0.1), new EpochMetrics(2, 1, 1, 0, 0.1));
        Curves curves = new Curves(perfect, ErrorKind.CLASSIFICATION, 0, "validation");
        for (String svg : List.of(curves.svg(), curves.pictures()[1])) {
            assertThat(svg).doesNotContainPattern(">[-−]0\\.\\d<").containsPattern(">0\\.[25]<");
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-300, 1, 1e17, 1e300})
    void errorsThatAreAllTheSameAreDrawn(double error) {
        List<EpochMetrics> same =
                List.of(new EpochMetrics(1, 1, 1, error, 0.1), new EpochMetrics(2, 1, 1, Math.nextUp(error), 0.1));
        for (List<EpochMetrics> history : List.of(same.subList(0, 1), same)) {
            Curves curves = new Curves(history, ErrorKind.REGRESSION, 0, "test");
            assertThat(curves.svg()).contains("root mean square error");
            assertThat(curves.pictures()).hasSize(2);
        }
    }

    @Test
    void aRunWithoutALossHasNoCurves() {
        EpochMetrics nothing = new EpochMetrics(1, Double.NaN, 1, 1, 0.1);
        for (List<EpochMetrics> history : List.of(List.<EpochMetrics>of(), List.of(nothing))) {
            assertThatThrownBy(() -> new Curves(history, ErrorKind.CLASSIFICATION, 0, "validation"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("history: expected an epoch with a finite training loss, got none");
        }
    }

    @Test
    void theRateIsDrawnWhereItChanges() {
        List<EpochMetrics> falling = List.of(new EpochMetrics(1, 1, 1, 1, 0.1), new EpochMetrics(2, 1, 1, 1, 0.05));
        assertThat(new Curves(falling, ErrorKind.CLASSIFICATION, 0, "validation").pictures())
                .hasSize(3);
        assertThat(new Curves(history(2), ErrorKind.CLASSIFICATION, 0, "validation").pictures())
                .hasSize(2);
    }

    @Test
    void aPictureOfAPageIsLightOrDarkAndSharesNoNameWithAnother() {
        String[] pictures = new Curves(history(3), ErrorKind.CLASSIFICATION, 2, "validation").pictures();
        assertThat(pictures[0]).contains("prefers-color-scheme: dark", "role=\"img\"", "viewBox=\"0 0 480 340\"");
        assertThat(pictures[0]).containsPattern("id=\"loss\\d+\"").doesNotContain("id=\"error");
        assertThat(pictures[1]).containsPattern("id=\"error\\d+\"").doesNotContain("id=\"loss");
    }
}
