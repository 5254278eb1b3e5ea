// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.masktape.layers.Linear;
import io.github.masktape.layers.Sequential;
import io.github.masktape.tensor.Initializer;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No command overwrites what it reads. */
@Tag("once")
class InputFilesTest {
    @TempDir
    private Path folder;

    private Path data;
    private Path run;
    private Path model;

    @BeforeEach
    void write() throws IOException {
        data = Files.writeString(folder.resolve("data.csv"), "a,b\n1,2\n3,4\n");
        run = Files.createDirectory(folder.resolve("run"));
        model = run.resolve("model.safetensors");
        Sequential.of(Linear.of(2, 2, Initializer.heUniform(1))).save(model.toFile(), Map.of());
    }

    private String predict(Path... models) {
        StringBuilder command = new StringBuilder("predict --data " + data + " --model");
        for (Path each : models) {
            command.append(' ').append(each);
        }
        return command.toString();
    }

    private static void assertRefused(String command, Path out, String why) throws IOException {
        byte[] before = Files.isRegularFile(out) ? Files.readAllBytes(out) : new byte[0];
        CommandResult outcome = CommandResult.of(command + " --out " + out);
        assertThat(outcome.errLines())
                .singleElement()
                .asString()
                .startsWith("error: --out: expected a path that is not also an input, got " + out + ", " + why
                        + "; see masktape ");
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        if (Files.isRegularFile(out)) {
            assertThat(Files.readAllBytes(out)).isEqualTo(before);
        }
    }

    @Test
    void theFileOfAnyOptionIsAnInput() throws IOException {
        assertRefused(predict(run), data, "which is --data " + data);
        assertRefused(predict(model), model, "which is --model " + model);
        assertRefused("export --model " + model, model, "which is --model " + model);
        assertRefused("export --model " + model + " --format npz", model, "which is --model " + model);
        assertRefused("lr --data " + data, data, "which is --data " + data);
        Path test = Files.copy(data, folder.resolve("test.csv"));
        assertRefused("lr --data " + data + " --test-data " + test, test, "which is --test-data " + test);
        assertRefused("train --data " + data, data, "which is --data " + data);
    }

    @Test
    void eachOfSeveralModelsIsAnInput() throws IOException {
        Path other = Files.copy(model, folder.resolve("other.safetensors"));
        assertRefused(predict(model, other), other, "which is --model " + other);
    }

    @Test
    void whateverPathNamesIt() throws IOException {
        String why = "which is --data " + data;
        assertRefused(predict(run), run.resolve("../data.csv"), why);
        assertRefused(predict(run), folder.resolve(".").resolve("data.csv"), why);
        assertRefused(predict(run), Files.createSymbolicLink(folder.resolve("link.csv"), data), why);
        assertRefused(predict(run), Files.createLink(folder.resolve("hard.csv"), data), why);
        Path other = Files.createSymbolicLink(folder.resolve("other"), folder);
        assertRefused(predict(run), other.resolve("data.csv"), why);
        assertRefused("lr --data " + other.resolve("data.csv"), data, "which is --data " + other.resolve("data.csv"));
    }

    @Test
    void theFilesOfAFolderAreInputs() throws IOException {
        assertRefused(predict(run), model, "a file of --model " + run);
        assertRefused("export --model " + run, model, "a file of --model " + run);
        Path checkpoint = Files.copy(model, run.resolve("checkpoint.safetensors"));
        assertRefused("export --model " + run, checkpoint, "a file of --model " + run);
        Path mnist = Files.createDirectory(folder.resolve("mnist"));
        for (String name : new String[] {"train-images-idx3-ubyte", "t10k-labels.idx1-ubyte.gz"}) {
            Path images = Files.writeString(mnist.resolve(name), "any");
            assertRefused("lr --data " + mnist, images, "a file of --data " + mnist);
            assertRefused("predict --model " + run + " --data " + mnist, images, "a file of --data " + mnist);
        }
        assertRefused("train --data " + mnist, mnist, "which is --data " + mnist);
    }

