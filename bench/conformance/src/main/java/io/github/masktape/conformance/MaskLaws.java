// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance;

import static io.github.masktape.conformance.Law.Subject.MASKS;

import io.github.masktape.conformance.text.Text;
import java.util.ArrayList;
import java.util.List;

/**
 * The laws of random masks, drawn by a source, or by a layer in training, whose masks can be observed from outside.
 *
 * <p>Statistical laws have a false-alarm probability of at most 10⁻¹² per try, by Hoeffding's inequality: in n
 * independent draws of an event of probability P, its share differs from P by t or more with probability at most
 * 2·exp(−2·n·t²), which is 10⁻¹² at t = √(ln(2·10¹²)/2n). Seeds are fixed, so a run that passed passes again.
 */
final class MaskLaws {
    private static final int EXAMPLES = 4;
    private static final int OUTPUTS = 10;
    private static final int MANY_OUTPUTS = 64 * OUTPUTS;
    private static final int INPUTS = 65;
    private static final int STEPS = 4;

    static final List<Law> ALL = List.of(
            new Law("entriesAreZeroOrTheScale", MASKS, "M[n][j][q] is 0 or 1/(1 − p)", MaskLaws::entries),
            new Law("dropProbabilityIsTheProbabilityToDrop", MASKS, "P(M[n][j][q] = 0) = p", MaskLaws::probability),
            new Law("theMeanOfMIsOne", MASKS, "E[M] = 1, so training and inference agree on average", MaskLaws::mean),
            new Law(
                            "everyExampleHasAMaskOfItsOwn",
                            MASKS,
                            "any two of M₀, M₁, … are independent: both keep with probability (1 − p)²",
                            MaskLaws::examples)
                    .unless(Claim.ONE_MASK_A_BATCH),
            new Law(
                    "theBatchSharesOneMask",
                    MASKS,
                    "M₀ = M₁ = …, as claimed",
                    Claim.ONE_MASK_A_BATCH,
                    MaskLaws::shared),
            new Law("everyStepDrawsNewMasks", MASKS, "the masks of any two steps are independent", MaskLaws::steps),
            new Law("everySeedDrawsOtherMasks", MASKS, "the masks of two seeds are independent", MaskLaws::seeds),
            new Law(
                    "neighborsInAMaskAreIndependent",
                    MASKS,
                    "M[n][j][q] and M[n][j][q + δ], and M[n][j + δ][q], are independent, δ = 1, 2, 4, …",
                    MaskLaws::neighbors),
            new Law("theSameSeedGivesTheSameMasks", MASKS, "equal seed and step: equal masks", MaskLaws::sameSeed),
            new Law("withProbabilityZeroNothingIsDropped", MASKS, "p = 0: M = 1", MaskLaws::nothingDropped)
                    .unless(Claim.DROPS_HALF),
            new Law("impossibleProbabilitiesAreRefused", MASKS, "p = 1, p < 0 and NaN are errors", MaskLaws::refusals),
            new Law(
                    "anExamplesMaskDoesNotDependOnHowManyFollow",
                    MASKS,
                    "Mₙ is the same in a batch of more examples",
                    Claim.MASKS_HAVE_PLACES,
                    MaskLaws::places));

    private MaskLaws() {}

    /** A source of masks, and the place where they were observed. */
    private record Seen(String where, MaskSource source) {}

    private static List<Seen> sources(Implementation by) {
        List<Seen> all = new ArrayList<>();
        if (by.masks() != null) {
            all.add(new Seen("masks drawn", by.masks()));
        }
        TrainingLayer.Factory factory = by.layer();
        if (factory != null) {
            all.add(new Seen(
                    "masks seen in training", (n, l, d, p, seed, step) -> observed(factory, n, l, d, p, seed, step)));
        }
        return all;
    }

    /**
     * The masks of a layer, observed from outside: with one input x = 1, weights of 1 and no bias, y[n][j] =
     * M[n][j][0].
     */
    private static double[][][] observed(
            TrainingLayer.Factory factory, int examples, int outputs, int inputs, double p, long seed, long step) {
        int width = outputs * inputs;
        TrainingLayer layer = factory.create(Reference.filled(width, 1, 1), new double[width], p, seed);
        double[][] ones = Reference.filled(examples, 1, 1);
        double[][] none = new double[examples][width];
        double[][] y = layer.step(ones, none).y();
        for (long i = 0; i < step; i++) {
            y = layer.step(ones, none).y();
        }
        Expect.shape("y", y, examples, width);
        double[][][] mask = new double[examples][outputs][inputs];
        for (int n = 0; n < examples; n++) {
            for (int i = 0; i < width; i++) {
                mask[n][i / inputs][i % inputs] = y[n][i];
            }
        }
        return mask;
    }

