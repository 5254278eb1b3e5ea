// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.io.SafeTensors;
import io.github.masktape.layers.Inference;
import io.github.masktape.layers.Linear;
import io.github.masktape.layers.Sequential;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.text.Decimal;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers of tables on their way through training, answers, and the files of a run. */
class TableNumbersTest {
    private static final String LINEAR = " --task regression --hidden none --epochs 60 --batch-size 8"
            + " --optimizer sgd --learning-rate 0.05 --kernels scalar";

    @TempDir
    private Path folder;

    private Path run;

    @BeforeEach
    void nameTheRun() {
        run = folder.resolve("run");
    }

    /** y = offset + a + b, of 40 examples. */
    private Path sums(double offset) throws IOException {
        Random random = new Random(1);
        StringBuilder table = new StringBuilder("a,b,y\n");
        for (int i = 0; i < 40; i++) {
            int a = random.nextInt(100);
            int b = random.nextInt(100);
            table.append(a / 100.0).append(',').append(b / 100.0).append(',');
            table.append(BigDecimal.valueOf(offset).add(BigDecimal.valueOf(a + b, 2)))
                    .append('\n');
        }
        return Files.writeString(folder.resolve("sums.csv"), table);
    }

    private static String result(CommandResult outcome) {
        assertThat(outcome.code()).as(outcome.err()).isZero();
        List<String> lines = outcome.outLines();
        return lines.get(lines.size() - 1);
    }

    private static double rmse(String result) {
        Matcher matcher = Pattern.compile("test rmse (\\S+) \\(R² .*").matcher(result);
        assertThat(matcher.matches()).as(result).isTrue();
        return Double.parseDouble(matcher.group(1));
    }

    private static double[] column(List<String> lines, int column) {
        return lines.stream()
                .skip(1)
                .mapToDouble(line -> Double.parseDouble(line.split(",", -1)[column]))
                .toArray();
    }

    // ---- digits ----

    @ParameterizedTest
    @ValueSource(doubles = {0, 1_000_000, 123_456_789, -1.7e9})
    void predictionsHaveTheDigitsThatTheErrorIsToldOf(double offset) throws IOException {
        Path table = sums(offset);
        String trained =
                result(CommandResult.of("train --data " + table + " --test-data " + table + LINEAR + " --out " + run));
        assertThat(rmse(trained)).isBetween(1e-9, 0.1);
        assertThat(result(CommandResult.of("eval --model " + run))).isEqualTo(trained);

        double[] predicted = column(
                CommandResult.of("predict --model " + run + " --data " + table).outLines(), 0);
        double[] actual = column(Files.readAllLines(table), 2);
        double squares = 0;
        HashSet<Double> different = new HashSet<>();
        for (int i = 0; i < actual.length; i++) {
            squares += (predicted[i] - actual[i]) * (predicted[i] - actual[i]);
            different.add(predicted[i]);
        }
        double rmse = Math.sqrt(squares / actual.length);
        assertThat(Decimal.shortest(rmse, 6)).isEqualTo(Decimal.shortest(rmse(trained), 6));
        assertThat(different).hasSizeGreaterThan(30);
        // The report shows the twelve worst predictions.
        String report = Files.readString(run.resolve("report.html"));
        for (double[] numbers : new double[][] {actual, predicted}) {
            assertThat(Arrays.stream(numbers)
                            .filter(number -> report.contains(
                                    "<td>" + Decimal.exact(number).replace("-", "−") + "</td>"))
                            .count())
                    .isGreaterThanOrEqualTo(12);
        }
    }

    /** A decimal that the float is not read back from could be one of another float. */
    @Test
    void probabilitiesReadBackAsTheSameFloats() throws IOException {
        Tensor w = Tensor.of(new float[] {1, -1, 0.3f, 20, 0.7f, -20}, 3, 2);
        Sequential net = Sequential.of(Linear.of(w, Tensor.of(new float[] {0, 0.1f, 0.2f}, 3)));
        Path model = folder.resolve("model.safetensors");
        net.save(model.toFile(), Map.of());
        StringBuilder table = new StringBuilder("a,b\n");
        Random random = new Random(1);
        float[] x = new float[200];
        for (int i = 0; i < 100; i++) {
            x[2 * i] = random.nextInt(2000) / 1000f - 1;
            x[2 * i + 1] = random.nextInt(2000) / 1000f - 1;
            table.append(x[2 * i]).append(',').append(x[2 * i + 1]).append('\n');
        }
        Path data = Files.writeString(folder.resolve("x.csv"), table);
        List<String> lines =
                CommandResult.of("predict --model " + model + " --data " + data).outLines();
        Tensor expected =
                Inference.mean().probabilities(Sequential.of(SafeTensors.read(model.toFile())), Tensor.of(x, 100, 2));
        for (int i = 0; i < 100; i++) {
            String[] cells = lines.get(i + 1).split(",", -1);
            for (int c = 0; c < 3; c++) {
                assertThat(Float.parseFloat(cells[c + 1])).isEqualTo((float) expected.get(i, c));
                assertThat(cells[c + 1].replaceFirst("e.*", "").replace(".", "").replaceFirst("^0+", ""))
                        .hasSizeLessThanOrEqualTo(9);
            }
        }
    }