    @Test
    void theProgramIsAnInput() throws IOException {
        Path program = Path.of(System.getProperty("java.class.path").split(File.pathSeparator, -1)[0]);
        assertRefused("explain", program, "which is this program");
    }

    @Test
    void standardInputMayBeAFile() throws Exception {
        assumeTrue(Files.exists(Path.of("/dev/stdin")));
        Process process = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-cp",
                        System.getProperty("java.class.path"),
                        MasktapeCommand.class.getName(),
                        "predict",
                        "--kernels=scalar",
                        "--model=" + run,
                        "--data=/dev/stdin",
                        "--out=" + data)
                .redirectInput(data.toFile())
                .redirectErrorStream(true)
                .start();
        assertThat(process.inputReader().readLine())
                .startsWith("error: --out: expected a path that is not also an input");
        assertThat(process.waitFor()).isEqualTo(2);
    }

    /** A pipe is copied first, because a table is read more than once. */
    @ParameterizedTest
    @ValueSource(strings = {"-", "/dev/stdin"})
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no /dev/stdin")
    void standardInputMayBeAPipe(String name) throws Exception {
        Process process = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-XX:TieredStopAtLevel=1",
                        "-Djava.io.tmpdir=" + folder,
                        "-cp",
                        System.getProperty("java.class.path"),
                        MasktapeCommand.class.getName(),
                        "predict",
                        "--kernels=scalar",
                        "--model=" + run,
                        "--data=" + name,
                        "--out=-")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (Writer in = process.outputWriter()) {
            in.write(Files.readString(data));
        }
        assertThat(process.inputReader().lines()).hasSize(3).first().isEqualTo("predicted,p(0),p(1)");
        assertThat(process.waitFor()).isZero();
        assertThat(folder).isDirectoryNotContaining("glob:**masktape*");
    }

    @Test
    void aDeviceIsWrittenTo() {
        Path nowhere = Path.of("/dev/null");
        assumeTrue(Files.exists(nowhere));
        assertThat(CommandResult.of(predict(run) + " --out " + nowhere).code()).isZero();
        assertThat(Files.isRegularFile(nowhere)).isFalse();
    }

    @Test
    void bothFilesOfAPairAreInputs() throws IOException {
        Path images = Files.writeString(folder.resolve("a"), "any");
        Path labels = Files.writeString(folder.resolve("b"), "any");
        String pair = images + "," + labels;
        assertRefused("lr --data " + pair, images, "which is --data " + images);
        assertRefused("lr --data " + pair, labels, "which is --data " + labels);
    }

    /** Without {@code --data}, they are read again. */
    @Test
    void theDataThatAModelWasTrainedOnAreInputs() throws IOException {
        Path test = folder.resolve("test.csv");
        Files.writeString(data, "a,b\n" + "1,2\n3,4\n".repeat(10));
        Files.copy(data, test);
        String train = "train --data " + data + " --test-data " + test + " --task classification --epochs 1";
        assertThat(CommandResult.of(train + " --out " + folder.resolve("trained"))
                        .code())
                .isZero();
        String importance = "importance --model " + folder.resolve("trained");
        assertRefused(importance, data, "which is the model's data " + data);
        assertRefused(importance, test, "which is the model's data " + test);
        assertRefused(importance + " --data " + test, test, "which is --data " + test);
    }

    /** Also again: predictions in a run's folder are not read from there. */
    @Test
    void anyOtherFileIsWritten() throws IOException {
        for (Path out : new Path[] {run.resolve("predictions.csv"), folder.resolve("new.csv")}) {
            for (int time = 0; time < 2; time++) {
                assertThat(CommandResult.of(predict(run) + " --out " + out).code())
                        .isZero();
                assertThat(out).content().startsWith("predicted,p(0),p(1)\n");
            }
        }
        assertThat(data).hasContent("a,b\n1,2\n3,4\n");
    }

    @Test
    void theHelpIsPrintedAllTheSame() {
        CommandResult outcome = CommandResult.of("lr --data " + data + " --out " + data + " --help");
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).startsWith("Usage: masktape lr");
        assertThat(CommandResult.of("gradcheck --in 3 --out 2").code()).isZero();
    }
}
