// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.masktape.cli.run.RunFolder;
import io.github.masktape.cli.terminal.Terminal;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.GeneratedDigits;
import io.github.masktape.io.SafeTensors;
import io.github.masktape.layers.Sequential;
import io.github.masktape.optim.LearningRate;
import io.github.masktape.optim.SGD;
import io.github.masktape.optim.Trainer;
import io.github.masktape.paper.PaperRun.Arm;
import io.github.masktape.paper.PaperRun.PaperSchedule;
import io.github.masktape.paper.PaperRun.Part;
import io.github.masktape.tensor.Activation;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Tensor;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("once")
class PaperCommandTest {
    @TempDir
    static Path folder;

    @BeforeAll
    static void runOnce() throws IOException {
        MnistFiles.write(folder.resolve("data"), "train", GeneratedDigits.of(130, 1));
        MnistFiles.write(folder.resolve("data"), "t10k", GeneratedDigits.of(60, 2));
        CommandResult outcome = paper("out", "--schedule 1-1-1 --parts relu --seeds 2 --samples 2 --jobs 1");
        assertThat(outcome.err()).doesNotContain("error: ");
        assertThat(outcome.code()).isZero();
    }

    private static CommandResult paper(String out, String options) {
        return CommandResult.of("--data " + folder.resolve("data") + " --out " + folder.resolve(out) + " " + options);
    }

    private static Path out(String file) {
        return folder.resolve("out").resolve(file);
    }

    private static List<String> runsButTheirSeconds() throws IOException {
        return Files.readAllLines(out("runs.csv")).stream()
                .map(line -> line.substring(0, line.lastIndexOf(',')))
                .toList();
    }

    @Test
    void theTablePutsEachArmBesideThePaper() throws IOException {
        String table = Files.readString(out("results.md"));

        assertThat(table)
                .contains("### 784-800-800-10, relu", "Schedule 1-1-1, 7 epochs: an experiment, not a reproduction")
                .containsPattern(
                        "\\| No-Drop \\| mean \\| 2 \\| [\\d.]+ ± [\\d.]+ \\| [\\d.]+ \\|  \\| [\\d.]+ \\| 1.62 \\|"
                                + " 1.40 \\|")
                .containsPattern("\\| Dropout \\| mean \\| 2 \\| .* \\| 1.28 \\| 1.20 \\|")
                .containsPattern("\\|  \\| gaussian \\| 2 \\| .* ± [\\d.]+ \\|  \\| 1.20 \\| 1.12 \\|")
                .contains("|  | sampled | 2 |", "|  | montecarlo | 2 |", "| Batch DropConnect | mean | 2 |");
    }

    @Test
    void everyRunHasALineAndThePicturesAreWritten() throws IOException {
        assertThat(Files.readAllLines(out("runs.csv")))
                .hasSize(1 + 2 * 4)
                .element(1)
                .asString()
                .matches("relu,dropconnect,800-800,0.5,1,1-1-1,[\\d.]+,[\\d.]+(,0\\.\\d{4}){4},[0-9a-f]{64},[\\d.]+");
        assertThat(Files.readString(out("relu.svg"))).contains("<svg", "No-Drop");
        assertThat(Files.readString(out("relu-convergence.svg"))).contains("<svg", "epoch");
    }

    @Test
    void anInterruptedExperimentGoesOnAndGivesTheSame() throws IOException {
        List<String> runs = runsButTheirSeconds();
        String table = Files.readString(out("results.md"));
        Files.delete(out("runs/relu-dropout-2.model.safetensors"));
        Files.delete(out("runs/relu-dropout-2.predictions.safetensors"));
        Files.delete(out("runs/relu-dropconnect-1.predictions.safetensors"));
        byte[] kept = Files.readAllBytes(out("runs/relu-no-drop-1.model.safetensors"));

        CommandResult outcome = paper("out", "--parts relu --seeds 2 --samples 2 --jobs 3");

        assertThat(outcome.code()).isZero();
        assertThat(outcome.err())
                .contains("as planned before", "relu-dropout-2: ")
                .doesNotContain("relu-no-drop");
        assertThat(outcome.out()).isEqualTo(table);
        assertThat(runsButTheirSeconds()).isEqualTo(runs);
        assertThat(out("runs/relu-no-drop-1.model.safetensors")).hasBinaryContent(kept);
    }

    @Test
    void armsMayBeRunBitByBit() throws IOException {
        assertThat(paper("few", "--schedule 1-1-1 --parts relu --seeds 1 --arms no-drop")
                        .code())
                .isZero();
        CommandResult outcome = paper("few", "--parts relu --seeds 1 --arms dropout,no-drop");

        assertThat(outcome.err()).contains("2 runs of 7 epochs").doesNotContain("relu-no-drop");
        assertThat(outcome.out())
                .contains("| No-Drop | mean | 1 |", "| Dropout | mean | 1 |")
                .doesNotContain("DropConnect |");
        assertThat(Files.readAllLines(folder.resolve("few/runs.csv"))).hasSize(3);
        assertThat(Files.readString(folder.resolve("few/relu.svg"))).contains("Dropout");
    }

