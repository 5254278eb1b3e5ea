// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs.course;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.RandomStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Solutions of the exercises in docs/course/09-same-bits.md. */
class Chapter9SolutionsTest {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    private static long derive(long key, long i) {
        return mix(key + (i + 1) * GAMMA);
    }

    /** 0.1, 0.2 and 0.3 will do; of random triples, between a tenth and a half. */
    @Test
    void exercise1ParenthesesMatter() {
        assertThat((0.1 + 0.2) + 0.3).isNotEqualTo(0.1 + (0.2 + 0.3));

        RandomStream random = new RandomStream(1);
        int differ = 0;
        for (int i = 0; i < 10_000; i++) {
            double a = random.nextDouble();
            double b = random.nextDouble();
            double c = random.nextDouble();
            differ += (a + b) + c == a + (b + c) ? 0 : 1;
        }
        assertThat(differ).isBetween(1000, 5000);
    }

    /**
     * The keep probability is ¾, 0.11 in binary. A first digit 0 is below the threshold's 1: kept. After a 1, a second
     * digit 0 is below, too: kept. After 11 all digits of the threshold are 0, so U cannot be below: dropped. Two words are
     * enough.
     */
    @Test
    void exercise2TwoDigitsDecideAtOneQuarter() {
        long exampleKey = derive(1, 0);
        boolean first = mix(exampleKey + GAMMA) < 0; // input 0 is the topmost bit
        boolean second = mix(exampleKey + 2 * GAMMA) < 0;
        boolean kept = !(first && second);
        assertThat(Mask.bernoulli(1, 1, 1, 0.25, 1).keeps(0, 0, 0)).isEqualTo(kept);

        Mask mask = Mask.bernoulli(50, 1, 1, 0.25, 1);
        for (int n = 0; n < 50; n++) {
            long key = derive(1, n);
            assertThat(mask.keeps(n, 0, 0)).isEqualTo(!(mix(key + GAMMA) < 0 && mix(key + 2 * GAMMA) < 0));
        }
    }

    /** The sum with its errors collected is the exact one, rounded once; the plain one is some ulps away. */
    @Test
    void exercise3CollectedErrorsGiveTheExactSum() {
        RandomStream random = new RandomStream(1);
        double sum = 0;
        double errors = 0;
        double plain = 0;
        BigDecimal exact = BigDecimal.ZERO;
        for (int i = 0; i < 1000; i++) {
            double a = sum;
            double b = random.nextGaussian();
            double s = a + b;
            double t = s - a;
            errors += (a - (s - t)) + (b - t);
            sum = s;
            plain += b;
            exact = exact.add(new BigDecimal(b));
        }
        assertThat(sum + errors).isEqualTo(exact.doubleValue());
        assertThat(plain).isNotEqualTo(exact.doubleValue());
    }

    /** A mask drawn entry after entry from one stream. */
    private static List<boolean[][]> drawnInTurn(int examples, int outputs, int inputs) {
        RandomStream state = new RandomStream(7);
        List<boolean[][]> masks = new ArrayList<>();
        for (int n = 0; n < examples; n++) {
            boolean[][] mask = new boolean[outputs][inputs];
            for (boolean[] row : mask) {
                for (int q = 0; q < inputs; q++) {
                    row[q] = state.nextDouble() >= 0.5;
                }
            }
            masks.add(mask);
        }
        return masks;
    }

    @Test
    void exercise4StateMakesMasksDependOnWhatWasDrawnBefore() {
        boolean[][] narrow = drawnInTurn(2, 3, 20).get(1);
        boolean[][] wide = drawnInTurn(2, 4, 20).get(1);
        assertThat(Arrays.deepEquals(new boolean[][] {wide[0], wide[1], wide[2]}, narrow))
                .isFalse();

        Mask three = Mask.bernoulli(2, 3, 20, 0.5, 7);
        Mask four = Mask.bernoulli(2, 4, 20, 0.5, 7);
        for (int j = 0; j < 3; j++) {
            for (int q = 0; q < 20; q++) {
                assertThat(four.keeps(1, j, q)).isEqualTo(three.keeps(1, j, q));
            }
        }
    }

    private static float sumOf(float[] a, int from, int to) {
        float sum = 0;
        for (int i = from; i < to; i++) {
            sum += a[i];
        }
        return sum;
    }

    /** As many parts as threads: the result tells how many there were. */
    private static float inPartsOfThreads(float[] a, int threads) {
        float sum = 0;
        for (int part = 0; part < threads; part++) {
            sum += sumOf(a, a.length * part / threads, a.length * (part + 1) / threads);
        }
        return sum;
    }

    /**
     * Sixty-four parts, always; any number of threads shares them out, and the parts' sums are added in their order at the
     * end. The number of parts and the order must be constant, not who does them or when.
     */
    private static float inConstantParts(float[] a, boolean parallel) {
        int parts = 64;
        float[] sums = new float[parts];
        IntStream range = IntStream.range(0, parts);
        (parallel ? range.parallel() : range)
                .forEach(part -> sums[part] = sumOf(a, a.length * part / parts, a.length * (part + 1) / parts));
        return sumOf(sums, 0, parts);
    }

    @Test
    void exercise5TheNumberOfPartsMustNotBeTheNumberOfThreads() {
        RandomStream random = new RandomStream(1);
        float[] a = new float[10_000];
        for (int i = 0; i < a.length; i++) {
            a[i] = (float) random.nextGaussian();
        }
        assertThat(IntStream.rangeClosed(1, 8)
                        .mapToObj(threads -> inPartsOfThreads(a, threads))
                        .distinct()
                        .count())
                .isGreaterThan(1);
        for (int run = 0; run < 20; run++) {
            assertThat(inConstantParts(a, true)).isEqualTo(inConstantParts(a, false));
        }
    }
}
