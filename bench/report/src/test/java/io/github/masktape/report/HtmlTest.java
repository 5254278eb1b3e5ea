// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HtmlTest {
    @Test
    void namesAndValuesOfTablesAreEscaped() {
        String html = Html.pairs("<c>", "<n>", Map.of("<k>", "<v>"))
                + new Html.HtmlTable("<c>")
                        .heads(List.of("<h>"))
                        .head("text", "<t>")
                        .row("<r>")
                        .cells(List.of("<d>"))
                        .cell("text", "<e>")
                        .shaded("wrong", 0.5, "<f>")
                        .html()
                + Html.section("<s>", Html.note("<p>"));
        assertThat(html)
                .doesNotContainPattern("<[cnkvhtdefs]>|<r>")
                .contains("&lt;c&gt;", "&lt;f&gt;", "--share:0.500");
        assertThat(html.split("<p[ >]", -1)).hasSize(2);
    }
}
