// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainCommandTest {
    @TempDir
    Path folder;

    @Test
    void thePageIsWrittenAndItIsSaidWhere() throws IOException {
        Path page = folder.resolve("explorer.html");
        Files.writeString(page, "an older one");
        CommandResult outcome = CommandResult.of("explain --out " + page);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out())
                .isEqualTo("wrote " + page + ", " + Files.size(page) + " bytes; open it in a browser\n");
        assertThat(Files.readString(page))
                .startsWith("<!doctype html>")
                .contains("id=\"engine-wasm\"")
                .doesNotContain("<script src=")
                .endsWith("</html>\n");
    }

    @Test
    void aPlaceThatCannotBeWrittenIsOneLine() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        for (Path place : new Path[] {folder, folder.resolve("missing/explorer.html"), file.resolve("explorer.html")}) {
            CommandResult outcome = CommandResult.of("explain --out " + place);
            assertThat(outcome.errLines())
                    .singleElement()
                    .asString()
                    .startsWith("error: ")
                    .contains(place.toString());
            assertThat(outcome.code()).isEqualTo(1);
            assertThat(outcome.out()).isEmpty();
        }
    }

    @Test
    void withoutAPlaceItIsAUsageMistake() {
        CommandResult outcome = CommandResult.of("explain");
        assertThat(outcome.errLines())
                .singleElement()
                .asString()
                .contains("--out")
                .endsWith("see masktape explain --help");
        assertThat(outcome.code()).isEqualTo(2);
    }
}