    @Test
    void testImagesNeedNotShowEveryClass() throws IOException {
        Path few = folder.resolve("few-classes");
        Tensor blank = Tensor.zeros(DType.FLOAT32, 3, 784);
        MnistFiles.write(few, "train", new Dataset(blank, new int[] {3, 12, 4}, 13));
        MnistFiles.write(few, "t10k", new Dataset(blank, new int[] {3, 4, 0}, 5));
        CommandResult outcome = CommandResult.of("--schedule 1-1-1 --parts relu --arms no-drop --seeds 1 --data " + few
                + " --out " + folder.resolve("few-classes-out"));
        assertThat(outcome.err())
                .contains("part relu: 1 run of 7 epochs, schedule 1-1-1")
                .doesNotContain("error: ");
        assertThat(outcome.code()).isZero();
    }

    @Test
    void aBudgetCanBeFitToVeryFewImages() throws IOException {
        Path tiny = folder.resolve("tiny");
        MnistFiles.write(tiny, "train", GeneratedDigits.of(4, 1));
        MnistFiles.write(tiny, "t10k", GeneratedDigits.of(4, 1));
        CommandResult outcome = CommandResult.of("--budget 1s --jobs 1 --parts relu --arms no-drop --seeds 1"
                + " --data " + tiny + " --out " + folder.resolve("tiny-out"));
        assertThat(outcome.err()).doesNotContain("error: ");
        assertThat(outcome.code()).isZero();
    }

