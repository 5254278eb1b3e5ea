// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Searches whose process is killed (SIGKILL) at random moments. */
@Tag("once")
@Timeout(600)
class SweepKillTest {
    private static final List<String> FILES =
            List.of("leaderboard.csv", "leaderboard.json", "leaderboard.svg", "metrics.csv", "test.csv");

    @TempDir
    Path folder;

    private Process start(Path out, int epochs) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                MasktapeCommand.class.getName()));
        command.addAll(List.of(("tune --data moons --folds 3 --trials 6 --batch-size 50 --kernels scalar --epochs "
                        + epochs + " --hidden 8 --out")
                .split(" ")));
        command.add(out.toString());
        return new ProcessBuilder(command)
                .redirectOutput(Redirect.to(folder.resolve("out").toFile()))
                .redirectError(Redirect.to(folder.resolve("err").toFile()))
                .start();
    }

    /** The search to its end; what it prints. */
    private String toEnd(Path out, int epochs) throws Exception {
        assertThat(start(out, epochs).waitFor())
                .as(Files.readString(folder.resolve("err")))
                .isZero();
        return Files.readString(folder.resolve("out"));
    }

    /** The finished cells, and when they were written. */
    private static Map<String, FileTime> cells(Path out) throws IOException {
        Map<String, FileTime> cells = new TreeMap<>();
        if (Files.isDirectory(out.resolve("cells"))) {
            try (Stream<Path> files = Files.list(out.resolve("cells"))) {
                for (Path file : files.toList()) {
                    if (file.toString().endsWith(".txt")) {
                        cells.put(file.getFileName().toString(), Files.getLastModifiedTime(file));
                    }
                }
            }
        }
        return cells;
    }

    private void killed(int kills, int epochs, long seed) throws Exception {
        Path whole = folder.resolve("whole");
        long begun = System.nanoTime();
        String expected = toEnd(whole, epochs);
        long longest = (System.nanoTime() - begun) / 1_000_000;

        Random moments = new Random(seed);
        Path out = folder.resolve("killed");
        int rounds = 0;
        for (int kill = 0; kill < kills; kill++) {
            Map<String, FileTime> before = cells(out);
            Process process = start(out, epochs);
            Thread.sleep(moments.nextLong(longest));
            process.destroyForcibly().waitFor();
            // What was finished is neither lost nor computed again.
            assertThat(cells(out)).containsAllEntriesOf(before);
            if (cells(out).size() == cells(whole).size()) {
                same(expected, whole, out, epochs);
                out = folder.resolve("killed-" + ++rounds);
            }
        }
        same(expected, whole, out, epochs);
    }

    private void same(String expected, Path whole, Path out, int epochs) throws Exception {
        Map<String, FileTime> before = cells(out);
        assertThat(toEnd(out, epochs)).isEqualTo(expected);
        assertThat(cells(out)).containsAllEntriesOf(before);
        assertThat(cells(out).keySet()).isEqualTo(cells(whole).keySet());
        for (String name : cells(whole).keySet()) {
            assertThat(out.resolve("cells").resolve(name))
                    .hasSameBinaryContentAs(whole.resolve("cells").resolve(name));
        }
        for (String name : FILES) {
            assertThat(out.resolve(name)).hasSameBinaryContentAs(whole.resolve(name));
        }
    }

    @Test
    void aSearchThatIsKilledGoesOn() throws Exception {
        killed(2, 1, 1);
    }

    /** 30 kills, about a minute on one processor. */
    @Tag("long")
    @Test
    void aSearchThatIsKilledAgainAndAgainGivesTheSameBits() throws Exception {
        killed(30, 8, 2);
    }
}
