// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("once")
class StatusLineTest {
    @ParameterizedTest
    @CsvSource({"24 60, 60", "24 200, 200", "'24 60\n', 60", "0 0, 80", "'', 80", "stty: not a terminal, 80"})
    void theWidthIsTheSecondNumber(String size, int width) {
        assertThat(StatusLine.width(size)).isEqualTo(width);
    }

    @ParameterizedTest
    @CsvSource({"60, 59", "200, 79", "1, 1"})
    void theLineFitsTheTerminal(int width, int columns) {
        StringWriter text = new StringWriter();
        PrintWriter err = new PrintWriter(text, true);
        StatusLine line = new StatusLine(new Terminal(err, err, true), width);
        assertThat(line.columns()).isEqualTo(columns);
        line.draw("x".repeat(100));
        assertThat(text).hasToString("\r" + "x".repeat(columns));
    }

    @Test
    void whatIsDrawnIsErased() {
        StringWriter text = new StringWriter();
        PrintWriter err = new PrintWriter(text, true);
        StatusLine line = new StatusLine(new Terminal(err, err, true), 60);
        line.draw("abc");
        line.clear();
        line.clear();
        assertThat(text).hasToString("\rabc\r   \r");
    }
}
