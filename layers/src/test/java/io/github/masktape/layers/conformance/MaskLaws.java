package io.github.masktape.layers.conformance;

import static io.github.masktape.layers.conformance.Law.Part.MASKS;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The laws of the masks that are drawn: by a source, or by a layer in training, whose masks can be seen from outside.
 *
 * <p>Statistical laws have a false-alarm probability of at most 10⁻¹² a try, by Hoeffding's inequality: of n independent
 * draws of a probability P, the share that hits is off P by t or more with probability at most 2·exp(−2·n·t²), which is
 * 10⁻¹² at t = √(ln(2·10¹²)/2n). Seeds are fixed, so a run that passed passes again.
 */
final class MaskLaws {
    private static final int EXAMPLES = 4;
    private static final int OUTPUTS = 10;
    private static final int INPUTS = 65;

    static final List<Law> ALL = List.of(
            new Law("entriesAreZeroOrTheScale", MASKS, "M[n][j][q] is 0 or 1/(1 − p)", MaskLaws::entries),
            new Law("dropProbabilityIsTheProbabilityToDrop", MASKS, "P(M[n][j][q] = 0) = p", MaskLaws::probability),
            new Law("theMeanOfMIsOne", MASKS, "E[M] = 1, so training and inference agree on average", MaskLaws::mean),
            new Law(
                    "everyExampleHasAMaskOfItsOwn",
                    MASKS,
                    "M₀, M₁, … are independent: both keep with probability (1 − p)²",
                    MaskLaws::examples),
            new Law("everyStepDrawsNewMasks", MASKS, "the masks of two steps are independent", MaskLaws::steps),
            new Law("everySeedDrawsOtherMasks", MASKS, "the masks of two seeds are independent", MaskLaws::seeds),
            new Law(
                    "neighborsInAMaskAreIndependent",
                    MASKS,
                    "M[n][j][q] and M[n][j][q + 1], and M[n][j + 1][q], are independent",
                    MaskLaws::neighbors),
            new Law("theSameSeedGivesTheSameMasks", MASKS, "equal seed and step: equal masks", MaskLaws::sameSeed),
            new Law("withProbabilityZeroNothingIsDropped", MASKS, "p = 0: M = 1", MaskLaws::nothingDropped),
            new Law("impossibleProbabilitiesAreRefused", MASKS, "p = 1, p < 0 and NaN are errors", MaskLaws::refusals),
            new Law(
                    "anExamplesMaskDoesNotDependOnHowManyFollow",
                    MASKS,
                    "Mₙ is the same in a batch of more examples",
                    Set.of(Claim.MASKS_HAVE_PLACES),
                    MaskLaws::places));

    private MaskLaws() {}

    /** A source of masks and where they were seen. */
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

    /** With one input x = 1, weights of 1 and no bias, a layer's outputs are its masks: y[n][j] = M[n][j][0]. */
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

    private static double[][][] draw(Implementation by, Seen seen, int examples, double p, long seed, long step) {
        double[][][] mask = seen.source().draw(examples, OUTPUTS, INPUTS, p, seed, step);
        // A layer always shows a mask for each example, equal ones if they share it.
        boolean shared = by.claims(Claim.ONE_MASK_A_BATCH) && mask.length == 1;
        Expect.that(
                mask.length == examples || shared,
                () -> seen.where() + ": expected masks of " + examples + " examples, got " + mask.length);
        return mask;
    }

    /** 2·exp(−2·n·t²) = 10⁻¹². */
    static double hoeffding(long draws) {
        return Math.sqrt(Math.log(2e12) / (2.0 * draws));
    }

    /** The examples whose draws count: of a shared mask, one. */
    private static int distinct(Implementation by, double[][][] mask) {
        return by.claims(Claim.ONE_MASK_A_BATCH) ? 1 : mask.length;
    }

