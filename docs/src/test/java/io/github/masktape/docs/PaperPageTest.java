// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.text.Decimal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page of the paper's comparison tells what the experiment wrote. */
class PaperPageTest {
    private static final Path DOCS = Page.root().resolve("docs");

    /** As files of the experiment name the arms, and as its tables do. */
    private static final Map<String, String> ARMS = Map.of(
            "no-drop", "No-Drop",
            "dropout", "Dropout",
            "dropconnect", "DropConnect",
            "per-batch", "Batch DropConnect");

    @Test
    void theTableOnThePageIsTheOneThatTheExperimentWrote() throws IOException {
        List<String> page = Files.readAllLines(DOCS.resolve("paper.md"));
        List<String> rows = tables(Files.readAllLines(DOCS.resolve("paper/results.md")));
        assertThat(rows).hasSizeGreaterThan(10);
        assertThat(page).containsSubsequence(rows);
    }

    @Test
    void meansAndDeviationsFollowFromTheRuns() throws IOException {
        List<String> lines = Files.readAllLines(DOCS.resolve("paper/runs.csv"));
        List<String> columns = List.of(lines.get(0).split(",", -1));
        Map<String, List<Double>> errors = new LinkedHashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            List<String> cells = List.of(line.split(",", -1));
            for (String method : List.of("mean", "gaussian", "sampled", "montecarlo")) {
                String error = cells.get(columns.indexOf("test_error_" + method));
                if (!error.isEmpty()) {
                    String arm = ARMS.get(cells.get(columns.indexOf("arm")));
                    errors.computeIfAbsent(arm + " " + method, key -> new ArrayList<>())
                            .add(100 * Double.parseDouble(error));
                }
            }
        }
        Map<String, String> told = new LinkedHashMap<>();
        String arm = "";
        for (String row : tables(Files.readAllLines(DOCS.resolve("paper/results.md")))) {
            List<String> cells =
                    List.of(row.split("\\|", -1)).stream().map(String::strip).toList();
            arm = cells.get(1).isEmpty() ? arm : cells.get(1);
            if (ARMS.containsValue(arm)) {
                told.put(arm + " " + cells.get(2), cells.get(3) + " ± " + cells.get(4));
            }
        }
        assertThat(errors).hasSameSizeAs(told);
        errors.forEach((key, values) ->
                assertThat(told.get(key)).as(key).isEqualTo(values.size() + " ± " + meanAndDeviation(values)));
    }

    /** A row for each network that was trained for 102 epochs, beside the one with the same seed and 35. */
    @Test
    void longerRunsStandBesideTheShortOnes() throws IOException {
        Map<String, String> few = errorsOf("runs.csv");
        Map<String, String> many = errorsOf("102-epochs.csv");
        List<String> page = Files.readAllLines(DOCS.resolve("paper.md"));

        assertThat(many).isNotEmpty();
        assertThat(page.stream().filter(line -> line.matches("\\| .* \\| \\d \\| .* % \\| .* % \\|")))
                .containsExactlyElementsOf(many.keySet().stream()
                        .map(network ->
                                "| " + network + " | " + few.get(network) + " % | " + many.get(network) + " % |")
                        .toList());
    }

    /** The table of the page about DropConnect: mean and gaussian inference, a row for each way of sharing masks. */
    @Test
    void flipoutStandsBesideTheOthers() throws IOException {
        List<String> rows = new ArrayList<>();
        List<String> flipout = Files.readAllLines(DOCS.resolve("paper/flipout.csv"));
        List<String> others = Files.readAllLines(DOCS.resolve("paper/runs.csv"));
        Map.of("per example", "dropconnect", "flipout", "flipout", "per batch", "per-batch")
                .forEach((name, arm) -> rows.add("| " + name + " |"
                        + (arm.equals("flipout") ? flipout : others)
                                .stream()
                                        .filter(line -> line.startsWith("relu," + arm + ",800-800,0.5,"))
                                        .limit(flipout.size() - 1)
                                        .map(line -> List.of(line.split(",", -1)))
                                        .map(cells ->
                                                " " + percent(cells.get(8)) + " / " + percent(cells.get(9)) + " |")
                                        .collect(Collectors.joining())));
        List<String> page = Files.readAllLines(DOCS.resolve("dropconnect.md"));
        assertThat(rows).allSatisfy(row -> assertThat(page).anyMatch(line -> line.startsWith(row)));
    }

    private static String percent(String rate) {
        return Decimal.fixed(100 * Double.parseDouble(rate), 2);
    }

    /** Percentages, for each arm and seed. */
    private static Map<String, String> errorsOf(String file) throws IOException {
        List<String> lines = Files.readAllLines(DOCS.resolve("paper").resolve(file));
        List<String> columns = List.of(lines.get(0).split(",", -1));
        Map<String, String> errors = new LinkedHashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            List<String> cells = List.of(line.split(",", -1));
            String gaussian = cells.get(columns.indexOf("test_error_gaussian"));
            String arm = ARMS.get(cells.get(columns.indexOf("arm"))) + (gaussian.isEmpty() ? "" : ", gaussian");
            String error = gaussian.isEmpty() ? cells.get(columns.indexOf("test_error_mean")) : gaussian;
            errors.put(
                    arm + " | " + cells.get(columns.indexOf("seed")),
                    Decimal.fixed(100 * Double.parseDouble(error), 2));
        }
        return errors;
    }

    private static String meanAndDeviation(List<Double> values) {
        double mean = values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        double squares = values.stream()
                .mapToDouble(value -> (value - mean) * (value - mean))
                .sum();
        return Decimal.fixed(mean, 2) + " ± " + Decimal.fixed(Math.sqrt(squares / (values.size() - 1)), 3);
    }

    private static List<String> tables(List<String> lines) {
        return lines.stream().filter(line -> line.startsWith("|")).toList();
    }
}
