package io.github.masktape.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.tensor.RandomStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the default settings do with tables as people have them. */
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
            double r2 = Double.parseDouble(
                    outcome.outLines().get(1).replaceFirst(".*R² ", "").replaceFirst(",.*", ""));
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
}
