// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Executes the notebook of the documentation in Jupyter, and compares its outputs. It needs Python with nbclient (Debian:
 * {@code python3-nbclient} and {@code jupyter-client}), and the kernel's jar, which {@code -Dmasktape.jupyter.kernel}
 * names.
 */
class NotebookExchangeTest {
    private static final String EXECUTE = """
            import sys, nbformat
            from nbclient import NotebookClient
            notebook = nbformat.read(sys.argv[1], as_version=4)
            def outputs():
                return ["".join("".join(o["text"]) for o in c.get("outputs", [])) for c in notebook.cells]
            before = outputs()
            NotebookClient(notebook, kernel_name="masktape", timeout=300).execute()
            assert outputs() == before, (before, outputs())
            notebook.cells = [nbformat.v4.new_code_cell("System.out.println(Compute.lacksVectorModule());")]
            notebook.cells[0].source = "import io.github.masktape.tensor.*;\\n" + notebook.cells[0].source
            NotebookClient(notebook, kernel_name="masktape", timeout=300).execute()
            assert outputs() == ["false\\n"], outputs()
            print("equal")
            """;

    @TempDir
    private Path folder;

    private record Ended(int code, String output) {}

    private Ended run(List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JUPYTER_PATH", folder.toString());
        try {
            Process process = builder.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ended(process.waitFor(), output);
        } catch (IOException e) {
            return new Ended(-1, e.toString());
        }
    }

    @Test
    void theNotebookGivesTheOutputsThatItHolds() throws IOException, InterruptedException {
        String kernel = System.getProperty("masktape.jupyter.kernel", "");
        assumeTrue(!kernel.isEmpty(), "give the kernel's jar with -Dmasktape.jupyter.kernel");
        List<String> pythons = new ArrayList<>(List.of("python3", "/usr/bin/python3"));
        for (String python : List.copyOf(pythons)) {
            if (run(List.of(python, "-c", "import nbclient")).code() != 0) {
                pythons.remove(python);
            }
        }
        assumeTrue(
                !pythons.isEmpty(),
                "no Python here has nbclient; Debian: apt-get install python3-nbclient jupyter-client");

        CommandResult installed =
                CommandResult.of("notebook --dir " + folder.resolve("kernels") + " --kernel " + kernel);
        assertThat(installed.err()).isEmpty();
        Path notebook = Path.of("../../docs/examples/law.ipynb");
        assertThat(Files.exists(notebook)).isTrue();
        Ended ended = run(List.of(pythons.get(0), "-c", EXECUTE, notebook.toString()));
        assertThat(ended.output()).endsWith("equal\n");
        assertThat(ended.code()).isZero();
    }
}
