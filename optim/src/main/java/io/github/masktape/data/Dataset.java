// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.data;

import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.text.Decimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Examples to learn from: the features and the target of each. */
public final class Dataset {
    private final Tensor features;
    private final Targets targets;
    private final double @Nullable [] weights;
    private final Names names;

    /** The names of the features and of the label columns, as far as they are known, and the table of the examples. */
    private record Names(
            @Nullable List<String> features,
            List<LabelColumn> labels,
            List<Column> columns,
            List<String> missingValues,
            Csv.@Nullable TableFormat format) {
        static final Names NONE = new Names(null, List.of(), List.of(), List.of(), null);
    }

    /**
     * A column of a table that holds labels or targets.
     *
     * @param name the name in the header, or null if there is no header
     * @param number the number of the column, from 1; 0 if it is not known
     * @param measures the unit of the targets, or null if they are plain numbers or classes
     */
    public record LabelColumn(@Nullable String name, int number, Column.@Nullable Measures measures) {
        /** A column of classes or plain numbers. */
        public LabelColumn(@Nullable String name, int number) {
            this(name, number, null);
        }
    }

    /**
     * The two parts of a dataset.
     *
     * @param training the examples that remain for training
     * @param validation the examples that were held out
     */
    public record Split(Dataset training, Dataset validation) {}

    /**
     * Examples for a classifier or a regression.
     *
     * @param features one example a row, examples×features
     * @param targets the target of each example
     * @throws IllegalArgumentException if the numbers of examples differ, or the dtypes of features and values
     */
    public Dataset(Tensor features, Targets targets) {
        this(features, targets, null, Names.NONE);
        requireFit(features, targets);
    }

    /**
     * Examples for a classifier.
     *
     * @param features one example a row, examples×features
     * @param labels the class of each example, in 0…classes−1; copied
     * @throws IllegalArgumentException if the numbers of rows and labels differ or a label is out of range
     */
    public Dataset(Tensor features, int[] labels, int classes) {
        this(features, new Labels(labels, classes));
    }

    private Dataset(Tensor features, Targets targets, double @Nullable [] weights, Names names) {
        this.features = features;
        this.targets = targets;
        this.weights = weights;
        this.names = names;
    }

    /**
     * Examples for a regression.
     *
     * @param features one example a row, examples×features
     * @param values the numbers to predict, examples×outputs
     * @throws IllegalArgumentException if the numbers of rows or the dtypes differ
     */
    public static Dataset regression(Tensor features, Tensor values) {
        return new Dataset(features, new Values(values));
    }

    private static void requireFit(Tensor features, Targets targets) {
        boolean fits = features.shape().rank() == 2 && features.shape().dim(0) == targets.size();
        if (targets instanceof Values values) {
            DType dtype = values.tensor().dtype();
            if (!fits) {
                throw new IllegalArgumentException(
                        "dataset: expected two matrices with a row for each example, got features of shape "
                                + features.shape() + " and targets of shape "
                                + values.tensor().shape());
            }
            if (features.dtype() != dtype) {
                throw new IllegalArgumentException("dataset: expected features and targets of one dtype, got "
                        + features.dtype() + " and " + dtype);
            }
        } else if (!fits) {
            throw new IllegalArgumentException("dataset: expected a matrix of one row for each of " + targets.size()
                    + " labels, got features of shape " + features.shape());
        }
    }

    /** The same examples with names for the features, one for each column. */
    public Dataset withFeatureNames(List<String> featureNames) {
        requireNames("feature", featureNames, features.shape().dim(1));
        return new Dataset(
                features,
                targets,
                weights,
                new Names(List.copyOf(featureNames), names.labels, names.columns, names.missingValues, names.format));
    }

    /**
     * The same examples with the name and number of the table's column that held the labels or targets.
     *
     * @param number the number of the column, from 1
     */
    public Dataset withLabelColumn(@Nullable String name, int number) {
        return withLabelColumns(List.of(new LabelColumn(name, number)));
    }

