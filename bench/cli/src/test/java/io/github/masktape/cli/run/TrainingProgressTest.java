// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.cli.settings.ExampleSets;
import io.github.masktape.cli.terminal.Terminal;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.Preprocessing;
import io.github.masktape.optim.Evaluation;
import io.github.masktape.optim.Trainer;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Tensor;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class TrainingProgressTest {
    private static final Evaluation TEST = new Evaluation.OfLabels(184, 10_000, 0.1);

    private final StringWriter text = new StringWriter();

    private TrainingProgress progress(boolean terminal) {
        Dataset data = new Dataset(Tensor.zeros(DType.FLOAT32, 6_000, 1), new int[6_000], 10);
        ExampleSets examples = new ExampleSets("zeros", data, null, data, data, Preprocessing.none(data), List.of());
        return new TrainingProgress(streams(terminal), 20, 10, examples, 0);
    }

    private Terminal streams(boolean terminal) {
        PrintWriter err = new PrintWriter(text, true);
        return new Terminal(err, err, terminal);
    }

    @Test
    void elsewhereAnEpochIsOneLine() {
        TrainingProgress progress = progress(false);
        progress.step(new Trainer.Step(1, 1, OptionalLong.of(12_000), 2.5, 2.3));
        assertThat(text.toString()).isEmpty();
        progress.epoch(new Trainer.Epoch(1, 0.25, TEST));
        assertThat(text.toString())
                .matches("epoch  1/20  training loss 0\\.2500  test error  1\\.84 %  \\d+\\.\\d s  \\d+ examples/s\\R");
    }

    @Test
    void onATerminalABarIsDrawnAndWipedAway() throws InterruptedException {
        TrainingProgress progress = progress(true);
        Thread.sleep(2);
        progress.step(new Trainer.Step(11, 6_001, OptionalLong.of(12_000), 2.5, 2.3));
        String bar = text.toString();
        assertThat(bar)
                .matches("\repoch 11/20  \\[========        ]  loss 2\\.3000  \\d+ examples/s  \\d+:\\d\\d left");
        assertThat(bar).hasSizeLessThan(80);
        progress.clear();
        assertThat(text.toString()).isEqualTo(bar + "\r" + " ".repeat(bar.length() - 1) + "\r");
        progress.clear();
        assertThat(text.toString()).endsWith(bar + "\r" + " ".repeat(bar.length() - 1) + "\r");
    }

    @Test
    void theBarIsNotDrawnFasterThanItCanBeRead() {
        TrainingProgress progress = progress(true);
        long start = System.nanoTime();
        for (int step = 1; step <= 1000; step++) {
            progress.step(new Trainer.Step(1, step, OptionalLong.of(12_000), 2.5, 2.3));
        }
        long tenths = (System.nanoTime() - start) / 100_000_000;
        assertThat(text.toString().chars().filter(c -> c == '\r').count()).isLessThanOrEqualTo(tenths + 2);
    }
}
