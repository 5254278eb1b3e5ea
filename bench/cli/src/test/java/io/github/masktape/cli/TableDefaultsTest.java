// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.cli.settings.Defaults;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.text.Decimal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the default settings do with tables as people have them. */
@Tag("once")
class TableDefaultsTest {
    @TempDir
    static Path folder;

    /**
     * A house price of six numbers and three columns that mark a rare kind, each of one house: standardized, their ones
     * are some 20 deviations from the mean.
     */
    private static Path prices(int rows) throws IOException {
        Path file = folder.resolve("prices-" + rows + ".csv");
        RandomStream random = new RandomStream(rows);
        StringBuilder text = new StringBuilder("area,rooms,age,income,north,east,castle,boat,mill,price\n");
        for (int i = 0; i < rows; i++) {
            double area = Math.exp(4 + 0.5 * random.nextGaussian());
            double income = Math.exp(random.nextGaussian());
            int kind = i == 3 ? 6 : i == 5 ? 7 : i == 8 ? 8 : 0;
            for (double number : new double[] {area, 1 + i % 7, i % 90, income, random.nextGaussian(), i % 13}) {
                text.append(String.format(Locale.ROOT, "%.4f,", number));
            }
            double price = 2000 * area + 40_000 * income + (kind > 0 ? 500_000 : 0) + 9000 * random.nextGaussian();
            text.append(String.format(
                    Locale.ROOT, "%d,%d,%d,%.0f%n", kind == 6 ? 1 : 0, kind == 7 ? 1 : 0, kind == 8 ? 1 : 0, price));
        }
        Files.writeString(file, text);
        return file;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aRegressionTrains(long seed) throws IOException {
        for (String extra : new String[] {"", " --regularizer none"}) {
            CommandResult outcome =
                    CommandResult.of("train --data " + prices(600) + " --task regression --seed " + seed + extra);
            assertThat(outcome.code()).as(outcome.err()).isZero();
            List<String> lines = outcome.outLines();
            double r2 = Double.parseDouble(
                    lines.get(lines.size() - 1).replaceFirst(".*R² ", "").replaceFirst(",.*", ""));
            assertThat(r2).as("seed %d%s", seed, extra).isBetween(0.5, 1.0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 17, 21})
    void aRegressionOfAFewRowsDoesNotDiverge(int rows) throws IOException {
        for (int seed = 1; seed <= 5; seed++) {
            CommandResult outcome =
                    CommandResult.of("train --data " + prices(rows) + " --task regression --seed " + seed);
            assertThat(outcome.code()).as(outcome.err()).isZero();
        }
    }

    @Test
    void gradientsOfATableAreClippedUnlessTheyShallNotBe() throws IOException {
        String train = "train --data " + prices(100) + " --task regression --epochs 1 --learning-rate 1e-3";
        CommandResult byDefault = CommandResult.of(train);
        assertThat(byDefault.err()).contains(", gradients of norm at most 1\n");
        assertThat(CommandResult.of(train + " --clip 1").out()).isEqualTo(byDefault.out());
        CommandResult unlimited = CommandResult.of(train + " --clip none");
        assertThat(unlimited.err()).doesNotContain("gradients of norm");
        assertThat(unlimited.out()).isNotEqualTo(byDefault.out());
    }

    @Test
    void aResumedRunClipsAsItBegan() throws IOException {
        for (String clip : new String[] {"", " --clip none", " --clip 0.30000000000000004"}) {
            Path run = folder.resolve("run" + clip.strip().replace(" ", ""));
            CommandResult begun = CommandResult.of("train --data " + prices(100)
                    + " --task regression --epochs 2 --learning-rate 1e-3" + clip + " --out " + run);
            assertThat(begun.code()).as(begun.err()).isZero();
            assertThat(CommandResult.of("train --resume " + run).out()).isEqualTo(begun.out());
        }
    }

    // ---- what is chosen and told ----

    @Test
    void whatTheSizeOfATableDecidesIsPrintedAndStored() throws IOException {
        Path run = folder.resolve("chosen");
        CommandResult outcome = CommandResult.of("train --data " + prices(100) + " --epochs 2 --out " + run);
        Defaults chosen = Defaults.ofTable(80, 9);
        assertThat(outcome.err())
                .contains("training  2 epochs in batches of " + chosen.batchSize()
                        + ", learning rate 0.003 cosine, AdamW")
                .contains("drop probability " + Decimal.shortest(chosen.dropProbability(), 10));
        String report = Files.readString(run.resolve("report.html"));
        assertThat(report)
                .contains("--optimizer", "adamw", "--hidden", chosen.hidden().toString());
    }

    @Test
    void anOptionOverridesWhatTheSizeDecides() throws IOException {
        String train = "train --data " + prices(100) + " --epochs 2 --validation 10";
        String all = " --hidden 9 --drop-probability 0.2 --optimizer sgd --momentum 0.8 --learning-rate 0.001"
                + " --batch-size 7 --weight-decay 0.002 --clip 3 --patience 1";
        assertThat(CommandResult.of(train + all).err())
                .contains("DropConnect 9→9", "drop probability 0.2", "70 examples for training, 10 for validation")
                .contains(
                        "batches of 7, learning rate 0.001 cosine, momentum 0.8, weight decay 0.002, gradients of norm"
                                + " at most 3, patience 1");
    }

    /** The drop probability of a table follows from its size, except that flipout has only one. */
    @Test
    void flipoutDropsOneHalfWhateverTheSize() throws IOException {
        assertThat(CommandResult.of("train --data " + prices(100) + " --epochs 2 --mask flipout")
                        .err())
                .contains("masks     flipout, drop probability 0.5");
    }

    @Test
    void adamHasNoMomentumToSet() throws IOException {
        assertThat(CommandResult.of("train --data " + prices(100) + " --momentum 0.5")
                        .errLines())
                .containsExactly("error: --momentum: expected --optimizer sgd, got adamw, the default for a table;"
                        + " see masktape train --help");
    }

    @Test
    void theEpochsOfATableAreNotEvaluatedOnItsTest() throws IOException {
        CommandResult plain = CommandResult.of("train --data " + prices(100) + " --epochs 2");
        assertThat(plain.err())
                .contains("20 for testing", "epoch 2/2  training loss")
                .doesNotContain("rmse");
        assertThat(plain.outLines()).last().asString().startsWith("test rmse ");
        assertThat(CommandResult.of("train --data " + prices(100) + " --epochs 2 --validation 0.2")
                        .err())
                .contains("validation rmse")
                .doesNotContain("test rmse");
    }

    @Test
    void manyEpochsHaveAFewLines() throws IOException {
        List<String> lines = CommandResult.of("train --data " + prices(21) + " --epochs 100").errLines().stream()
                .filter(line -> line.startsWith("epoch "))
                .toList();
        assertThat(lines).hasSizeBetween(10, 15);
        assertThat(lines.get(lines.size() - 1)).startsWith("epoch 100/100");
    }

    // ---- a run that diverges ----

    @Test
    void aRunThatDivergesBeginsAgainWithAQuarterOfTheRate() throws IOException {
        String train = "train --data " + prices(100) + " --epochs 40 --weight-decay 1500";
        Path run = folder.resolve("restarted");
        CommandResult outcome = CommandResult.of(train + " --out " + run);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.err())
                .containsPattern(
                        "restart   training diverged in epoch \\d+, step \\d+: .*; beginning again with learning"
                                + " rate 0\\.00075\n")
                .doesNotContain("0.0001875");
        assertThat(outcome.out())
                .isEqualTo(CommandResult.of(train + " --learning-rate 0.00075").out());
        assertThat(run.resolve("diverged.txt")).doesNotExist();
        assertThat(Files.readAllLines(run.resolve("metrics.csv"))).hasSize(1 + 40);
        assertThat(CommandResult.of("train --resume " + run).out()).isEqualTo(outcome.out());
    }

    @Test
    void aRateThatTheUserChoseIsNotChanged() throws IOException {
        Path run = folder.resolve("diverged");
        CommandResult outcome = CommandResult.of(
                "train --data " + prices(100) + " --epochs 40 --weight-decay 1500 --learning-rate 0.003 --out " + run);
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).doesNotContain("restart").contains("--learning-rate below 0.003");
        assertThat(CommandResult.of("train --data " + prices(100) + " --epochs 1 --out " + run)
                        .code())
                .isZero();
    }

