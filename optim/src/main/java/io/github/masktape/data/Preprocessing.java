// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.data;

import io.github.masktape.table.Cells;
import io.github.masktape.table.Scale;
import io.github.masktape.table.Unit;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The facts about its training data that a model must remember: names, classes, and how numbers were standardized.
 * Numbers are standardized in double and only then rounded to the dtype of the network, because floats near the number
 * of seconds since 1970 are 128 apart.
 *
 * <pre>
 * mean      μ = x₀ + Σᵢ (xᵢ − x₀) / n
 * deviation σ = √(Σᵢ (xᵢ − μ)² / n)                in double, in the order of the examples
 * feature   (x − μ) / σ, or 0 if σ = 0             a constant column carries no information
 * target    (t − μ) / σ, restored by y·σ + μ       with σ = 1 if it is 0
 * </pre>
 */
public final class Preprocessing {
    private static final String TASK = "data.task";
    private static final String FEATURES = "data.features";
    private static final String FEATURE_NAMES = "data.feature_names";
    private static final String CLASS_NAMES = "data.class_names";
    private static final String LABEL_COLUMN = "data.label_column";
    private static final String LABEL_NUMBER = "data.label_number";
    private static final String LABEL_COLUMNS = "data.label_columns";
    private static final String LABEL_NUMBERS = "data.label_numbers";
    private static final String LABEL_UNITS = "data.label_units";
    private static final String FORMAT = "data.format";
    private static final String COLUMNS = "data.columns";
    private static final String MISSING_VALUES = "data.missing_values";
    private static final String FEATURE_MEANS = "data.feature_means";
    private static final String FEATURE_DEVIATIONS = "data.feature_deviations";
    private static final String TARGETS = "data.targets";
    private static final String TARGET_MEANS = "data.target_means";
    private static final String TARGET_DEVIATIONS = "data.target_deviations";

    private final int features;
    private final @Nullable List<String> featureNames;
    private final TargetKind targets;
    private final List<Dataset.LabelColumn> labels;
    private final @Nullable FeatureEncoding encoding;
    private final Csv.@Nullable TableFormat format;

    private Preprocessing(
            int features,
            @Nullable List<String> featureNames,
            TargetKind targets,
            List<Dataset.LabelColumn> labels,
            @Nullable FeatureEncoding encoding,
            Csv.@Nullable TableFormat format) {
        this.features = features;
        this.featureNames = featureNames;
        this.targets = targets;
        this.labels = labels;
        this.encoding = encoding;
        this.format = format;
    }

    /**
     * A preprocessing that standardizes every feature, and the targets of a regression, by the statistics of a training
     * set.
     */
    public static Preprocessing fit(Dataset raw) {
        if (raw.columns().isEmpty() && !raw.features().isFinite()) {
            throw new IllegalArgumentException("preprocessing: expected finite features, got "
                    + raw.features().firstNotFinite());
        }
        return of(raw, FeatureEncoding.fit(raw), kind(raw.targets(), true));
    }

    /**
     * A preprocessing that changes no number, for example for images with pixels in [0, 1]; it remembers names and
     * classes.
     */
    public static Preprocessing none(Dataset raw) {
        for (Column column : raw.columns()) {
            if (!(column.kind() instanceof Column.Numbers)) {
                throw new IllegalArgumentException(
                        "preprocessing: expected columns of numbers, got " + column.title() + "; fit encodes it");
            }
        }
        return of(raw, null, kind(raw.targets(), false));
    }

    private static TargetKind kind(Targets targets, boolean standardized) {
        if (targets instanceof Labels labels) {
            return new TargetKind.Classes(labels.names());
        }
        Tensor values = Dataset.values(targets).tensor();
        if (!standardized) {
            return new TargetKind.Quantities(targets.outputs(), null);
        }
        if (!values.isFinite()) {
            throw new IllegalArgumentException(
                    "preprocessing: expected finite targets, got " + values.firstNotFinite());
        }
        return new TargetKind.Quantities(
                targets.outputs(), Scale.of("target", values).invertible());
    }

