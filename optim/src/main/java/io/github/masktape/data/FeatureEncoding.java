// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.data;

import io.github.masktape.table.DateFormat;
import io.github.masktape.table.Scale;
import io.github.masktape.table.Unit;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.text.Decimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The inputs that a network makes of the features, fitted to a training set.
 *
 * <pre>
 * number    (x − μ) / σ, or 0 if σ = 0        a missing number is the median, or the mean if none was missing
 * missing   1 if the number is missing, otherwise 0        only if some number was missing
 * category  1 if the feature is this category, otherwise 0        only if the category occurred
 * none      1 if the category is missing or unknown, otherwise 0        only if some category was missing
 * </pre>
 */
final class FeatureEncoding {
    /** The number of features whose numbers are gathered at once to find their medians. */
    private static final int AT_ONCE = 8;

    private static final int WIDEST = 30;
    private static final int DIGITS = 6;

    private final List<Preprocessing.Input> inputs;

    /** The columns that the features come from, those without features included; empty if all are plain numbers. */
    private final List<Column> columns;

    private final List<String> missingValues;
    private final int features;

    private FeatureEncoding(
            List<Preprocessing.Input> inputs, List<Column> columns, List<String> missingValues, int features) {
        this.missingValues = List.copyOf(missingValues);
        this.inputs = List.copyOf(inputs);
        this.columns = columns;
        this.features = features;
    }

    /** The encoding of plain numbers with these means and deviations. */
    static FeatureEncoding of(double[] means, double[] deviations, @Nullable List<String> names) {
        List<Preprocessing.Input> inputs = new ArrayList<>();
        for (int j = 0; j < means.length; j++) {
            inputs.add(Preprocessing.Input.number(
                    names == null ? "feature " + (j + 1) : names.get(j), j, means[j], deviations[j], means[j]));
        }
        return new FeatureEncoding(inputs, List.of(), List.of(), means.length);
    }

    /** The encoding that fits a training set. */
    static FeatureEncoding fit(Dataset raw) {
        Tensor x = raw.features();
        if (raw.columns().isEmpty()) {
            Scale scale = Scale.of("feature", x);
            return of(scale.means(), scale.deviations(), raw.featureNames());
        }
        List<Column> features =
                raw.columns().stream().filter(column -> !column.isIgnored()).toList();
        Scale scale = Scale.of("feature", x);
        int[][] counts = counts(features, x);
        double[] medians = medians(counts, features, x, scale);
        List<Preprocessing.Input> inputs = new ArrayList<>();
        for (int j = 0; j < counts.length; j++) {
            String name = features.get(j).featureName();
            int missing = counts[j][counts[j].length - 1];
            if (features.get(j).kind() instanceof Column.Categories categories) {
                for (int c = 0; c < counts[j].length - 1; c++) {
                    if (counts[j][c] > 0) {
                        inputs.add(Preprocessing.Input.category(
                                name + "=" + categories.names().get(c), j, c));
                    }
                }
                if (missing > 0) {
                    inputs.add(Preprocessing.Input.noCategory(name + " missing", j));
                }
            } else {
                inputs.add(Preprocessing.Input.number(name, j, scale.mean(j), scale.deviation(j), medians[j]));
                if (missing > 0 && missing < x.shape().dim(0)) {
                    inputs.add(Preprocessing.Input.missing(name + " missing", j));
                }
            }
        }
        return new FeatureEncoding(inputs, raw.columns(), raw.missingValues(), features.size());
    }

    /** For each feature, the number of examples of each category, if it has categories, and then of the missing ones. */
    private static int[][] counts(List<Column> features, Tensor x) {
        int[][] counts = new int[features.size()][];
        for (int j = 0; j < counts.length; j++) {
            counts[j] = new int
                    [features.get(j).kind() instanceof Column.Categories categories
                            ? categories.names().size() + 1
                            : 1];
        }
        Scale.forEachRow(x, (i, rows, at) -> {
            for (int j = 0; j < counts.length; j++) {
                double value = rows[at + j];
                if (Double.isNaN(value)) {
                    counts[j][counts[j].length - 1]++;
                } else if (counts[j].length > 1) {
                    counts[j][(int) value]++;
                }
            }
        });
        return counts;
    }