    /** Draws a few hundred mask entries, or about ten thousand, which reveal smaller mistakes. */
    private static double[][][] draw(Implementation by, Seen seen, int examples, Setting s, long seed, long step) {
        int outputs = s.manyDraws() ? MANY_OUTPUTS : OUTPUTS;
        double[][][] mask = seen.source().draw(examples, outputs, INPUTS, s.dropProbability(), seed, step);
        // A layer always shows a mask for each example; they are equal if the examples share one.
        boolean shared = by.claims(Claim.ONE_MASK_A_BATCH) && mask.length == 1;
        Expect.that(
                mask.length == examples || shared,
                () -> seen.where() + ": expected masks of " + examples + " examples, got " + mask.length);
        return mask;
    }

    /** The t for which Hoeffding's bound 2·exp(−2·n·t²) is 10⁻¹². */
    static double hoeffding(long draws) {
        return Math.sqrt(Math.log(2e12) / (2.0 * draws));
    }

    /** The number of examples with independent masks: one if they share a mask. */
    private static int distinct(Implementation by, double[][][] mask) {
        return by.claims(Claim.ONE_MASK_A_BATCH) ? 1 : mask.length;
    }

    private static void entries(Implementation by, Setting s) {
        double scale = 1 / (1 - s.dropProbability());
        for (Seen seen : sources(by)) {
            for (double[][] example : draw(by, seen, 2, s, s.seed(), 0)) {
                for (double[] row : example) {
                    for (double entry : row) {
                        Expect.that(
                                entry == 0 || Math.abs(entry - scale) <= 4 * by.unitRoundoff() * scale,
                                () -> seen.where() + ": an entry of M should be 0 or 1/(1 − p) = " + Text.number(scale)
                                        + ", got " + Text.number(entry) + " (p = "
                                        + Text.number(s.dropProbability()) + ")");
                    }
                }
            }
        }
    }

    private static void probability(Implementation by, Setting s) {
        for (Seen seen : sources(by)) {
            double[][][] mask = draw(by, seen, EXAMPLES, s, s.seed(), 0);
            long draws = 0;
            long dropped = 0;
            for (int n = 0; n < distinct(by, mask); n++) {
                for (double[] row : mask[n]) {
                    for (double entry : row) {
                        draws++;
                        dropped += entry == 0 ? 1 : 0;
                    }
                }
            }
            Expect.equal(
                    seen.where() + ": the share of dropped connections",
                    (double) dropped / draws,
                    s.dropProbability(),
                    hoeffding(draws),
                    () -> "p is the probability to drop, not to keep");
        }
    }

    private static void mean(Implementation by, Setting s) {
        double scale = 1 / (1 - s.dropProbability());
        for (Seen seen : sources(by)) {
            double[][][] mask = draw(by, seen, EXAMPLES, s, s.seed(), 0);
            long draws = 0;
            double sum = 0;
            for (int n = 0; n < distinct(by, mask); n++) {
                for (double[] row : mask[n]) {
                    for (double entry : row) {
                        draws++;
                        sum += entry;
                    }
                }
            }
            Expect.equal(
                    seen.where() + ": the mean of M",
                    sum / draws,
                    1,
                    scale * hoeffding(draws) + 4 * by.unitRoundoff() * scale,
                    () -> "with probability 1 − p = " + Text.number(1 - s.dropProbability())
                            + " an entry is kept, and then it must be 1/(1 − p); inference uses W itself");
        }
    }

    private static void examples(Implementation by, Setting s) {
        for (Seen seen : sources(by)) {
            double[][][] mask = draw(by, seen, EXAMPLES, s, s.seed(), 0);
            for (int n = 1; n < EXAMPLES; n++) {
                for (int m = 0; m < n; m++) {
                    String which = seen.where() + ", of examples " + m + " and " + n;
                    independent(which, mask[m], mask[n], s.dropProbability());
                }
            }
        }
    }

    private static void shared(Implementation by, Setting s) {
        for (Seen seen : sources(by)) {
            double[][][] mask = draw(by, seen, EXAMPLES, s, s.seed(), 0);
            for (double[][] example : mask) {
                Expect.same(
                        seen.where() + ": M",
                        example,
                        mask[0],
                        "example 0 has the expected number, and all should share its mask");
            }
        }
    }

    private static void steps(Implementation by, Setting s) {
        for (Seen seen : sources(by)) {
            double[][][] steps = new double[STEPS][][];
            for (int t = 0; t < STEPS; t++) {
                steps[t] = draw(by, seen, 1, s, s.seed(), t)[0];
                for (int u = 0; u < t; u++) {
                    String which = seen.where() + ", in steps " + u + " and " + t;
                    independent(which, steps[u], steps[t], s.dropProbability());
                }
            }
        }
    }