    private static Preprocessing of(Dataset raw, @Nullable FeatureEncoding encoding, TargetKind targets) {
        return new Preprocessing(
                raw.features().shape().dim(1), raw.featureNames(), targets, raw.labelColumns(), encoding, raw.format());
    }

    /** The kind of targets that the model predicts. */
    public TargetKind targets() {
        return targets;
    }

    /** True after {@link #fit}, false after {@link #none}. */
    public boolean isStandardized() {
        return encoding != null;
    }

    /**
     * The predictions of a regression in the unit of the data, computed from the network's outputs.
     *
     * @param outputs examples×targets
     * @return examples×targets, FLOAT64
     * @throws IllegalStateException if the targets are classes
     */
    public Tensor restore(Tensor outputs) {
        if (targets instanceof TargetKind.Quantities quantities) {
            return quantities.restore(outputs);
        }
        throw new IllegalStateException("restore: expected the targets of a regression, got classes");
    }

    /** The number of features, which are columns of a matrix or table. */
    public int features() {
        return features;
    }

    /** The number of inputs that the network has for an example; a feature of categories has one for each. */
    public int inputs() {
        return encoding == null ? features : encoding.inputs().size();
    }

    /** The meaning of each input; empty if the inputs are the features. */
    public List<Input> encodedInputs() {
        return encoding == null ? List.of() : encoding.inputs();
    }

    /**
     * The columns of the training table, except the label's; empty if the features are plain numbers, none of them
     * missing.
     */
    public List<Column> columns() {
        return encoding == null ? List.of() : encoding.columns();
    }

    /** The texts that stand for a missing value in the training table, besides the usual ones. */
    public List<String> missingValues() {
        return encoding == null ? List.of() : encoding.missingValues();
    }

    /** True for each category of a feature that occurred in training. */
    boolean[] known(int feature, Column.Categories categories) {
        return encoding == null
                ? new boolean[categories.names().size()]
                : encoding.known(feature, categories.names().size());
    }

    /** The number of the network's outputs for an example: one for each class, or one for each value. */
    public int outputs() {
        return targets.outputs();
    }

    /** The name of each feature, or null if they have none. */
    public @Nullable List<String> featureNames() {
        return featureNames;
    }

    /** The columns of the training table that held the labels or the targets; empty if there was no table. */
    public List<Dataset.LabelColumn> labelColumns() {
        return labels;
    }

    /** The name of the column of labels or targets, of the first of several; null if it has none. */
    public @Nullable String labelColumn() {
        return labels.isEmpty() ? null : labels.get(0).name();
    }

    /** The number of the column of labels or targets, of the first of several, from 1; 0 if there was no table. */
    public int labelNumber() {
        return labels.isEmpty() ? 0 : labels.get(0).number();
    }

    /**
     * The names of the model's targets: of the column of labels, or of one column for each number that it predicts. A
     * target without a name is {@code target}, with its number from 1 if there are several.
     */
    public List<String> targetNames() {
        int count = targets instanceof TargetKind.Classes ? 1 : outputs();
        List<String> names = new ArrayList<>();
        for (int t = 0; t < count; t++) {
            String name = t < labels.size() ? labels.get(t).name() : null;
            names.add(name != null ? name : count == 1 ? "target" : "target " + (t + 1));
        }
        return names;
    }

    /**
     * The unit of each number that the model predicts, as it stood beside the numbers in the table: {@code km}; empty
     * for numbers without one, and for classes.
     */
    public List<String> targetUnits() {
        List<String> units = new ArrayList<>();
        for (int t = 0; t < targetNames().size(); t++) {
            Column.Measures measures = t < labels.size() ? labels.get(t).measures() : null;
            units.add(measures == null ? "" : measures.symbol());
        }
        return units;
    }

