// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.data.GeneratedDigits;
import io.github.masktape.io.Npz;
import io.github.masktape.io.SafeTensors;
import io.github.masktape.layers.Linear;
import io.github.masktape.layers.Sequential;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables in, models out, and what the commands that read models do with them. */
class ModelCommandsTest {
    private static final long SEED = 1;

    @TempDir
    static Path folder;

    private static Path flowers;
    private static Path prices;
    private static CommandResult flowersRun;
    private static CommandResult pricesRun;

    @BeforeAll
    static void trainOnTables() throws IOException {
        Random random = new Random(SEED);
        StringBuilder table = new StringBuilder("length,width,\"kind, said\"\r\n");
        String[] kinds = {"rose", "\"dog \"\"rose\"\"\"", "lily"};
        for (int i = 0; i < 150; i++) {
            int kind = i % 3;
            table.append(1000 + 100 * (kind + 0.4 * random.nextGaussian()))
                    .append(',')
                    .append(-kind + 0.5 * random.nextGaussian())
                    .append(',')
                    .append(kinds[kind])
                    .append("\r\n");
        }
        flowers = Files.writeString(folder.resolve("flowers.csv"), table);
        flowersRun = CommandResult.of("train --data " + flowers + " --hidden 12 --epochs 20 --validation 0.2 --out "
                + folder.resolve("flowers"));

        table = new StringBuilder("size;age;price\n");
        for (int i = 0; i < 200; i++) {
            double size = random.nextDouble() * 100;
            double age = random.nextDouble() * 50;
            table.append(size).append(';').append(age).append(';');
            table.append(200_000 + 1000 * size - 300 * age).append('\n');
        }
        prices = Files.writeString(folder.resolve("prices.csv"), table);
        pricesRun = CommandResult.of("train --data " + prices + " --task regression --label-column price --delimiter ;"
                + " --regularizer none --hidden 16 --learning-rate 0.02 --epochs 30 --test 0.3 --validation 20 --out "
                + folder.resolve("prices"));
    }

    /** The lines of a run's output that {@code eval} prints too: all but the hash. */
    private static List<String> tested(CommandResult run) {
        return run.outLines().stream()
                .filter(line -> !line.startsWith("weights"))
                .toList();
    }

    private static String lastLine(CommandResult result) {
        List<String> lines = result.outLines();
        return lines.get(lines.size() - 1);
    }

    private static void assertFails(String commandLine, String message) {
        CommandResult outcome = CommandResult.of(commandLine);
        assertThat(outcome.errLines()).containsExactly("error: " + message);
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
    }

    // ---- train on tables ----

    @Test
    void aTableIsParted() {
        assertThat(flowersRun.err())
                .contains(
                        "flowers.csv: 96 examples for training, 24 for validation, 30 for testing; first row: names\n");
        assertThat(pricesRun.err())
                .contains(
                        "prices.csv: 120 examples for training, 20 for validation, 60 for testing; first row: names\n");
    }

    @Test
    void howTheFirstRowWasTakenIsAnnounced() throws IOException {
        String rows = "1,0.5,a\n2,1.5,b\n".repeat(20);
        String note = "no header, the first row is an example\n";
        Path run = trained("headless", rows, "");
        Path data = folder.resolve("headless.csv");
        assertThat(CommandResult.of("train --hidden none --epochs 1 --data " + data)
                        .err())
                .contains("data      " + data + ": 32 examples for training, 8 for testing; " + note);
        assertThat(CommandResult.of("lr --hidden none --data " + data).err()).contains("8 for testing; " + note);
        assertThat(CommandResult.of("eval --model " + run + " --data " + data).err())
                .contains("data      " + data + ": 40 examples; " + note);
        assertThat(CommandResult.of("predict --model " + run + " --data " + data)
                        .err())
                .isEqualTo("data      " + data + ": " + note);
        Path named = Files.writeString(folder.resolve("named.csv"), "x,y,kind\n" + rows);
        assertThat(CommandResult.of("eval --model " + run + " --data " + named).err())
                .contains("data      " + named + ": 40 examples; first row: names\n");
        assertThat(CommandResult.of("train --hidden none --epochs 1 --data " + named + " --test-data " + data)
                        .err())
                .contains("40 for testing; first row: names; for testing: " + note);
    }