    private static void seeds(Implementation by, Setting s) {
        for (Seen seen : sources(by)) {
            double[][][] first = draw(by, seen, 1, s, s.seed(), 0);
            double[][][] second = draw(by, seen, 1, s, s.seed() + 1, 0);
            independent(seen.where() + ", with neighboring seeds", first[0], second[0], s.dropProbability());
        }
    }

    private static void neighbors(Implementation by, Setting s) {
        for (Seen seen : sources(by)) {
            double[][] mask = draw(by, seen, 1, s, s.seed(), 0)[0];
            double[][] columns = transposed(mask);
            for (int distance = 1; distance < mask.length; distance *= 2) {
                String which = seen.where() + ", of outputs j and j + " + distance;
                apart(which, mask, distance, s.dropProbability());
            }
            for (int distance = 1; distance < columns.length; distance *= 2) {
                String which = seen.where() + ", of inputs q and q + " + distance;
                apart(which, columns, distance, s.dropProbability());
            }
        }
    }

    /** Checks that row i is independent of row i + distance, with no row in two pairs. */
    private static void apart(String which, double[][] rows, int distance, double p) {
        List<double[]> first = new ArrayList<>();
        List<double[]> second = new ArrayList<>();
        for (int i = 0; i + distance < rows.length; i++) {
            if (i / distance % 2 == 0) {
                first.add(rows[i]);
                second.add(rows[i + distance]);
            }
        }
        independent(which, first.toArray(double[][]::new), second.toArray(double[][]::new), p);
    }

    private static double[][] transposed(double[][] a) {
        double[][] columns = new double[a[0].length][a.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < a[0].length; j++) {
                columns[j][i] = a[i][j];
            }
        }
        return columns;
    }

    /**
     * Checks that two masks are independent: both keep an entry with probability (1 − p)², exactly one with 2·p·(1 −
     * p).
     */
    private static void independent(String which, double[][] a, double[][] b, double p) {
        int pairs = 0;
        int both = 0;
        for (int j = 0; j < a.length; j++) {
            for (int q = 0; q < a[j].length; q++) {
                pairs++;
                both += a[j][q] != 0 && b[j][q] != 0 ? 1 : 0;
            }
        }
        Expect.equal(
                which + ": the share of connections that both keep",
                (double) both / pairs,
                (1 - p) * (1 - p),
                hoeffding(pairs),
                () -> "independent masks both keep with probability (1 − p)², equal ones with 1 − p = "
                        + Text.number(1 - p));
    }

    private static void sameSeed(Implementation by, Setting s) {
        for (Seen seen : sources(by)) {
            double[][][] first = draw(by, seen, 2, s, s.seed(), 1);
            double[][][] again = draw(by, seen, 2, s, s.seed(), 1);
            for (int n = 0; n < first.length; n++) {
                Expect.same(
                        seen.where() + ": M" + BackpropLaws.at(n),
                        again[n],
                        first[n],
                        "the first time, with the same seed and step, gave the expected number");
            }
        }
    }

    private static void nothingDropped(Implementation by, Setting s) {
        for (Seen seen : sources(by)) {
            for (double[][] example : draw(by, seen, 2, s.withDropProbability(0), s.seed(), 0)) {
                Expect.same(
                        seen.where() + ": M",
                        example,
                        Reference.filled(example.length, INPUTS, 1),
                        "p = 0 drops nothing");
            }
        }
    }

    private static void refusals(Implementation by, Setting s) {
        for (double p : new double[] {1, 1.5, -0.1, Double.NaN}) {
            for (Seen seen : sources(by)) {
                boolean refused = false;
                try {
                    seen.source().draw(1, 1, 1, p, s.seed(), 0);
                } catch (Law.Broken broken) {
                    throw broken;
                } catch (RuntimeException e) {
                    refused = true;
                }
                boolean asItShould = refused;
                Expect.that(
                        asItShould,
                        () -> seen.where() + ": p = " + Text.number(p)
                                + " should be an error, but masks were drawn; 1/(1 − p) is no scale then");
            }
        }
    }

    private static void places(Implementation by, Setting s) {
        for (Seen seen : sources(by)) {
            double[][][] few = draw(by, seen, 2, s, s.seed(), 0);
            double[][][] many = draw(by, seen, 3, s, s.seed(), 0);
            for (int n = 0; n < Math.min(few.length, many.length); n++) {
                Expect.same(
                        seen.where() + ": M" + BackpropLaws.at(n),
                        many[n],
                        few[n],
                        "a batch of 2 gives the expected number, a batch of 3 does not");
            }
        }
    }
}
