package io.github.masktape.cli.report;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Text as it may stand in HTML and SVG. */
final class Html {
    private Html() {}

    /** The text, for an element or a quoted attribute; what XML does not allow becomes U+FFFD. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(isAllowed(c) ? c : 0xFFFD);
            }
        });
        return escaped.toString();
    }

    private static boolean isAllowed(int c) {
        boolean control = c < ' ' && c != '\t' && c != '\n' || c >= 0x7F && c <= 0x9F;
        boolean direction = c >= 0x202A && c <= 0x202E || c >= 0x2066 && c <= 0x2069;
        boolean unpaired = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
        return !(control || direction || unpaired || c == 0xFFFE || c == 0xFFFF);
    }

    /** A picture as an attribute's value. */
    static String dataUri(byte[] png) {
        return "data:image/png;base64," + new String(Base64.getEncoder().encode(png), StandardCharsets.US_ASCII);
    }
}
