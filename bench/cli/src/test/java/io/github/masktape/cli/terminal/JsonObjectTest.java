// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class JsonObjectTest {
    @Test
    void valuesAreWrittenAsJson() {
        JsonObject inner = new JsonObject().with("x", -0.5).with("y", 3);
        assertThat(new JsonObject()
                        .with("a\"\\\n\t", "ü")
                        .with("none", null)
                        .with("list", List.of("b", true, inner))
                        .toString())
                .isEqualTo("{\"a\\\"\\\\\\n\\u0009\": \"ü\", \"none\": null,"
                        + " \"list\": [\"b\", true, {\"x\": -0.5, \"y\": 3}]}");
    }
}