    /** The median of each feature of numbers that some example lacks, the mean of the others. */
    private static double[] medians(int[][] counts, List<Column> features, Tensor x, Scale scale) {
        int n = x.shape().dim(0);
        double[] medians = new double[counts.length];
        List<Integer> wanted = new ArrayList<>();
        for (int j = 0; j < counts.length; j++) {
            int missing = counts[j][counts[j].length - 1];
            medians[j] = scale.mean(j);
            if (!(features.get(j).kind() instanceof Column.Categories) && missing > 0 && missing < n) {
                wanted.add(j);
            }
        }
        for (int from = 0; from < wanted.size(); from += AT_ONCE) {
            int[] some = wanted.subList(from, Math.min(wanted.size(), from + AT_ONCE)).stream()
                    .mapToInt(Integer::intValue)
                    .toArray();
            double[][] values = new double[some.length][];
            int[] sizes = new int[some.length];
            for (int k = 0; k < some.length; k++) {
                values[k] = new double[n - counts[some[k]][counts[some[k]].length - 1]];
            }
            Scale.forEachRow(x, (i, rows, at) -> {
                for (int k = 0; k < some.length; k++) {
                    double value = rows[at + some[k]];
                    if (!Double.isNaN(value)) {
                        values[k][sizes[k]++] = value;
                    }
                }
            });
            for (int k = 0; k < some.length; k++) {
                medians[some[k]] = median(values[k]);
            }
        }
        return medians;
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        double lower = values[(values.length - 1) / 2];
        double upper = values[values.length / 2];
        return lower + (upper - lower) / 2;
    }

    List<Preprocessing.Input> inputs() {
        return inputs;
    }

    List<Column> columns() {
        return columns;
    }

    List<String> missingValues() {
        return missingValues;
    }

    int features() {
        return features;
    }

    Tensor apply(Tensor raw, DType dtype) {
        Preprocessing.Input[] all = inputs.toArray(new Preprocessing.Input[0]);
        boolean[] known = new boolean[features];
        return Scale.mapRows(raw, all.length, dtype, (row, at, out, to) -> {
            Arrays.fill(known, false);
            for (int k = 0; k < all.length; k++) {
                int j = all[k].feature();
                out[to + k] = all[k].use() == Preprocessing.Input.Use.NO_CATEGORY && !known[j]
                        ? 1
                        : all[k].value(row[at + j]);
                known[j] |= all[k].use() == Preprocessing.Input.Use.CATEGORY && out[to + k] == 1;
            }
        });
    }

    /** True for each category of a feature that occurred in training. */
    boolean[] known(int feature, int categories) {
        boolean[] known = new boolean[categories];
        for (Preprocessing.Input input : inputs) {
            if (input.feature() == feature && input.use() == Preprocessing.Input.Use.CATEGORY) {
                known[input.category()] = true;
            }
        }
        return known;
    }

    List<String> summary(Tensor raw) {
        long[] missing = new long[features];
        Scale.forEachRow(raw, (i, rows, at) -> {
            for (int j = 0; j < features; j++) {
                missing[j] += Double.isNaN(rows[at + j]) ? 1 : 0;
            }
        });
        int width = columns.stream()
                .mapToInt(column -> Math.min(WIDEST, column.title().length()))
                .max()
                .orElse(0);
        List<String> lines = new ArrayList<>();
        int j = 0;
        for (Column column : columns) {
            String title = column.title();
            String treatment = column.kind() instanceof Column.Ignored ignored
                    ? "ignored: " + ignored.reason()
                    : treatment(column, j, missing[j++]);
            lines.add(title + " ".repeat(Math.max(0, width - title.length())) + "  " + treatment);
        }
        return lines;
    }

