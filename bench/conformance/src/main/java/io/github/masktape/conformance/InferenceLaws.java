// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance;

import static io.github.masktape.conformance.Law.Subject.INFERENCE;

import io.github.masktape.conformance.text.Text;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

/** The laws of inference that averages over masks. */
final class InferenceLaws {
    static final List<Law> ALL = List.of(
            new Law("withoutDropsItIsTheActivation", INFERENCE, "p = 0: a(W x + b)", InferenceLaws::withoutDrops)
                    .unless(Claim.DROPS_HALF),
            new Law("ofZerosItIsTheActivationOfTheBias", INFERENCE, "x = 0: a(b), as σ = 0", InferenceLaws::ofZeros)
                    .unless(Claim.MASKED_BIAS),
            new Law(
                    "theAverageWithoutActivationIsTheMean",
                    INFERENCE,
                    "a(u) = u: E[u] = μ = W x + b",
                    InferenceLaws::identity),
            new Law(
                    "itKeepsTheRangeOfTheActivation",
                    INFERENCE,
                    "ReLU ≥ 0, tanh in [−1, 1], sigmoid in [0, 1]",
                    InferenceLaws::range),
            new Law(
                    "theAverageIsTakenAfterTheActivation",
                    INFERENCE,
                    "E[a(u)], not a(E[u]): for ReLU with μ = 0 it is positive",
                    InferenceLaws::afterActivation),
            new Law(
                    "theDeviationIsTheRootOfTheVariance",
                    INFERENCE,
                    "σ² = p/(1 − p)·Σ W²x², so E[ReLU] is 4 times as large for 4 W and 4 b",
                    InferenceLaws::deviation),
            new Law(
                    "theDeviationIsThatOfTheMasks",
                    INFERENCE,
                    "σ² = p/(1 − p)·Σ W²x²: ReLU, μ = 0: within a tenth of the average over all 2ⁿ masks",
                    InferenceLaws::deviationOfMasks),
            new Law(
                    "tanhAndSigmoidAreAveragedToo",
                    INFERENCE,
                    "μ = 1: within a quarter of the way from the average over all 2ⁿ masks to a(μ)",
                    InferenceLaws::boundedActivations));

    private InferenceLaws() {}

    private static double[][] predict(Implementation by, Case c, double p, ActivationFunction activation) {
        double[][] y = Objects.requireNonNull(by.predictor())
                .predict(Reference.copy(c.x()), Reference.copy(c.w()), c.b().clone(), p, activation);
        Expect.shape("the prediction", y, c.examples(), c.out());
        return y;
    }

    /** The setting with fewer examples and outputs, since predictors that draw are slow. */
    private static Setting few(Setting s) {
        return new Setting(
                Math.min(s.examples(), 2),
                s.in(),
                Math.min(s.out(), 3),
                s.dropProbability(),
                s.seed(),
                false,
                s.exact());
    }

    private static double mean(Case c, int n, int j) {
        double sum = 0;
        for (int q = 0; q < c.in(); q++) {
            sum += c.w()[j][q] * c.x()[n][q];
        }
        return sum + c.b()[j];
    }

    /** The variance of u = Σ W·M·x + b over the masks. */
    private static double variance(Implementation by, Case c, int n, int j, double p) {
        double sum = by.claims(Claim.MASKED_BIAS) ? c.b()[j] * c.b()[j] : 0;
        for (int q = 0; q < c.in(); q++) {
            double term = c.w()[j][q] * c.x()[n][q];
            sum += term * term;
        }
        return p / (1 - p) * sum;
    }

    private static double size(Case c, int n, int j) {
        double sum = Math.abs(c.b()[j]);
        for (int q = 0; q < c.in(); q++) {
            sum += Math.abs(c.w()[j][q] * c.x()[n][q]);
        }
        return sum;
    }