    /** The same examples with the table's columns that held the labels, or one for each target. */
    public Dataset withLabelColumns(List<LabelColumn> columns) {
        int expected = targets instanceof Labels ? 1 : targets.outputs();
        if (columns.size() != expected) {
            throw new IllegalArgumentException(
                    "dataset: expected " + expected + " label columns, got " + columns.size());
        }
        for (LabelColumn column : columns) {
            if (column.number < 1) {
                throw new IllegalArgumentException(
                        "dataset: label column: expected a number of at least 1, got " + column.number);
            }
        }
        return new Dataset(
                features,
                targets,
                weights,
                new Names(names.features, List.copyOf(columns), names.columns, names.missingValues, names.format));
    }

    /**
     * The same examples with the columns of the table that they come from. Those that are not ignored are the features,
     * in this order. A missing feature is NaN, a category its index.
     *
     * @param missingValues the texts that stand for a missing value in this table, besides the usual ones
     */
    public Dataset withColumns(List<Column> columns, List<String> missingValues) {
        long count = columns.stream().filter(column -> !column.isIgnored()).count();
        if (count != features.shape().dim(1)) {
            throw new IllegalArgumentException(
                    "dataset: expected " + features.shape().dim(1) + " columns of features, got " + count);
        }
        return new Dataset(
                features,
                targets,
                weights,
                new Names(
                        names.features, names.labels, List.copyOf(columns), List.copyOf(missingValues), names.format));
    }

    /** The same examples with the form of the table that they come from. */
    Dataset withFormat(Csv.@Nullable TableFormat format) {
        return new Dataset(
                features,
                targets,
                weights,
                new Names(names.features, names.labels, names.columns, names.missingValues, format));
    }

    Csv.@Nullable TableFormat format() {
        return names.format;
    }

    /**
     * The same examples with a weight for each, with which it counts in a loss: of two examples, one of weight 2 counts
     * as if it were there twice. A loss divides by the sum of a batch's weights, so only their ratios matter.
     *
     * @param weights positive numbers, one for each example; copied
     */
    public Dataset withWeights(double... weights) {
        if (weights.length != size()) {
            throw new IllegalArgumentException(
                    "weights: expected one for each of " + size() + " examples, got " + weights.length);
        }
        for (int i = 0; i < weights.length; i++) {
            if (!(weights[i] > 0 && weights[i] <= Double.MAX_VALUE)) {
                throw new IllegalArgumentException("weights: expected positive, finite numbers, got "
                        + Decimal.shortest(weights[i], 6) + " for example " + i
                        + "; leave out an example that should not count");
            }
        }
        return new Dataset(features, targets, weights.clone(), names);
    }

    /** The same examples in another dtype, each number rounded to nearest. */
    public Dataset to(DType dtype) {
        return new Dataset(features.to(dtype), targets.to(dtype), weights, names);
    }

    /** The same names with other numbers, of which none is missing. */
    Dataset with(Tensor otherFeatures, Targets otherTargets) {
        return new Dataset(
                otherFeatures,
                otherTargets,
                weights,
                names.columns.isEmpty() ? names : new Names(null, names.labels, List.of(), List.of(), names.format));
    }

    static void requireNames(String what, List<String> names, int count) {
        if (names.size() != count) {
            throw new IllegalArgumentException(
                    "dataset: expected " + count + " " + what + " names, got " + names.size());
        }
        if (new HashSet<>(names).size() != count) {
            throw new IllegalArgumentException("dataset: expected different " + what + " names, got " + names);
        }
    }

    /** The features, one example a row. */
    public Tensor features() {
        return features;
    }

    /** The targets of the examples. */
    public Targets targets() {
        return targets;
    }

    /**
     * The class of each example of a classification. Each call makes a copy, so call it before a loop, not in it.
     *
     * @throws IllegalStateException if there are values instead
     */
    public int[] labels() {
        return labels(targets).toArray();
    }

