// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.tensor.RandomStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands {@code cv} and {@code tune}. */
@Tag("once")
class SweepCommandsTest {
    @TempDir
    static Path folder;

    private static Path classes;
    private static Path numbers;

    @BeforeAll
    static void tables() throws IOException {
        classes = folder.resolve("classes.csv");
        numbers = folder.resolve("numbers.csv");
        RandomStream random = new RandomStream(1);
        StringBuilder labeled = new StringBuilder("x,y,color,kind\n");
        StringBuilder measured = new StringBuilder("x,y,sum\n");
        for (int i = 0; i < 60; i++) {
            double x = random.nextGaussian();
            double y = random.nextGaussian();
            labeled.append(x).append(',').append(i % 9 == 0 ? "" : "" + y).append(i % 2 == 0 ? ",red," : ",blue,");
            labeled.append(x + y > 0 ? "up" : "down").append('\n');
            measured.append(x).append(',').append(y).append(',').append(x + y).append('\n');
        }
        Files.writeString(classes, labeled);
        Files.writeString(numbers, measured);
    }

    private static CommandResult cv(String options) {
        return CommandResult.of("cv --data " + classes + " --folds 3 --epochs 2 --hidden 5 " + options);
    }

    private static CommandResult tune(String options) {
        return CommandResult.of("tune --data " + classes + " --folds 3 --epochs 2 " + options);
    }

