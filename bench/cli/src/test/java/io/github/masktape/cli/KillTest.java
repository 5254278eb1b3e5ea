// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Runs that are ended from outside. The script kill-and-resume.sh does the same many more times. */
@Tag("once")
@Timeout(300)
class KillTest {
    private static final List<String> RUN = List.of(
            "train --data moons --hidden 32,16 --epochs 12 --batch-size 10 --validation 0.25 --patience 12".split(" "));
    private static final int KILLS = 4;
    private static final long SEED = 1;

    @TempDir
    Path folder;

    private Process start(List<String> words, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                MasktapeCommand.class.getName()));
        command.addAll(words);
        command.addAll(List.of(more));
        return new ProcessBuilder(command)
                .redirectOutput(Redirect.to(folder.resolve("out").toFile()))
                .redirectError(Redirect.to(folder.resolve("err").toFile()))
                .start();
    }

    private static List<String> endless() {
        List<String> words = new ArrayList<>(RUN);
        words.set(words.indexOf("--epochs") + 1, "1000000");
        words.set(words.indexOf("--patience") + 1, "1000000");
        return words;
    }

    private String text(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    /** The run to its end; what it says. */
    private String toEnd(List<String> words, String... more) throws Exception {
        assertThat(start(words, more).waitFor()).as(text("err")).isZero();
        return text("out");
    }

    private int epochs(Path run) throws IOException {
        Path metrics = run.resolve("metrics.csv");
        return Files.exists(metrics) ? Files.readAllLines(metrics).size() - 1 : 0;
    }

    @Tag("long")
    @Test
    void aRunThatIsKilledAgainAndAgainEndsAsIfNothingHadBeen() throws Exception {
        Path whole = folder.resolve("whole");
        long start = System.nanoTime();
        String expected = toEnd(RUN, "--out", whole.toString());
        long longest = (System.nanoTime() - start) / 1_000_000;

        Path run = folder.resolve("run");
        Random moments = new Random(SEED);
        int before = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Process process = Files.exists(run.resolve("checkpoint.safetensors"))
                    ? start(List.of("train", "--resume", run.toString()), "--checkpoint-seconds", "0.02")
                    : start(RUN, "--out", run.toString(), "--checkpoint-seconds", "0.02");
            Thread.sleep(moments.nextLong(longest));
            process.destroyForcibly().waitFor();
            assertThat(epochs(run)).isGreaterThanOrEqualTo(before);
            before = epochs(run);
        }
        String actual = Files.exists(run.resolve("checkpoint.safetensors"))
                ? toEnd(List.of("train", "--resume", run.toString()))
                : toEnd(RUN, "--out", run.toString());
        assertThat(actual).isEqualTo(expected);
        assertThat(run.resolve("metrics.csv")).hasSameBinaryContentAs(whole.resolve("metrics.csv"));
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no way to ask a process to end")
    void aRunThatIsAskedToEndSaysHowToGoOn() throws Exception {
        Path run = folder.resolve("asked to end");
        Process process = start(endless(), "--out", run.toString());
        try {
            while (process.isAlive() && epochs(run) < 2) {
                Thread.sleep(20);
            }
            process.destroy();
            assertThat(process.waitFor()).as(text("err")).isEqualTo(128 + 15);
        } finally {
            process.destroyForcibly();
        }
        assertThat(text("out")).isEmpty();
        assertThat(text("err").lines().toList())
                .last()
                .asString()
                .matches("stopped after epoch \\d+, step \\d+; continue with: java -jar masktape\\.jar train --resume "
                        + "'\\Q" + run + "\\E'");
        assertThat(run.resolve("model.safetensors")).isNotEmptyFile();
        assertThat(run.resolve("report.html")).isNotEmptyFile();
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no way to ask a process to end")
    void aRunThatIsKeptNowhereSaysSo() throws Exception {
        Process process = start(endless());
        try {
            while (process.isAlive() && !text("err").contains("\nepoch ")) {
                Thread.sleep(20);
            }
            process.destroy();
            assertThat(process.waitFor()).isEqualTo(128 + 15);
        } finally {
            process.destroyForcibly();
        }
        assertThat(text("err")).endsWith("; nothing was kept: train --out DIR keeps a run" + System.lineSeparator());
    }
}
