// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.masktape.docs.Results.Score;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables and charts of docs/benchmarks.md are what the program makes of the results beside them. */
class BenchmarkPageTest {
    private static final String COMMAND = "mvn -q -pl docs -am test-compile exec:java";

    @Test
    void tablesAndChartsAreMadeFromTheResults() throws IOException {
        Map<Path, String> files = BenchmarkPage.files(Page.root().resolve("docs"));
        for (Map.Entry<Path, String> file : files.entrySet()) {
            assertThat(file.getKey()).as(COMMAND).exists();
            assertThat(Files.readString(file.getKey()))
                    .as(file.getKey().getFileName() + " is not what the program makes: " + COMMAND)
                    .isEqualTo(file.getValue());
        }
    }

    @Test
    void everyChartHasItsPlaceInThePage() throws IOException {
        Path docs = Page.root().resolve("docs");
        String page = Files.readString(docs.resolve("benchmarks.md"));
        List<String> made = new ArrayList<>();
        for (Path file : BenchmarkPage.files(docs).keySet()) {
            if (file.toString().endsWith(".svg")) {
                made.add(file.getFileName().toString());
            }
        }
        assertThat(made).isNotEmpty().allSatisfy(name -> assertThat(page).contains("](benchmarks/" + name + ")"));
        try (Stream<Path> folder = Files.list(docs.resolve("benchmarks"))) {
            assertThat(folder.map(file -> file.getFileName().toString()))
                    .filteredOn(name -> !name.endsWith(".json"))
                    .containsExactlyInAnyOrderElementsOf(made);
        }
    }

    @Test
    void errorsAreShownWithTwoDigitsAndValuesWithAsManyDecimals() {
        assertThat(BenchmarkPage.text(new Score(12.3456, 0.5678))).isEqualTo("12.35 ± 0.57");
        assertThat(BenchmarkPage.text(new Score(123.4, 56.7))).isEqualTo("123 ± 57");
        assertThat(BenchmarkPage.text(new Score(0.01234, 0.00056))).isEqualTo("0.0123 ± 0.0006");
    }

    @Test
    void relativeErrorsAddAsTheRootOfSquares() {
        assertThat(new Score(10, 0.3).over(new Score(5, 0.2))).isEqualTo(new Score(2, 0.1));
        assertThat(new Score(4, 1).into(8)).isEqualTo(new Score(2, 0.5));
    }

    @Test
    void otherSidesAreComparedWithOursOfTheSameParameters(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("peers.json"),
                "[" + run("masktape", "1", "ms/op", 2, 0.0) + "," + run("torch", "1", "us/op", 5000, 500) + ","
                        + run("masktape", "2", "ms/op", 1, 0.0) + "," + run("torch", "2", "ms/op", 3, 0.3) + "]");
        Results results = Results.read(file);
        assertThat(new Peers(results).sides())
                .extracting(side -> side.comparison() + ": " + side.name() + " " + BenchmarkPage.text(side.ratio()))
                .containsExactly(
                        "Dense, threads 1: masktape 1.000 ± 0.000",
                        "Dense, threads 1: torch 2.50 ± 0.25",
                        "Dense, threads 2: masktape 1.000 ± 0.000",
                        "Dense, threads 2: torch 3.00 ± 0.30");
        String svg = new BenchmarkCharts(Map.of()).peers(new Peers(results)).svg();
        assertThat(svg).contains("Dense, threads 2", "torch", "3.00 ×");
        assertThat(new BenchmarkCharts(Map.of()).peers(new Peers(results)).svg())
                .isEqualTo(svg);
    }

    @Test
    void resultsWithoutErrorBarsAreRefused(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("quick.json"), "[" + run("masktape", "1", "ms/op", 2, "\"NaN\"") + "]");
        assertThatThrownBy(() -> Results.read(file)).hasMessageEndingWith("Dense.step has no error bar");
    }

    @Test
    void resultsThatTellWhereJavaLiesAreRefused(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("here.json"),
                "[" + run("masktape", "1", "ms/op", 2, 0.1).replace("\"jvm\": \"java\"", "\"jvm\": \"/opt/java\"")
                        + "]");
        assertThatThrownBy(() -> Results.read(file))
                .hasMessageEndingWith("here.json: jvm must read \"java\", got \"/opt/java\"");
    }

    @Test
    void resultsOfTwoVirtualMachinesAreRefused(@TempDir Path folder) throws IOException {
        String one = run("masktape", "1", "ms/op", 2, 0.1);
        Path file = Files.writeString(
                folder.resolve("mixed.json"), "[" + one + "," + one.replace("\"25\"", "\"17\"") + "]");
        assertThatThrownBy(() -> Results.read(file))
                .hasMessageEndingWith("mixed.json: measured on two VMs: JDK 25, VM and JDK 17, VM");
    }

    @Test
    void theWayOfMeasuringIsToldOnceIfItIsOne(@TempDir Path folder) throws IOException {
        String one = run("masktape", "1", "ms/op", 2, 0.1);
        Path file = Files.writeString(folder.resolve("a.json"), "[" + one + "," + one + "]");
        assertThat(Results.read(file).conditions())
                .isEqualTo("JDK 25, VM; 2 forks × (1 × 1 s warmup + 5 × 1 s measured)");
        String other = one.replace("Dense", "Small").replace("\"forks\": 2", "\"forks\": 1");
        Files.writeString(file, "[" + one + "," + other + "]");
        assertThat(Results.read(file).conditions())
                .isEqualTo("JDK 25, VM; Dense 2 forks × (1 × 1 s warmup + 5 × 1 s measured)"
                        + "; Small 1 fork × (1 × 1 s warmup + 5 × 1 s measured)");
    }

    private static String run(String side, String threads, String unit, double score, Object error) {
        return """
                {"benchmark": "io.github.masktape.peers.Dense.step", "jvm": "java", "jvmArgs": [],
                 "jdkVersion": "25", "vmName": "VM", "threads": 1, "forks": 2,
                 "warmupIterations": 1, "warmupTime": "1 s", "measurementIterations": 5, "measurementTime": "1 s",
                 "params": {"side": "SIDE", "threads": "THREADS"},
                 "primaryMetric": {"score": SCORE, "scoreError": ERROR, "scoreUnit": "UNIT"}, "secondaryMetrics": {}}
                """.replace("SIDE", side)
                .replace("THREADS", threads)
                .replace("SCORE", Double.toString(score))
                .replace("ERROR", error.toString())
                .replace("UNIT", unit);
    }
}