    @Test
    void aRunThatDivergesAtAnyRateEnds() throws IOException {
        CommandResult outcome = CommandResult.of("train --data " + prices(100) + " --epochs 40 --weight-decay 1e30");
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.errLines().stream().filter(line -> line.startsWith("restart ")))
                .hasSize(3);
    }

    // ---- all rows ----

    @Test
    void aFinalModelTrainsOnAllRows() throws IOException {
        Path run = folder.resolve("all-rows");
        CommandResult outcome =
                CommandResult.of("train --data " + prices(7000) + " --epochs 1 --test none --out " + run);
        assertThat(outcome.err()).contains("7000 examples for training, none for testing");
        assertThat(outcome.outLines()).last().isEqualTo("test none");
        assertThat(run.resolve("report.html")).doesNotExist();
        assertThat(run.resolve("curves.svg")).isNotEmptyFile();
        assertThat(CommandResult.of("train --resume " + run).out()).isEqualTo(outcome.out());
        assertThat(CommandResult.of("eval --model " + run + " --data " + prices(100))
                        .code())
                .isZero();
        assertThat(CommandResult.of("eval --model " + run).errLines())
                .last()
                .asString()
                .endsWith("no examples were set apart for testing (--test none); name the test data with --data");
        assertThat(CommandResult.of("train --data " + prices(100) + " --epochs 1 --test none --validation 10")
                        .err())
                .contains("90 examples for training, 10 for validation, none for testing");
    }
}
