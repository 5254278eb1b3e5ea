// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.model;

import io.github.masktape.data.Csv;
import io.github.masktape.data.Preprocessing;
import io.github.masktape.data.TargetKind;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.text.Decimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Predictions as a CSV table (RFC 4180): columns of the data, then the class and the probabilities, or the numbers, then
 * their deviations and intervals.
 *
 * @param kept the columns of the data
 * @param spread true to write the deviations over masks
 */
public record PredictionsCsv(
        ModelOutputs outputs, Preprocessing preprocessing, List<Csv.TextColumn> kept, boolean spread) {
    private static final Pattern QUOTED = Pattern.compile("(?s).*[\",\r\n].*|^\\s.*|.*\\s$");

    /** Copies the list. */
    public PredictionsCsv {
        kept = List.copyOf(kept);
    }

    /** The number of lines below the header. */
    public int examples() {
        return outputs.values().shape().dim(0);
    }

    /** Passes on the lines, each without its end. */
    public void lines(Consumer<String> line) {
        List<Tensor> matrices = new ArrayList<>(List.of(outputs.values()));
        if (spread && outputs.deviations() != null) {
            matrices.add(outputs.deviations());
        }
        ModelOutputs.Interval interval = outputs.interval();
        List<String> classes = preprocessing.targets() instanceof TargetKind.Classes kind ? kind.names() : List.of();
        int[] predicted = outputs.predicted();
        line.accept(row(heading()));
        for (int i = 0; i < examples(); i++) {
            List<String> cells = new ArrayList<>();
            for (Csv.TextColumn column : kept) {
                cells.add(column.cells().get(i));
            }
            if (!classes.isEmpty()) {
                cells.add(classes.get(predicted[i]));
            }
            for (Tensor matrix : matrices) {
                for (int j = 0; j < matrix.shape().dim(1); j++) {
                    cells.add(number(matrix, i, j));
                }
            }
            for (int j = 0; interval != null && j < interval.low().shape().dim(1); j++) {
                cells.add(number(interval.low(), i, j));
                cells.add(number(interval.high(), i, j));
            }
            line.accept(row(cells));
        }
    }

    private List<String> heading() {
        List<String> columns = new ArrayList<>();
        kept.forEach(column -> columns.add(column.name()));
        List<String> names = preprocessing.targetNames();
        List<String> titles = preprocessing.targetTitles();
        if (preprocessing.labelColumn() == null && names.size() == 1) {
            titles = List.of(titles.get(0).replaceFirst("^target", "predicted"));
            names = List.of("predicted");
        }
        List<String> numbers = names;
        columns.addAll(titles);
        if (preprocessing.targets() instanceof TargetKind.Classes classes) {
            numbers = classes.names();
            add(columns, "p", numbers);
        }
        if (spread) {
            add(columns, "sd", numbers);
        }
        for (String name : outputs.interval() == null ? List.<String>of() : numbers) {
            add(columns, "low", List.of(name));
            add(columns, "high", List.of(name));
        }
        return columns;
    }

    private static String number(Tensor matrix, int i, int j) {
        double value = matrix.get(i, j);
        return matrix.dtype() == DType.FLOAT32 ? Decimal.exact((float) value) : Decimal.exact(value);
    }

    private static void add(List<String> columns, String what, List<String> names) {
        names.forEach(name -> columns.add(what + "(" + name + ")"));
    }

    private static String row(List<String> cells) {
        StringBuilder row = new StringBuilder();
        for (int k = 0; k < cells.size(); k++) {
            row.append(k == 0 ? "" : ",").append(cell(cells.get(k)));
        }
        return row.toString();
    }

    /** A cell of a CSV table, in quotes if it needs them. */
    public static String cell(String text) {
        return QUOTED.matcher(text).matches() ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }
}
