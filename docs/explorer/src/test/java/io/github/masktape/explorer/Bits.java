// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.explorer;

import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.TreeMap;

/** Records as text that tells every bit, the same as {@link #SCRIPT} makes of the objects in the page. */
final class Bits {
    /** Defines {@code bits(value)} in JavaScript. */
    static final String SCRIPT = """
            const view = new DataView(new ArrayBuffer(8));
            const hex = (number) => {
              view.setFloat64(0, number);
              return Number.isNaN(number) ? 'NaN' : view.getBigUint64(0).toString(16);
            };
            const bits = (value) => value === null ? 'null'
              : typeof value === 'number' ? hex(value)
              : typeof value === 'string' || typeof value === 'boolean' ? String(value)
              : Array.isArray(value) || ArrayBuffer.isView(value) ? '[' + Array.from(value, bits).join(' ') + ']'
              : '{' + Object.keys(value).sort().map((key) => key + '=' + bits(value[key])).join('\\n') + '}';
            """;

    private Bits() {}

    static String of(Object value) throws ReflectiveOperationException {
        if (value == null) {
            return "null";
        }
        if (value instanceof Number number) {
            double exact = number.doubleValue();
            return Double.isNaN(exact) ? "NaN" : Long.toHexString(Double.doubleToRawLongBits(exact));
        }
        if (value instanceof String || value instanceof Boolean) {
            return value.toString();
        }
        if (value instanceof List<?> list) {
            return of(list.toArray());
        }
        StringBuilder text = new StringBuilder();
        if (value.getClass().isArray()) {
            for (int i = 0; i < Array.getLength(value); i++) {
                text.append(i == 0 ? "" : " ").append(of(Array.get(value, i)));
            }
            return "[" + text + "]";
        }
        TreeMap<String, String> parts = new TreeMap<>();
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            parts.put(component.getName(), of(component.getAccessor().invoke(value)));
        }
        parts.forEach((name, part) ->
                text.append(text.isEmpty() ? "" : "\n").append(name).append('=').append(part));
        return "{" + text + "}";
    }
}
