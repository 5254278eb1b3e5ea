// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.text;

/** The escaping of text for HTML and XML. */
public final class Markup {
    private Markup() {}

    /**
     * Escapes text for an element or a quoted attribute. Line breaks and tabs stay; other characters that are not
     * printable, among them those that XML does not allow, become U+FFFD.
     */
    public static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                case '\n', '\t' -> escaped.append((char) c);
                default -> escaped.appendCodePoint(Printable.isPrintable(c) ? c : 0xFFFD);
            }
        });
        return escaped.toString();
    }
}
