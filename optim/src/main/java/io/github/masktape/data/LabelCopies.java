package io.github.masktape.data;

import io.github.masktape.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The search for features that are copies of the label, with other names for the classes or with the same numbers. */
final class LabelCopies {
    private static final int LEAST_EXAMPLES = 10;

    private LabelCopies() {}

    /** Reports each copy in a line. */
    static void report(Dataset data, Consumer<String> notes) {
        if (data.size() < LEAST_EXAMPLES) {
            return;
        }
        for (int j = 0; j < data.features().shape().dim(1); j++) {
            String copy = data.targets() instanceof Labels labels
                    ? classes(data.features(), j, labels)
                    : values(data.features(), j, Dataset.values(data.targets()).tensor());
            if (copy != null) {
                notes.accept(name(data, j) + " gives the label away: " + copy
                        + "; leave it out (--ignore) unless it is known when the label is not");
            }
        }
    }

    private static String name(Dataset data, int feature) {
        if (data.columns().isEmpty()) {
            return data.featureNames() == null
                    ? "feature " + (feature + 1)
                    : new Column(data.featureNames().get(feature), feature + 1, new Column.Numbers()).title();
        }
        return data.columns().stream()
                .filter(column -> !column.isIgnored())
                .skip(feature)
                .findFirst()
                .orElseThrow()
                .title();
    }

    /** Finds that each value of a feature occurs with one class only, and that there are about as many as classes. */
    private static @Nullable String classes(Tensor x, int j, Labels labels) {
        Map<Double, Integer> classOf = new HashMap<>();
        for (int i = 0; i < labels.size(); i++) {
            Integer other = classOf.putIfAbsent(x.get(i, j), labels.get(i));
            if ((other != null && other != labels.get(i)) || classOf.size() > labels.classes() + 1) {
                return null;
            }
        }
        return classOf.size() < labels.classes()
                ? null
                : "each of its " + classOf.size() + " values has one class only";
    }

    private static @Nullable String values(Tensor x, int j, Tensor targets) {
        for (int i = 0; i < targets.shape().dim(0); i++) {
            if (x.get(i, j) != targets.get(i, 0)) {
                return null;
            }
        }
        return "it equals the label in every row";
    }
}
