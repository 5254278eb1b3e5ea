// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.terminal;

import io.github.masktape.text.Decimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A JSON object on one line: texts, numbers, booleans, null, lists and objects under their names. */
public final class JsonObject {
    private final List<String> members;

    public JsonObject() {
        this(List.of());
    }

    private JsonObject(List<String> members) {
        this.members = members;
    }

    /** The same object with one more member. */
    public JsonObject with(String name, @Nullable Object value) {
        List<String> more = new ArrayList<>(members);
        more.add(quoted(name) + ": " + json(value));
        return new JsonObject(more);
    }

    private static String json(@Nullable Object value) {
        if (value instanceof Double number) {
            return Decimal.exact(number);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(JsonObject::json).collect(Collectors.joining(", ", "[", "]"));
        }
        return value instanceof String text ? quoted(text) : String.valueOf(value);
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                case '\n' -> quoted.append("\\n");
                default -> quoted.append(c < ' ' ? String.format(Locale.ROOT, "\\u%04x", (int) c) : c);
            }
        }
        return quoted.append('"').toString();
    }

    /** The object on one line. */
    @Override
    public String toString() {
        return "{" + String.join(", ", members) + "}";
    }
}