    @Test
    void aPartNeedsAnArm() {
        CommandResult outcome = paper("none", "--parts rates --arms per-batch");

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.errLines())
                .singleElement()
                .asString()
                .startsWith("error: --arms: expected one that the part rates has, got [per-batch]");
    }

    @Test
    void aNetworkOfTheExperimentIsAModelLikeAnyOther() throws IOException {
        SafeTensors model = SafeTensors.read(
                out("runs/relu-dropconnect-1.model.safetensors").toFile());

        assertThat(model.tensors()).containsKeys("0.weight", "0.bias", "2.weight", "4.bias");
    }

    @Test
    void twoProcessesDoNotShareAFolder() {
        RunFolder held = RunFolder.hold(folder.resolve("out").toFile());
        try {
            CommandResult outcome = paper("out", "--parts relu");

            assertThat(outcome.code()).isEqualTo(1);
            assertThat(outcome.errLines()).singleElement().asString().contains("another process is training");
        } finally {
            held.close();
        }
    }

    @Test
    void anotherScheduleNeedsAnotherFolder() {
        CommandResult outcome = paper("out", "--schedule 2-1-1 --parts relu");

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.errLines()).singleElement().asString().contains("1-1-1, got 2-1-1");
    }

    @Test
    void runsOnOtherDataAreRefused() throws IOException {
        MnistFiles.write(folder.resolve("other"), "train", GeneratedDigits.of(130, 3));
        MnistFiles.write(folder.resolve("other"), "t10k", GeneratedDigits.of(60, 2));

        CommandResult outcome = CommandResult.of("--data " + folder.resolve("other") + " --out " + folder.resolve("out")
                + " --parts relu --seeds 2 --samples 2");

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.errLines()).last().asString().startsWith("error: ").contains("other data");
    }

    @Test
    void aNetworkTrainedAgainIsAskedAgain() throws IOException {
        copy("again");
        Path predictions = folder.resolve("again/runs/relu-dropout-1.predictions.safetensors");
        byte[] answers = Files.readAllBytes(predictions);
        Files.copy(
                folder.resolve("again/runs/relu-no-drop-1.predictions.safetensors"),
                predictions,
                StandardCopyOption.REPLACE_EXISTING);

        CommandResult outcome = paper("again", "--parts relu --seeds 2 --samples 2");

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(predictions).hasBinaryContent(answers);
    }

    @Test
    void networksOfAnotherScheduleAreNoPartOfTheTable() throws IOException {
        copy("unplanned");
        Files.delete(folder.resolve("unplanned/plan.csv"));

        CommandResult outcome = paper("unplanned", "--schedule 2-1-1 --parts relu --seeds 2 --samples 2");

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.errLines())
                .last()
                .asString()
                .startsWith("error: ")
                .contains("was trained by schedule 1-1-1, not 2-1-1");
    }

    @Test
    void anArmIsAKindOfNetwork() {
        assertThat(new PaperRun(Part.RELU, Arm.FLIPOUT, Activation.RELU, 80, 0.5, 2)
                        .network(784, 10)
                        .architecture())
                .isEqualTo("dropconnect 784 80 0.5 flipout, relu, dropconnect 80 80 0.5 flipout, relu, linear 80 10");
    }

    @Test
    void aCheckpointOfAnotherRunIsAClearError() throws IOException {
        copy("mixed");
        Files.delete(folder.resolve("mixed/runs/relu-dropout-2.model.safetensors"));
        Path checkpoint = folder.resolve("mixed/runs/relu-dropout-2.checkpoint.safetensors");
        Sequential net = new PaperRun(Part.RELU, Arm.DROPOUT, Activation.RELU, 800, 0.5, 2).network(784, 10);
        new Trainer(net, new SGD(net.parameters(), LearningRate.constant(0.1)), 1, 100, 9)
                .withCheckpoint(checkpoint.toFile())
                .fit(GeneratedDigits.of(100, 1));

        CommandResult outcome = paper("mixed", "--parts relu --seeds 2 --samples 2");

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.errLines())
                .last()
                .asString()
                .startsWith("error: " + checkpoint + ": resume: training examples: expected 100")
                .endsWith("choose another folder by --out");
    }

    private static void copy(String to) throws IOException {
        Files.createDirectories(folder.resolve(to).resolve("runs"));
        for (String in : List.of(".", "runs")) {
            try (Stream<Path> files = Files.list(out(in))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.copy(file, folder.resolve(to).resolve(in).resolve(file.getFileName()));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--budget 0m",
                "--budget m",
                "--budget -5m",
                "--parts elu",
                "--schedule 1-2",
                "--seeds 0",
                "--budget 1m --schedule 1-1-1 --parts relu --arms no-drop --seeds 1",
                "--jobs 0"
            })
    void whatMakesNoSenseIsAMistake(String options) {
        CommandResult outcome = paper("none", options);

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.errLines()).singleElement().asString().contains("expected");
        assertThat(folder.resolve("none")).doesNotExist();
    }

    @Test
    void aPlanThatIsNoTextIsAClearError() throws IOException {
        Path plan = Files.createDirectories(folder.resolve("bytes")).resolve("plan.csv");
        Files.write(plan, new byte[] {'r', (byte) 0xff});

        CommandResult outcome = paper("bytes", "--parts relu");

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.errLines())
                .containsExactly(
                        "error: " + plan + ": expected lines such as relu,14-9-1, got bytes that are not UTF-8");
    }

    @Test
    void aFileInThePlaceOfAFolderIsAClearError() throws IOException {
        Path file = Files.createFile(
                Files.createDirectories(folder.resolve("blocked")).resolve("runs"));
        for (String out : List.of("blocked", "blocked/runs")) {
            CommandResult outcome = paper(out, "--parts relu");
            assertThat(outcome.code()).isEqualTo(1);
            assertThat(outcome.errLines()).containsExactly("error: " + file + ": expected a folder, got a file");
        }
    }

    @Test
    void withoutAnEpochNobodyKnowsHowLongOneTakes() {
        StringWriter text = new StringWriter();
        PrintWriter err = new PrintWriter(text);
        PaperSchedule schedule = new PaperSchedule(1, 1, 1);
        List<PaperRun> runs = PaperRun.of(Part.RELU, 1);
        List<PaperModel.EpochResult> curve = List.of(new PaperModel.EpochResult(0.1, 0.25));

        new PaperProgress(new Terminal(err, err, false), runs, runs, Map.of(Part.RELU, schedule))
                .trained(new PaperModel(runs.get(0), schedule, curve, 0, Double.NaN, "", ""));

        assertThat(text.toString())
                .isEqualToIgnoringNewLines("relu-dropconnect-1: test error 25.00 % after 7 epochs; 1 of 5 runs");
    }

    @Test
    void aBrokenPlanIsAClearError() throws IOException {
        Files.createDirectories(folder.resolve("broken"));
        Files.writeString(folder.resolve("broken/plan.csv"), "part,schedule\nrelu,1-x\n");

        CommandResult outcome = paper("broken", "--parts relu");

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.errLines()).singleElement().asString().contains("plan.csv", "relu,1-x");
    }

    @ParameterizedTest
    @CsvSource({"1480, 600-400-20", "57, 23-15-1", "7, 1-1-1", "0.3, 1-1-1", "148, 60-40-2"})
    void aScheduleKeepsThePapersShape(double epochs, String expected) {
        assertThat(PaperSchedule.scaled(epochs)).hasToString(expected);
        assertThat((double) PaperSchedule.scaled(epochs).epochs()).isCloseTo(Math.max(7, epochs), within(2.0));
    }

    @Test
    void statisticsAreThoseOfThePrimer() {
        PaperResults.Statistics a = PaperResults.Statistics.of(1, 2, 3, 4);
        PaperResults.Statistics b = PaperResults.Statistics.of(1, 1, 2, 2);

        assertThat(a).hasToString("2.50 ± 1.291");
        assertThat(a.less(b)).isEqualTo("1.00 ± 0.707");
    }

    @Test
    void everyPartHasRunsOfDifferentNames() {
        for (Part part : Part.values()) {
            assertThat(PaperRun.of(part, 3).stream().map(PaperRun::name))
                    .isNotEmpty()
                    .doesNotHaveDuplicates();
        }
    }
}