    /** The names of the model's targets, with their units if they have any: {@code price (€)}. */
    public List<String> targetTitles() {
        List<String> units = targetUnits();
        List<String> titles = new ArrayList<>();
        for (String name : targetNames()) {
            String unit = units.get(titles.size());
            titles.add(unit.isEmpty() ? name : name + " (" + unit + ")");
        }
        return titles;
    }

    /** The form of the training table; null if it is that of most tables, or if there was none. */
    Csv.@Nullable TableFormat format() {
        return format;
    }

    /** The mean of each feature, 0 if it is not standardized. */
    public double[] featureMeans() {
        return perFeature(0, Input::mean);
    }

    /** The deviation of each feature, 0 for one that was constant, 1 if it is not standardized. */
    public double[] featureDeviations() {
        return perFeature(1, Input::deviation);
    }

    private double[] perFeature(double otherwise, ToDoubleFunction<Input> value) {
        double[] values = new double[features];
        Arrays.fill(values, otherwise);
        for (Input input : encodedInputs()) {
            if (input.use() == Input.Use.NUMBER) {
                values[input.feature()] = value.applyAsDouble(input);
            }
        }
        return values;
    }

    /**
     * The treatment of each column of a table in words, a line each: {@code age  number, 177 missing, filled with the
     * median 28}, {@code sex  2 categories}, {@code Name  ignored: 891 different texts in 891 rows}.
     *
     * @param raw examples of the table, whose missing features are counted
     */
    public List<String> summary(Dataset raw) {
        return encoding == null ? List.of() : encoding.summary(raw.features());
    }

    /**
     * A dataset in the form that a FLOAT32 network takes.
     *
     * @throws IllegalArgumentException if it is for another task, or the numbers of features, classes or targets differ
     */
    public Dataset apply(Dataset raw) {
        return apply(raw, DType.FLOAT32);
    }

    /** A dataset in the form that a network of that dtype takes; see {@link #apply(Dataset)}. */
    public Dataset apply(Dataset raw, DType dtype) {
        Targets prepared = targets.prepare(raw.targets(), dtype);
        return raw.with(applyFeatures(raw.features(), dtype), prepared);
    }

    /** Features in the form that a FLOAT32 network takes, one example a row. */
    public Tensor applyFeatures(Tensor raw) {
        return applyFeatures(raw, DType.FLOAT32);
    }

    /** Features in the form that a network of that dtype takes, one example a row. */
    public Tensor applyFeatures(Tensor raw, DType dtype) {
        Scale.requireColumns("features", raw, features);
        return encoding == null ? raw.to(dtype) : encoding.apply(raw, dtype);
    }

    /**
     * The preprocessing as strings to store with the weights, each under a key that begins with {@code data.}. Numbers
     * are exact, in hexadecimal floating point; names are quoted as in CSV.
     */
    public Map<String, String> toMetadata() {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put(TASK, targets instanceof TargetKind.Quantities ? "regression" : "classification");
        metadata.put(FEATURES, Integer.toString(features));
        if (!columns().isEmpty()) {
            metadata.put(COLUMNS, Objects.requireNonNull(encoding).toText());
            if (!missingValues().isEmpty()) {
                metadata.put(MISSING_VALUES, quoted(missingValues()));
            }
        } else if (featureNames != null) {
            metadata.put(FEATURE_NAMES, quoted(featureNames));
        }
        if (targets instanceof TargetKind.Classes classes) {
            metadata.put(CLASS_NAMES, quoted(classes.names()));
        } else {
            metadata.put(TARGETS, Integer.toString(targets.outputs()));
        }
        putLabels(metadata);
        if (format != null) {
            metadata.put(FORMAT, format.toText());
        }
        if (encoding != null && columns().isEmpty()) {
            metadata.put(FEATURE_MEANS, numbers(featureMeans()));
            metadata.put(FEATURE_DEVIATIONS, numbers(featureDeviations()));
        }
        if (targets instanceof TargetKind.Quantities quantities && quantities.scale() != null) {
            metadata.put(TARGET_MEANS, numbers(quantities.means()));
            metadata.put(TARGET_DEVIATIONS, numbers(quantities.deviations()));
        }
        return metadata;
    }

