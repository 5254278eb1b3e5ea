// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.data;

import io.github.masktape.table.Cells;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The class of each example, a number in 0…classes−1. */
public final class Labels implements Targets {
    private static final int CLASSES_SHOWN = 12;

    private final int[] labels;
    private final int classes;
    private final @Nullable List<String> names;

    /**
     * Labels of classes without names.
     *
     * @param labels the class of each example; copied
     * @param classes the number of classes, some of which may have no example
     * @throws IllegalArgumentException if a label is not in 0…classes−1
     */
    public Labels(int[] labels, int classes) {
        this(labels.clone(), classes, null);
        requireRange(labels, classes);
    }

    /** Labels that keep the array without copying it; nothing else may refer to it. */
    static Labels owning(int[] labels, int classes) {
        requireRange(labels, classes);
        return new Labels(labels, classes, null);
    }

    private Labels(int[] labels, int classes, @Nullable List<String> names) {
        this.labels = labels;
        this.classes = classes;
        this.names = names;
    }

    private static void requireRange(int[] labels, int classes) {
        if (classes < 1) {
            throw new IllegalArgumentException("dataset: classes: expected at least 1, got " + classes);
        }
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= classes) {
                throw new IllegalArgumentException(
                        "dataset: label " + labels[i] + " of example " + i + " is not in 0…" + (classes - 1));
            }
        }
    }

    /** The same labels with a name for each class, in the order of their numbers. */
    public Labels withNames(List<String> names) {
        Dataset.requireNames("class", names, classes);
        return new Labels(labels, classes, List.copyOf(names));
    }

    /** The class of each example, a copy. */
    public int[] toArray() {
        return labels.clone();
    }

    /** The class of an example. */
    public int get(int example) {
        return labels[example];
    }

    /** The number of classes. */
    public int classes() {
        return classes;
    }

    /** The name of each class, or its number if it has no name. */
    public List<String> names() {
        if (names != null) {
            return names;
        }
        List<String> numbers = new ArrayList<>();
        for (int c = 0; c < classes; c++) {
            numbers.add(Integer.toString(c));
        }
        return numbers;
    }

    /** The number of examples of each class. */
    public int[] counts() {
        int[] counts = new int[classes];
        for (int label : labels) {
            counts[label]++;
        }
        return counts;
    }

    @Override
    public int size() {
        return labels.length;
    }

    @Override
    public int outputs() {
        return classes;
    }

    @Override
    public String noun() {
        return "classes";
    }

    @Override
    public Labels select(int[] examples) {
        int[] selected = new int[examples.length];
        for (int i = 0; i < examples.length; i++) {
            selected[i] = labels[examples[i]];
        }
        return new Labels(selected, classes, names);
    }

    @Override
    public Labels select(int[] examples, Workspace workspace) {
        return select(examples);
    }

    @Override
    public Labels to(DType dtype) {
        return this;
    }

    /** The classes and their counts: {@code 3 classes: setosa 50, versicolor 50, virginica 50}. */
    @Override
    public String toString() {
        int[] counts = counts();
        List<String> names = names();
        List<String> shown = new ArrayList<>();
        for (int c = 0; c < Math.min(classes, CLASSES_SHOWN); c++) {
            shown.add(Cells.shown(names.get(c)) + " " + counts[c]);
        }
        if (classes > CLASSES_SHOWN) {
            shown.add("… (" + Arrays.stream(counts).min().getAsInt() + " to "
                    + Arrays.stream(counts).max().getAsInt() + " a class)");
        }
        return classes + (classes == 1 ? " class: " : " classes: ") + String.join(", ", shown);
    }
}
