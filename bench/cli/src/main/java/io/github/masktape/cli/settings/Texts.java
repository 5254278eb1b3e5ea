// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The value of an option that is a list: texts separated by commas, each in quotes if it holds a comma or a quote, which
 * is then written twice.
 *
 * @param values the texts, without spaces around them
 */
public record Texts(List<String> values) {
    /** Copies the list. */
    public Texts {
        values = List.copyOf(values);
    }

    /**
     * The list that a text writes.
     *
     * @throws IllegalArgumentException if a quote is not closed, or if other text follows it
     */
    public static Texts of(String text) {
        List<String> values = new ArrayList<>();
        int at = 0;
        while (at <= text.length()) {
            int begin = at;
            while (begin < text.length() && text.charAt(begin) == ' ') {
                begin++;
            }
            int end = begin;
            if (begin < text.length() && text.charAt(begin) == '"') {
                end = begin + 1;
                while (end < text.length() && (text.charAt(end) != '"' || text.startsWith("\"\"", end))) {
                    end += text.charAt(end) == '"' ? 2 : 1;
                }
                int next = Math.min(text.length(), end + 1);
                if (end >= text.length() || (next < text.length() && text.charAt(next) != ',')) {
                    throw new IllegalArgumentException(text);
                }
                values.add(text.substring(begin + 1, end).replace("\"\"", "\""));
                at = next + 1;
            } else {
                while (end < text.length() && text.charAt(end) != ',') {
                    end++;
                }
                values.add(text.substring(begin, end).strip());
                at = end + 1;
            }
        }
        return new Texts(values);
    }

    @Override
    public String toString() {
        return values.stream()
                .map(value -> value.isEmpty()
                                || value.contains(",")
                                || value.contains("\"")
                                || !value.strip().equals(value)
                        ? '"' + value.replace("\"", "\"\"") + '"'
                        : value)
                .collect(Collectors.joining(","));
    }
}
