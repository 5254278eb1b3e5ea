package io.github.masktape.data;

import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Examples to learn from: a feature vector each, and a label (classification) or a row of targets (regression). */
public final class Dataset {
    private static final int CLASSES_SHOWN = 12;

    private final Tensor features;
    private final int[] labels;
    private final int classes;
    private final @Nullable Tensor targets;
    private final Names names;

    /** What features, classes and the label column are called, as far as that is known. */
    private record Names(
            @Nullable List<String> features,
            @Nullable List<String> classes,
            @Nullable String labelColumn,
            int labelNumber) {}

    /**
     * The two parts of a dataset.
     *
     * @param training what is left to train with
     * @param validation what was set apart
     */
    public record Split(Dataset training, Dataset validation) {}

    /**
     * Examples for a classifier.
     *
     * @param features one example a row, examples×features
     * @param labels the class of each example, in 0…classes−1; copied
     * @throws IllegalArgumentException if the numbers of rows and labels differ or a label is out of range
     */
    public Dataset(Tensor features, int[] labels, int classes) {
        this(features, labels.clone(), classes, null, new Names(null, null, null, 0));
        requireLabelsOf(features, labels, classes);
    }

    /** The same without a copy: nobody else has the labels. */
    static Dataset owning(Tensor features, int[] labels, int classes) {
        requireLabelsOf(features, labels, classes);
        return new Dataset(features, labels, classes, null, new Names(null, null, null, 0));
    }