    @Test
    void aHeaderOfNumbersIsAskedAbout() throws IOException {
        Path data = Files.writeString(
                folder.resolve("years.csv"), "2019,2020,2021,region\n" + "1,0.5,2,a\n2,1.5,1,b\n".repeat(10));
        for (String command : new String[] {"train", "lr"}) {
            assertFails(
                    command + " --hidden none --data " + data,
                    data + ": line 1, column 1: is this a header? its numbers grow by equal steps, as names do; say"
                            + " whether there is a header (--header yes or --header no)");
        }
        assertThat(CommandResult.of("train --hidden none --epochs 1 --header yes --data " + data)
                        .err())
                .contains("16 examples for training, 4 for testing; first row: names\n");
        assertThat(CommandResult.of("train --hidden none --epochs 1 --header no --data " + data)
                        .err())
                .contains("17 examples for training, 4 for testing; no header, the first row is an example\n");
    }

    @Test
    void aMissingLabelIsNoClass() throws IOException {
        String table = "length,width,\"kind, said\"\n1000,0,rose\n1000,0,?\n1200,-2,lily\n1200,-2,?\n";
        Path data = Files.writeString(folder.resolve("unlabeled.csv"), table);
        String message =
                data + ": line 3, column 3: kind, said: expected a label, got the missing value '?'; the label is"
                        + " missing in 2 of 4 rows; fill it in or remove these rows, or rename the class if it is one";
        assertFails("train --strict --data " + data, message);
        CommandResult eval = CommandResult.of("eval --model " + folder.resolve("flowers") + " --data " + data);
        assertThat(eval.err()).contains("2 of 4 rows left out, whose label in kind, said is missing");
        assertThat(eval.out()).contains(" of 2)");
        assertThat(CommandResult.of("predict --model " + folder.resolve("flowers") + " --data " + data)
                        .outLines())
                .hasSize(5);
    }

    @Test
    void aRegressionIsToldInTheUnitOfItsTargets() {
        assertThat(pricesRun.err()).contains("validation rmse ");
        String last = lastLine(pricesRun);
        assertThat(last).matches("test rmse \\d+(\\.\\d+)? \\(R² 0\\.9\\d{3}, of 60\\)");
        assertThat(Double.parseDouble(last.split(" ", -1)[2])).isBetween(100.0, 10_000.0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a,b\n1,x\n2|line 3, column 2: expected 2 cells as in the first row, got 1",
                "a,b\n1,x\n1.5.2,y\n|line 3, column 1: a: expected a number, got '1.5.2'",
                "a,b\n1,x\nNaN,y\n|line 3, column 1: a: expected a number, got the missing value 'NaN'",
                "a,b\n1,x\n2,x\n|",
            })
    void aBrokenTableIsOneLine(String row) throws IOException {
        String[] parts = row.split("\\|", -1);
        Path file = Files.writeString(folder.resolve("broken.csv"), parts[0]);
        CommandResult outcome = CommandResult.of("train --strict --data " + file);
        assertThat(outcome.errLines()).singleElement().asString().startsWith("error: " + file + ": " + parts[1]);
        assertThat(outcome.code()).isEqualTo(1);
    }

    @Test
    void labelSmoothingIsForLabels() {
        CommandResult outcome = CommandResult.of("train --data " + prices + " --task regression --label-smoothing 0.1");
        assertThat(outcome.errLines())
                .containsExactly("error: --label-smoothing: expected a classification, got --task regression;"
                        + " see masktape train --help");
        assertThat(outcome.code()).isEqualTo(2);
    }

    // ---- eval ----

    @Test
    void withoutDataAModelIsTestedOnWhatWasSetApart() {
        assertThat(CommandResult.of("eval --model " + folder.resolve("flowers")).outLines())
                .containsExactlyElementsOf(tested(flowersRun));
        assertThat(CommandResult.of("eval --model " + folder.resolve("prices/model.safetensors"))
                        .outLines())
                .containsExactlyElementsOf(tested(pricesRun));
    }

