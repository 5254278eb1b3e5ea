// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The notebook's cells print what it says, in JShell, on which kernels for Java are built. */
class NotebookTest {
    private record Output(List<String> text) {}

    private record Cell(String cell_type, List<String> source, List<Output> outputs) {}

    private record Notebook(List<Cell> cells) {}

    @Test
    void everyCellPrintsWhatIsBelowIt() throws IOException {
        String json = Files.readString(Page.root().resolve("docs/examples/law.ipynb"));
        List<Cell> cells = new Gson()
                .fromJson(json, Notebook.class).cells().stream()
                        .filter(cell -> cell.cell_type().equals("code"))
                        .toList();
        assertThat(cells).hasSizeGreaterThan(2);
        try (Session session = new Session("law.ipynb")) {
            for (Cell cell : cells) {
                String said = cell.outputs().stream()
                        .map(output -> String.join("", output.text()))
                        .reduce("", String::concat);
                assertThat(session.run(new Fence(1, "java", String.join("", cell.source()))))
                        .isEqualTo(said.stripTrailing());
            }
        }
    }
}
