// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.optim;

import io.github.masktape.math.Elementary;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The measures of how well predictions agree with the targets, by the definitions of scikit-learn. Each example counts
 * once. Sums are in double, in the order of the examples.
 */
public sealed interface Quality {
    /** The number of examples. */
    int examples();

    /** The measures by name, in a fixed order; empty for one that is undefined for these examples. */
    Map<String, OptionalDouble> measures();

    // ---- classes ----

    /**
     * The quality of a classifier.
     *
     * <pre>
     *   n        the number of examples, n[c] of them of class c        k = Σ_c [n[c] > 0]
     *   a[c]     the number of predictions of class c                   t[c] the number of them that are right
     *   accuracy            Σ_c t[c] / n
     *   balanced accuracy   Σ_c t[c]/n[c] / k                     over the classes with n[c] > 0
     *   macro F1            the mean of 2·t[c] / (n[c] + a[c])    over the classes with n[c] + a[c] > 0
     *   AUC of class c      P(s > r) + ½·P(s = r)                 s, r the probabilities of c for an example of c and for
     *                                                             another one, each drawn at random
     *   ROC AUC             the AUC of class 1 of two, or the mean over all classes: one against the rest, macro
     *   log loss            −1/n · Σᵢ ln p[i, labelᵢ]             p in nats, each row clipped to [ε, 1 − ε] and divided
     *                                                             by its sum; ε = 2⁻²³, or 2⁻⁵² for FLOAT64
     *   Brier score         1/n · Σᵢ Σ_c (p[i, c] − [c = labelᵢ])²      half of that if there are two classes
     * </pre>
     *
     * @param examples n
     * @param accuracy the share of correct predictions
     * @param balancedAccuracy the mean share of correct predictions of each class
     * @param macroF1 the mean F1 of the classes; 0 for one that is never predicted correctly
     * @param rocAuc the area under the receiver operating characteristic; empty if a class has no example, or there is
     *     only one class
     * @param logLoss the mean negative logarithm of the probability of the label
     * @param brierScore the mean squared error of the probabilities
     */
    record OfClasses(
            int examples,
            double accuracy,
            double balancedAccuracy,
            double macroF1,
            OptionalDouble rocAuc,
            double logLoss,
            double brierScore)
            implements Quality {
        @Override
        public Map<String, OptionalDouble> measures() {
            Map<String, OptionalDouble> measures = new LinkedHashMap<>();
            measures.put("accuracy", OptionalDouble.of(accuracy));
            measures.put("balanced accuracy", OptionalDouble.of(balancedAccuracy));
            measures.put("macro F1", OptionalDouble.of(macroF1));
            measures.put("ROC AUC", rocAuc);
            measures.put("log loss", OptionalDouble.of(logLoss));
            measures.put("Brier score", OptionalDouble.of(brierScore));
            return Collections.unmodifiableMap(measures);
        }
    }

    /**
     * Compares a classifier's probabilities with the labels; the prediction is the likeliest class.
     *
     * @param probabilities examples×classes
     * @param labels the class of each example
     * @throws IllegalArgumentException if the sizes differ, there is no example, or a label is not one of the classes
     */
    static OfClasses ofClasses(Tensor probabilities, int[] labels) {
        return ofClasses(probabilities, probabilities.argMaxRows(), labels);
    }

    /**
     * Compares a classifier's predictions and probabilities with the labels.
     *
     * @param probabilities examples×classes
     * @param predicted the predicted class of each example, for example that of the largest logit, which need not be the
     *     likeliest class where probabilities near 1 are rounded
     * @param labels the class of each example
     * @throws IllegalArgumentException if the sizes differ, there is no example, or a label is not one of the classes
     */
    static OfClasses ofClasses(Tensor probabilities, int[] predicted, int[] labels) {
        int n = labels.length;
        if (n == 0 || probabilities.shape().rank() != 2 || probabilities.shape().dim(0) != n || predicted.length != n) {
            throw new IllegalArgumentException(
                    "quality: expected probabilities and predictions for each of at least one" + " label, got "
                            + probabilities.shape() + ", " + predicted.length + " and " + n + " labels");
        }
        int classes = probabilities.shape().dim(1);
        for (int label : labels) {
            if (label < 0 || label >= classes) {
                throw new IllegalArgumentException(
                        "quality: expected labels in 0…" + (classes - 1) + " as the probabilities have, got " + label);
            }
        }
        double[] p = probabilities.toDoubleArray();
        int[][] counts = Metrics.confusions(predicted, labels, classes);
        double right = 0;
        double recalls = 0;
        int present = 0;
        double f1 = 0;
        int counted = 0;
        for (int c = 0; c < classes; c++) {
            int actual = 0;
            int answers = 0;
            for (int other = 0; other < classes; other++) {
                actual += counts[c][other];
                answers += counts[other][c];
            }
            int hits = counts[c][c];
            right += hits;
            if (actual > 0) {
                recalls += (double) hits / actual;
                present++;
            }
            if (actual + answers > 0) {
                f1 += 2.0 * hits / (actual + answers);
                counted++;
            }
        }
        return new OfClasses(
                n,
                right / n,
                recalls / present,
                f1 / counted,
                classes > 1 && present == classes
                        ? OptionalDouble.of(rocAuc(p, labels, classes))
                        : OptionalDouble.empty(),
                logLoss(p, labels, classes, probabilities.dtype() == DType.FLOAT32 ? 0x1p-23 : 0x1p-52),
                brierScore(p, labels, classes));
    }

