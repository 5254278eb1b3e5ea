// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.peers.Ratios.Row;
import java.util.List;
import org.junit.jupiter.api.Test;

class RatiosTest {
    private static final List<Row> ROWS = List.of(
            new Row("Step, threads = 1", "masktape", 10, 0.3, "ms/op"),
            new Row("Step, threads = 1", "torch", 20, 0.8, "ms/op"),
            new Row("Step, threads = 2", "masktape", 400, 4, "us/op"),
            new Row("Step, threads = 2", "torch", 100, Double.NaN, "us/op"),
            new Row("Other", "torch", 1.5, 0.1, "ms/op"));

    @Test
    void aRatioIsTheirTimeOverOursWithBothErrorsInIt() {
        assertThat(Ratios.table(ROWS).lines().map(line -> line.replaceAll(" +", " ")))
                .containsExactly(
                        "Each side's time, and that over Masktape's time ÷ Masktape",
                        "Step, threads = 1",
                        " masktape 10.0 ± 0.3 ms/op 1",
                        " torch 20.0 ± 0.8 ms/op 2.00 ± 0.10",
                        "Step, threads = 2",
                        " masktape 400 ± 4 us/op 1",
                        " torch 100 ± ? us/op 0.25 ± ?",
                        "Other",
                        " torch 1.50 ± 0.10 ms/op");
    }

    @Test
    void theTableFitsAHundredColumns() {
        assertThat(Ratios.table(ROWS).lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
    }
}
