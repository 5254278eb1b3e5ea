// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Tag("once")
class NotebookCommandTest {
    @TempDir
    private Path folder;

    @Test
    void withoutTheKernelItSaysHowToFetchIt() {
        CommandResult outcome = CommandResult.of("notebook --dir " + folder);
        Path own = folder.resolve("masktape");
        assertThat(outcome.errLines())
                .containsExactly("error: " + own.resolve("rapaio-jupyter-kernel-3.0.1.jar")
                        + ": not found; fetch it with: mvn dependency:copy"
                        + " -Dartifact=io.github.padreati:rapaio-jupyter-kernel:3.0.1 -DoutputDirectory=" + own);
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(folder).isEmptyDirectory();
        assertThat(CommandResult.of("notebook --kernel none.jar").errLines())
                .containsExactly("error: none.jar: no such file");
    }

    @Test
    void theDescriptionNamesJavaTheKernelAndTheLibrary() throws IOException {
        Path jar = Files.createFile(folder.resolve("kernel.jar"));
        CommandResult outcome = CommandResult.of("notebook --dir " + folder.resolve("kernels") + " --kernel " + jar);
        Path description = folder.resolve("kernels/masktape/kernel.json");
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).startsWith("wrote " + description + ";");
        assertThat(description)
                .content()
                .startsWith("{\"argv\": [\"")
                .contains(
                        "\"--add-modules\", \"jdk.incubator.vector\", \"-jar\", ",
                        "kernel.jar\", \"{connection_file}\"], \"display_name\": \"Java with Masktape\",",
                        "\"language\": \"java\", \"interrupt_mode\": \"message\", \"env\": {\"RJK_CLASSPATH\": \"");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void kernelsAreWhereJupyterLooksForThem() {
        String home = System.getProperty("user.home");
        assertThat(NotebookCommand.kernels(Map.of())).isEqualTo(new File(home + "/.local/share/jupyter/kernels"));
        assertThat(NotebookCommand.kernels(Map.of("XDG_DATA_HOME", "/data")))
                .isEqualTo(new File("/data/jupyter/kernels"));
        assertThat(NotebookCommand.kernels(Map.of("XDG_DATA_HOME", "/data", "JUPYTER_DATA_DIR", "/own")))
                .isEqualTo(new File("/own/kernels"));
    }
}