    private void putLabels(Map<String, String> metadata) {
        if (labels.stream().anyMatch(label -> label.measures() != null)) {
            metadata.put(
                    LABEL_UNITS,
                    labels.stream()
                            .map(label -> label.measures() == null
                                    ? Unit.NONE
                                    : label.measures().unit())
                            .map(unit -> quoted(List.of(unit.before(), unit.after())))
                            .collect(Collectors.joining(",")));
        }
        if (labels.size() < 2) {
            for (Dataset.LabelColumn label : labels) {
                if (label.name() != null) {
                    metadata.put(LABEL_COLUMN, label.name());
                }
                if (label.number() > 0) {
                    metadata.put(LABEL_NUMBER, Integer.toString(label.number()));
                }
            }
            return;
        }
        List<String> names = new ArrayList<>();
        List<String> numbers = new ArrayList<>();
        for (Dataset.LabelColumn label : labels) {
            numbers.add(Integer.toString(label.number()));
            if (label.name() != null) {
                names.add(label.name());
            }
        }
        metadata.put(LABEL_NUMBERS, String.join(" ", numbers));
        if (!names.isEmpty()) {
            metadata.put(LABEL_COLUMNS, quoted(names));
        }
    }

    private static List<Dataset.LabelColumn> labels(Map<String, String> metadata, TargetKind targets) {
        List<Dataset.LabelColumn> labels = labelsWithoutUnit(metadata, targets);
        if (!metadata.containsKey(LABEL_UNITS)) {
            return labels;
        }
        List<String> texts = quotedTexts(metadata, LABEL_UNITS, 2 * labels.size());
        List<Dataset.LabelColumn> measured = new ArrayList<>();
        for (int k = 0; k < labels.size(); k++) {
            Unit unit = new Unit(texts.get(2 * k), texts.get(2 * k + 1));
            measured.add(new Dataset.LabelColumn(
                    labels.get(k).name(),
                    labels.get(k).number(),
                    unit.equals(Unit.NONE) ? null : new Column.Measures(unit)));
        }
        return List.copyOf(measured);
    }

    private static List<Dataset.LabelColumn> labelsWithoutUnit(Map<String, String> metadata, TargetKind targets) {
        if (metadata.containsKey(LABEL_NUMBERS)) {
            int count = targets instanceof TargetKind.Classes ? 1 : targets.outputs();
            String[] numbers = required(metadata, LABEL_NUMBERS).split(" ", -1);
            if (numbers.length != count) {
                throw broken(LABEL_NUMBERS, count + " numbers", Integer.toString(numbers.length));
            }
            List<String> names = metadata.containsKey(LABEL_COLUMNS) ? names(metadata, LABEL_COLUMNS, count) : null;
            List<Dataset.LabelColumn> labels = new ArrayList<>();
            for (int t = 0; t < count; t++) {
                labels.add(
                        new Dataset.LabelColumn(names == null ? null : names.get(t), count(LABEL_NUMBERS, numbers[t])));
            }
            return List.copyOf(labels);
        }
        if (!metadata.containsKey(LABEL_NUMBER) && !metadata.containsKey(LABEL_COLUMN)) {
            return List.of();
        }
        int number = metadata.containsKey(LABEL_NUMBER) ? count(metadata, LABEL_NUMBER) : 0;
        return List.of(new Dataset.LabelColumn(metadata.get(LABEL_COLUMN), number));
    }