    private String treatment(Column column, int j, long missing) {
        if (column.kind() instanceof Column.Categories categories) {
            int count = categories.names().size();
            return count
                    + (count == 1 ? " category" : " categories")
                    + (missing == 0 ? "" : ", " + missing + " missing");
        }
        String kind = column.kind() instanceof Column.Numbers
                ? "number"
                : column.kind().toString();
        if (missing == 0) {
            return kind;
        }
        Preprocessing.Input number = inputs.stream()
                .filter(input -> input.feature() == j)
                .findFirst()
                .orElseThrow();
        boolean flagged = inputs.stream()
                .anyMatch(input -> input.feature() == j && input.use() == Preprocessing.Input.Use.MISSING);
        return kind + ", " + missing + " missing, filled with the " + (flagged ? "median " : "mean ")
                + Decimal.shortest(number.fill(), DIGITS);
    }

    // Text.

    /** The columns as text, one a line, with the numbers of their inputs. */
    String toText() {
        StringBuilder text = new StringBuilder();
        int feature = 0;
        for (Column column : columns) {
            text.append(text.isEmpty() ? "" : "\n").append(column.number());
            text.append(' ').append(column.name() == null ? "-" : quoted(column.name()));
            if (column.kind() instanceof Column.Ignored ignored) {
                text.append(" ignored ").append(quoted(ignored.reason()));
                continue;
            }
            int j = feature++;
            List<Preprocessing.Input> own =
                    inputs.stream().filter(input -> input.feature() == j).toList();
            if (column.kind() instanceof Column.Categories categories) {
                text.append(" category");
                for (int c = 0; c < categories.names().size(); c++) {
                    int code = c;
                    boolean known = own.stream()
                            .anyMatch(input ->
                                    input.use() == Preprocessing.Input.Use.CATEGORY && input.category() == code);
                    text.append(known ? " " : " -")
                            .append(quoted(categories.names().get(c)));
                }
                text.append(
                        own.stream().anyMatch(input -> input.use() == Preprocessing.Input.Use.NO_CATEGORY)
                                ? " missing"
                                : "");
                continue;
            }
            if (column.kind() instanceof Column.Dates dates) {
                text.append(dates.isHourOfDay() ? " hour " : " date ")
                        .append(dates.format().name().toLowerCase(Locale.ROOT));
            } else if (column.kind() instanceof Column.Measures measures) {
                text.append(" measure ")
                        .append(quoted(measures.unit().before()))
                        .append(' ')
                        .append(quoted(measures.unit().after()));
            } else {
                text.append(" number");
            }
            Preprocessing.Input number = own.get(0);
            for (double x : new double[] {number.mean(), number.deviation(), number.fill()}) {
                text.append(' ').append(Double.toHexString(x));
            }
            text.append(own.size() > 1 ? " missing" : "");
        }
        return text.toString();
    }

    /** A text in quotes, the quotes in it written twice. */
    static String quoted(String text) {
        return '"' + text.replace("\"", "\"\"") + '"';
    }

    /** The place of the quote that closes the one at {@code open}; at least the length of the text if there is none. */
    static int closingQuote(String text, int open) {
        int end = open + 1;
        while (end < text.length() && (text.charAt(end) != '"' || text.startsWith("\"\"", end))) {
            end += text.charAt(end) == '"' ? 2 : 1;
        }
        return end;
    }

    /** The number that {@link Double#toHexString} writes so, infinite if it is too large, NaN if the text is none. */
    static double hexadecimal(String text) {
        return text.matches("-?0x[01](\\.[0-9a-f]{1,13})?p-?[0-9]{1,4}") ? Double.parseDouble(text) : Double.NaN;
    }

    /**
     * Reads what {@link #toText} wrote.
     *
     * @throws IllegalArgumentException if it is no such text; the message says what was expected
     */
    static FeatureEncoding ofText(String text, List<String> missingValues) {
        return new Parser(text).encoding(missingValues);
    }

    private static final class Parser {
        private final String text;
        private int at;
        private final List<Preprocessing.Input> inputs = new ArrayList<>();
        private final List<Column> columns = new ArrayList<>();
        private int features;

        Parser(String text) {
            this.text = text;
        }

