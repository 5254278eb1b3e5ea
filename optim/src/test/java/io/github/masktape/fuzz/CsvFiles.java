// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.fuzz;

import io.github.masktape.data.Csv;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.Labels;
import io.github.masktape.data.Preprocessing;
import io.github.masktape.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** CSV, plain and packed. Masktape writes none, so that the writers are these tests' own. */
final class CsvFiles {
    /** Knows the features length and width, the classes a and b, and that the label stood last. */
    private static final Preprocessing MODEL = Preprocessing.none(
            new Dataset(Tensor.of(new float[2], 1, 2), new Labels(new int[1], 2).withNames(List.of("a", "b")))
                    .withFeatureNames(List.of("length", "width"))
                    .withLabelColumn("kind", 3));

    private CsvFiles() {}

    /**
     * All that was read, to be compared.
     *
     * @param header the names of the features, then that of the labels or targets; empty if there is none
     * @param last for each example its class's name, or its target
     * @param classes in the order of their numbers; empty in a regression
     */
    record Table(List<String> header, Tensor features, List<String> last, List<String> classes) {}

    static Table readLabels(byte[] content) throws IOException {
        Dataset data = Csv.strict(Scratch.file(content)).read();
        List<String> classes = ((Labels) data.targets()).names();
        List<String> last = new ArrayList<>();
        for (int label : data.labels()) {
            last.add(classes.get(label));
        }
        return new Table(header(data), data.features(), last, classes);
    }

    static Table readTargets(byte[] content) throws IOException {
        Csv csv =
                Csv.strict(Scratch.file(content)).withTask(Csv.Task.REGRESSION).withDelimiter(';');
        Dataset data = csv.read();
        List<String> last = new ArrayList<>();
        for (double target : data.values().toDoubleArray()) {
            last.add(Double.toString(target));
        }
        return new Table(header(data), data.features(), last, List.of());
    }

    /**
     * What a model makes of a table of unknown form, and the file itself, since Masktape writes no tables.
     *
     * @param content the file
     * @param text the examples, the columns and what was fitted to them
     */
    @SuppressWarnings("ArrayRecordComponent") // equals is our own
    record Found(byte[] content, String text) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Found found && found.text.equals(text);
        }

        @Override
        public int hashCode() {
            return text.hashCode();
        }
    }

    /** A table of unknown form, read to train on, and then for a model that knows its columns from text. */
    static Found readTable(byte[] content) throws IOException {
        return found(content, Csv.of(Scratch.file(content)));
    }

    /**
     * The options that three bytes choose.
     *
     * <pre>
     * first    2 bits: encoding    1 bit: decimal point given, 1 bit: a comma    1 bit: texts for missing values    3 bits: second column
     * second   3 bits: delimiter   1 bit: given    2 bits: separator of thousands, 1 bit: given    1 bit: comments
     * third    2 bits: header      2 bits: task    1 bit: missing values are errors    1 bit: label first    1 bit: without the last row
     * </pre>
     */
    private static Csv withOptions(Csv table, int first, int second, int third) {
        Csv csv = table.withEncoding(List.of(Csv.Encoding.values()).get((first & 3) % 3));
        if ((first & 4) != 0) {
            csv = csv.withDecimalComma((first & 8) != 0);
        }
        if ((first & 16) != 0) {
            csv = csv.withMissingValues(List.of("-9", "none"));
        }
        csv = switch (first >> 5 & 7) {
            case 1 -> csv.withIgnored(List.of("2"));
            case 2 -> csv.withCategorical(List.of("2"));
            case 3 -> csv.withNumeric(List.of("2"));
            default -> csv;
        };
        if ((second & 8) != 0) {
            csv = csv.withDelimiter(",;\t| :/~".charAt(second & 7));
        }
        char thousands = ",. '".charAt(second >> 4 & 3);
        char point = (first & 4) == 0 ? 0 : (first & 8) != 0 ? ',' : '.';
        if ((second & 64) != 0 && thousands != point) {
            csv = csv.withThousands(thousands);
        }
        if ((second & 128) != 0) {
            csv = csv.withComment('#');
        }
        csv = csv.withHeader(List.of(Csv.Header.values()).get((third & 3) % 3));
        if ((third & 4) != 0) {
            csv = csv.withTask(List.of(Csv.Task.values()).get(third >> 3 & 1));
        }
        if ((third & 16) != 0) {
            csv = csv.withMissing(Csv.Missing.ERROR);
        }
        csv = (third & 64) == 0 ? csv : csv.withoutLast(1);
        return (third & 32) == 0 ? csv : csv.withLabel(1);
    }

    private static byte[] table(byte[] content) {
        return Arrays.copyOfRange(content, Math.min(3, content.length), content.length);
    }

    static long unpackedTable(byte[] content) {
        return IdxFiles.unpackedIfGzip(table(content));
    }

    /** A table that is read by the options of its first three bytes, none if there are not as many. */
    static Found readTableByOptions(byte[] content) throws IOException {
        Csv csv = Csv.of(Scratch.file(table(content)));
        return found(content, content.length < 3 ? csv : withOptions(csv, content[0], content[1], content[2]));
    }

    private static Found found(byte[] content, Csv csv) throws IOException {
        Dataset data = csv.read();
        Preprocessing fitted;
        try {
            fitted = Preprocessing.fit(data);
        } catch (IllegalArgumentException e) {
            return new Found(content, data + " " + data.columns() + " " + e.getMessage());
        }
        Preprocessing known = Preprocessing.ofMetadata(fitted.toMetadata());
        Tensor features = csv.withHeader(data.labelColumn() == null ? Csv.Header.NO : Csv.Header.YES)
                .withLabel(data.labelNumber())
                .readFeatures(known);
        if (features.shape().dim(0) == data.size()
                && !known.applyFeatures(features).equals(fitted.applyFeatures(data.features()))) {
            throw new AssertionError("expected the features of training, got others");
        }
        return new Found(content, data + " " + data.columns() + " " + fitted.toMetadata());
    }

    private static List<String> header(Dataset data) {
        if (data.featureNames() == null) {
            return List.of();
        }
        List<String> header = new ArrayList<>(data.featureNames());
        header.add(data.labelColumn());
        return header;
    }

    static byte[] writeLabels(Table table) {
        return write(table, ",");
    }

    static byte[] writeTargets(Table table) {
        return write(table, ";");
    }

    private static byte[] write(Table table, String delimiter) {
        StringBuilder text = new StringBuilder();
        if (!table.header.isEmpty()) {
            text.append(row(table.header, delimiter));
        }
        for (int i = 0; i < table.last.size(); i++) {
            List<String> cells = numbers(table.features.row(i));
            cells.add(table.last.get(i));
            text.append(row(cells, delimiter));
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The features, without a label, which is not looked at. */
    static Tensor readFeatures(byte[] content) throws IOException {
        return Csv.strict(Scratch.file(content)).readFeatures(MODEL);
    }

    static byte[] writeFeatures(Tensor features) {
        StringBuilder text = new StringBuilder(row(List.of("length", "width"), ","));
        for (int i = 0; i < features.shape().dim(0); i++) {
            text.append(row(numbers(features.row(i)), ","));
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> numbers(Tensor row) {
        List<String> numbers = new ArrayList<>();
        for (double number : row.toDoubleArray()) {
            numbers.add(Double.toString(number));
        }
        return numbers;
    }

    private static String row(List<String> cells, String delimiter) {
        return cells.stream()
                .map(cell -> '"' + cell.replace("\"", "\"\"") + '"')
                .collect(Collectors.joining(delimiter, "", "\n"));
    }
}