    private static String words(Case c, ActivationFunction activation, double p) {
        return "\nx  = " + Text.matrix(c.x()) + "\nW  = " + Text.matrix(c.w()) + "\nb  = " + Text.vector(c.b())
                + "\na  = " + activation + ", p = " + Text.number(p);
    }

    private static void withoutDrops(Implementation by, Setting s) {
        Case c = few(s).numbers(by);
        for (ActivationFunction a : ActivationFunction.values()) {
            each(by, c, 0, a, "a(W x + b), as nothing is dropped");
        }
    }

    private static void ofZeros(Implementation by, Setting s) {
        Case c = few(s).numbers(by).withX(new double[few(s).examples()][s.in()]);
        for (ActivationFunction a : ActivationFunction.values()) {
            each(by, c, s.dropProbability(), a, "a(b), as there is nothing to drop: σ = 0");
        }
    }

    /** Checks that each prediction is a(μ) up to rounding; activations are Lipschitz with constant 1. */
    private static void each(Implementation by, Case c, double p, ActivationFunction a, String why) {
        double[][] y = predict(by, c, p, a);
        for (int n = 0; n < c.examples(); n++) {
            for (int j = 0; j < c.out(); j++) {
                Expect.equal(
                        "the prediction" + BackpropLaws.at(n, j),
                        y[n][j],
                        a.at(mean(c, n, j)),
                        by.unitRoundoff() * (8 + (c.in() + 8) * size(c, n, j)),
                        () -> why + words(c, a, p));
            }
        }
    }

    /**
     * A bound that the error of a mean of S draws exceeds with a probability of at most 10⁻¹²: for normal draws
     * 2·exp(−S·t²/2σ²), and for draws of masks Bernstein's inequality, t = √(2·σ²·λ/S) + 2·r·λ/3S, λ = ln(2·10¹²),
     * where no draw is off by more than r = Σ|W·x|·max(1, p/(1 − p)). An activation that is Lipschitz with constant 1
     * makes neither σ nor r larger.
     */
    private static double meanBound(Implementation by, Case c, int n, int j, double p) {
        double logarithm = Math.log(2e12);
        double farthest = size(c, n, j) * Math.max(1, p / (1 - p));
        return Math.sqrt(2 * variance(by, c, n, j, p) * logarithm / by.samples())
                + 2 * farthest * logarithm / (3 * by.samples());
    }

    private static void identity(Implementation by, Setting s) {
        Case c = few(s).numbers(by);
        double p = s.dropProbability();
        double[][] y = predict(by, c, p, ActivationFunction.IDENTITY);
        for (int n = 0; n < c.examples(); n++) {
            for (int j = 0; j < c.out(); j++) {
                double bound = by.unitRoundoff() * (8 + (c.in() + 8) * size(c, n, j));
                if (by.samples() > 0) {
                    bound += meanBound(by, c, n, j, p);
                }
                Expect.equal(
                        "the prediction" + BackpropLaws.at(n, j),
                        y[n][j],
                        mean(c, n, j),
                        bound,
                        () -> "μ = W x + b, as E[M] = 1" + words(c, ActivationFunction.IDENTITY, p));
            }
        }
    }

    private static void range(Implementation by, Setting s) {
        Case c = few(s).numbers(by);
        double p = s.dropProbability();
        for (ActivationFunction a :
                List.of(ActivationFunction.RELU, ActivationFunction.TANH, ActivationFunction.SIGMOID)) {
            double least = a == ActivationFunction.TANH ? -1 : 0;
            double most = a == ActivationFunction.RELU ? Double.MAX_VALUE : 1;
            for (double[] row : predict(by, c, p, a)) {
                for (double y : row) {
                    Expect.that(
                            y >= least && y <= most,
                            () -> "a mean of " + a + " cannot be " + Text.number(y) + words(c, a, p));
                }
            }
        }
    }

