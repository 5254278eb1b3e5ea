// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.layers;

import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.text.Decimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Intervals around the predictions of a regression, calibrated on examples that the network was not trained on.
 *
 * <pre>
 *   u(x)² = s(x)² + σ²          s: deviation over the masks, {@link Inference.Spread}      σ² = 1/n · Σᵢ (tᵢ − yᵢ)²
 *   q     = the k-th smallest of |tᵢ − yᵢ| / u(xᵢ), i = 1 … n, with k = ⌈(n + 1) · level⌉
 *   interval of x: y − q·u(x) … y + q·u(x)                      for each output on its own
 * </pre>
 *
 * <p>The sum of the spread over masks and a constant noise is the predictive variance of Gal and Ghahramani ("Dropout as
 * a Bayesian approximation", ICML 2016). Normal quantiles of it cover too much or too little, because neither part is
 * known well. The quantile q of the held-out examples corrects that: a new example, drawn as these were, lies in its
 * interval with a probability of about {@code level}, whatever the network. It would be at least {@code level} if σ² came
 * from other examples than q (Lei, G'Sell, Rinaldo, Tibshirani, Wasserman, "Distribution-free predictive inference for
 * regression", JASA 2018, sections 2.2 and 5.2). This holds on average over all examples, not for each kind of example.
 */
public final class PredictionIntervals {
    private static final String NOISE = "intervals.noise";
    private static final String SCORES = "intervals.scores";

    /** σ² of each output. */
    private final double[] noise;

    /** The ascending scores |t − y|/u of each output. */
    private final double[][] scores;

    private PredictionIntervals(double[] noise, double[][] scores) {
        this.noise = noise;
        this.scores = scores;
    }

    /**
     * Calibrates the intervals of a network.
     *
     * @param heldOut the outputs for examples that the network was not trained on
     * @param targets their targets, in the unit of the outputs, examples×outputs
     */
    public static PredictionIntervals of(Inference.Spread heldOut, Tensor targets) {
        Tensor outputs = heldOut.mean();
        if (!targets.shape().equals(outputs.shape())) {
            throw new IllegalArgumentException(
                    "intervals: expected targets of shape " + outputs.shape() + ", got " + targets.shape());
        }
        int n = outputs.shape().dim(0);
        int count = outputs.shape().dim(1);
        double[] noise = new double[count];
        double[][] scores = new double[count][n];
        for (int j = 0; j < count; j++) {
            for (int i = 0; i < n; i++) {
                scores[j][i] = Math.abs(targets.get(i, j) - outputs.get(i, j));
                noise[j] += scores[j][i] * scores[j][i] / n;
            }
            if (!Double.isFinite(noise[j])) {
                throw new IllegalArgumentException("intervals: expected finite outputs and targets, got others");
            }
            for (int i = 0; i < n; i++) {
                double unit = unit(noise[j], heldOut.deviation().get(i, j));
                scores[j][i] = (float) (unit == 0 ? 0 : scores[j][i] / unit);
            }
            Arrays.sort(scores[j]);
        }
        return new PredictionIntervals(noise, scores);
    }

    private static double unit(double noise, double deviation) {
        return Math.sqrt(noise + deviation * deviation);
    }

    /** The number of examples that the intervals are calibrated on. */
    public int examples() {
        return scores[0].length;
    }

    /**
     * Half the width of each interval, FLOAT64, examples×outputs, in the unit of the outputs.
     *
     * @param spread the network's outputs, computed as for {@link #of}
     * @param level the share of targets that the intervals hold, between 0 and 1
     * @throws IllegalArgumentException if the level needs more than {@link #examples} examples
     */
    public Tensor halfWidths(Inference.Spread spread, double level) {
        if (!(level > 0 && level < 1)) {
            throw new IllegalArgumentException(
                    "interval: expected a level between 0 and 1, got " + Decimal.shortest(level, 6));
        }
        int n = spread.deviation().shape().dim(0);
        int count = noise.length;
        if (spread.deviation().shape().dim(1) != count) {
            throw new IllegalArgumentException("interval: expected " + count + " outputs, got "
                    + spread.deviation().shape().dim(1));
        }
        // The tiny term undoes the rounding of products such as 10 · 0.9.
        long rank = (long) Math.ceil((examples() + 1) * level - 1e-9);
        if (rank > examples()) {
            throw new IllegalArgumentException("interval: expected a level of at most "
                    + Decimal.shortest((double) examples() / (examples() + 1), 4) + ", since " + examples()
                    + (examples() == 1 ? " example was" : " examples were") + " held out, got "
                    + Decimal.shortest(level, 6));
        }
        double[] widths = new double[n * count];
        for (int k = 0; k < widths.length; k++) {
            int j = k % count;
            double deviation = spread.deviation().get(k / count, j);
            widths[k] = scores[j][(int) Math.max(1, rank) - 1] * unit(noise[j], deviation);
        }
        return Tensor.of(widths, n, count).to(DType.FLOAT64);
    }

    // ---- text ----

    /** The intervals as strings to store with the weights. */
    public Map<String, String> toMetadata() {
        List<String> noises = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        for (int j = 0; j < noise.length; j++) {
            noises.add(Double.toHexString(noise[j]));
            List<String> numbers = new ArrayList<>();
            for (double score : scores[j]) {
                numbers.add(Double.toHexString(score));
            }
            lines.add(String.join(" ", numbers));
        }
        return Map.of(NOISE, String.join(" ", noises), SCORES, String.join("\n", lines));
    }

    /**
     * Reads the strings that {@link #toMetadata} wrote; null if there are none.
     *
     * @throws IllegalArgumentException if they are malformed; the message names the key
     */
    public static @Nullable PredictionIntervals ofMetadata(Map<String, String> metadata) {
        String noises = metadata.get(NOISE);
        String lines = metadata.get(SCORES);
        if (noises == null || lines == null) {
            return null;
        }
        double[] noise = numbers(NOISE, noises);
        String[] rows = lines.split("\n", -1);
        double[][] scores = new double[rows.length][];
        for (int j = 0; j < rows.length; j++) {
            scores[j] = numbers(SCORES, rows[j]);
            for (int i = 1; i < scores[j].length; i++) {
                if (scores[j][i] < scores[j][i - 1]) {
                    throw new IllegalArgumentException("metadata " + SCORES + ": expected ascending numbers");
                }
            }
            if (scores[j].length != scores[0].length) {
                throw new IllegalArgumentException("metadata " + SCORES + ": expected lines of one length");
            }
        }
        if (noise.length != scores.length) {
            throw new IllegalArgumentException(
                    "metadata " + SCORES + ": expected " + noise.length + " lines, got " + scores.length);
        }
        return new PredictionIntervals(noise, scores);
    }

    private static double[] numbers(String key, String text) {
        String[] words = text.split(" ", -1);
        double[] numbers = new double[words.length];
        for (int i = 0; i < numbers.length; i++) {
            try {
                numbers[i] = Double.parseDouble(words[i]);
            } catch (NumberFormatException e) {
                numbers[i] = Double.NaN;
            }
            if (!(numbers[i] >= 0 && numbers[i] < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("metadata " + key + ": expected numbers of at least 0");
            }
        }
        return numbers;
    }
}