    private static Csv.@Nullable TableFormat format(Map<String, String> metadata) {
        if (!metadata.containsKey(FORMAT)) {
            return null;
        }
        try {
            return Csv.TableFormat.ofText(required(metadata, FORMAT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("metadata " + FORMAT + ": " + e.getMessage());
        }
    }

    /**
     * Reads the strings that {@link #toMetadata} wrote; other keys are ignored.
     *
     * @throws IllegalArgumentException if a string is missing or malformed; the message is one line and names the key
     */
    public static Preprocessing ofMetadata(Map<String, String> metadata) {
        String task = required(metadata, TASK);
        if (!task.equals("classification") && !task.equals("regression")) {
            throw broken(TASK, "classification or regression", task);
        }
        int features = count(metadata, FEATURES);
        List<String> featureNames =
                metadata.containsKey(FEATURE_NAMES) ? names(metadata, FEATURE_NAMES, features) : null;
        TargetKind targets = task.equals("regression")
                ? quantities(metadata)
                : new TargetKind.Classes(names(metadata, CLASS_NAMES, 0));
        FeatureEncoding encoding = encoding(metadata, features, featureNames);
        if (encoding != null && !encoding.columns().isEmpty()) {
            featureNames = namesOf(encoding.columns());
        }
        return new Preprocessing(
                features, featureNames, targets, labels(metadata, targets), encoding, format(metadata));
    }

    private static @Nullable FeatureEncoding encoding(
            Map<String, String> metadata, int features, @Nullable List<String> featureNames) {
        if (metadata.containsKey(COLUMNS)) {
            List<String> missing =
                    metadata.containsKey(MISSING_VALUES) ? names(metadata, MISSING_VALUES, 0) : List.of();
            FeatureEncoding encoding;
            try {
                encoding = FeatureEncoding.ofText(required(metadata, COLUMNS), missing);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("metadata " + COLUMNS + ": " + e.getMessage());
            }
            if (encoding.features() != features) {
                throw broken(COLUMNS, features + " features", Integer.toString(encoding.features()));
            }
            return encoding;
        }
        Scale scale = scale(metadata, FEATURE_MEANS, FEATURE_DEVIATIONS, features);
        return scale == null ? null : FeatureEncoding.of(scale.means(), scale.deviations(), featureNames);
    }

    /** The names of the features that columns hold, or null if the columns have none. */
    static @Nullable List<String> namesOf(List<Column> columns) {
        List<String> names = new ArrayList<>();
        for (Column column : columns) {
            if (column.name() == null) {
                return null;
            }
            if (!column.isIgnored()) {
                names.add(column.featureName());
            }
        }
        return names;
    }

    private static TargetKind quantities(Map<String, String> metadata) {
        int outputs = count(metadata, TARGETS);
        return new TargetKind.Quantities(outputs, scale(metadata, TARGET_MEANS, TARGET_DEVIATIONS, outputs));
    }

    private static IllegalArgumentException broken(String key, String expected, String got) {
        return new IllegalArgumentException(
                "metadata " + key + ": expected " + expected + ", got '" + Cells.shown(got) + "'");
    }

    private static String required(Map<String, String> metadata, String key) {
        String text = metadata.get(key);
        if (text == null) {
            throw new IllegalArgumentException("metadata " + key + ": missing");
        }
        return text;
    }

    private static int count(Map<String, String> metadata, String key) {
        return count(key, required(metadata, key));
    }

    private static int count(String key, String text) {
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw broken(key, "a whole number from 1", text);
        }
        return Integer.parseInt(text);
    }

    private static @Nullable Scale scale(Map<String, String> metadata, String means, String deviations, int count) {
        if (!metadata.containsKey(means) && !metadata.containsKey(deviations)) {
            return null;
        }
        double[] deviation = numbers(metadata, deviations, count);
        for (double one : deviation) {
            if (one < 0) {
                throw broken(deviations, "no negative numbers", Double.toHexString(one));
            }
        }
        return new Scale(numbers(metadata, means, count), deviation);
    }

    private static String numbers(double[] values) {
        List<String> texts = new ArrayList<>();
        for (double value : values) {
            texts.add(Double.toHexString(value));
        }
        return String.join(" ", texts);
    }

    private static double[] numbers(Map<String, String> metadata, String key, int count) {
        String[] texts = required(metadata, key).split(" ", -1);
        if (texts.length != count) {
            throw broken(key, count + " numbers", Integer.toString(texts.length));
        }
        double[] values = new double[count];
        for (int k = 0; k < count; k++) {
            values[k] = FeatureEncoding.hexadecimal(texts[k]);
            if (Double.isNaN(values[k])) {
                throw broken(key, "hexadecimal floating point such as 0x1.8p0", texts[k]);
            }
            if (Double.isInfinite(values[k])) {
                throw broken(key, "finite numbers", texts[k]);
            }
        }
        return values;
    }

    private static String quoted(List<String> names) {
        return names.stream().map(FeatureEncoding::quoted).collect(Collectors.joining(","));
    }

    /** Different names, as many as a count, or at least one if it is 0. */
    private static List<String> names(Map<String, String> metadata, String key, int count) {
        List<String> names = quotedTexts(metadata, key, count);
        if (new HashSet<>(names).size() != names.size()) {
            throw broken(key, "different names", required(metadata, key));
        }
        return names;
    }

    /** Parses texts such as {@code "a","b ""c"""}. */
    private static List<String> quotedTexts(Map<String, String> metadata, String key, int count) {
        String text = required(metadata, key);
        List<String> names = new ArrayList<>();
        int at = 0;
        boolean more = true;
        while (more) {
            if (at >= text.length() || text.charAt(at) != '"') {
                throw broken(key, "names in quotes", text);
            }
            int end = FeatureEncoding.closingQuote(text, at);
            if (end >= text.length()) {
                throw broken(key, "names in quotes", text);
            }
            names.add(text.substring(at + 1, end).replace("\"\"", "\""));
            more = end + 1 < text.length();
            if (more && text.charAt(end + 1) != ',') {
                throw broken(key, "names separated by commas", text);
            }
            at = end + 2;
        }
        if (count > 0 && names.size() != count) {
            throw broken(key, count + " names", Integer.toString(names.size()));
        }
        return Collections.unmodifiableList(names);
    }

    /**
     * An input of a network, made of one feature of a table.
     *
     * @param name the name of the feature, and of the category: {@code age}, {@code age missing}, {@code sex=male}
     * @param feature the index of the feature, from 0
     * @param use the meaning of the input
     * @param mean the mean that is subtracted from a number
     * @param deviation the deviation that the rest is divided by; 0 if the input is always 0
     * @param fill the number in place of a missing one
     * @param category the index of the category, from 0
     */
    public record Input(String name, int feature, Use use, double mean, double deviation, double fill, int category) {
        /** The meaning of an input. */
        public enum Use {
            /** The standardized number. */
            NUMBER,
            /** 1 if the number is missing. */
            MISSING,
            /** 1 if the feature is the category. */
            CATEGORY,
            /** 1 if the category is missing, or none of those in training. */
            NO_CATEGORY
        }

        static Input number(String name, int feature, double mean, double deviation, double fill) {
            return new Input(name, feature, Use.NUMBER, mean, deviation, fill, 0);
        }

        static Input missing(String name, int feature) {
            return new Input(name, feature, Use.MISSING, 0, 1, 0, 0);
        }

        static Input category(String name, int feature, int category) {
            return new Input(name, feature, Use.CATEGORY, 0, 1, 0, category);
        }

        static Input noCategory(String name, int feature) {
            return new Input(name, feature, Use.NO_CATEGORY, 0, 1, 0, 0);
        }

        /** The input for a feature, which is NaN if it is missing. */
        public double value(double x) {
            return switch (use) {
                case NUMBER -> deviation == 0 ? 0 : ((Double.isNaN(x) ? fill : x) - mean) / deviation;
                case MISSING, NO_CATEGORY -> Double.isNaN(x) ? 1 : 0;
                case CATEGORY -> x == category ? 1 : 0;
            };
        }
    }
}
