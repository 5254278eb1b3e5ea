// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {
    @Test
    void whatCannotBePrintedIsReplaced() {
        assertThat(Printable.characters("a\0b\u001B[31mc\uD800d\u202Ee\u0085\uFFFF\u2029\n\t"))
                .isEqualTo("a\uFFFDb\uFFFD[31mc\uFFFDd\uFFFDe\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD");
        assertThat(Printable.characters("ä 数 😀 \\")).isEqualTo("ä 数 😀 \\");
    }

    @Test
    void aLineHasABlankForEachBreak() {
        assertThat(Printable.line("a\r\n   b\n\nc\u2028d\te")).isEqualTo("a b c d\uFFFDe");
    }

    @Test
    void escapesAreThoseOfJava() {
        assertThat(Printable.escaped("a\nb\rc\td\u001b\u2028\u202e\uD800 ä 😀"))
                .isEqualTo("a\\nb\\rc\\td\\u001b\\u2028\\u202e\\ud800 ä 😀");
    }

    @Test
    void aLongTextIsCutBetweenCharacters() {
        assertThat(Printable.shortened("abc", 3)).isEqualTo("abc");
        assertThat(Printable.shortened("abcd", 3)).isEqualTo("abc…");
        assertThat(Printable.shortened("a😀😀b", 2)).isEqualTo("a😀…");
        assertThat(Printable.shortened("", 0)).isEmpty();
    }
}
