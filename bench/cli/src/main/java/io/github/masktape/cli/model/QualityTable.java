// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.model;

import io.github.masktape.cli.terminal.TextTable;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.Values;
import io.github.masktape.optim.Quality;
import io.github.masktape.text.Decimal;
import io.github.masktape.text.Printable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * The quality of a model's outputs for test examples: of its classes, or of each of its numbers.
 *
 * @param targets the name of each target; one for a classifier
 * @param qualities the quality of each target
 */
public record QualityTable(List<String> targets, List<Quality> qualities) {
    private static final int DIGITS = 6;
    private static final int LONGEST_NAME = 12;
    private static final int DECIMALS = 4;

    /** Copies the lists. */
    public QualityTable {
        targets = List.copyOf(targets);
        qualities = List.copyOf(qualities);
    }

    /**
     * The quality of outputs.
     *
     * @param raw the examples in the unit of the data
     */
    public static QualityTable of(ModelOutputs outputs, Dataset raw) {
        if (!(raw.targets() instanceof Values actual)) {
            return new QualityTable(
                    List.of(""), List.of(Quality.ofClasses(outputs.values(), outputs.predicted(), raw.labels())));
        }
        List<Quality> qualities = new ArrayList<>();
        for (int t = 0; t < actual.outputs(); t++) {
            qualities.add(Quality.ofNumbers(outputs.values(), actual.tensor(), t));
        }
        return new QualityTable(outputs.targetNames(), qualities);
    }

    /** Prints a line for each measure, with a column for each target. */
    public void print(PrintWriter out) {
        List<List<String>> rows = new ArrayList<>();
        if (targets.size() > 1) {
            List<String> heads = new ArrayList<>(List.of(""));
            targets.forEach(name -> heads.add(Printable.line(Printable.shortened(name, LONGEST_NAME))));
            rows.add(heads);
        }
        for (String measure : qualities.get(0).measures().keySet()) {
            List<String> row = new ArrayList<>(List.of(measure));
            qualities.forEach(quality -> row.add(text(quality, measure)));
            rows.add(row);
        }
        TextTable.print(rows, out);
    }

    private static String text(Quality quality, String measure) {
        OptionalDouble value = value(quality, measure);
        if (value.isEmpty()) {
            return "undefined";
        }
        boolean hasUnit = quality instanceof Quality.OfNumbers && !measure.equals("R²");
        return hasUnit ? Decimal.shortest(value.getAsDouble(), DIGITS) : Decimal.fixed(value.getAsDouble(), DECIMALS);
    }

    private static OptionalDouble value(Quality quality, String measure) {
        return quality.measures().getOrDefault(measure, OptionalDouble.empty());
    }

    /**
     * The table as CSV (RFC 4180), a line for each measure and a column for each target. A number reads back as the same
     * double; one that is undefined is an empty cell.
     */
    public String csv() {
        StringBuilder csv = new StringBuilder("measure");
        for (String name : targets) {
            csv.append(',').append(targets.size() == 1 ? "value" : PredictionsCsv.cell(name));
        }
        csv.append("\r\n");
        for (String measure : qualities.get(0).measures().keySet()) {
            csv.append(measure.toLowerCase(Locale.ROOT).replace(' ', '_').replace('²', '2'))
                    .append(',')
                    .append(qualities.stream()
                            .map(quality -> value(quality, measure))
                            .map(value -> value.isPresent() ? Decimal.exact(value.getAsDouble()) : "")
                            .collect(Collectors.joining(",")))
                    .append("\r\n");
        }
        return csv.toString();
    }
}
