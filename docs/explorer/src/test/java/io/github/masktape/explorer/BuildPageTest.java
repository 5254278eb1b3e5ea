// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.explorer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Variable;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class BuildPageTest {
    @Test
    void everyOpOfTheRulebookHasItsFormula() throws IOException {
        String json = BuildPage.formulas(
                Files.readString(Path.of("../../core/src/main/java/io/github/masktape/autograd/Ops.java")));
        for (Method method : Ops.class.getMethods()) {
            if (method.getReturnType() == Variable.class && !method.getName().equals("op")) {
                assertThat(json).contains("\n\"" + method.getName() + "\": \"");
            }
        }
        assertThat(json)
                .contains("\n\"relu\": \"y  = max(x, 0)\\ndx = x > 0 ? dy : 0\"")
                .doesNotContain("\"op\"");
    }

    @Test
    void thePageIsOneFile() throws IOException {
        String page = Files.readString(Path.of("target/explorer.html"));
        assertThat(page)
                .doesNotContain("<script src=", "<link rel=\"stylesheet\"", "@import")
                .contains("Content-Security-Policy", "default-src 'none'");
        assertThat(Path.of("target/classes/io/github/masktape/explorer/explorer.html"))
                .hasSameTextualContentAs(Path.of("target/explorer.html"));
    }
}
