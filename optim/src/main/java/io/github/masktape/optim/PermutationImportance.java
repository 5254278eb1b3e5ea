// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.optim;

import io.github.masktape.autograd.Layer;
import io.github.masktape.data.Column;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.Preprocessing;
import io.github.masktape.data.TargetKind;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The importance of each column of a table to a network: how much the error rises when the column's cells are shuffled
 * among the examples, so that they say nothing about the target any more.
 *
 * <pre>
 *   error     the share of misclassified examples, or a regression's root mean squared error: in the unit of the
 *             target, or, if there are several targets, in their standard deviations
 *   rise[r]   the error after the r-th shuffling − the error
 *   mean      1/R · Σ_r rise[r]
 *   standard error = √(Σ_r (rise[r] − mean)² / (R − 1) / R)
 * </pre>
 *
 * <p>All inputs that the network gets from a column are shuffled together: the zeros and ones of its categories, the flag
 * of a missing number, the day and the hour of a date. The column itself is not removed from training, so two columns
 * that say the same share their importance. Column j is shuffled for the r-th time by the permutation of stream {@code
 * derive(derive(derive(−3, seed), j), r)}, j being the number of the column.
 *
 * <p>Breiman, "Random Forests", Machine Learning 45, 2001, section 10. The definition is that of scikit-learn's {@code
 * permutation_importance}, with the scores accuracy and {@code neg_root_mean_squared_error}.
 *
 * @param error the error on the examples as they are
 * @param columns the columns, the most important first; equal ones in the order of the table
 */
public record PermutationImportance(double error, List<Rise> columns) {
    /** Copies the list. */
    public PermutationImportance {
        columns = List.copyOf(columns);
    }

    /**
     * The rise of the error when a column is shuffled.
     *
     * @param column the name of the column; without one, {@code column 3} or {@code feature 3}
     * @param mean the mean over the repeats
     * @param standardError the standard error of the mean; empty if there was one repeat
     */
    public record Rise(String column, double mean, OptionalDouble standardError) {}

    /**
     * Measures the importance of each column to a network.
     *
     * @param preprocessing the preprocessing of the network's training data
     * @param raw the examples in the unit of the data, best those of a test set
     * @param repeats the number of times that each column is shuffled
     * @param seed the seed of the shuffling
     * @throws IllegalArgumentException if repeats is below 1, or the data do not match network and preprocessing
     * @throws io.github.masktape.autograd.NotFiniteOutputException if an output is NaN or infinite
     */
    public static PermutationImportance of(
            Layer net, Preprocessing preprocessing, Dataset raw, int repeats, long seed) {
        if (repeats < 1) {
            throw new IllegalArgumentException("repeats: expected at least 1, got " + repeats);
        }
        double unit = unit(preprocessing);
        double error = error(net, preprocessing, raw, unit);
        double[] cells = raw.features().toDoubleArray();
        int examples = raw.size();
        int features = raw.features().shape().dim(1);
        List<Rise> rises = new ArrayList<>();
        for (Group group : groups(preprocessing)) {
            double[] rise = new double[repeats];
            double sum = 0;
            for (int r = 0; r < repeats; r++) {
                long key = RandomStream.derive(RandomStream.derive(-3, seed), group.number);
                int[] order = new RandomStream(RandomStream.derive(key, r)).permutation(examples);
                double[] shuffled = cells.clone();
                for (int i = 0; i < examples; i++) {
                    for (int j : group.features) {
                        shuffled[i * features + j] = cells[order[i] * features + j];
                    }
                }
                Tensor tensor = Tensor.of(shuffled, examples, features)
                        .to(raw.features().dtype());
                rise[r] = error(net, preprocessing, new Dataset(tensor, raw.targets()), unit) - error;
                sum += rise[r];
            }
            rises.add(new Rise(group.name, sum / repeats, standardError(rise, sum / repeats)));
        }
        rises.sort(Comparator.comparingDouble(Rise::mean).reversed());
        return new PermutationImportance(error, rises);
    }

    private static OptionalDouble standardError(double[] values, double mean) {
        int n = values.length;
        if (n < 2) {
            return OptionalDouble.empty();
        }
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        return OptionalDouble.of(Math.sqrt(squares / (n - 1) / n));
    }

    private static double unit(Preprocessing preprocessing) {
        return preprocessing.targets() instanceof TargetKind.Quantities quantities && quantities.outputs() == 1
                ? quantities.deviations()[0]
                : 1;
    }

    private static double error(Layer net, Preprocessing preprocessing, Dataset raw, double unit) {
        Dataset prepared = preprocessing.apply(
                raw, net.parameters().values().iterator().next().dtype());
        return preprocessing.targets() instanceof TargetKind.Classes
                ? Metrics.classification(net, prepared).errorRate()
                : unit * Metrics.regression(net, prepared).rmse();
    }

    /** The features that come from one column. */
    private record Group(String name, int number, List<Integer> features) {}

    private static List<Group> groups(Preprocessing preprocessing) {
        List<Group> groups = new ArrayList<>();
        List<String> names = preprocessing.featureNames();
        if (preprocessing.columns().isEmpty()) {
            for (int j = 0; j < preprocessing.features(); j++) {
                groups.add(new Group(names == null ? "feature " + (j + 1) : names.get(j), j + 1, List.of(j)));
            }
            return groups;
        }
        int feature = 0;
        for (Column column : preprocessing.columns()) {
            if (column.kind() instanceof Column.Ignored) {
                continue;
            }
            Group last = groups.isEmpty() ? null : groups.get(groups.size() - 1);
            if (last != null && last.number == column.number()) {
                last.features.add(feature++);
                continue;
            }
            List<Integer> own = new ArrayList<>(List.of(feature++));
            groups.add(new Group(
                    column.name() == null ? "column " + column.number() : column.name(), column.number(), own));
        }
        return groups;
    }
}