    /** A case with one output, a bias that makes μ = 0, and so few inputs that all masks can be enumerated. */
    private static Case centered(Setting s, int least) {
        int in = least + Math.floorMod(s.seed(), 4);
        Case c = Case.of(
                new Setting(1, in, 1, s.dropProbability(), s.seed(), false, true), 1, false, Case.NumberKind.INTEGERS);
        return c.withB(new double[] {-mean(c.withB(new double[1]), 0, 0)});
    }

    private static double probability(Setting s) {
        return s.dropProbability() == 0 ? 0.5 : Math.min(s.dropProbability(), 0.75);
    }

    /** The average over all masks; a masked bias is one more input. */
    private static double enumerated(Implementation by, Case c, double p) {
        int bits = c.in() + (by.claims(Claim.MASKED_BIAS) ? 1 : 0);
        double average = 0;
        for (int kept = 0; kept < 1 << bits; kept++) {
            double probability = 1;
            double u = by.claims(Claim.MASKED_BIAS) ? 0 : c.b()[0];
            for (int q = 0; q < bits; q++) {
                boolean keeps = (kept >> q & 1) == 1;
                probability *= keeps ? 1 - p : p;
                double term = q < c.in() ? c.w()[0][q] * c.x()[0][q] : c.b()[0];
                u += keeps ? term / (1 - p) : 0;
            }
            average += probability * Math.max(u, 0.0);
        }
        return average;
    }

    private static void afterActivation(Implementation by, Setting s) {
        double p = probability(s);
        Case c = centered(s, 1);
        double exact = enumerated(by, c, p);
        double y = predict(by, c, p, ActivationFunction.RELU)[0][0];
        Expect.that(
                y > exact / 3,
                () -> "the prediction is " + Text.number(y) + ", but the average of max(u, 0) over all "
                        + (1 << c.in()) + " masks is " + Text.number(exact)
                        + ": u = (W ⊙ M) x + b is 0 only on average, and the ReLU passes its positive values"
                        + words(c, ActivationFunction.RELU, p));
    }

    private static void deviation(Implementation by, Setting s) {
        Case c = few(s).numbers(by);
        double p = s.dropProbability();
        double[][] w = Reference.copy(c.w());
        double[] b = c.b().clone();
        for (int j = 0; j < w.length; j++) {
            b[j] *= 4;
            for (int q = 0; q < w[j].length; q++) {
                w[j][q] *= 4;
            }
        }
        double[][] once = predict(by, c, p, ActivationFunction.RELU);
        double[][] scaled = predict(by, c.withW(w).withB(b), p, ActivationFunction.RELU);
        for (int n = 0; n < c.examples(); n++) {
            for (int j = 0; j < c.out(); j++) {
                double before = once[n][j];
                double spread = size(c, n, j) + Math.sqrt(variance(by, c, n, j, p));
                Expect.equal(
                        "the prediction" + BackpropLaws.at(n, j) + " for 4 W and 4 b",
                        scaled[n][j],
                        4 * before,
                        64 * by.unitRoundoff() * (c.in() + 8) * spread,
                        () -> "4 times " + Text.number(before)
                                + ", as u = (W ⊙ M) x + b is 4 times as large for every mask; the deviation σ is 4 times"
                                + " as large, the variance σ² 16 times" + words(c, ActivationFunction.RELU, p));
            }
        }
    }

    private static void deviationOfMasks(Implementation by, Setting s) {
        double p = quarters(by, s);
        Case c = balanced(s, 4, 0);
        double exact = averageOverMasks(by, c, p, ActivationFunction.RELU);
        double noise = by.samples() > 0 ? meanBound(by, c, 0, 0, p) : 0;
        Expect.equal(
                "the prediction",
                predict(by, c, p, ActivationFunction.RELU)[0][0],
                exact,
                exact / 10 + noise,
                () -> "the average of max(u, 0) over all masks, within a tenth; a normal u has that of "
                        + Text.number(Math.sqrt(variance(by, c, 0, 0, p) / (2 * Math.PI)))
                        + " = σ/√(2π), σ² = p/(1 − p)·Σ W²x²" + words(c, ActivationFunction.RELU, p));
    }