    @Test
    void evalTellsTheErrorsOfEachClass() {
        CommandResult outcome = CommandResult.of("eval --model " + folder.resolve("flowers") + " --data " + flowers);
        assertThat(outcome.err())
                .contains("flowers.csv: 150 examples", "dropconnect 2 12 0.04 per-example, relu, linear 12 3")
                .containsPattern("class {5}rose: error \\d+\\.\\d\\d % \\(\\d+ of 50\\)")
                .contains("class     dog \"rose\": ");
        assertThat(outcome.err()).containsPattern("class, predicted as +dog \"rose\" +lily +rose\n");
        assertThat(outcome.out())
                .matches("  accuracy +0\\.\\d{4}\n  balanced accuracy +0\\.\\d{4}\n  macro F1 +0\\.\\d{4}\n"
                        + "  ROC AUC +0\\.\\d{4}\n  log loss +0\\.\\d{4}\n  Brier score +0\\.\\d{4}\n"
                        + "test error \\d+\\.\\d\\d % \\(\\d+ of 150\\)\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mean", "gaussian", "sampled", "montecarlo"})
    void everyInferenceAnswersAndTheSameSeedTheSame(String method) {
        String commandLine = "eval --model " + folder.resolve("flowers") + " --inference " + method;
        CommandResult outcome = CommandResult.of(commandLine);
        assertThat(outcome.code()).isZero();
        assertThat(lastLine(outcome)).matches("test error \\d+\\.\\d\\d % \\(\\d+ of 30\\)");
        assertThat(CommandResult.of(commandLine).out()).isEqualTo(outcome.out());
    }

    @Test
    void equalModelsVoteAsOne() {
        Path model = folder.resolve("flowers");
        assertThat(CommandResult.of("eval --model " + model + " " + model + " " + model)
                        .out())
                .isEqualTo(CommandResult.of("eval --model " + model).out());
    }

    private static Path trained(String name, String table, String options) throws IOException {
        Path data = Files.writeString(folder.resolve(name + ".csv"), table);
        Path run = folder.resolve(name);
        CommandResult outcome = CommandResult.of("train --data " + data
                + " --regularizer none --epochs 20 --batch-size 8 --hidden 8 --out " + run + options);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        return run;
    }

    /** The numbers from 0; those of the first half are an a, the others a b. */
    private static String smallAndLarge(int rows) {
        return IntStream.range(0, rows)
                .mapToObj(i -> i + (i < rows / 2 ? ",a\n" : ",b\n"))
                .collect(Collectors.joining("", "x,kind\n", ""));
    }

    @Test
    void whatWasSetApartIsNotLookedForInOtherData() throws IOException {
        String table = smallAndLarge(40);
        Path run = trained("changed", table, "");
        Path data = Files.writeString(folder.resolve("changed.csv"), table.replace("kind\n", "kind\n-1,a\n"));
        assertFails(
                "eval --model " + run,
                data + ": changed since " + run.resolve("model.safetensors") + " was trained, so that the examples set"
                        + " apart for testing are no longer known; name the test data with --data");
        assertThat(CommandResult.of("eval --model " + run + " --data " + data).code())
                .isZero();

        Path old = folder.resolve("old.safetensors");
        SafeTensors model = SafeTensors.read(run.resolve("model.safetensors").toFile());
        Map<String, String> metadata = new HashMap<>(model.metadata());
        metadata.remove("masktape.test_data_checksum");
        new SafeTensors(model.tensors(), metadata).write(old.toFile());
        assertThat(CommandResult.of("eval --model " + old).code()).isZero();
    }

    @Test
    void modelsThatSetOtherExamplesApartAreNotTestedTogether() throws IOException {
        Path fifth = trained("fifth", smallAndLarge(80), "");
        Path tenth = trained("tenth", smallAndLarge(80), " --test 0.1");
        Path data = folder.resolve("fifth.csv");
        assertFails(
                "eval --model " + fifth + " " + tenth,
                tenth.resolve("model.safetensors") + ": other examples were set apart for testing than " + data
                        + " has for " + fifth.resolve("model.safetensors") + "; name the test data with --data");
        assertThat(CommandResult.of("eval --model " + fifth + " " + tenth + " --data " + data)
                        .code())
                .isZero();
    }