    /** The area of the second class of two, or the mean of the areas of all classes. */
    private static double rocAuc(double[] p, int[] labels, int classes) {
        if (classes == 2) {
            return areaOfClass(1, p, labels, classes);
        }
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            sum += areaOfClass(c, p, labels, classes);
        }
        return sum / classes;
    }

    /** The share of pairs of an example of the class and another one of which the former has the larger probability. */
    private static double areaOfClass(int c, double[] p, int[] labels, int classes) {
        int own = 0;
        for (int label : labels) {
            own += label == c ? 1 : 0;
        }
        double[] inside = new double[own];
        double[] outside = new double[labels.length - own];
        for (int i = 0, k = 0; i < labels.length; i++) {
            double score = p[i * classes + c];
            if (labels[i] == c) {
                inside[k++] = score;
            } else {
                outside[i - k] = score;
            }
        }
        Arrays.sort(inside);
        Arrays.sort(outside);
        int below = 0;
        int notAbove = 0;
        long halves = 0;
        for (double score : inside) {
            while (below < outside.length && outside[below] < score) {
                below++;
            }
            while (notAbove < outside.length && outside[notAbove] <= score) {
                notAbove++;
            }
            halves += below + notAbove;
        }
        return halves / (2.0 * inside.length * outside.length);
    }

    private static double logLoss(double[] p, int[] labels, int classes, double least) {
        double loss = 0;
        for (int i = 0; i < labels.length; i++) {
            double sum = 0;
            for (int c = 0; c < classes; c++) {
                sum += clipped(p[i * classes + c], least);
            }
            loss -= Elementary.log(clipped(p[i * classes + labels[i]], least) / sum);
        }
        return loss / labels.length;
    }

    private static double clipped(double p, double least) {
        return Math.max(least, Math.min(1 - least, p));
    }

    private static double brierScore(double[] p, int[] labels, int classes) {
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            double error = p[i] - (labels[i / classes] == i % classes ? 1 : 0);
            sum += error * error;
        }
        return sum / labels.length / (classes == 2 ? 2 : 1);
    }

    // ---- numbers ----

    /**
     * The quality of the predictions of one number.
     *
     * <pre>
     *   RMSE = √(1/n · Σᵢ (yᵢ − tᵢ)²)      MAE = 1/n · Σᵢ |yᵢ − tᵢ|      R² = 1 − Σᵢ (yᵢ − tᵢ)² / Σᵢ (tᵢ − mean(t))²
     * </pre>
     *
     * @param examples n
     * @param rmse the root of the mean squared error
     * @param meanAbsoluteError the mean distance between prediction and value
     * @param r2 the share of variance explained; empty if there is no variance because all values are equal, where
     *     scikit-learn gives 0, 1 or NaN
     */
    record OfNumbers(int examples, double rmse, double meanAbsoluteError, OptionalDouble r2) implements Quality {
        @Override
        public Map<String, OptionalDouble> measures() {
            Map<String, OptionalDouble> measures = new LinkedHashMap<>();
            measures.put("RMSE", OptionalDouble.of(rmse));
            measures.put("MAE", OptionalDouble.of(meanAbsoluteError));
            measures.put("R²", r2);
            return Collections.unmodifiableMap(measures);
        }
    }

    /**
     * Compares the predictions of one column with its values.
     *
     * @param predicted examples×columns
     * @param actual examples×columns
     */
    static OfNumbers ofNumbers(Tensor predicted, Tensor actual, int column) {
        int n = actual.shape().dim(0);
        double squares = 0;
        double absolute = 0;
        double first = actual.get(0, column);
        double sum = 0;
        for (int i = 0; i < n; i++) {
            double error = predicted.get(i, column) - actual.get(i, column);
            squares += error * error;
            absolute += Math.abs(error);
            sum += actual.get(i, column) - first;
        }
        double mean = first + sum / n;
        double variance = 0;
        for (int i = 0; i < n; i++) {
            double distance = actual.get(i, column) - mean;
            variance += distance * distance;
        }
        return new OfNumbers(
                n,
                Math.sqrt(squares / n),
                absolute / n,
                variance > 0 ? OptionalDouble.of(1 - squares / variance) : OptionalDouble.empty());
    }
}