    private static void requireLabelsOf(Tensor features, int[] labels, int classes) {
        if (features.shape().rank() != 2 || features.shape().dim(0) != labels.length) {
            throw new IllegalArgumentException("dataset: expected a matrix of one row for each of " + labels.length
                    + " labels, got features of shape " + features.shape());
        }
        if (classes < 1) {
            throw new IllegalArgumentException("dataset: classes must be at least 1, got " + classes);
        }
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= classes) {
                throw new IllegalArgumentException(
                        "dataset: label " + labels[i] + " of example " + i + " is not in 0…" + (classes - 1));
            }
        }
    }

    private Dataset(Tensor features, int[] labels, int classes, @Nullable Tensor targets, Names names) {
        this.features = features;
        this.labels = labels;
        this.classes = classes;
        this.targets = targets;
        this.names = names;
    }

    /**
     * Examples for a regression.
     *
     * @param features one example a row, examples×features
     * @param targets what to predict, examples×outputs
     * @throws IllegalArgumentException if the numbers of rows or the dtypes differ
     */
    public static Dataset regression(Tensor features, Tensor targets) {
        if (features.shape().rank() != 2
                || targets.shape().rank() != 2
                || features.shape().dim(0) != targets.shape().dim(0)) {
            throw new IllegalArgumentException(
                    "dataset: expected two matrices with a row for each example, got features of shape "
                            + features.shape() + " and targets of shape " + targets.shape());
        }
        if (features.dtype() != targets.dtype()) {
            throw new IllegalArgumentException("dataset: expected features and targets of one dtype, got "
                    + features.dtype() + " and " + targets.dtype());
        }
        return new Dataset(features, new int[0], 0, targets, new Names(null, null, null, 0));
    }

    /** The same examples whose features have these names, one a column. */
    public Dataset withFeatureNames(List<String> featureNames) {
        requireNames("feature", featureNames, features.shape().dim(1));
        return named(new Names(List.copyOf(featureNames), names.classes, names.labelColumn, names.labelNumber));
    }

    /** The same examples whose classes have these names, in the order of their numbers. */
    public Dataset withClassNames(List<String> classNames) {
        requireLabels("withClassNames");
        requireNames("class", classNames, classes);
        return named(new Names(names.features, List.copyOf(classNames), names.labelColumn, names.labelNumber));
    }

    /**
     * The same examples that remember which column of their table the labels or targets were.
     *
     * @param number of the column, from 1
     */
    public Dataset withLabelColumn(@Nullable String name, int number) {
        if (number < 1) {
            throw new IllegalArgumentException("dataset: label column must be at least 1, got " + number);
        }
        return named(new Names(names.features, names.classes, name, number));
    }

    private Dataset named(Names names) {
        return new Dataset(features, labels, classes, targets, names);
    }

    /** The same examples in another dtype, each number rounded to nearest. */
    public Dataset to(DType dtype) {
        return with(features.to(dtype), targets == null ? null : targets.to(dtype));
    }

    /** The same examples with other numbers; null targets are as they were. */
    Dataset with(Tensor otherFeatures, @Nullable Tensor otherTargets) {
        return new Dataset(otherFeatures, labels, classes, otherTargets == null ? targets : otherTargets, names);
    }

    private static void requireNames(String what, List<String> names, int count) {
        if (names.size() != count) {
            throw new IllegalArgumentException(
                    "dataset: expected " + count + " " + what + " names, got " + names.size());
        }
        if (new HashSet<>(names).size() != count) {
            throw new IllegalArgumentException("dataset: expected different " + what + " names, got " + names);
        }
    }

    /** One example a row. */
    public Tensor features() {
        return features;
    }

    /** True if there are targets, false if there are labels. */
    public boolean isRegression() {
        return targets != null;
    }

    /**
     * The class of each example, a copy.
     *
     * @throws IllegalStateException if this is a regression
     */
    public int[] labels() {
        requireLabels("labels");
        return labels.clone();
    }

    /**
     * The number of classes.
     *
     * @throws IllegalStateException if this is a regression
     */
    public int classes() {
        requireLabels("classes");
        return classes;
    }

    /**
     * What to predict, one example a row.
     *
     * @throws IllegalStateException if this is a classification
     */
    public Tensor targets() {
        if (targets == null) {
            throw new IllegalStateException("targets: this dataset has labels; ask isRegression first");
        }
        return targets;
    }

    private void requireLabels(String asked) {
        if (targets != null) {
            throw new IllegalStateException(asked + ": this dataset has regression targets; ask isRegression first");
        }
    }

    /** The numbers that a network has to give for an example: one a class, or one a target. */
    public int outputs() {
        return targets == null ? classes : targets.shape().dim(1);
    }

    /** The number of examples. */
    public int size() {
        return features.shape().dim(0);
    }

    /** The name of each feature, or null if they have none. */
    public @Nullable List<String> featureNames() {
        return names.features;
    }

    /**
     * The name of each class; its number if it was given none.
     *
     * @throws IllegalStateException if this is a regression
     */
    public List<String> classNames() {
        requireLabels("classNames");
        if (names.classes != null) {
            return names.classes;
        }
        List<String> numbers = new ArrayList<>();
        for (int c = 0; c < classes; c++) {
            numbers.add(Integer.toString(c));
        }
        return numbers;
    }

    /** The name of the column of labels or targets, or null if it has none. */
    public @Nullable String labelColumn() {
        return names.labelColumn;
    }

    /** The number of the column of labels or targets, from 1, or 0 if this came from no table. */
    public int labelNumber() {
        return names.labelNumber;
    }

    /**
     * How many examples each class has.
     *
     * @throws IllegalStateException if this is a regression
     */
    public int[] classCounts() {
        requireLabels("classCounts");
        int[] counts = new int[classes];
        for (int label : labels) {
            counts[label]++;
        }
        return counts;
    }

    /** The named examples, in the order named. */
    public Dataset select(int[] examples) {
        return new Dataset(
                features.rows(examples),
                targets == null ? labelsOf(examples) : labels,
                classes,
                targets == null ? null : targets.rows(examples),
                names);
    }

    int[] labelsOf(int[] examples) {
        requireLabels("labels");
        int[] selected = new int[examples.length];
        for (int i = 0; i < examples.length; i++) {
            selected[i] = labels[examples[i]];
        }
        return selected;
    }

    /**
     * Two parts in this dataset's order, the second of {@code validationExamples} drawn at random from a seed.
     *
     * <p>Of a class of k among n examples, ⌊v·k/n⌋ of v are drawn, and one more where the remainders are largest (the
     * lower class first if equal), but never its last one. Within class c (0 for a regression) they are the first of
     * the permutation drawn from stream {@code derive(derive(−2, seed), c)}.
     *
     * @throws IllegalArgumentException if a part would be empty or a class have no example left to train on
     */
    public Split split(int validationExamples, long seed) {
        int[] counts = targets == null ? classCounts() : new int[] {size()};
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
        int[] training = new int[size() - validationExamples];
        int[] validation = new int[validationExamples];
        for (int i = 0, t = 0, v = 0; i < validates.length; i++) {
            if (validates[i]) {
                validation[v++] = i;
            } else {
                training[t++] = i;
            }
        }
        return new Split(select(training), select(validation));
    }

    private int[] members(int c, int count) {
        int[] members = new int[count];
        for (int i = 0, k = 0; k < count; i++) {
            if (targets != null || labels[i] == c) {
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
                    + " examples, so that " + (targets == null ? "each class keeps" : "training keeps") + " one, got "
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

    /** The sizes in a line: {@code 150 examples × 4 features, 3 classes: setosa 50, versicolor 50, virginica 50}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append(size())
                .append(" examples × ")
                .append(features.shape().dim(1))
                .append(" features, ");
        if (targets != null) {
            return text.append(outputs())
                    .append(outputs() == 1 ? " target" : " targets")
                    .toString();
        }
        text.append(classes).append(classes == 1 ? " class: " : " classes: ");
        int[] counts = classCounts();
        List<String> classNames = classNames();
        List<String> shown = new ArrayList<>();
        for (int c = 0; c < Math.min(classes, CLASSES_SHOWN); c++) {
            shown.add(CsvCells.shown(classNames.get(c)) + " " + counts[c]);
        }
        if (classes > CLASSES_SHOWN) {
            shown.add("… (" + Arrays.stream(counts).min().getAsInt() + " to "
                    + Arrays.stream(counts).max().getAsInt() + " a class)");
        }
        return text.append(String.join(", ", shown)).toString();
    }
}