    /** The class is the sign of x alone; y is large and says nothing. */
    @Test
    void eachModelFindsItsColumnsWhateverTheirOrder() throws IOException {
        Random random = new Random(SEED);
        StringBuilder xy = new StringBuilder("x,y,kind\n");
        StringBuilder yx = new StringBuilder("y,x,kind\n");
        for (int i = 0; i < 80; i++) {
            double x = i % 2 == 0 ? 2 : -2;
            double y = 500 + 5 * random.nextGaussian();
            String kind = i % 2 == 0 ? "a" : "b";
            xy.append(x + "," + y + "," + kind + "\n");
            yx.append(y + "," + x + "," + kind + "\n");
        }
        Path first = trained("xy", xy.toString(), "");
        Path second = trained("yx", yx.toString(), "");
        assertThat(lastLine(CommandResult.of("eval --model " + first + " " + second)))
                .isEqualTo("test error 0.00 % (0 of 16)");
        assertThat(lastLine(CommandResult.of("eval --model " + second + " " + first)))
                .isEqualTo("test error 0.00 % (0 of 16)");
    }

    @Test
    void modelsThatVoteAnswerTheSameQuestion() throws IOException {
        Path one = trained("one", "x,kind\n" + "1,\"a, b\"\n2,c\n".repeat(10), "");
        Path two = trained("two", "x,kind\n" + "1,a\n2,\"b, c\"\n".repeat(10), "");
        assertFails(
                "eval --model " + one + " " + two,
                two.resolve("model.safetensors") + ": expected a classifier of 'a, b', 'c' in column 'kind' as "
                        + one.resolve("model.safetensors") + ", got a classifier of 'a', 'b, c' in column 'kind'");
        String table = "x,height,weight\n" + "1,2,50\n2,4,60\n".repeat(10);
        Path height = trained("height", table, " --task regression --label-column height");
        Path weight = trained("weight", table, " --task regression --label-column weight");
        assertFails(
                "eval --model " + height + " " + weight,
                weight.resolve("model.safetensors") + ": expected a regression of 1 numbers in column 'height' as "
                        + height.resolve("model.safetensors") + ", got a regression of 1 numbers in column 'weight'");
    }

