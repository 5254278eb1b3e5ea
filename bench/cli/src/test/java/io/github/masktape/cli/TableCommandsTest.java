// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.cli.run.RunMetadata;
import io.github.masktape.cli.settings.ExampleSets;
import io.github.masktape.cli.settings.RunSettings;
import io.github.masktape.cli.terminal.Terminal;
import io.github.masktape.data.Csv;
import io.github.masktape.data.Preprocessing;
import io.github.masktape.data.TargetKind;
import io.github.masktape.io.SafeTensors;
import io.github.masktape.layers.Inference;
import io.github.masktape.layers.Sequential;
import io.github.masktape.optim.Checkpoint;
import io.github.masktape.optim.Trainer;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.text.Decimal;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The options for tables, from training to prediction. */
class TableCommandsTest {
    private static final String QUICK = " --epochs 2 --hidden 4";

    @TempDir
    static Path folder;

    /** Columns: id, code (whole numbers), color (words), size (numbers, some missing), y (numbers), kind (classes). */
    private static Path table;

    private static Path quantities;

    @BeforeAll
    static void writeTables() throws IOException {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder("id,code,color,size,y,kind\n");
        StringBuilder sums = new StringBuilder("name,x,z,a,b\n");
        for (int i = 0; i < 120; i++) {
            double size = 1 + random.nextInt(900) / 100.0;
            String color = List.of("red", "blue").get(random.nextInt(2));
            String shown = i % 11 == 5 ? "" : i % 13 == 7 ? "-99" : Decimal.shortest(size, 4);
            text.append('K')
                    .append(i)
                    .append(',')
                    .append(i % 4)
                    .append(',')
                    .append(color)
                    .append(',')
                    .append(shown);
            text.append(',').append(Decimal.fixed(3 * size + random.nextGaussian(), 2));
            text.append(size > 5 == color.equals("red") ? ",yes\n" : ",no\n");
            double x = random.nextGaussian();
            double z = random.nextGaussian();
            sums.append("\"row, ").append(i).append("\",").append(x).append(',').append(z);
            sums.append(',').append(3 * x + z + 0.3 * random.nextGaussian());
            sums.append(',').append(1000 * z + 50 * random.nextGaussian()).append('\n');
        }
        table = Files.writeString(folder.resolve("table.csv"), text);
        quantities = Files.writeString(folder.resolve("quantities.csv"), sums);
        run("train --data " + quantities + " --label-column a,b --hidden 16 --epochs 20 --out "
                + folder.resolve("two"));
    }

    private static CommandResult run(String commandLine) {
        CommandResult outcome = CommandResult.of(commandLine);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        return outcome;
    }

    private static void assertFails(String commandLine, String message) {
        CommandResult outcome = CommandResult.of(commandLine);
        assertThat(outcome.code()).isNotZero();
        assertThat(outcome.errLines()).last().asString().contains(message);
        assertThat(outcome.out()).isEmpty();
    }

