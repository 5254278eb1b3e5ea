// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MarkupTest {
    @Test
    void whatMeansSomethingInMarkupIsEscaped() {
        assertThat(Markup.escape("<a href=\"x\" id='y'>&amp;</a>"))
                .isEqualTo("&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;");
    }

    @Test
    void whatXmlDoesNotAllowIsReplaced() {
        assertThat(Markup.escape("a\0b\u001B[31mc\uD800d\u202Ee\u0085\uFFFF"))
                .isEqualTo("a\uFFFDb\uFFFD[31mc\uFFFDd\uFFFDe\uFFFD\uFFFD");
        assertThat(Markup.escape("ä 数 😀\n\t")).isEqualTo("ä 数 😀\n\t");
    }
}
