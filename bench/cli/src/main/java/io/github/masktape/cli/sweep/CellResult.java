// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.sweep;

import io.github.masktape.text.Decimal;
import io.github.masktape.text.Printable;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The result of a cell.
 *
 * @param examples the number of examples that the network was tested on
 * @param epochs the number of epochs that it was trained for
 * @param weights the SHA-256 of the trained weights; empty if the training failed
 * @param measures the measures that are defined; empty if the training failed
 * @param failure the reason why the training failed, or null
 */
public record CellResult(
        int examples,
        int epochs,
        String weights,
        Map<Measure, Double> measures,
        @Nullable String failure) {
    /** Copies the measures, in the order of their enum. */
    public CellResult {
        Map<Measure, Double> copy = new EnumMap<>(Measure.class);
        copy.putAll(measures);
        measures = Collections.unmodifiableMap(copy);
    }

    /** The result of a training that diverged. */
    static CellResult failed(int examples, String reason) {
        return new CellResult(examples, 0, "", Map.of(), Printable.line(reason));
    }

    /** The value of a measure, if it is defined. */
    public OptionalDouble measure(Measure measure) {
        Double value = measures.get(measure);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /** The result as lines of text; a number reads back as the same double. */
    public String text() {
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("examples", Integer.toString(examples));
        if (failure != null) {
            lines.put("failure", failure);
        } else {
            lines.put("epochs", Integer.toString(epochs));
            lines.put("weights", weights);
            measures.forEach((measure, value) -> lines.put(measure.toString(), Decimal.exact(value)));
        }
        StringBuilder text = new StringBuilder();
        lines.forEach(
                (name, value) -> text.append(name).append(' ').append(value).append('\n'));
        return text.toString();
    }

    /**
     * Parses the text of a result.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static CellResult parse(String text) {
        Map<String, String> lines = new LinkedHashMap<>();
        for (String line : text.lines().toList()) {
            int space = line.indexOf(' ');
            if (space < 0) {
                throw new IllegalArgumentException("result: expected lines of a name and a value, got " + line);
            }
            lines.put(line.substring(0, space), line.substring(space + 1));
        }
        int examples = Integer.parseInt(lines.getOrDefault("examples", ""));
        String failure = lines.get("failure");
        if (failure != null) {
            return failed(examples, failure);
        }
        Map<Measure, Double> measures = new EnumMap<>(Measure.class);
        for (Measure measure : Measure.values()) {
            String value = lines.get(measure.toString());
            if (value != null) {
                measures.put(measure, Double.parseDouble(value));
            }
        }
        return new CellResult(
                examples,
                Integer.parseInt(lines.getOrDefault("epochs", "")),
                lines.getOrDefault("weights", ""),
                measures,
                null);
    }
}