    @Test
    void spreadAddsTheDeviationsOverMasks() {
        String command = "predict --model " + folder.resolve("flowers") + " --data " + flowers
                + " --inference montecarlo --samples 20";
        List<String> means = CommandResult.of(command).outLines();
        List<String> both = CommandResult.of(command + " --spread").outLines();
        assertThat(both).hasSameSizeAs(means);
        assertThat(both.get(0)).isEqualTo(means.get(0) + ",\"sd(dog \"\"rose\"\")\",sd(lily),sd(rose)");
        for (int i = 1; i < means.size(); i++) {
            assertThat(both.get(i)).startsWith(means.get(i) + ",");
            String[] cells = both.get(i).split(",");
            assertThat(cells).hasSize(7);
            assertThat(Double.parseDouble(cells[6])).isBetween(0.0, 0.6);
        }
        for (String wrong : List.of("--inference gaussian", "--inference montecarlo --samples 1")) {
            CommandResult outcome = CommandResult.of("predict --model x --data y --spread " + wrong);
            assertThat(outcome.err())
                    .contains("--spread: expected --inference montecarlo with at least 2 --samples, got");
            assertThat(outcome.code()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--samples", "--seed"})
    void samplesAndTheirSeedAreOfMethodsThatDraw(String option) {
        CommandResult outcome = CommandResult.of("eval --model x " + option + " 10");
        assertThat(outcome.errLines())
                .containsExactly("error: " + option + ": expected --inference sampled or montecarlo, got mean;"
                        + " see masktape eval --help");
        assertThat(outcome.code()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"eval", "predict"})
    void theTaskIsTheModels(String command) {
        Path model = folder.resolve("flowers/model.safetensors");
        String words = command + " --model " + model + " --data " + flowers + " --task ";
        CommandResult outcome = CommandResult.of(words + "regression");
        assertThat(outcome.errLines())
                .containsExactly("error: --task: expected classification as " + model
                        + ", got regression; see masktape " + command + " --help");
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(CommandResult.of(words + "classification").code()).isZero();
    }

    @Test
    void whatDoesNotFitIsOneLine() throws IOException {
        Path model = folder.resolve("flowers/model.safetensors");
        assertFails(
                "eval --model " + model + " --data digits",
                "generated digits: expected 2 features as " + model + ", got 784");
        assertFails(
                "eval --model " + model + " --data spirals --inference mean --model " + folder.resolve("prices"),
                folder.resolve("prices/model.safetensors")
                        + ": expected a classifier of 'dog \"rose\"', 'lily', 'rose' in column 'kind, said' as "
                        + model + ", got a regression of 1 numbers in column 'price'");
        assertFails(
                "eval --model " + model + " --data moons",
                "generated moons: expected the features length, width as " + model + ", got x, y");
        Path other =
                Files.writeString(folder.resolve("other.csv"), "length,width,\"kind, said\"\n1,2,rose\n1,2,tulip\n");
        assertFails(
                "eval --model " + model + " --data " + other,
                other + ": line 3, column 3: kind, said: label 'tulip' was not seen in training, which had dog"
                        + " \"rose\", lily, rose");
        assertFails(
                "eval --model " + folder.resolve("flowers/checkpoint.safetensors"),
                folder.resolve("flowers/checkpoint.safetensors")
                        + ": expected a model, got a checkpoint; the model is model.safetensors beside it");
    }

    @Test
    void aModelThatNothingIsSaidOfClassifiesByNumber() throws IOException {
        Path file = folder.resolve("bare.safetensors");
        Sequential.of(Linear.of(784, 10, Initializer.heUniform(1))).save(file.toFile(), Map.of());
        assertFails("eval --model " + file, file + ": does not record its training data; name them with --data");
        assertThat(lastLine(CommandResult.of("eval --model " + file + " --data digits")))
                .matches("test error \\d+\\.\\d\\d % \\(\\d+ of 10000\\)");
    }

    @Test
    void aModelOfDoublesIsAskedInDoubles() throws IOException {
        Tensor weight = Tensor.zeros(DType.FLOAT64, 10, 784);
        Sequential.of(Linear.of(weight, Tensor.zeros(DType.FLOAT64, 10)))
                .save(folder.resolve("doubles.safetensors").toFile(), Map.of());
        CommandResult outcome = CommandResult.of("eval --data digits --model " + folder.resolve("doubles.safetensors"));
        assertThat(lastLine(outcome)).as(outcome.err()).matches("test error 90\\.\\d\\d % \\(\\d+ of 10000\\)");
    }

    // ---- importance ----

    @Test
    void theColumnsOfATableAreRanked() throws IOException {
        String command = "importance --model " + folder.resolve("flowers");
        CommandResult outcome = CommandResult.of(command);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.err()).containsPattern("error {5}\\d+\\.\\d\\d %, before anything is shuffled");
        assertThat(outcome.outLines()).hasSize(3);
        assertThat(outcome.outLines().get(0)).matches("  column +error rises by +std. error");
        assertThat(outcome.outLines().get(1)).matches("  (width|length) +\\d+\\.\\d\\d % +\\d\\.\\d\\d %  █{30}");
        assertThat(CommandResult.of(command).out()).isEqualTo(outcome.out());
        assertThat(CommandResult.of(command + " --seed 2").out()).isNotEqualTo(outcome.out());
        Path csv = folder.resolve("importance.csv");
        CommandResult once = CommandResult.of(
                "importance --model " + folder.resolve("prices") + " --data " + prices + " --repeats 1 --out " + csv);
        assertThat(once.outLines().get(1)).matches("  size +\\d{5}(\\.\\d+)? +undefined  █{30}");
        assertThat(Files.readString(csv))
                .matches("column,error_rise,standard_error\r\nsize,\\d{5}\\.\\d+,\r\nage,\\d+(\\.\\d+)?,\r\n");
    }

    @Test
    void onlyATableHasColumnsToRank() throws IOException {
        Path file = folder.resolve("pixels.safetensors");
        Sequential.of(Linear.of(784, 10, Initializer.heUniform(1))).save(file.toFile(), Map.of());
        assertFails(
                "importance --model " + file + " --data digits",
                "generated digits: expected a table, whose columns can be shuffled, got images or points");
    }

    // ---- predict ----

    @Test
    void predictionsAreATableOfClassesAndProbabilities() throws IOException {
        Path fresh = Files.writeString(folder.resolve("fresh.csv"), "width,length\n0,1000\n-2,1200\n");
        CommandResult outcome = CommandResult.of("predict --model " + folder.resolve("flowers") + " --data " + fresh);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.outLines().get(0)).isEqualTo("\"kind, said\",\"p(dog \"\"rose\"\")\",p(lily),p(rose)");
        assertThat(outcome.outLines()).hasSize(3);
        assertThat(outcome.outLines().get(1)).startsWith("rose,");
        assertThat(outcome.outLines().get(2)).startsWith("lily,");
        double sum = Arrays.stream(outcome.outLines().get(1).split(","))
                .skip(1)
                .mapToDouble(Double::parseDouble)
                .sum();
        assertThat(sum).isBetween(0.9999, 1.0001);
    }

    @Test
    void predictedTargetsAreInTheirOwnUnit() throws IOException {
        Path fresh = Files.writeString(folder.resolve("houses.csv"), "size;age\n50;25\n");
        Path answers = folder.resolve("answers.csv");
        CommandResult outcome = CommandResult.of(
                "predict --model " + folder.resolve("prices") + " --data " + fresh + " --delimiter ; --out " + answers);
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.errLines()).containsExactly("wrote 1 lines to " + answers);
        assertThat(Files.readAllLines(answers)).hasSize(2).first().isEqualTo("price");
        assertThat(Double.parseDouble(Files.readAllLines(answers).get(1))).isBetween(235_000.0, 250_000.0);
    }

