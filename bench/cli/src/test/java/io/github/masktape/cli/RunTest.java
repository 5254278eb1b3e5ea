// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.masktape.cli.run.RunFolder;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that are kept in a folder. */
@Tag("once")
class RunTest {
    private static final String MOONS = "train --data moons --hidden 8 --epochs 3";

    @TempDir
    static Path folder;

    private static Path run;
    private static CommandResult finished;

    @BeforeAll
    static void train() {
        run = folder.resolve("new/run");
        finished = CommandResult.of(MOONS + " --out " + run);
    }

    @Test
    void aFolderHoldsAllThatComesOfARun() throws IOException {
        assertThat(finished.err()).doesNotContain("error: ");
        assertThat(finished.code()).isZero();
        try (Stream<Path> files = Files.list(run)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            ".lock",
                            "checkpoint.safetensors",
                            "model.safetensors",
                            "metrics.csv",
                            "test.csv",
                            "curves.svg",
                            "report.html");
        }
    }

    @Test
    void keepingARunDoesNotChangeIt() {
        assertThat(CommandResult.of(MOONS).out()).isEqualTo(finished.out());
    }

    @Test
    void theMetricsAreALineAnEpoch() throws IOException {
        String metrics = Files.readString(run.resolve("metrics.csv"));
        assertThat(metrics.split("\r\n", -1)[0])
                .isEqualTo("epoch,training_loss,test_loss,test_errors,test_examples,test_error_rate");
        assertThat(metrics.split("\r\n", -1)).hasSize(1 + 3 + 1);
        String number = "\\d+(\\.\\d+)?";
        assertThat(metrics.split("\r\n", -1)[3]).matches("3(," + number + "){5}");
    }

    @Test
    void aFinishedRunThatGoesOnTellsItsResultAndWritesItsFilesAgain() throws IOException {
        byte[] metrics = Files.readAllBytes(run.resolve("metrics.csv"));
        byte[] model = Files.readAllBytes(run.resolve("model.safetensors"));
        for (String name : List.of("metrics.csv", "test.csv", "model.safetensors", "curves.svg", "report.html")) {
            Files.delete(run.resolve(name));
        }
        CommandResult outcome = CommandResult.of("train --resume " + run);
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).isEqualTo(finished.out());
        assertThat(run.resolve("metrics.csv")).hasBinaryContent(metrics);
        assertThat(run.resolve("model.safetensors")).hasBinaryContent(model);
        assertThat(Files.readString(run.resolve("test.csv"))).startsWith("measure,value\r\naccuracy,0.");
        assertThat(run.resolve("curves.svg")).isNotEmptyFile();
        assertThat(run.resolve("report.html")).isNotEmptyFile();
    }

    @Test
    void aFolderWithARunIsNotBegunAnew() {
        assertFails(MOONS + " --out " + run, run + " already holds a run; train --resume " + run + " continues it");
    }

    @Test
    void whatIsToBeTypedIsQuotedAsAShellWantsIt() throws IOException {
        File spaced = Files.createDirectory(folder.resolve("my run")).toFile();
        assertThatThrownBy(() -> RunFolder.requireRun(spaced))
                .hasMessage(spaced + ": no run to continue (there is no checkpoint.safetensors);"
                        + " start one with train --out '" + spaced + "'");
        Files.createFile(spaced.toPath().resolve("checkpoint.safetensors"));
        assertThatThrownBy(() -> RunFolder.requireNoRun(spaced))
                .hasMessage(spaced + " already holds a run; train --resume '" + spaced + "' continues it");
    }

    @Test
    void aFolderWithOtherFilesIsNotTaken() throws IOException {
        Path other = Files.createDirectory(folder.resolve("other"));
        Files.writeString(other.resolve("thesis.tex"), "42");
        assertFails(MOONS + " --out " + other, other + ": expected a new or empty folder, got one with thesis.tex");
        assertThat(other.resolve("thesis.tex")).hasContent("42");
    }

    @Test
    void whatAKilledWriterLeftDoesNotCount() throws IOException {
        Path left = Files.createDirectory(folder.resolve("left"));
        Files.createFile(left.resolve(".lock"));
        Files.createFile(left.resolve(".checkpoint.safetensors.1-2.tmp"));
        assertThat(CommandResult.of(MOONS + " --out " + left).code()).isZero();
        assertThat(left.resolve(".checkpoint.safetensors.1-2.tmp")).doesNotExist();
    }

    /** The exception of the system names only the path. */
    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "lets only administrators make links")
    void aBrokenLinkIsNoFolder() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nowhere"));
        CommandResult outcome = CommandResult.of(MOONS + " --out " + link);
        assertThat(outcome.errLines())
                .containsExactly("error: " + link + ": cannot be made: a file or a broken link has this name");
        assertThat(outcome.code()).isEqualTo(1);
    }

    @Test
    void aFileIsNoFolder() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertFails(MOONS + " --out " + file, file + ": expected a folder, got a file");
        assertFails(MOONS + " --out " + file.resolve("run"), file.resolve("run") + ": cannot be made: Not a directory");
    }

    @Test
    void withoutACheckpointThereIsNothingToGoOnWith() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        for (Path none : List.of(empty, folder.resolve("none"))) {
            assertFails(
                    "train --resume " + none,
                    none + ": no run to continue (there is no checkpoint.safetensors);" + " start one with train --out "
                            + none);
        }
    }

    @Test
    void aDamagedCheckpointIsToldAsSuch() throws IOException {
        Path damaged = Files.createDirectory(folder.resolve("damaged"));
        byte[] bytes = Files.readAllBytes(run.resolve("checkpoint.safetensors"));
        bytes[bytes.length - 9] ^= 1;
        Files.write(damaged.resolve("checkpoint.safetensors"), bytes);
        CommandResult outcome = CommandResult.of("train --resume " + damaged);
        assertThat(outcome.errLines())
                .singleElement()
                .asString()
                .startsWith("error: " + damaged.resolve("checkpoint.safetensors") + ": corrupt: expected checksum ");
        assertThat(outcome.code()).isEqualTo(1);
    }

    @Test
    void twoProcessesDoNotTrainInOneFolder() {
        try (RunFolder taken = RunFolder.resume(run.toFile())) {
            assertFails("train --resume " + run, run + ": another process is training in this folder");
            assertThat(taken).hasToString(run.toString());
        }
        assertThat(CommandResult.of("train --resume " + run).code()).isZero();
    }

    @Test
    void aRunThatDivergedMakesRoomForTheNextOne() throws IOException {
        Path diverged = folder.resolve("diverged");
        CommandResult first = CommandResult.of(MOONS + " --learning-rate 1e30 --out " + diverged);
        assertThat(first.code()).isEqualTo(1);
        assertThat(first.errLines())
                .last()
                .asString()
                .startsWith("error: training diverged in epoch 1, step 2: ")
                .endsWith("; the next train --out " + diverged + " replaces this run");
        assertThat(diverged.resolve("diverged.txt")).content().startsWith("training diverged in epoch 1, step 2: ");
        assertFails(
                "train --resume " + diverged,
                diverged + ": this run diverged, and would do so again (see diverged.txt); start another with"
                        + " train --out " + diverged + ", which replaces it");
        assertThat(diverged.resolve("checkpoint.safetensors")).isNotEmptyFile();

        assertThat(CommandResult.of(MOONS + " --out " + diverged).out()).isEqualTo(finished.out());
        assertThat(diverged.resolve("diverged.txt")).doesNotExist();
        assertThat(diverged.resolve("metrics.csv")).hasSameBinaryContentAs(run.resolve("metrics.csv"));
    }

    @Test
    void aForeignFileBesideARunThatDivergedIsNotDeleted() throws IOException {
        Path diverged = folder.resolve("diverged-with-notes");
        CommandResult.of(MOONS + " --learning-rate 1e30 --out " + diverged);
        Files.writeString(diverged.resolve("notes.txt"), "mine");
        assertFails(
                MOONS + " --out " + diverged, diverged + ": expected a new or empty folder, got one with notes.txt");
        assertThat(diverged.resolve("diverged.txt")).exists();
        assertThat(diverged.resolve("checkpoint.safetensors")).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--patience 5", "--data moons", "--hidden 8", "--seed 1", "--mask-bias", "--out elsewhere"})
    void aRunGoesOnWithTheOptionsItBeganWith(String option) {
        CommandResult outcome = CommandResult.of("train --resume " + run + " " + option);
        assertThat(outcome.errLines())
                .containsExactly("error: --resume: expected no " + option.split(" ", -1)[0]
                        + ", since a run continues with the options that it began with, except for --epochs;"
                        + " see masktape train --help");
        assertThat(outcome.code()).isEqualTo(2);
    }

    @Test
    void aFinishedRunIsExtended() throws IOException {
        Path longer = folder.resolve("longer");
        String constant = MOONS + " --schedule constant";
        CommandResult begun = CommandResult.of(constant + " --out " + longer);
        CommandResult extended = CommandResult.of("train --resume " + longer + " --epochs 5");
        assertThat(extended.err()).contains("epoch 5/5").doesNotContain("epoch 3/5");
        assertThat(extended.out())
                .isNotEqualTo(begun.out())
                .isEqualTo(CommandResult.of(constant.replace("--epochs 3", "--epochs 5"))
                        .out());
        assertThat(Files.readAllLines(longer.resolve("metrics.csv"))).hasSize(1 + 5);
        assertThat(CommandResult.of("train --resume " + longer).out()).isEqualTo(extended.out());
    }

    @Test
    void aCosineBeginsAgainWhereARunIsExtended() {
        Path longer = folder.resolve("cycles");
        CommandResult.of(MOONS + " --out " + longer);
        String cycles =
                CommandResult.of(MOONS.replace("--epochs 3", "--epochs 3,5")).out();
        assertThat(CommandResult.of("train --resume " + longer + " --epochs 5").out())
                .isEqualTo(cycles)
                .isNotEqualTo(CommandResult.of(MOONS.replace("--epochs 3", "--epochs 5"))
                        .out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "2", "4,5"})
    void aRunIsExtendedToMoreEpochsThanItHas(String epochs) {
        CommandResult outcome = CommandResult.of("train --resume " + run + " --epochs " + epochs);
        assertThat(outcome.errLines())
                .containsExactly(
                        "error: --epochs: expected one number above the 3 epochs that the run has already, got "
                                + epochs + "; see masktape train --help");
        assertThat(outcome.code()).isEqualTo(2);
    }

    @Test
    void aRunThatStoppedEarlyIsNotExtended() {
        Path patient = folder.resolve("stopped-early");
        CommandResult.of("train --data moons --hidden 16 --epochs 40 --validation 0.2 --patience 2 --out " + patient);
        assertFails(
                "train --resume " + patient + " --epochs 50",
                patient + ": this run ended early because of --patience 2; start another one with a greater patience");
    }

    @Test
    void aDropProbabilityOfManyDigitsIsThatOfTheRunThatGoesOn() {
        Path precise = folder.resolve("precise");
        CommandResult begun = CommandResult.of(MOONS + " --drop-probability 0.583411917994671 --out " + precise);
        assertThat(CommandResult.of("train --resume " + precise).out()).isEqualTo(begun.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--threads 3", "--kernels scalar", "--checkpoint-seconds 0.5", "--stacktrace"})
    void whatShapesNoResultMayBeAnother(String option) {
        assertThat(CommandResult.of("train --resume " + run + " " + option).out())
                .isEqualTo(finished.out());
    }

    @Test
    void patienceKeepsTheBestWeights() throws IOException {
        Path patient = folder.resolve("patient");
        CommandResult outcome = CommandResult.of(
                "train --data moons --hidden 16 --epochs 40 --validation 0.2 --patience 2 --out " + patient);
        assertThat(outcome.code()).isZero();
        assertThat(outcome.err())
                .contains("1600 examples for training, 400 for validation, 2000 for testing", "validation error")
                .containsPattern("stopped early, since no epoch after \\d+ was better");
        assertThat(Files.readString(patient.resolve("metrics.csv"))).contains("validation_loss");
        CommandResult evaluated = CommandResult.of("eval --model " + patient);
        assertThat(evaluated.outLines()).last().isEqualTo(outcome.outLines().get(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--patience 3|--patience: expected --validation as well, to judge the epochs by",
                "--hidden 4,4,4 --drop-probability 0.1,0.2|--drop-probability: expected one number,"
                        + " or one for each of the 3 hidden layers, got 2",
                "--label-column 1|--label-column: expected a CSV file as --data",
                "--regularizer none --drop-probability 0.5|--drop-probability: expected --regularizer dropout or"
                        + " dropconnect, got none",
                "--regularizer none --mask per-batch|--mask: expected --regularizer dropconnect, got none",
                "--regularizer dropout --mask per-example|--mask: expected --regularizer dropconnect, got dropout",
                "--mask flipout --drop-probability 0.2|--drop-probability: expected 0.5 with --mask flipout, whose random"
                        + " signs drop half of the connections, got 0.2",
                "--regularizer dropout --mask-bias|--mask-bias: expected --regularizer dropconnect, got dropout",
                "--hidden none --drop-probability 0.2|--drop-probability: expected hidden layers, got --hidden none",
                "--hidden none --regularizer dropout|--regularizer: expected hidden layers, got --hidden none",
                "--checkpoint-seconds 5|--checkpoint-seconds: expected --out or --resume as well",
                "--test 0.3|--test: expected a CSV file as --data, got generated moons",
                "--test-data x.csv|--test-data: expected a CSV file as --data, got generated moons",
            })
    void optionsThatDoNotGoTogetherAreAMistake(String row) {
        CommandResult outcome = CommandResult.of("train --data moons " + row.split("\\|", -1)[0]);
        assertThat(outcome.errLines())
                .containsExactly("error: " + row.split("\\|", -1)[1] + "; see masktape train --help");
        assertThat(outcome.code()).isEqualTo(2);
    }

    /** What is stored has all options, those that mean nothing to the run as well. */
    @Test
    void aRunWithoutMasksGoesOn() {
        Path plain = folder.resolve("plain");
        CommandResult begun = CommandResult.of(MOONS + " --regularizer none --out " + plain);
        assertThat(CommandResult.of("train --resume " + plain).out()).isEqualTo(begun.out());
    }

    @Test
    void aRunWithSharedSignsGoesOnAsIfItHadNotStopped() throws IOException {
        String flipout = "train --data moons --hidden 16,16 --mask flipout --schedule constant --seed 3";
        CommandResult whole = CommandResult.of(flipout + " --epochs 3");
        Path stopped = folder.resolve("flipout");
        CommandResult.of(flipout + " --epochs 1 --out " + stopped);
        CommandResult resumed = CommandResult.of("train --epochs 3 --resume " + stopped);
        assertThat(resumed.err()).contains("masks     flipout, drop probability 0.5");
        assertThat(resumed.outLines().get(0)).isEqualTo(whole.outLines().get(0));
    }

    @Test
    void aPartOfTheExamplesCannotBeAllOfThem() {
        CommandResult outcome = CommandResult.of("train --data moons --validation 2000");
        assertThat(outcome.errLines())
                .containsExactly("error: generated moons: --validation 2000: expected at most 1998 of 2000 examples,"
                        + " so that each class keeps one, got 2000");
        assertThat(outcome.code()).isEqualTo(1);
    }

    private static void assertFails(String commandLine, String message) {
        CommandResult outcome = CommandResult.of(commandLine);
        assertThat(outcome.errLines()).containsExactly("error: " + message);
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
    }
}
