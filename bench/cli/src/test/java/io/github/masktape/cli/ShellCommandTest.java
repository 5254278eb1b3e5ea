// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Tag("once")
class ShellCommandTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    private CommandResult shell(String snippets, String arguments) {
        ShellCommand command = new ShellCommand(
                false,
                new ByteArrayInputStream(snippets.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(written, true, StandardCharsets.UTF_8));
        CommandResult outcome = CommandResult.of(command, ("shell " + arguments).strip());
        return new CommandResult(
                outcome.code(), written.toString(StandardCharsets.UTF_8).replace("\r", ""), outcome.err());
    }

    @Test
    void pipedSnippetsRunWithTheLibraryImported() {
        CommandResult outcome = shell("""
                Tensor.identity(DType.FLOAT64, 2)
                Tape tape = new Tape();
                Variable x = tape.input(Tensor.scalar(3));
                System.out.println(tape.backward(Ops.square(x)).of(x));
                new ReLU()
                GeneratedDigits.of(3, 1).size()
                LearningRate.constant(0.5).at(7)
                Heatmap.of(Mask.bernoulli(1, 1, 2, 0, 1))
                TapePicture.of(tape)
                """, "");
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out())
                .contains(
                        "[[1, 0],\n [0, 1]]\n",
                        "\n6\n",
                        "ReLU",
                        "==> 3\n",
                        "==> 0.5\n",
                        "│████│\n",
                        "#0 input, scalar\n#1 square ← #0, scalar\n")
                .doesNotContain("Error", "incubator");
    }

    @Test
    void pipedOutputIsWhatTheSnippetsGiveAndNothingElse() {
        String snippets = "int a = 3;\nint twice(int x) {\n  return 2 * x;\n}\ntwice(a)\n"
                + "System.out.println(\"hi\");\n\nTensor.identity(DType.FLOAT64, 2)";
        assertThat(shell(snippets, "").out()).isEqualTo("$3 ==> 6\nhi\n$5 ==> [[1, 0],\n [0, 1]]\n");
    }

    @Test
    void mistakesAreToldAndTheShellGoesOn() {
        CommandResult outcome = shell("int a = \"x\";\n1 + 1\n", "");
        assertThat(outcome.out()).contains("incompatible types", "==> 2");
    }

    @Test
    void itsExitCodeIsTheShells() {
        assertThat(shell("/exit 3\n", "").code()).isEqualTo(3);
    }

    @Test
    void filesRunFirst(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("lesson.jsh");
        Files.writeString(file, "Tensor w = Tensor.scalar(4);\nSystem.out.println(\"é\");\n");
        assertThat(shell("w\n\"é\"", file.toString()).out()).isEqualTo("é\nw ==> 4\n$4 ==> \"é\"\n");
        CommandResult missing = shell("", folder.resolve("none.jsh").toString());
        assertThat(missing.code()).isEqualTo(1);
        assertThat(missing.err()).isEqualTo("error: " + folder.resolve("none.jsh") + ": no such file of snippets\n");
    }

    /** As in a container whose user has no home. */
    @Tag("long")
    @Test
    void withoutAHomeItRunsAllTheSame(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "no folder");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Djava.util.prefs.userRoot=" + file,
                        "-cp",
                        System.getProperty("java.class.path"),
                        MasktapeCommand.class.getName(),
                        "shell")
                .redirectErrorStream(true)
                .start();
        try (Writer snippets = process.outputWriter()) {
            snippets.write("1 + 1\n");
        }
        assertThat(process.inputReader().lines().filter(line -> !line.contains("incubator")))
                .containsExactly("$1 ==> 2");
        assertThat(process.waitFor()).isZero();
    }

    @Tag("long")
    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no way to ask a process to end")
    void askedToEndItLeavesNoFileBehind(@TempDir Path folder) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + folder,
                        "-cp",
                        System.getProperty("java.class.path"),
                        MasktapeCommand.class.getName(),
                        "shell")
                .redirectErrorStream(true)
                .start();
        try {
            process.outputWriter().append("1 + 1\n").flush();
            assertThat(process.inputReader().readLine()).isEqualTo("$1 ==> 2");
            assertThat(folder).isDirectoryContaining("glob:**masktape*.jsh");
            // Not by the process itself: that closes its input as well.
            process.toHandle().destroy();
            assertThat(process.waitFor()).isEqualTo(128 + 15);
            assertThat(folder).isDirectoryNotContaining("glob:**masktape*.jsh");
        } finally {
            process.destroyForcibly();
        }
    }
}
