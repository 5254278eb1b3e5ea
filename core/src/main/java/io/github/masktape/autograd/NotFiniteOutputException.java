// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.autograd;

import io.github.masktape.tensor.Tensor;
import io.github.masktape.text.Decimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Thrown if a network's output for an example is NaN or infinite. */
public final class NotFiniteOutputException extends ArithmeticException {
    private static final long serialVersionUID = 1L;

    /** The size above which a feature is suspicious; standardized features and pixels are smaller. */
    private static final double LARGE = 1000;

    /** The first example whose output is not finite. */
    private final int example;

    /** The largest feature of that example. */
    private final int feature;

    /** The number of such examples. */
    private final int count;

    /** True if that feature is the likely cause. */
    private final boolean largeFeature;

    private NotFiniteOutputException(String message, int example, int feature, boolean largeFeature, int count) {
        super(message);
        this.example = example;
        this.feature = feature;
        this.largeFeature = largeFeature;
        this.count = count;
    }

    /**
     * The exception for a set of examples.
     *
     * @param task the operation that ran the network, with which the message begins
     * @param features the features of all examples, as the network received them
     * @param names the names of the features, or null if they have none
     * @param example the first example whose output is not finite
     * @param count the number of such examples
     */
    public static NotFiniteOutputException of(
            String task, Tensor features, @Nullable List<String> names, int example, int count) {
        int feature = largest(features.row(example));
        double value = features.get(example, feature);
        boolean large = !(Math.abs(value) <= LARGE);
        String cause = !large
                ? "no feature of it is above " + Decimal.shortest(LARGE, 4)
                        + " in size: the weights are too large or NaN"
                : "its feature " + (names == null ? feature : names.get(feature)) + " is " + Decimal.shortest(value, 3)
                        + ": correct it or leave the example out";
        return new NotFiniteOutputException(
                task + ": expected finite outputs, got NaN or infinity for example " + example + " (" + count + " of "
                        + features.shape().dim(0) + " examples); " + cause,
                example,
                feature,
                large,
                count);
    }

    /** The index of the element with the largest absolute value; NaN counts as larger than all. */
    private static int largest(Tensor features) {
        double[] x = features.toDoubleArray();
        int largest = 0;
        for (int j = 1; j < x.length; j++) {
            largest = Double.compare(Math.abs(x[j]), Math.abs(x[largest])) > 0 ? j : largest;
        }
        return largest;
    }

    /** The first example, from 0, whose output is not finite. */
    public int example() {
        return example;
    }

    /** The index, from 0, of that example's feature with the largest absolute value; NaN counts as larger than all. */
    public int feature() {
        return feature;
    }

    /** True if that feature exceeds 1000 in size or is NaN, and so is the likely cause; otherwise the weights are. */
    public boolean hasLargeFeature() {
        return largeFeature;
    }

    /** The number of examples whose output is not finite. */
    public int count() {
        return count;
    }
}