    @Test
    void imagesArePredictedFromAFileOrAFolder() throws IOException {
        Path images = folder.resolve("images");
        TrainCommandTest.write(images, "train", GeneratedDigits.of(100, 1));
        TrainCommandTest.write(images, "t10k", GeneratedDigits.of(20, 2));
        Path run = folder.resolve("digits");
        assertThat(CommandResult.of("train --data " + images + " --hidden 8 --epochs 1 --out " + run)
                        .code())
                .isZero();
        CommandResult fromFile =
                CommandResult.of("predict --model " + run + " --data " + images.resolve("t10k-images-idx3-ubyte.gz"));
        assertThat(fromFile.outLines()).hasSize(21).first().asString().startsWith("predicted,p(0),p(1)");
        assertThat(CommandResult.of("predict --model " + run + " --data " + images)
                        .out())
                .isEqualTo(fromFile.out());
    }

    @Test
    void anIdxFileIsToldByItsContentAndNotByItsName() throws IOException {
        Path images = folder.resolve("by-content");
        TrainCommandTest.write(images, "train", GeneratedDigits.of(100, 1));
        TrainCommandTest.write(images, "t10k", GeneratedDigits.of(20, 2));
        Path run = folder.resolve("by-content-run");
        assertThat(CommandResult.of("train --data " + images + " --hidden 8 --epochs 1 --out " + run)
                        .code())
                .isZero();
        Path packed = images.resolve("t10k-images-idx3-ubyte.gz");
        Path labels = images.resolve("t10k-labels-idx1-ubyte");
        String expected =
                CommandResult.of("predict --model " + run + " --data " + packed).out();
        for (String name : new String[] {"foo.csv", "foo", "foo.csv.gz"}) {
            Path copy = Files.copy(packed, folder.resolve(name));
            assertThat(CommandResult.of("predict --model " + run + " --data " + copy)
                            .out())
                    .isEqualTo(expected);
            for (String command : new String[] {"train", "lr", "eval --model " + run}) {
                assertFails(
                        command + " --data " + copy,
                        copy + ": expected a name with train-images, t10k-images or test-images, by which its labels"
                                + " are found; or name both files, with a comma between");
            }
            Files.delete(copy);
        }
        assertFails(
                "train --data " + labels,
                labels + ": an IDX file of labels; name its images, or the folder that holds both");
        assertFails(
                "predict --model " + run + " --data " + labels,
                labels
                        + ": this looks like a label file (magic 0x00000801), expected images (magic 0x00000803) (at byte"
                        + " 0)");
        assertFails(
                "train --data " + flowers + " --label-column 3 --test-data " + packed,
                packed + ": expected a CSV table, got an IDX file of images");

        for (String name : new String[] {"stock-idx.csv", "a.idx3", "train-images-idx3-ubyte"}) {
            Path table = Files.copy(flowers, folder.resolve(name));
            String command = "predict --model " + folder.resolve("flowers") + " --data ";
            assertThat(CommandResult.of(command + table).outLines())
                    .hasSize(151)
                    .isEqualTo(CommandResult.of(command + flowers).outLines());
            Files.delete(table);
        }
    }