    static Labels labels(Targets targets) {
        if (targets instanceof Labels labels) {
            return labels;
        }
        throw new IllegalStateException("labels: expected class labels, got values to predict; see targets()");
    }

    /**
     * The numbers to predict in a regression, one example a row.
     *
     * @throws IllegalStateException if there are labels instead
     */
    public Tensor values() {
        return values(targets).tensor();
    }

    static Values values(Targets targets) {
        if (targets instanceof Values values) {
            return values;
        }
        throw new IllegalStateException("values: expected values to predict, got class labels; see targets()");
    }

    /** True if the examples have weights, see {@link #withWeights}. */
    public boolean isWeighted() {
        return weights != null;
    }

    /** The weight of each example, a copy; 1 for each if they have none. */
    public double[] weights() {
        return new Batch(this).weights();
    }

    double weight(int example) {
        return weights == null ? 1 : weights[example];
    }

    /** A checksum of features, targets and weights; two datasets hardly ever have the same one. */
    long checksum() {
        long checksum = features.checksum();
        if (targets instanceof Labels labels) {
            for (int i = 0; i < labels.size(); i++) {
                checksum = RandomStream.derive(checksum, labels.get(i));
            }
        } else {
            checksum = RandomStream.derive(checksum, values().checksum());
        }
        for (int i = 0; weights != null && i < weights.length; i++) {
            checksum = RandomStream.derive(checksum, Double.doubleToLongBits(weights[i]));
        }
        return checksum;
    }

    /** The number of outputs that a network needs for these examples: one for each class, or one for each value. */
    public int outputs() {
        return targets.outputs();
    }

    /** The number of examples. */
    public int size() {
        return features.shape().dim(0);
    }

    /** The name of each feature, or null if they have none. */
    public @Nullable List<String> featureNames() {
        return names.features;
    }

    /** The columns of the table that the features come from; empty if all features are plain numbers. */
    public List<Column> columns() {
        return names.columns;
    }

    /** The texts that stand for a missing value in the table, besides the usual ones. */
    public List<String> missingValues() {
        return names.missingValues;
    }

    /** The columns of the table that held the labels or the targets; empty if the examples came from no table. */
    public List<LabelColumn> labelColumns() {
        return names.labels;
    }

    /** The name of the column of labels or targets, of the first of several; null if it has none. */
    public @Nullable String labelColumn() {
        return names.labels.isEmpty() ? null : names.labels.get(0).name();
    }

    /**
     * The number of the column of labels or targets, of the first of several, from 1; 0 if the examples came from no
     * table.
     */
    public int labelNumber() {
        return names.labels.isEmpty() ? 0 : names.labels.get(0).number();
    }

    /** The examples with these indices, in this order. */
    public Dataset select(int[] examples) {
        double[] all = weights;
        double[] selected = all == null
                ? null
                : Arrays.stream(examples).mapToDouble(i -> all[i]).toArray();
        return new Dataset(features.rows(examples), targets.select(examples), selected, names);
    }

    /**
     * Splits the examples into two parts, each in this dataset's order; the second part holds {@code
     * validationExamples} examples that are drawn from a seed.
     *
     * <p>From a class with k of the n examples, ⌊v·k/n⌋ of the v validation examples are drawn, plus one from the
     * classes with the largest remainders (the lower class first if equal), but never the last example of a class.
     * Within class c (0 for a regression) they are the first of the permutation drawn from stream {@code
     * derive(derive(−2, seed), c)}.
     *
     * @throws IllegalArgumentException if a part would be empty, or a class would have no example left to train on
     */
    public Split split(int validationExamples, long seed) {
        int[] counts = targets instanceof Labels labels ? labels.counts() : new int[] {size()};
        int[] quotas = quotas(validationExamples, counts);
        boolean[] validates = new boolean[size()];
        for (int c = 0; c < counts.length; c++) {
            int[] members = members(c, counts[c]);
            long key = RandomStream.derive(RandomStream.derive(-2, seed), c);
            int[] order = new RandomStream(key).permutation(members.length);
            for (int k = 0; k < quotas[c]; k++) {
                validates[members[order[k]]] = true;
            }
        }
        return parts(validates);
    }

