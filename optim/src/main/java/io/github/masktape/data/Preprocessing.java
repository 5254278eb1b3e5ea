package io.github.masktape.data;

import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a model must remember of the data it was trained on: names, classes, and how numbers were standardized. Numbers
 * are standardized in double, and only then rounded to the dtype of the network: of seconds since 1970, a float has but
 * every 128th.
 *
 * <pre>
 * mean      μ = x₀ + Σᵢ (xᵢ − x₀) / n
 * deviation σ = √(Σᵢ (xᵢ − μ)² / n)                in double, in the order of the examples
 * feature   (x − μ) / σ, or 0 if σ = 0             a column that was constant teaches nothing
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
    private static final String FEATURE_MEANS = "data.feature_means";
    private static final String FEATURE_DEVIATIONS = "data.feature_deviations";
    private static final String TARGETS = "data.targets";
    private static final String TARGET_MEANS = "data.target_means";
    private static final String TARGET_DEVIATIONS = "data.target_deviations";

    /** Elements copied at a time. */
    private static final int BLOCK = 1 << 16;

    private final int features;
    private final @Nullable List<String> featureNames;
    private final @Nullable List<String> classNames;
    private final int targets;
    private final @Nullable String labelColumn;
    private final int labelNumber;
    private final @Nullable Scale featureScale;
    private final @Nullable Scale targetScale;

    /** The mean and the deviation of each column of a matrix. */
    private static final class Scale {
        private final double[] means;
        private final double[] deviations;

        Scale(double[] means, double[] deviations) {
            this.means = means;
            this.deviations = deviations;
        }

        static Scale of(String what, Tensor x) {
            int n = x.shape().dim(0);
            int d = x.shape().dim(1);
            double[] first = x.row(0).toDoubleArray();
            double[] means = new double[d];
            double[] deviations = new double[d];
            forEachRow(x, (i, rows, at) -> {
                for (int j = 0; j < d; j++) {
                    means[j] += rows[at + j] - first[j];
                }
            });
            for (int j = 0; j < d; j++) {
                means[j] = first[j] + means[j] / n;
            }
            forEachRow(x, (i, rows, at) -> {
                for (int j = 0; j < d; j++) {
                    double off = rows[at + j] - means[j];
                    deviations[j] += off * off;
                }
            });
            for (int j = 0; j < d; j++) {
                deviations[j] = Math.sqrt(deviations[j] / n);
                if (!Double.isFinite(deviations[j])) {
                    throw new IllegalArgumentException(
                            "preprocessing: expected numbers whose squares a double holds, got " + what + " " + j
                                    + " with a deviation that overflows");
                }
            }
            return new Scale(means, deviations);
        }

        /** With 1 for a deviation of 0, so that other numbers than the mean come back. */
        Scale invertible() {
            return new Scale(
                    means,
                    Arrays.stream(deviations)
                            .map(deviation -> deviation == 0 ? 1 : deviation)
                            .toArray());
        }

        Tensor apply(Tensor x, DType dtype) {
            return map(x, dtype, (j, value) -> deviations[j] == 0 ? 0 : (value - means[j]) / deviations[j]);
        }

        Tensor restore(Tensor y) {
            return map(y, DType.FLOAT64, (j, value) -> value * deviations[j] + means[j]);
        }
    }

    /** What is done with a number of column {@code j}. */
    @FunctionalInterface
    private interface ByColumn {
        double apply(int j, double value);
    }

    /** What is done with row {@code i}, which begins at {@code at}. */
    @FunctionalInterface
    private interface RowReader {
        void read(int i, double[] rows, int at);
    }

    private Preprocessing(
            int features,
            @Nullable List<String> featureNames,
            @Nullable List<String> classNames,
            int targets,
            @Nullable String labelColumn,
            int labelNumber,
            @Nullable Scale featureScale,
            @Nullable Scale targetScale) {
        this.features = features;
        this.featureNames = featureNames;
        this.classNames = classNames;
        this.targets = targets;
        this.labelColumn = labelColumn;
        this.labelNumber = labelNumber;
        this.featureScale = featureScale;
        this.targetScale = targetScale;
    }

    /** Standardizes every feature, and the targets of a regression, as this training set has them. */
    public static Preprocessing fit(Dataset raw) {
        if (!raw.features().isFinite()) {
            throw new IllegalArgumentException("preprocessing: expected finite features, got "
                    + raw.features().firstNotFinite());
        }
        if (raw.isRegression() && !raw.targets().isFinite()) {
            throw new IllegalArgumentException("preprocessing: expected finite targets, got "
                    + raw.targets().firstNotFinite());
        }
        return of(
                raw,
                Scale.of("feature", raw.features()),
                raw.isRegression() ? Scale.of("target", raw.targets()).invertible() : null);
    }

    /** Changes no number, as for images whose pixels are in [0, 1] already; names and classes are remembered. */
    public static Preprocessing none(Dataset raw) {
        return of(raw, null, null);
    }

    private static Preprocessing of(Dataset raw, @Nullable Scale featureScale, @Nullable Scale targetScale) {
        return new Preprocessing(
                raw.features().shape().dim(1),
                raw.featureNames(),
                raw.isRegression() ? null : raw.classNames(),
                raw.isRegression() ? raw.outputs() : 0,
                raw.labelColumn(),
                raw.labelNumber(),
                featureScale,
                targetScale);
    }

    /** True if the model predicts targets, false if classes. */
    public boolean isRegression() {
        return classNames == null;
    }

    /** True after {@link #fit}, false after {@link #none}. */
    public boolean isStandardized() {
        return featureScale != null;
    }

    /** The number of features. */
    public int features() {
        return features;
    }

    /** The numbers that the network gives for an example: one a class, or one a target. */
    public int outputs() {
        return classNames == null ? targets : classNames.size();
    }

    /** The name of each feature, or null if they have none. */
    public @Nullable List<String> featureNames() {
        return featureNames;
    }

    /**
     * The name of each class.
     *
     * @throws IllegalStateException if this is a regression
     */
    public List<String> classNames() {
        if (classNames == null) {
            throw new IllegalStateException("classNames: this is a regression; ask isRegression first");
        }
        return classNames;
    }

    /** The name of the column of labels or targets, or null if it has none. */
    public @Nullable String labelColumn() {
        return labelColumn;
    }

    /** The number of the column of labels or targets, from 1, or 0 if there was no table. */
    public int labelNumber() {
        return labelNumber;
    }

    /** The mean of each feature, 0 if nothing is standardized. */
    public double[] featureMeans() {
        return featureScale == null ? new double[features] : featureScale.means.clone();
    }

    /** The deviation of each feature, 0 for one that was constant, 1 if nothing is standardized. */
    public double[] featureDeviations() {
        return featureScale == null ? ones(features) : featureScale.deviations.clone();
    }

    /** The mean of each target, 0 if nothing is standardized. */
    public double[] targetMeans() {
        return targetScale == null ? new double[targets] : targetScale.means.clone();
    }

    /** The deviation of each target, 1 for one that was constant, 1 if nothing is standardized. */
    public double[] targetDeviations() {
        return targetScale == null ? ones(targets) : targetScale.deviations.clone();
    }

    private static double[] ones(int count) {
        double[] ones = new double[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    /**
     * A dataset as a FLOAT32 network wants it.
     *
     * @throws IllegalArgumentException if it is for another task, or has other numbers of features, classes or targets
     */
    public Dataset apply(Dataset raw) {
        return apply(raw, DType.FLOAT32);
    }

    /** A dataset as a network of that dtype wants it; see {@link #apply(Dataset)}. */
    public Dataset apply(Dataset raw, DType dtype) {
        if (raw.isRegression() != isRegression()) {
            throw new IllegalArgumentException("preprocessing: expected "
                    + (isRegression()
                            ? "targets as of a regression, got labels"
                            : "labels, got targets of a regression"));
        }
        if (raw.isRegression() ? raw.outputs() != targets : raw.classes() > outputs()) {
            throw new IllegalArgumentException("preprocessing: expected "
                    + (isRegression() ? targets + " targets, got " : "at most " + outputs() + " classes, got ")
                    + raw.outputs());
        }
        Tensor features = applyFeatures(raw.features(), dtype);
        if (!raw.isRegression()) {
            return raw.with(features, null);
        }
        Tensor standardized = targetScale == null ? raw.targets() : targetScale.apply(raw.targets(), dtype);
        return raw.with(features, standardized.to(dtype));
    }

    /** Features as a FLOAT32 network wants them, one example a row. */
    public Tensor applyFeatures(Tensor raw) {
        return applyFeatures(raw, DType.FLOAT32);
    }

    /** Features as a network of that dtype wants them, one example a row. */
    public Tensor applyFeatures(Tensor raw, DType dtype) {
        requireColumns("features", raw, features);
        return featureScale == null ? raw.to(dtype) : featureScale.apply(raw, dtype);
    }

    /** FLOAT64 targets as the data had them, from what the network gives, one example a row. */
    public Tensor restoreTargets(Tensor outputs) {
        if (classNames != null) {
            throw new IllegalStateException("restoreTargets: this is a classification; ask isRegression first");
        }
        requireColumns("targets", outputs, targets);
        return targetScale == null ? outputs.to(DType.FLOAT64) : targetScale.restore(outputs);
    }

    private static void requireColumns(String what, Tensor x, int columns) {
        if (x.shape().rank() != 2 || x.shape().dim(1) != columns) {
            throw new IllegalArgumentException("preprocessing: expected a matrix of " + columns + " " + what
                    + " an example, got shape " + x.shape());
        }
    }

    private static Tensor map(Tensor x, DType dtype, ByColumn f) {
        int n = x.shape().dim(0);
        int d = x.shape().dim(1);
        if (dtype == DType.FLOAT64) {
            double[] y = new double[n * d];
            forEachRow(x, (i, rows, at) -> {
                for (int j = 0; j < d; j++) {
                    y[i * d + j] = f.apply(j, rows[at + j]);
                }
            });
            return Tensor.of(y, n, d);
        }
        int block = Math.max(1, BLOCK / d);
        double[][] rows = {{}};
        return Tensor.ofRows(n, d, (i, row) -> {
            if (i % block == 0) {
                rows[0] = block(x, i, Math.min(n, i + block));
            }
            for (int j = 0; j < d; j++) {
                row[j] = (float) f.apply(j, rows[0][i % block * d + j]);
            }
        });
    }

    private static void forEachRow(Tensor x, RowReader reader) {
        int n = x.shape().dim(0);
        int d = x.shape().dim(1);
        int block = Math.max(1, BLOCK / d);
        for (int from = 0; from < n; from += block) {
            int to = Math.min(n, from + block);
            double[] rows = block(x, from, to);
            for (int i = from; i < to; i++) {
                reader.read(i, rows, (i - from) * d);
            }
        }
    }

    private static double[] block(Tensor x, int from, int to) {
        int[] rows = new int[to - from];
        for (int k = 0; k < rows.length; k++) {
            rows[k] = from + k;
        }
        return x.rows(rows).toDoubleArray();
    }

    /**
     * This as strings to keep beside the weights, each under a key that begins with {@code data.}: numbers exactly, as
     * hexadecimal floating point, names quoted as in CSV.
     */
    public Map<String, String> toMetadata() {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put(TASK, isRegression() ? "regression" : "classification");
        metadata.put(FEATURES, Integer.toString(features));
        if (featureNames != null) {
            metadata.put(FEATURE_NAMES, quoted(featureNames));
        }
        if (classNames != null) {
            metadata.put(CLASS_NAMES, quoted(classNames));
        } else {
            metadata.put(TARGETS, Integer.toString(targets));
        }
        if (labelColumn != null) {
            metadata.put(LABEL_COLUMN, labelColumn);
        }
        if (labelNumber > 0) {
            metadata.put(LABEL_NUMBER, Integer.toString(labelNumber));
        }
        if (featureScale != null) {
            metadata.put(FEATURE_MEANS, numbers(featureScale.means));
            metadata.put(FEATURE_DEVIATIONS, numbers(featureScale.deviations));
        }
        if (targetScale != null) {
            metadata.put(TARGET_MEANS, numbers(targetScale.means));
            metadata.put(TARGET_DEVIATIONS, numbers(targetScale.deviations));
        }
        return metadata;
    }

    /**
     * What {@link #toMetadata} wrote; other keys are not looked at.
     *
     * @throws IllegalArgumentException if a string is missing or is not what was written, in one line that names the key
     */
    public static Preprocessing ofMetadata(Map<String, String> metadata) {
        String task = required(metadata, TASK);
        if (!task.equals("classification") && !task.equals("regression")) {
            throw broken(TASK, "classification or regression", task);
        }
        boolean regression = task.equals("regression");
        int features = count(metadata, FEATURES);
        List<String> featureNames =
                metadata.containsKey(FEATURE_NAMES) ? names(metadata, FEATURE_NAMES, features) : null;
        List<String> classNames = regression ? null : names(metadata, CLASS_NAMES, 0);
        int targets = regression ? count(metadata, TARGETS) : 0;
        int labelNumber = metadata.containsKey(LABEL_NUMBER) ? count(metadata, LABEL_NUMBER) : 0;
        Scale featureScale = scale(metadata, FEATURE_MEANS, FEATURE_DEVIATIONS, features);
        Scale targetScale = regression ? scale(metadata, TARGET_MEANS, TARGET_DEVIATIONS, targets) : null;
        return new Preprocessing(
                features,
                featureNames,
                classNames,
                targets,
                metadata.get(LABEL_COLUMN),
                labelNumber,
                featureScale,
                targetScale);
    }

    private static IllegalArgumentException broken(String key, String expected, String got) {
        return new IllegalArgumentException(
                "metadata " + key + ": expected " + expected + ", got '" + CsvCells.shown(got) + "'");
    }

    private static String required(Map<String, String> metadata, String key) {
        String text = metadata.get(key);
        if (text == null) {
            throw new IllegalArgumentException("metadata " + key + ": missing");
        }
        return text;
    }

    private static int count(Map<String, String> metadata, String key) {
        String text = required(metadata, key);
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
            if (!texts[k].matches("-?0x[01](\\.[0-9a-f]{1,13})?p-?[0-9]{1,4}")) {
                throw broken(key, "hexadecimal floating point such as 0x1.8p0", texts[k]);
            }
            values[k] = Double.parseDouble(texts[k]);
            if (Double.isInfinite(values[k])) {
                throw broken(key, "finite numbers", texts[k]);
            }
        }
        return values;
    }

    private static String quoted(List<String> names) {
        List<String> texts = new ArrayList<>();
        for (String name : names) {
            texts.add('"' + name.replace("\"", "\"\"") + '"');
        }
        return String.join(",", texts);
    }

    /** The names in {@code "a","b ""c"""}. */
    private static List<String> names(Map<String, String> metadata, String key, int count) {
        String text = required(metadata, key);
        List<String> names = new ArrayList<>();
        int at = 0;
        boolean more = true;
        while (more) {
            if (at >= text.length() || text.charAt(at) != '"') {
                throw broken(key, "names in quotes", text);
            }
            int end = at + 1;
            while (end < text.length() && (text.charAt(end) != '"' || text.startsWith("\"\"", end))) {
                end += text.charAt(end) == '"' ? 2 : 1;
            }
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
        if (new HashSet<>(names).size() != names.size()) {
            throw broken(key, "different names", text);
        }
        return Collections.unmodifiableList(names);
    }
}
