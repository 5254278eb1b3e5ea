// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.sweep;

import io.github.masktape.cli.settings.RunSettings;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The plan of a repeated cross-validation: {@code folds} trainings, each tested on another fold; then the same again
 * with other folds and another seed, {@code repeats} times in all.
 *
 * @param folds the number of folds, at least 2
 * @param repeats the number of times that all folds are tested, at least 1
 */
public record CrossValidation(int folds, int repeats) {
    /** The number of trainings. */
    public int trainings() {
        return folds * repeats;
    }

    /**
     * The cell of a training.
     *
     * @param number the number of the training, from 0: first all folds, then all folds of the next repeat
     * @param restarts the number of times that it may begin again if it diverges
     */
    public TrainingCell cell(CellTraining training, RunSettings settings, int restarts, int number) {
        return training.cell(settings.repeated(number / folds), number % folds, folds, restarts);
    }

    /** The cells of all trainings. */
    public List<TrainingCell> cells(CellTraining training, RunSettings settings, int restarts) {
        return IntStream.range(0, trainings())
                .mapToObj(number -> cell(training, settings, restarts, number))
                .toList();
    }

    /**
     * The mean of the values of the first trainings, and its standard error.
     *
     * <pre>
     *   s / √min(n, folds)       s² = Σᵢ (xᵢ − mean)² / (n − 1)
     * </pre>
     *
     * A repeat averages out the draw of the folds but has no new examples, so it does not count as more of them.
     */
    public MeanEstimate estimate(double... values) {
        double mean = 0;
        for (double value : values) {
            mean += value / values.length;
        }
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        double deviation = values.length < 2 ? Double.NaN : Math.sqrt(squares / (values.length - 1));
        return new MeanEstimate(mean, deviation, deviation / Math.sqrt(Math.min(values.length, folds)));
    }

    /**
     * An estimate of a mean.
     *
     * @param deviation the standard deviation of the values; NaN if there is only one
     * @param standardError the standard error of the mean; NaN if there is only one value
     */
    public record MeanEstimate(double mean, double deviation, double standardError) {}
}
