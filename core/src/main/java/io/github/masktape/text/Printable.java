// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.text;

/**
 * The sanitizing of text from files or users for display. Characters that are not printable break a line, control a
 * terminal, reverse the direction of writing, or are not characters at all.
 */
public final class Printable {
    private static final int REPLACEMENT = 0xFFFD;

    private Printable() {}

    /** The text with U+FFFD in place of each character that is not printable, line breaks and tabs included. */
    public static String characters(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints().forEach(c -> printable.appendCodePoint(isPrintable(c) ? c : REPLACEMENT));
        return printable.toString();
    }

    /** The text on one line: a blank for each line break and the blanks after it, U+FFFD as in {@link #characters}. */
    public static String line(String text) {
        return characters(text.replaceAll("\\R\\s*", " "));
    }

    /** The text with {@code \n}, {@code \t} or {@code \}{@code u001b} in place of what is not printable. */
    public static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                default -> {
                    if (isPrintable(c)) {
                        escaped.appendCodePoint(c);
                    } else {
                        String digits = Integer.toHexString(c);
                        escaped.append("\\u")
                                .append("0".repeat(4 - digits.length()))
                                .append(digits);
                    }
                }
            }
        });
        return escaped.toString();
    }

    /** The first {@code most} characters of the text, followed by {@code …} if there are more. */
    public static String shortened(String text, int most) {
        return text.codePointCount(0, text.length()) <= most
                ? text
                : text.substring(0, text.offsetByCodePoints(0, most)) + "…";
    }

    /** True if the character is printable; those that are not have at most four hexadecimal digits. */
    static boolean isPrintable(int c) {
        boolean lineBreak = c == 0x2028 || c == 0x2029;
        boolean direction = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
        boolean unpaired = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
        return !(Character.isISOControl(c) || lineBreak || direction || unpaired || c == 0xFFFE || c == 0xFFFF);
    }
}