    /** The files of a folder by their names, as they are. */
    private static Map<String, String> contents(Path of) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(of)) {
            for (Path file : files.toList()) {
                contents.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return contents;
    }

    @Test
    void aCrossValidationDoesNotDependOnThreads() {
        CommandResult one = cv("--threads 1 --repeats 2");
        assertThat(one.code()).as(one.err()).isZero();
        assertThat(one.outLines())
                .last()
                .asString()
                .matches("cross-validation error [\\d.]+ % ± [\\d.]+ % \\(3 folds, 2 times\\)");
        assertThat(one.err()).contains("60 examples in 3 folds", "trained   6 networks, 0 of them before");
        assertThat(cv("--threads 3 --repeats 2").out()).isEqualTo(one.out());
        assertThat(cv("--threads 3 --repeats 2 --seed 2").out()).isNotEqualTo(one.out());
    }

    @Test
    void aCrossValidationGoesOnWhereItWas() throws IOException {
        Path out = folder.resolve("cv");
        CommandResult whole = cv("--format csv --out " + out);
        assertThat(whole.code()).as(whole.err()).isZero();
        assertThat(Files.readString(out.resolve("cv.csv"))).isEqualTo(whole.out());
        Map<String, String> cells = contents(out.resolve("cells"));
        assertThat(cells).hasSize(3);
        Path lost = out.resolve("cells").resolve(cells.keySet().iterator().next());
        Files.delete(lost);

        CommandResult rest = cv("--format csv --out " + out);
        assertThat(rest.err()).contains("trained   3 networks, 2 of them before");
        assertThat(rest.out()).isEqualTo(whole.out());
        assertThat(contents(out.resolve("cells"))).isEqualTo(cells);
    }

    @Test
    void aRegressionHasARootMeanSquare() {
        CommandResult outcome =
                CommandResult.of("cv --data " + numbers + " --task regression --folds 2 --epochs 2 --format json");
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("\"rmse\": {\"mean\": ", "\"r2\": ").doesNotContain("\"error\"");
    }

    @Test
    void imagesAndGeneratedDataHaveFoldsToo() {
        CommandResult outcome = CommandResult.of("cv --data moons --folds 2 --epochs 1 --hidden 4");
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.err()).contains("generated moons: 2000 examples in 2 folds");
    }

    @Test
    void aSearchEndsWithARunThatPredictTakes() throws IOException {
        Path out = folder.resolve("tuned");
        CommandResult outcome = tune("--trials 5 --threads 2 --out " + out);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.err())
                .contains("--learning-rate     0.0005 .. 0.012 log", "searched  5 trials in ", "best      ");
        assertThat(outcome.err()).doesNotContain("--epochs   ");
        assertThat(outcome.outLines())
                .element(0)
                .asString()
                .contains("rank", "trial", "error", "vs. defaults", "hidden");
        assertThat(outcome.outLines()).last().asString().matches("test error .* of 12\\)");
        assertThat(Files.readAllLines(out.resolve("leaderboard.csv"))).hasSize(6);
        assertThat(Files.readString(out.resolve("leaderboard.json"))).contains("\"rank\": 5", "\"weights_sha256\": ");
        assertThat(Files.readString(out.resolve("leaderboard.svg"))).contains("<svg", "defaults");
        // 5 trials on the first fold, 3 of them and perhaps the defaults on the two other folds.
        assertThat(contents(out.resolve("cells")).size()).isBetween(5 + 2 * 3, 5 + 2 * 4);

        assertThat(CommandResult.of("predict --model " + out + " --data " + classes)
                        .outLines())
                .hasSize(61);
        assertThat(CommandResult.of("eval --model " + out).outLines())
                .last()
                .isEqualTo(outcome.outLines().get(outcome.outLines().size() - 1));

        assertThat(tune("--trials 5 --threads 1 --out " + folder.resolve("again"))
                        .out())
                .isEqualTo(outcome.out());
    }

    @Test
    void aSearchGoesOnWithoutRepeatingATraining() throws IOException {
        Path out = folder.resolve("resumed");
        CommandResult whole = tune("--trials 4 --out " + out);
        Map<String, String> cells = contents(out.resolve("cells"));
        String leaderboard = Files.readString(out.resolve("leaderboard.json"));
        int k = 0;
        for (String name : cells.keySet()) {
            if (k++ % 2 == 0) {
                Files.delete(out.resolve("cells").resolve(name));
            }
        }
        Files.delete(out.resolve("model.safetensors"));
        Files.delete(out.resolve("leaderboard.json"));

        CommandResult rest = tune("--trials 4 --out " + out);
        assertThat(rest.out()).isEqualTo(whole.out());
        assertThat(contents(out.resolve("cells"))).isEqualTo(cells);
        assertThat(Files.readString(out.resolve("leaderboard.json"))).isEqualTo(leaderboard);
        assertThat(out.resolve("model.safetensors")).exists();
    }

    @Test
    void aSearchWithABudgetIsOneWithThatManyTrials() {
        CommandResult timed = tune("--budget 2s --out " + folder.resolve("timed"));
        assertThat(timed.code()).as(timed.err()).isZero();
        String trials = timed.err().replaceFirst("(?s).*--trials (\\d+) gives the same.*", "$1");
        CommandResult counted = tune("--trials " + trials + " --out " + folder.resolve("counted"));
        assertThat(counted.out()).isEqualTo(timed.out());
    }

    /** The rows for testing have other labels, and everything but the test itself is as before. */
    @Test
    void theTestExamplesDoNotTakePartInTheChoice() throws IOException {
        Path test = folder.resolve("test.csv");
        Path flipped = folder.resolve("flipped.csv");
        Files.writeString(test, "x,y,color,kind\n1,1,red,up\n-1,-1,blue,down\n");
        Files.writeString(flipped, "x,y,color,kind\n1,1,red,down\n-1,-1,blue,up\n");
        CommandResult one = tune("--trials 4 --test-data " + test + " --out " + folder.resolve("one"));
        CommandResult other = tune("--trials 4 --test-data " + flipped + " --out " + folder.resolve("other"));
        assertThat(other.outLines())
                .last()
                .isNotEqualTo(one.outLines().get(one.outLines().size() - 1));
        assertThat(folder.resolve("other/leaderboard.json"))
                .hasSameTextualContentAs(folder.resolve("one/leaderboard.json"));
        assertThat(one.err()).contains("60 examples for training, 2 for testing");
    }

    @Test
    void aGridHasAllCombinations() throws IOException {
        Path space = Files.writeString(folder.resolve("grid.txt"), "--hidden none | 3\n--learning-rate 0.01 | 0.02\n");
        CommandResult outcome = CommandResult.of("tune --data " + numbers + " --folds 2 --epochs 2 --task regression"
                + " --space " + space + " --grid --out " + folder.resolve("grid"));
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(Files.readAllLines(folder.resolve("grid/leaderboard.csv"))).hasSize(6);
        assertThat(outcome.outLines()).last().asString().startsWith("test rmse ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
                    cv --folds 1;                     2; error: --folds: expected a whole number of at least 2, got "1"
                    cv --folds 61;                    1; error: --folds: expected at most one for each of the 60 examples, got 61
                    tune --trials 3 --budget 1m;      2; error: --budget: expected no --trials as well
                    tune --grid;                      2; error: --grid: expected --space as well
                    tune --budget soon;               2; error: --budget: expected a time such as
                    tune --by rmse;                   2; error: --by: expected a measure of a classification, got rmse
                    """)
    void aMistakeIsOneLine(String command, int code, String message) throws IOException {
        CommandResult outcome =
                CommandResult.of(command + " --data " + classes + " --out " + folder.resolve("mistake"));
        assertThat(outcome.errLines()).last().asString().startsWith(message);
        assertThat(outcome.code()).isEqualTo(code);
    }

    @Test
    void aFolderKeepsItsSearch() {
        Path out = folder.resolve("kept");
        assertThat(tune("--trials 2 --out " + out).code()).isZero();
        CommandResult other = tune("--trials 2 --seed 9 --out " + out);
        assertThat(other.code()).isEqualTo(1);
        assertThat(other.err()).contains("holds a search of other data, settings or ranges");
        assertThat(CommandResult.of("train --data moons --epochs 1 --out " + folder.resolve("run"))
                        .code())
                .isZero();
        assertThat(tune("--trials 2 --out " + folder.resolve("run")).err()).contains("already holds a run");
    }
}