    // ---- lr ----

    @Test
    void aLearningRateIsSuggestedAndDrawn() {
        Path curve = folder.resolve("lr.svg");
        CommandResult outcome = CommandResult.of("lr --data moons --hidden 16 --out " + curve);
        assertThat(outcome.code()).isZero();
        assertThat(outcome.outLines().get(0)).matches(" +learning rate +loss +smoothed loss");
        assertThat(outcome.outLines()).last().asString().matches("suggested learning rate 0\\.\\d+");
        assertThat(curve).isNotEmptyFile();
        assertThat(CommandResult.of("lr --from 1 --to 0.1").errLines())
                .containsExactly("error: --from: expected a rate below that of --to; see masktape lr --help");
    }

    // ---- show and export ----

    @Test
    void tensorsThatAreNotReadAreNamed() throws IOException {
        Path named = folder.resolve("integers.safetensors");
        String header = "{\"w\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]},"
                + "\"steps\":{\"dtype\":\"I64\",\"shape\":[2],\"data_offsets\":[4,20]}}";
        byte[] content = new byte[8 + header.length() + 20];
        content[0] = (byte) header.length();
        System.arraycopy(header.getBytes(StandardCharsets.UTF_8), 0, content, 8, header.length());
        Files.write(named, content);
        assertThat(CommandResult.of("show " + named).out())
                .contains("1 tensor, 1 number", "not read, because they hold no floats\n  steps: I64 2\n");
    }