        FeatureEncoding encoding(List<String> missingValues) {
            do {
                column();
            } while (at++ < text.length());
            if (features == 0) {
                throw new IllegalArgumentException("expected at least one feature");
            }
            long different = columns.stream()
                    .filter(c -> !c.isIgnored())
                    .map(Column::featureName)
                    .distinct()
                    .count();
            if (different != features) {
                throw new IllegalArgumentException("expected different names");
            }
            return new FeatureEncoding(inputs, List.copyOf(columns), missingValues, features);
        }

        private void column() {
            String number = word();
            if (!number.matches("[1-9][0-9]{0,8}")) {
                throw expected("the number of a column");
            }
            String name = isQuote() ? quote() : null;
            if (name == null && !word().equals("-")) {
                throw expected("a name in quotes, or -");
            }
            String kind = word();
            Column.Kind known = switch (kind) {
                case "ignored" -> new Column.Ignored(quote());
                case "category" -> categories(name, Integer.parseInt(number));
                case "date", "hour" -> new Column.Dates(format(word()), kind.equals("hour"));
                case "measure" -> new Column.Measures(new Unit(quote(), quote()));
                case "number" -> new Column.Numbers();
                default -> throw expected("ignored, category, date, hour, measure or number");
            };
            Column column = new Column(name, Integer.parseInt(number), known);
            columns.add(column);
            if (column.isIgnored()) {
                end();
                return;
            }
            if (!(known instanceof Column.Categories)) {
                numbers(column.featureName());
            }
            features++;
        }

        private Column.Categories categories(@Nullable String name, int number) {
            List<String> names = new ArrayList<>();
            String own = name == null ? "column " + number : name;
            while (isQuote() || text.startsWith(" -\"", at)) {
                boolean known = isQuote();
                at += known ? 0 : 1;
                String category = known ? quote() : quoteAt(at + 1);
                if (known) {
                    inputs.add(Preprocessing.Input.category(own + "=" + category, features, names.size()));
                }
                names.add(category);
            }
            if (!isEnd()) {
                missing();
                inputs.add(Preprocessing.Input.noCategory(own + " missing", features));
            }
            return new Column.Categories(names);
        }

        private void numbers(String name) {
            double mean = number();
            double deviation = number();
            double fill = number();
            if (deviation < 0) {
                throw expected("a deviation of at least 0");
            }
            inputs.add(Preprocessing.Input.number(name, features, mean, deviation, fill));
            if (!isEnd()) {
                missing();
                inputs.add(Preprocessing.Input.missing(name + " missing", features));
            }
        }

        private void missing() {
            if (!word().equals("missing")) {
                throw expected("missing");
            }
            end();
        }

        private DateFormat format(String word) {
            for (DateFormat format : DateFormat.values()) {
                if (format.name().toLowerCase(Locale.ROOT).equals(word)) {
                    return format;
                }
            }
            throw expected("ymd, dmy, mdy, time or month");
        }

        private double number() {
            double number = hexadecimal(word());
            if (!Double.isFinite(number)) {
                throw expected("hexadecimal floating point such as 0x1.8p0");
            }
            return number;
        }

        private boolean isEnd() {
            return at >= text.length() || text.charAt(at) == '\n';
        }

        private void end() {
            if (!isEnd()) {
                throw expected("the end of the line");
            }
        }

        private boolean isQuote() {
            return text.startsWith(" \"", at);
        }

        /** The next word, after a space unless the line begins with it. */
        private String word() {
            at += !isEnd() && text.charAt(at) == ' ' ? 1 : 0;
            int begin = at;
            while (!isEnd() && text.charAt(at) != ' ') {
                at++;
            }
            return text.substring(begin, at);
        }

        private String quote() {
            if (!isQuote()) {
                throw expected("a text in quotes");
            }
            return quoteAt(at + 1);
        }

        private String quoteAt(int quote) {
            int end = closingQuote(text, quote);
            if (end >= text.length()) {
                throw expected("a closing quote");
            }
            at = end + 1;
            return text.substring(quote + 1, end).replace("\"\"", "\"");
        }

        private IllegalArgumentException expected(String what) {
            return new IllegalArgumentException("expected " + what + " before character " + at);
        }
    }
}