    // ---- what a column is ----

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--label-column kind|code   number",
                "--ignore code,color|code   ignored: by option",
                "--ignore code,color|color  ignored: by option",
                "--categorical code|code   4 categories",
                "--na -99|size   number, 20 missing, filled with the median",
                "--label-column kind|size   number, 11 missing, filled with the median",
                "--test none|120 examples for training, none for testing",
                "--test 0.1 --validation none|108 examples for training, 12 for testing",
                "--validation 0.25|72 examples for training, 24 for validation, 24 for testing"
            })
    void anOptionShowsInTheSummary(String option, String expected) {
        assertThat(run("train --data " + table + QUICK + " " + option).err()).contains(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--numeric color|line 2, column 3: color: expected a number, got '",
                "--missing error|column 4: size: expected a number, got an empty cell",
                "--strict|table.csv: line 2, column 1: id: expected a number, got 'K0'",
                "--ignore colour|no column to ignore 'colour'; did you mean 'color'?",
                "--label-column a,kind|no label column 'a'",
                "--label-column y,kind|kind: expected a number, got '",
                "--label-column y,kind --task classification|label columns y, kind: expected one for a classification"
            })
    void anOptionRefusesATable(String option, String message) {
        assertFails("train --data " + table + QUICK + " " + option, message);
    }

    // ---- how a file is written ----

    @Test
    void numbersWithSeparatorsOfThousandsAreReported() throws IOException {
        StringBuilder text = new StringBuilder("amount,size,kind\n");
        for (int i = 0; i < 40; i++) {
            text.append("\"$").append(1 + i).append(",250.00\",").append(i % 7).append(i < 20 ? ",low\n" : ",high\n");
        }
        Path amounts = Files.writeString(folder.resolve("amounts.csv"), text);
        assertThat(run("train --data " + amounts + QUICK).errLines())
                .contains("note      amounts.csv: amount: texts such as '$1,250.00' are not read as numbers without"
                        + " --thousands comma");
        assertThat(run("train --data " + amounts + QUICK + " --thousands comma").err())
                .contains("amount  number with '$'")
                .doesNotContain("not read as numbers");
    }

    @Test
    void aModelReadsTablesAsItsOwnWasRead() throws IOException {
        StringBuilder text = new StringBuilder("% prices\ngröße;wort;preis\n");
        for (int i = 0; i < 40; i++) {
            text.append("1.").append(100 + 7 * i).append(",5;").append(i % 3 == 0 ? "weiß" : "grün");
            text.append(";2.").append(500 + 13 * i % 100).append(",25\n");
        }
        Path data = folder.resolve("preise.csv");
        Files.write(data, text.toString().getBytes(StandardCharsets.ISO_8859_1));
        Path model = folder.resolve("preise");
        String format = " --encoding latin-1 --comment % --thousands point --decimal comma";
        run("train --data " + data + QUICK + format + " --test none --out " + model);

        String predict = "predict --model " + model + " --data " + data;
        assertThat(run(predict).out()).isEqualTo(run(predict + format).out());
        assertThat(run(predict).outLines()).hasSize(41).first().isEqualTo("preis");
        assertThat(run(predict).err()).doesNotContain("not in training");
        String eval = "eval --model " + model + " --data " + data;
        assertThat(run(eval).out()).isEqualTo(run(eval + format).out());
        // An option is stronger than the memory.
        Path plain = folder.resolve("plain.csv");
        Files.writeString(plain, text.toString().replace("%", "#"));
        assertThat(run("predict --model " + model + " --data " + plain + " --encoding utf-8 --comment #")
                        .out())
                .isEqualTo(run(predict).out());
        assertFails("predict --model " + model + " --data " + plain + " --encoding utf-8", "plain.csv: ");
    }

    @Test
    void theLastRowsAreLeftOutInEveryCommand() throws IOException {
        Path sums = Files.writeString(
                folder.resolve("sums.csv"), Files.readString(table) + "Total,9,red,999,9999,yes\nSource: us\n");
        Path model = folder.resolve("sums");
        assertFails("train --data " + sums + QUICK, "or no part of the table (--skip-last 1)?");
        assertThat(run("train --data " + sums + QUICK + " --skip-last 1").err())
                .contains("the last row has 'Total' in id; if it sums up the others, leave it out (--skip-last 2)");
        String out = run("train --data " + sums + QUICK + " --skip-last 2 --out " + model)
                .out();
        assertThat(out).isEqualTo(run("train --data " + table + QUICK).out());
        assertThat(run("eval --model " + model).outLines())
                .last()
                .isEqualTo(out.lines().reduce((first, last) -> last).orElseThrow());
        assertThat(run("predict --keep id --skip-last 2 --model " + model + " --data " + sums)
                        .outLines())
                .hasSize(121);
        assertFails("train --skip-last 0 --data " + sums, "expected a whole number of at least 1, got '0'");
    }

    // ---- predictions ----

    @Test
    void columnsOfTheDataAreKept() throws IOException {
        String predict = "predict --model " + folder.resolve("two") + " --data ";
        List<String> plain = run(predict + quantities).outLines();
        List<String> kept = run(predict + quantities + " --keep name,-1").outLines();
        List<String> rows = Files.readAllLines(quantities);
        assertThat(kept).hasSameSizeAs(rows).first().isEqualTo("name,b,a,b");
        for (int i = 1; i < rows.size(); i++) {
            String b = rows.get(i).substring(rows.get(i).lastIndexOf(',') + 1);
            assertThat(kept.get(i)).isEqualTo("\"row, " + (i - 1) + "\"," + b + "," + plain.get(i));
        }
        assertFails(predict + quantities + " --keep nam", "no column 'nam'; did you mean 'name'?");
        assertFails(predict + "moons --keep x", "--keep: expected a CSV file as --data");
    }

    @Test
    void intervalsHoldTheShareOfRowsThatIsAskedFor() throws IOException {
        Path fresh = folder.resolve("fresh.csv");
        Random random = new Random(2);
        StringBuilder text = new StringBuilder("x,z,a,b\n");
        for (int i = 0; i < 400; i++) {
            double x = random.nextGaussian();
            double z = random.nextGaussian();
            text.append(x).append(',').append(z).append(',').append(3 * x + z + 0.3 * random.nextGaussian());
            text.append(',').append(1000 * z + 50 * random.nextGaussian()).append('\n');
        }
        Files.writeString(fresh, text);
        String predict = "predict --model " + folder.resolve("two") + " --data " + fresh + " --keep a,b";
        List<String> lines = run(predict + " --interval 0.8").outLines();
        assertThat(lines.get(0)).isEqualTo("a,b,a,b,low(a),high(a),low(b),high(b)");
        for (int target = 0; target < 2; target++) {
            int held = 0;
            for (String line : lines.subList(1, lines.size())) {
                double[] cells = List.of(line.split(",")).stream()
                        .mapToDouble(Double::parseDouble)
                        .toArray();
                held += cells[target] >= cells[4 + 2 * target] && cells[target] <= cells[5 + 2 * target] ? 1 : 0;
            }
            // 24 rows were held out: the share of the intervals that they give has a deviation of 0.08.
            assertThat(held / 400.0).as("target %d", target).isBetween(0.6, 0.97);
        }
        assertThat(run(predict + " --inference montecarlo").outLines().get(1).split(",", -1)[2])
                .isEqualTo(lines.get(1).split(",", -1)[2]);
        assertFails(predict + " --interval 0.99", "expected a level of at most 0.96, since 24 examples were held out");
        assertFails(predict + " --interval 1", "--interval: expected a number between 0 and 1");
        assertFails(predict + " --interval 0.9 --inference mean", "--interval: expected --inference montecarlo");
    }

    @Test
    void aTargetHasAUnit() throws IOException {
        StringBuilder text = new StringBuilder("x,price\n");
        for (int i = 0; i < 60; i++) {
            text.append(i % 17).append(",€ ").append(2 * (i % 17)).append(".50\n");
        }
        Path prices = Files.writeString(folder.resolve("prices.csv"), text);
        Path model = folder.resolve("prices");
        assertThat(run("train --data " + prices + QUICK + " --out " + model).err())
                .contains("price: 17 different numbers with '€', so this is a regression");
        assertThat(Files.readString(model.resolve("report.html"))).contains(">price (€)<");
        assertThat(run("predict --interval 0.5 --model " + model + " --data " + prices)
                        .outLines())
                .hasSize(61)
                .first()
                .isEqualTo("price (€),low(price),high(price)");
        assertThat(run("eval --model " + model + " --data " + prices).out()).contains("of 60)");
        Path dollars =
                Files.writeString(folder.resolve("dollars.csv"), text.toString().replace('€', '$'));
        assertFails("eval --model " + model + " --data " + dollars, "price: expected a number with '€', got '$ 0.50'");
        Path other = folder.resolve("dollars");
        run("train --data " + dollars + QUICK + " --out " + other);
        assertFails(
                "predict --data " + prices + " --model " + model + " " + other,
                "got a regression of 1 numbers in column 'price ($)'");
    }

    @Test
    void aModelWithoutIntervalsSaysSo() {
        Path all = folder.resolve("all");
        run("train --data " + quantities + " --label-column a --ignore b" + QUICK + " --test none --out " + all);
        assertFails("predict --model " + all + " --data " + quantities + " --interval 0.9", "has no intervals");
        Path classes = folder.resolve("classes");
        run("train --data " + table + QUICK + " --out " + classes);
        assertFails(
                "predict --model " + classes + " --data " + table + " --interval 0.9",
                "--interval: expected a regression, got a classifier");
    }

    @Test
    void severalTargetsAreEvaluatedEach() throws IOException {
        Path model = folder.resolve("two");
        assertThat(run("eval --model " + model).out())
                .matches(" +a +b\n  RMSE +\\S+ +\\S+\n  MAE +\\S+ +\\S+\n  R² +0\\.\\d{4} +0\\.\\d{4}\n"
                        + "test rmse a \\S+ \\(R² 0\\.\\d{4}\\), b \\S+ \\(R² 0\\.\\d{4}\\), of 24\n");
        assertThat(run("predict --model " + model + " --data " + quantities).outLines())
                .first()
                .isEqualTo("a,b");
        assertThat(Files.readString(model.resolve("report.html"))).contains(">a<", ">b<");
        run("export --model " + model + " --out " + folder.resolve("two.onnx"));
    }

    /** The same numbers from Java, whatever the order of the columns; the exchange tests add those of ONNX Runtime. */
    @Test
    void javaPredictsWhatTheCommandPredicts() throws IOException {
        Path model = folder.resolve("kinds");
        run("train --data " + table + QUICK + " --na -99 --ignore y --out " + model);
        List<String> lines =
                run("predict --model " + model + " --data " + table).outLines();

        SafeTensors content =
                SafeTensors.read(model.resolve("model.safetensors").toFile());
        Preprocessing known = Preprocessing.ofMetadata(content.metadata());
        Tensor features = known.applyFeatures(Csv.of(table.toFile()).readFeatures(known));
        Tensor probabilities = Inference.mean().probabilities(Sequential.of(content), features);
        List<String> names = ((TargetKind.Classes) known.targets()).names();
        for (int i = 0; i < 120; i++) {
            assertThat(lines.get(i + 1))
                    .isEqualTo(names.get(probabilities.argMaxRows()[i]) + ","
                            + Decimal.exact((float) probabilities.get(i, 0)) + ","
                            + Decimal.exact((float) probabilities.get(i, 1)));
        }

        List<String> moved = new ArrayList<>();
        for (String row : Files.readAllLines(table)) {
            String[] c = row.split(",", -1);
            moved.add(String.join(",", c[3], c[5], c[2], c[1]));
        }
        Path other = Files.write(folder.resolve("moved.csv"), moved);
        assertThat(run("predict --model " + model + " --data " + other).outLines())
                .isEqualTo(lines);
        Path less = Files.write(
                folder.resolve("less.csv"),
                moved.stream().map(row -> row.replaceFirst("^[^,]*,", "")).toList());
        assertFails("predict --model " + model + " --data " + less, "no column 'size', which the model needs");
    }

    // ---- runs ----

    @Test
    void aRunIsExtended() {
        Path longer = folder.resolve("longer");
        run("train --data " + table + QUICK + " --out " + longer);
        CommandResult extended = run("train --resume " + longer + " --epochs 5");
        assertThat(extended.out())
                .isEqualTo(run("train --data " + table + " --hidden 4 --epochs 2,5")
                        .out());
    }

    /** Older versions evaluated the epochs of a table on its test part; such a run goes on as it began. */
    @Test
    void aRunOfAnOlderVersionIsResumed() throws IOException {
        Path run = folder.resolve("old");
        run("train --data " + table + QUICK + " --patience 2 --validation 10 --out " + run);
        File file = run.resolve("checkpoint.safetensors").toFile();
        var extra = new java.util.HashMap<>(Checkpoint.read(file).extra());
        extra.replaceAll((key, value) -> key.equals("masktape.settings")
                ? value.replaceAll("(?m)^--(validation|patience)=.*\n", "").replaceAll("(?m)^--validation.*$", "")
                : value);
        RunSettings settings = RunMetadata.settings(file, extra);
        Terminal silent =
                new Terminal(new PrintWriter(Writer.nullWriter()), new PrintWriter(new StringWriter()), false);
        ExampleSets examples = settings.data().load(silent);
        assertThat(examples.validation()).isNull();
        Sequential net = settings.net().network(examples.inputs(), examples.outputs(), settings.seed());
        Trainer trainer =
                settings.training().trainer(net, examples.training().targets()).withCheckpoint(file, 0, extra);
        trainer.fit(examples.training(), examples.test(), new Trainer.Listener() {
            @Override
            public void epoch(Trainer.Epoch epoch) {
                trainer.stop();
            }
        });
        CommandResult resumed = run("train --resume " + run);
        assertThat(resumed.err()).contains("test error");
        assertThat(Files.readAllLines(run.resolve("metrics.csv")))
                .hasSize(3)
                .first()
                .isEqualTo("epoch,training_loss,test_loss,test_errors,test_examples,test_error_rate");
    }
}
