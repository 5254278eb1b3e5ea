package io.github.masktape.data;

import io.github.masktape.tensor.Tensor;

/** Examples for a classifier: a feature vector and a label each. */
public final class Dataset {
    private final Tensor features;
    private final int[] labels;
    private final int classes;

    /**
     * A dataset.
     *
     * @param features one example a row, examples×features
     * @param labels the class of each example, in 0…classes−1; copied
     * @throws IllegalArgumentException if the numbers of rows and labels differ or a label is out of range
     */
    public Dataset(Tensor features, int[] labels, int classes) {
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
        this.features = features;
        this.labels = labels.clone();
        this.classes = classes;
    }

    /** One example a row. */
    public Tensor features() {
        return features;
    }

    /** The class of each example, a copy. */
    public int[] labels() {
        return labels.clone();
    }

    /** The number of classes. */
    public int classes() {
        return classes;
    }

    /** The number of examples. */
    public int size() {
        return labels.length;
    }

    /** The named examples, in the order named. */
    public Dataset select(int[] examples) {
        return new Dataset(features.rows(examples), labelsOf(examples), classes);
    }

    int[] labelsOf(int[] examples) {
        int[] selected = new int[examples.length];
        for (int i = 0; i < examples.length; i++) {
            selected[i] = labels[examples[i]];
        }
        return selected;
    }
}