    @Test
    void theMetricsReadBackAsTheSameDoubles() throws IOException {
        Path table = sums(1_000_000);
        assertThat(CommandResult.of("train --data " + table + LINEAR + " --validation 10 --out " + run)
                        .code())
                .isZero();
        List<String> lines =
                Files.readString(run.resolve("metrics.csv")).lines().toList();
        assertThat(lines.get(0)).isEqualTo("epoch,training_loss,validation_loss,validation_rmse,validation_r2");
        boolean allDigits = false;
        for (String line : lines.subList(1, lines.size())) {
            for (String cell : line.split(",", -1)) {
                assertThat(Decimal.exact(Double.parseDouble(cell))).isEqualTo(cell);
                allDigits |= cell.length() > 15;
            }
        }
        assertThat(allDigits).isTrue();
    }

    /** Rounded to floats, all but every 128th of these seconds are one. */
    @Test
    void secondsSince1970AreLearnedAsIfTheyBeganAtZero() throws IOException {
        String[] results = new String[2];
        for (int k = 0; k < 2; k++) {
            Random random = new Random(1);
            StringBuilder table = new StringBuilder("t,label\n");
            for (int i = 0; i < 120; i++) {
                int t = random.nextInt(100);
                table.append((k == 0 ? 1_700_000_000L : 0) + t).append(t < 50 ? ",early\n" : ",late\n");
            }
            Path file = Files.writeString(folder.resolve("time" + k + ".csv"), table);
            results[k] = result(CommandResult.of("train --data " + file
                    + " --regularizer none --epochs 40 --batch-size 16 --hidden 16 --learning-rate 0.05"));
        }
        assertThat(results[0]).isEqualTo(results[1]).matches("test error \\d\\.\\d\\d % .*");
    }

    /** What was standardized in float comes back as 2.4e-08. */
    @Test
    void zeroIsReportedAsZero() throws IOException {
        Random random = new Random(1);
        StringBuilder table = new StringBuilder("a,b,y\n");
        for (int i = 0; i < 60; i++) {
            table.append(List.of("0", "0.3", "1", "2", "5").get(random.nextInt(5)))
                    .append(',')
                    .append(random.nextInt(3) - 1)
                    .append(i % 3 == 0 ? ",0\n" : "," + (i % 7) + ".1\n");
        }
        Path file = Files.writeString(folder.resolve("zeros.csv"), table);
        result(CommandResult.of("train --data " + file + " --task regression --hidden 4 --epochs 3 --learning-rate 0.01"
                + " --clip 1 --out " + run));
        String report = Files.readString(run.resolve("report.html"));
        String rows = report.substring(report.indexOf("The worst predictions"), report.indexOf("One training step"));
        assertThat(rows)
                .containsPattern("<td>0</td><td>−?\\d+\\.\\d+</td>")
                .containsPattern("<td>0.3</td>")
                .doesNotContain("e−", "29999", "30000");
    }

    // ---- what has no answer ----

