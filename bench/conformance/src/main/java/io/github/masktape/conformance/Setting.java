// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance;

import io.github.masktape.conformance.Case.NumberKind;
import io.github.masktape.conformance.text.Text;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The setting of one try: sizes, p, and a seed for everything else.
 *
 * <p>The t-th try of any run has the same setting. Small ones come first, so that failures are small: the first 54 have
 * sizes of 1 to 3 only, in the order of N·in·out. The settings always include N = 1, in = 1, out = 1, p = 0 and sizes
 * around a machine word.
 *
 * @param manyDraws true if a law of random masks should draw many, which takes longer and reveals smaller mistakes: in
 *     one of the first 100 settings, and then in one of 500
 * @param exact true if all numbers are small integers and 1/(1 − p) is a power of two, so that every result is an
 *     integer that double and float can represent: whatever the order of summation, only one result is right
 */
record Setting(int examples, int in, int out, double dropProbability, long seed, boolean manyDraws, boolean exact) {
    private static final int[] WIDE = {15, 16, 17, 31, 33, 63, 64, 65, 129};
    private static final double[] EXACT_PROBABILITIES = {0.5, 0.75, 0.5, 0, 0.875};
    private static final double[] PROBABILITIES = {0.1, 0.2, 0.25, 0.5, 0.9, 0};
    private static final List<int[]> SMALL = small();

    private static List<int[]> small() {
        List<int[]> sizes = new ArrayList<>();
        for (int i = 0; i < 27; i++) {
            sizes.add(new int[] {1 + i / 9, 1 + i / 3 % 3, 1 + i % 3});
        }
        sizes.sort(Comparator.comparingInt(s -> s[0] * s[1] * s[2]));
        return sizes;
    }

    /** The setting of the t-th try. */
    static Setting at(int t) {
        SplittableRandom random = new SplittableRandom(t);
        boolean exact = t < SMALL.size() || random.nextBoolean();
        double p = exact
                ? EXACT_PROBABILITIES[t % EXACT_PROBABILITIES.length]
                : random.nextInt(3) == 0
                        ? 0.95 * random.nextDouble()
                        : PROBABILITIES[random.nextInt(PROBABILITIES.length)];
        if (t < 2 * SMALL.size()) {
            int[] sizes = SMALL.get(t % SMALL.size());
            return new Setting(sizes[0], sizes[1], sizes[2], p, random.nextLong(), false, exact);
        }
        int in = size(random, 8);
        int out = size(random, 16);
        int examples = size(random, 64);
        boolean manyDraws = t % 500 == 60;
        return new Setting(examples, in, out, manyDraws && p == 0 ? 0.5 : p, random.nextLong(), manyDraws, exact);
    }

    /** A size of at most 9, or, one time in {@code rarely}, around the width of a machine word or vector. */
    private static int size(SplittableRandom random, int rarely) {
        return random.nextInt(rarely) == 0
                ? WIDE[random.nextInt(WIDE.length)]
                : random.nextInt(5) == 0 ? 1 : 1 + random.nextInt(9);
    }

    /** The smaller settings, of the kind that is easiest to read, smallest first. */
    List<Setting> smaller() {
        List<Setting> settings = new ArrayList<>();
        for (int[] sizes : SMALL) {
            boolean fits = sizes[0] <= examples && sizes[1] <= in && sizes[2] <= out;
            boolean less = sizes[0] < examples || sizes[1] < in || sizes[2] < out || !exact;
            if (!fits || !less) {
                continue;
            }
            for (double p : EXACT_PROBABILITIES) {
                for (int i = 0; i < 4; i++) {
                    settings.add(new Setting(sizes[0], sizes[1], sizes[2], p, seed + i, false, true));
                }
            }
        }
        return settings;
    }

    /** The numbers of this setting in the form that an implementation takes, given its claims. */
    Case numbers(Implementation implementation) {
        return Case.of(
                this,
                implementation.claims(Claim.ONE_MASK_A_BATCH) ? 1 : examples,
                implementation.claims(Claim.MASKED_BIAS),
                exact
                        ? NumberKind.INTEGERS
                        : implementation.claims(Claim.SINGLE_PRECISION) ? NumberKind.FLOATS : NumberKind.DOUBLES);
    }

    Setting withExamples(int n) {
        return new Setting(n, in, out, dropProbability, seed, manyDraws, exact);
    }

    /** This setting with p = ½ if the implementation has no other. */
    Setting withClaimsOf(Implementation implementation) {
        return implementation.claims(Claim.DROPS_HALF) ? withDropProbability(0.5) : this;
    }

    Setting withDropProbability(double p) {
        return new Setting(examples, in, out, p, seed, manyDraws, exact);
    }

    @Override
    public String toString() {
        return "N = " + examples + ", in = " + in + ", out = " + out + ", p = " + Text.number(dropProbability);
    }
}