    private static void boundedActivations(Implementation by, Setting s) {
        double p = quarters(by, s);
        int in = inputs(s);
        // The deviation of u is then 1.5 to 2, where a(μ) is far from the average.
        double deviation = 1.5 + 0.5 * Math.floorMod(s.seed() >> 8, 2);
        Case c = balanced(s, (float) (deviation / Math.sqrt(in * p / (1 - p))), 1);
        for (ActivationFunction a : List.of(ActivationFunction.TANH, ActivationFunction.SIGMOID)) {
            double exact = averageOverMasks(by, c, p, a);
            double wrong = a.at(mean(c, 0, 0));
            double range = a == ActivationFunction.TANH ? 2 : 1;
            double noise = by.samples() > 0 ? range * MaskLaws.hoeffding(by.samples()) : 0;
            Expect.equal(
                    "the prediction",
                    predict(by, c, p, a)[0][0],
                    exact,
                    Math.abs(wrong - exact) / 4 + noise,
                    () -> "the average of " + a + " over all masks, within a quarter of its distance from a(μ) = "
                            + Text.number(wrong) + ", the activation of the average" + words(c, a, p));
        }
    }

    private static double quarters(Implementation by, Setting s) {
        return by.claims(Claim.DROPS_HALF) ? 0.5 : 0.25 * (1 + Math.floorMod(s.seed(), 3));
    }

    private static int inputs(Setting s) {
        return 8 + Math.floorMod(s.seed() >> 4, 4);
    }

    /**
     * A case with one output whose terms W·x alternate between {@code term} and −{@code term}, with a bias that makes
     * its mean {@code mean}. With equal terms, a normal u is a good approximation even if they are few: for 8 inputs or
     * more, E[max(u, 0)] at μ = 0 is off by at most 6 %, and E[tanh u] and E[sigmoid u] at μ = 1 by at most 19 % of
     * their distance from a(μ), computed over all masks for p = ¼, ½, ¾.
     */
    private static Case balanced(Setting s, double term, double mean) {
        SplittableRandom random = new SplittableRandom(s.seed());
        int in = inputs(s);
        double[][] x = new double[1][in];
        double[][] w = new double[1][in];
        for (int q = 0; q < in; q++) {
            x[0][q] = (random.nextBoolean() ? 1 : -1) * Math.scalb(1.0, random.nextInt(3));
            w[0][q] = (q % 2 == 0 ? term : -term) / x[0][q];
        }
        Case c = Case.of(new Setting(1, in, 1, 0, s.seed(), false, true), 1, false, Case.NumberKind.INTEGERS);
        return c.withX(x).withW(w).withB(new double[] {(float) (mean - (in % 2 == 0 ? 0 : term))});
    }

    /** The exact E[a(u)] of a {@link #balanced} case, summed by the number of terms kept; a masked bias is a term. */
    private static double averageOverMasks(Implementation by, Case c, double p, ActivationFunction a) {
        boolean masked = by.claims(Claim.MASKED_BIAS);
        double term = c.w()[0][0] * c.x()[0][0];
        double b = c.b()[0];
        int positive = (c.in() + 1) / 2;
        int negative = c.in() / 2;
        double average = 0;
        for (int i = 0; i <= positive; i++) {
            for (int j = 0; j <= negative; j++) {
                double probability = binomial(positive, i, 1 - p) * binomial(negative, j, 1 - p);
                double u = (i - j) * term / (1 - p);
                average += probability * (masked ? (1 - p) * a.at(u + b / (1 - p)) + p * a.at(u) : a.at(u + b));
            }
        }
        return average;
    }

    private static double binomial(int n, int k, double p) {
        double probability = 1;
        for (int i = 1; i <= n; i++) {
            probability *= i <= k ? p * (n - k + i) / i : 1 - p;
        }
        return probability;
    }
}