    private void trainFlowers() throws IOException {
        Random random = new Random(1);
        StringBuilder table = new StringBuilder("x,y,cls\n");
        for (int i = 0; i < 60; i++) {
            table.append(random.nextInt(100) / 100.0 + i % 2)
                    .append(',')
                    .append(random.nextInt(100) / 100.0)
                    .append(i % 2 == 0 ? ",a\n" : ",b\n");
        }
        Path file = Files.writeString(folder.resolve("flowers.csv"), table);
        result(CommandResult.of("train --data " + file + " --hidden 8 --epochs 3 --out " + run));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "predict",
                "predict --inference gaussian",
                "predict --inference sampled",
                "predict --inference montecarlo",
                "eval",
                "eval --inference montecarlo"
            })
    void anExampleWithoutAnAnswerIsNamed(String command) throws IOException {
        trainFlowers();
        Path data =
                Files.writeString(folder.resolve("far.csv"), "x,y,cls\n0.1,0.2,a\n1,1e300,a\n1,0.5,b\n-1e300,1,b\n");
        CommandResult outcome = CommandResult.of(command + " --model " + run + " --data " + data);
        assertThat(outcome.errLines())
                .containsExactly("error: " + data + ": example 2 of 4, the first of 2 such: expected a finite output of"
                        + " the network, got NaN or infinity: y is more than 3.4e+38 standard deviations from the"
                        + " mean of the training data; correct the example or leave it out");
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(CommandResult.of(command + " --model " + run + " " + run + " --data " + data)
                        .out())
                .isEmpty();
    }

    @Test
    void nothingIsWrittenIfAnExampleHasNoAnswer() throws IOException {
        trainFlowers();
        Path data = Files.writeString(folder.resolve("far.csv"), "x,y\n0.1,0.2\n1.5e38,1\n");
        Path answers = folder.resolve("answers.csv");
        CommandResult outcome = CommandResult.of("predict --model " + run + " --data " + data + " --out " + answers);
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err())
                .containsPattern(
                        "far.csv: example 2 of 2: expected a finite output .*: x is 1.5e\\+38, 2\\.\\d+e\\+38 standard dev")
                .doesNotContain("internal");
        assertThat(answers).doesNotExist();
    }

    @Test
    void aTestExampleWithoutAnAnswerEndsTheTrainingAndLeavesTheModel() throws IOException {
        trainFlowers();
        Path flowers = folder.resolve("flowers.csv");
        Path far = Files.writeString(folder.resolve("far.csv"), "x,y,cls\n0.1,0.2,a\n1,1e300,a\n");
        Path other = folder.resolve("other");
        String train = "train --data " + flowers + " --test-data " + far + " --hidden 8 --epochs 2";
        CommandResult outcome = CommandResult.of(train);
        assertThat(outcome.errLines().get(outcome.errLines().size() - 1))
                .startsWith("error: " + far + ": test: example 2 of 2: expected a finite output of the network")
                .contains("y is more than 3.4e+38 standard deviations");
        assertThat(outcome.code()).isEqualTo(1);
        outcome = CommandResult.of(train + " --out " + other);
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("test: example 2 of 2").doesNotContain("internal");
        assertThat(other.resolve("model.safetensors")).exists();
        assertThat(other.resolve("metrics.csv")).exists();
        assertThat(CommandResult.of("predict --model " + other + " --data " + flowers)
                        .code())
                .isZero();
    }

    @Test
    void aWeightThatIsNoNumberIsNotBlamedOnTheData() throws IOException {
        Sequential net =
                Sequential.of(Linear.of(Tensor.of(new float[] {Float.NaN, 1}, 2, 1), Tensor.of(new float[2], 2)));
        Path model = folder.resolve("model.safetensors");
        net.save(model.toFile(), Map.of());
        Path data = Files.writeString(folder.resolve("x.csv"), "1\n2\n");
        assertThat(CommandResult.of("predict --model " + model + " --data " + data)
                        .err())
                .contains("x.csv: example 1 of 2, the first of 2 such", "the weights are too large");
    }

    // ---- R² ----

    @Test
    void rSquaredThatIsUndefinedIsToldSo() throws IOException {
        Path table = sums(1_000_000);
        CommandResult trained =
                CommandResult.of("train --data " + table + " --test 1 --validation 1" + LINEAR + " --out " + run);
        assertThat(result(trained)).matches("test rmse \\d\\.\\S+ \\(R² undefined, of 1\\)");
        assertThat(result(CommandResult.of("eval --model " + run))).isEqualTo(result(trained));
        assertThat(Files.readString(run.resolve("metrics.csv")).lines().skip(1))
                .hasSize(60)
                .allMatch(line -> line.matches("\\d+(,[0-9.e-]+){3},"));
        assertThat(Files.readString(run.resolve("report.html")))
                .contains("R² undefined")
                .doesNotContain("R² –");
        assertThat(CommandResult.of("show " + run.resolve("checkpoint.safetensors"))
                        .out())
                .contains("R² undefined");

        Path equal = Files.writeString(folder.resolve("equal.csv"), "a,b,y\n1,2,0.1\n0.5,0.1,0.1\n0,1,0.1\n");
        assertThat(result(CommandResult.of("eval --model " + run + " --data " + equal)))
                .endsWith(" (R² undefined, of 3)");
    }
}