    @Test
    void aModelIsShownTensorByTensor() {
        CommandResult outcome = CommandResult.of("show " + folder.resolve("flowers/model.safetensors"));
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out())
                .contains("4 tensors, 75 numbers", "masktape.architecture: dropconnect 2 12 0.04 per-example, relu,")
                .containsPattern("0\\.weight +12×2 +FLOAT32 ")
                .contains("masktape.command: masktape train --data ");
    }

    @Test
    void textOfAFileSteersNoTerminal() throws IOException {
        Path run = trained("steering", "x,kind\n" + "1,\"a\nb\"\n2,c\u009b31m\u2028\n".repeat(10), "");
        assertThat(CommandResult.of("eval --model " + run).errLines())
                .filteredOn(line -> line.startsWith("class "))
                .allSatisfy(line -> assertThat(line).contains(": error "))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("class     a b: "),
                        line -> assertThat(line).startsWith("class     c�31m : "));
        Path named = folder.resolve("named.safetensors");
        new SafeTensors(Map.of("w", Tensor.scalar(1)), Map.of("k\u009b", "v\u001b\u009b\u2029\u0085w"))
                .write(named.toFile());
        assertThat(CommandResult.of("show " + named).out()).endsWith("\n  k�: v��  w\n");
    }

    @Test
    void aRunIsShownWithItsCourse() {
        assertThat(CommandResult.of("show " + folder.resolve("flowers")).out())
                .contains("after epoch 20, step 100", "training loss", "\n  20 ");
    }

    @Test
    void exportedWeightsAreTheModels() throws IOException {
        Path model = folder.resolve("flowers/model.safetensors");
        Path npz = folder.resolve("weights.npz");
        Path copy = folder.resolve("copy.safetensors");
        assertThat(CommandResult.of("export --model " + model + " --out " + npz).code())
                .isZero();
        assertThat(CommandResult.of("export --model " + model + " --out " + copy)
                        .code())
                .isZero();
        Map<String, ?> expected = SafeTensors.read(model.toFile()).tensors();
        assertThat(Npz.read(npz.toFile()).tensors().keySet()).isEqualTo(expected.keySet());
        assertThat(copy).hasSameBinaryContentAs(model);
        assertThat(CommandResult.of("show " + npz).out()).contains("4 tensors, 75 numbers");
    }

    @ParameterizedTest
    @ValueSource(strings = {"flowers", "prices"})
    void aModelIsExportedToOnnx(String name) {
        Path onnx = folder.resolve(name + ".graph");
        CommandResult outcome =
                CommandResult.of("export --model " + folder.resolve(name) + " --format onnx --out " + onnx);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(onnx).isNotEmptyFile();
    }

    @Test
    void aColumnThatIsAlwaysTheSameHindersNoExport() throws IOException {
        Path table = Files.writeString(folder.resolve("same.csv"), "x,same,kind\n" + "1,7,a\n2,7,b\n".repeat(10));
        Path run = folder.resolve("same");
        assertThat(CommandResult.of("train --epochs 1 --hidden 4 --data " + table + " --out " + run)
                        .code())
                .isZero();
        Path onnx = folder.resolve("same.onnx");
        CommandResult outcome = CommandResult.of("export --model " + run + " --out " + onnx);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(onnx).isNotEmptyFile();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", ".", "-", "a", ";;", "é"})
    void aDelimiterIsNoPartOfANumberOrName(String delimiter) {
        CommandResult outcome = CommandResult.of("train --data " + flowers + " --delimiter " + delimiter);
        assertThat(outcome.errLines())
                .containsExactly(
                        "error: --delimiter: expected one ASCII character such as , or ; or the word tab or space, got \""
                                + delimiter + "\"; see masktape train --help");
        assertThat(outcome.code()).isEqualTo(2);
    }

    @Test
    void whatOnnxNeedsOfTheRuntimeIsNamed() throws Exception {
        Process process = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-XX:TieredStopAtLevel=1",
                        "--limit-modules=java.base",
                        "-cp",
                        System.getProperty("java.class.path"),
                        MasktapeCommand.class.getName(),
                        "export",
                        "--model=" + folder.resolve("flowers"),
                        "--out=" + folder.resolve("limited.onnx"))
                .redirectErrorStream(true)
                .start();
        assertThat(process.inputReader().readLine())
                .startsWith("error: this Java runtime (")
                .endsWith(") has no module java.logging, which ONNX needs; use another java, or --format npz or"
                        + " safetensors");
        assertThat(process.waitFor()).isEqualTo(1);
    }

    /** The model records the path as it was given, the checkpoint beside it the absolute one. */
    @Test
    void theTestDataAreFoundFromAnyFolder(@TempDir Path other) throws Exception {
        Path absolute = Files.copy(flowers, other.resolve("flowers.csv"));
        Path relative = Path.of("").toAbsolutePath().relativize(absolute);
        Path run = other.resolve("run");
        assertThat(CommandResult.of("train --data " + relative + " --epochs 1 --hidden none --out " + run)
                        .code())
                .isZero();
        Process eval = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        MasktapeCommand.class.getName(),
                        "eval",
                        "--kernels=scalar",
                        "--model=run")
                .directory(other.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(eval.inputReader().lines()).last().asString().startsWith("test error ");
        Path alone = Files.copy(run.resolve("model.safetensors"), folder.resolve("alone.safetensors"));
        Files.delete(absolute);
        assertFails(
                "eval --model " + alone,
                relative + ": not found; " + alone
                        + " records this path of its training data; name the data with --data");
    }

    @Test
    void aFormatHasToBeTold() {
        CommandResult outcome = CommandResult.of("export --model x --out y");
        assertThat(outcome.errLines())
                .containsExactly("error: --format: expected onnx, npz or safetensors, got none; the name of --out"
                        + " does not imply one; see masktape export --help");
        assertThat(outcome.code()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"eval --model %s", "show %s", "export --model %s --out x.npz", "predict --model %s --data x.csv"
            })
    void whatIsNoModelIsOneLine(String commandLine) throws IOException {
        Path text = Files.writeString(folder.resolve("text"), "this is no model");
        CommandResult outcome = CommandResult.of(commandLine.formatted(text));
        assertThat(outcome.errLines())
                .singleElement()
                .asString()
                .startsWith("error: " + text + ": not a safetensors file");
        assertThat(outcome.code()).isEqualTo(1);
    }
}