    /**
     * Splits the examples for a cross-validation: the second part is one of {@code folds} folds, in which each example
     * is once; the first part is the rest. Each part is in this dataset's order.
     *
     * <p>The sizes of any two folds differ by at most one, and so do their numbers of examples of a class. The members
     * of class c (0 for a regression), in the order of the permutation drawn from stream {@code derive(derive(−4, seed),
     * c)}, are dealt to the folds in turn; the next class goes on at the fold where the last one ended. A class with
     * fewer examples than folds is missing in some folds, and one with a single example is missing in the training part
     * of its fold.
     *
     * @param fold the fold to hold out, from 0
     * @param folds the number of folds, at least 2 and at most the number of examples
     * @param seed the seed of the draw, the same for all folds
     * @throws IllegalArgumentException if there are no such folds
     */
    public Split fold(int fold, int folds, long seed) {
        if (folds < 2 || folds > size()) {
            throw new IllegalArgumentException(
                    "folds: expected at least 2 and at most one for each of the " + size() + " examples, got " + folds);
        }
        if (fold < 0 || fold >= folds) {
            throw new IllegalArgumentException("fold: expected one of 0…" + (folds - 1) + ", got " + fold);
        }
        int[] counts = targets instanceof Labels labels ? labels.counts() : new int[] {size()};
        boolean[] validates = new boolean[size()];
        int dealt = 0;
        for (int c = 0; c < counts.length; c++) {
            int[] members = members(c, counts[c]);
            long key = RandomStream.derive(RandomStream.derive(-4, seed), c);
            for (int k : new RandomStream(key).permutation(members.length)) {
                validates[members[k]] = dealt++ % folds == fold;
            }
        }
        return parts(validates);
    }

    private Split parts(boolean[] validates) {
        int[] training = IntStream.range(0, size()).filter(i -> !validates[i]).toArray();
        int[] validation = IntStream.range(0, size()).filter(i -> validates[i]).toArray();
        return new Split(select(training), select(validation));
    }

    private int[] members(int c, int count) {
        int[] members = new int[count];
        for (int i = 0, k = 0; k < count; i++) {
            if (targets instanceof Values || (targets instanceof Labels labels && labels.get(i) == c)) {
                members[k++] = i;
            }
        }
        return members;
    }

    private int[] quotas(int validationExamples, int[] counts) {
        int most = 0;
        for (int count : counts) {
            most += Math.max(0, count - 1);
        }
        if (validationExamples < 1) {
            throw new IllegalArgumentException("validation: expected at least 1 example, got " + validationExamples);
        }
        if (validationExamples > most) {
            throw new IllegalArgumentException("validation: expected at most " + most + " of " + size()
                    + " examples, so that " + (targets instanceof Labels ? "each class keeps" : "training keeps")
                    + " one, got "
                    + validationExamples);
        }
        int[] quotas = new int[counts.length];
        List<Integer> byRemainder = new ArrayList<>();
        int left = validationExamples;
        for (int c = 0; c < counts.length; c++) {
            quotas[c] = (int) ((long) validationExamples * counts[c] / size());
            left -= quotas[c];
            byRemainder.add(c);
        }
        byRemainder.sort((a, b) -> Long.compare(
                (long) validationExamples * counts[b] % size(), (long) validationExamples * counts[a] % size()));
        for (int k = 0; left > 0; k = (k + 1) % counts.length) {
            int c = byRemainder.get(k);
            if (quotas[c] < counts[c] - 1) {
                quotas[c]++;
                left--;
            }
        }
        return quotas;
    }

    /** The sizes on one line: {@code 150 examples × 4 features, 3 classes: setosa 50, versicolor 50, virginica 50}. */
    @Override
    public String toString() {
        return size() + " examples × " + features.shape().dim(1) + " features, " + targets;
    }
}