    private static void entries(Implementation by, Setting s) {
        double scale = 1 / (1 - s.dropProbability());
        for (Seen seen : sources(by)) {
            for (double[][] example : draw(by, seen, 2, s.dropProbability(), s.seed(), 0)) {
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
            double[][][] mask = draw(by, seen, EXAMPLES, s.dropProbability(), s.seed(), 0);
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
            double[][][] mask = draw(by, seen, EXAMPLES, s.dropProbability(), s.seed(), 0);
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
            double[][][] mask = draw(by, seen, EXAMPLES, s.dropProbability(), s.seed(), 0);
            if (by.claims(Claim.ONE_MASK_A_BATCH)) {
                for (double[][] example : mask) {
                    Expect.same(
                            seen.where() + ": M", example, mask[0], "all examples share one mask, so it is claimed");
                }
                continue;
            }
            independent(seen.where() + ", of examples 0 and 1", mask[0], mask[1], s.dropProbability());
            independent(seen.where() + ", of examples 1 and 2", mask[1], mask[2], s.dropProbability());
        }
    }

    private static void steps(Implementation by, Setting s) {
        for (Seen seen : sources(by)) {
            double[][][] first = draw(by, seen, 1, s.dropProbability(), s.seed(), 0);
            double[][][] second = draw(by, seen, 1, s.dropProbability(), s.seed(), 1);
            independent(seen.where() + ", in steps 0 and 1", first[0], second[0], s.dropProbability());
        }
    }

    private static void seeds(Implementation by, Setting s) {
        for (Seen seen : sources(by)) {
            double[][][] first = draw(by, seen, 1, s.dropProbability(), s.seed(), 0);
            double[][][] second = draw(by, seen, 1, s.dropProbability(), s.seed() + 1, 0);
            independent(seen.where() + ", with neighboring seeds", first[0], second[0], s.dropProbability());
        }
    }

    private static void neighbors(Implementation by, Setting s) {
        for (Seen seen : sources(by)) {
            double[][] mask = draw(by, seen, 1, s.dropProbability(), s.seed(), 0)[0];
            // Every second one: a pair shares no entry with another.
            double[][] even = new double[OUTPUTS][INPUTS / 2];
            double[][] odd = new double[OUTPUTS][INPUTS / 2];
            double[][] upper = new double[OUTPUTS / 2][];
            double[][] lower = new double[OUTPUTS / 2][];
            for (int j = 0; j < OUTPUTS; j++) {
                for (int q = 0; q < INPUTS / 2; q++) {
                    even[j][q] = mask[j][2 * q];
                    odd[j][q] = mask[j][2 * q + 1];
                }
                (j % 2 == 0 ? upper : lower)[j / 2] = mask[j];
            }
            independent(seen.where() + ", of inputs q and q + 1", even, odd, s.dropProbability());
            independent(seen.where() + ", of outputs j and j + 1", upper, lower, s.dropProbability());
        }
    }

    /** Both of a pair are kept with probability (1 − p)², and just one with 2·p·(1 − p). */
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
            double[][][] first = draw(by, seen, 2, s.dropProbability(), s.seed(), 1);
            double[][][] again = draw(by, seen, 2, s.dropProbability(), s.seed(), 1);
            for (int n = 0; n < first.length; n++) {
                Expect.same(
                        seen.where() + ": M" + BackpropLaws.at(n),
                        again[n],
                        first[n],
                        "so it was the first time," + " with the same seed and step");
            }
        }
    }

    private static void nothingDropped(Implementation by, Setting s) {
        for (Seen seen : sources(by)) {
            for (double[][] example : draw(by, seen, 2, 0, s.seed(), 0)) {
                Expect.same(seen.where() + ": M", example, Reference.filled(OUTPUTS, INPUTS, 1), "p = 0 drops nothing");
            }
        }
    }

    private static void refusals(Implementation by, Setting s) {
        for (double p : new double[] {1, 1.5, -0.1, Double.NaN}) {
            for (Seen seen : sources(by)) {
                boolean refused = false;
                try {
                    seen.source().draw(1, 1, 1, p, s.seed(), 0);
                } catch (LawBroken broken) {
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
            double[][][] few = draw(by, seen, 2, s.dropProbability(), s.seed(), 0);
            double[][][] many = draw(by, seen, 3, s.dropProbability(), s.seed(), 0);
            for (int n = 0; n < Math.min(few.length, many.length); n++) {
                Expect.same(
                        seen.where() + ": M" + BackpropLaws.at(n),
                        many[n],
                        few[n],
                        "so it is in a batch of 2, not of 3");
            }
        }
    }
}
