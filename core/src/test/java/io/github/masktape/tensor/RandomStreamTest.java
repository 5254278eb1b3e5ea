// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RandomStreamTest {
    @Test
    void knownAnswers() {
        RandomStream stream = new RandomStream(7);
        assertThat(stream.nextLong()).isEqualTo(0x63cbe1e459320dd7L);
        assertThat(stream.nextLong()).isEqualTo(0x044c3cd7f43c661cL);
    }

    @Test
    void isSplitMix64() {
        RandomStream stream = new RandomStream(123);
        SplittableRandom oracle = new SplittableRandom(123);
        for (int i = 0; i < 1000; i++) {
            assertThat(stream.nextLong()).isEqualTo(oracle.nextLong());
        }
    }

    @Test
    void derivingIsReadingAWord() {
        assertThat(RandomStream.derive(7, 1)).isEqualTo(0x044c3cd7f43c661cL);
    }

    @Test
    void aPermutationHoldsEveryNumberOnce() {
        int[] order = new RandomStream(1).permutation(1000);
        assertThat(Arrays.stream(order).sorted())
                .containsExactly(IntStream.range(0, 1000).boxed().toArray(Integer[]::new));
        assertThat(order).isNotEqualTo(IntStream.range(0, 1000).toArray());
        assertThat(new RandomStream(1).permutation(1)).containsExactly(0);
    }

    /** Mean and variance of 100,000 draws lie within 6 standard errors; the seed is fixed. */
    @Test
    void gaussiansHaveMeanZeroAndVarianceOne() {
        RandomStream stream = new RandomStream(5);
        double sum = 0;
        double squares = 0;
        int n = 100_000;
        for (int i = 0; i < n; i++) {
            double g = stream.nextGaussian();
            sum += g;
            squares += g * g;
        }
        assertThat(sum / n).isBetween(-6 / Math.sqrt(n), 6 / Math.sqrt(n));
        assertThat(squares / n).isBetween(1 - 6 * Math.sqrt(2.0 / n), 1 + 6 * Math.sqrt(2.0 / n));
    }

    @Test
    void boundedNumbersStayInBoundsAndReachThem() {
        RandomStream stream = new RandomStream(2);
        assertThat(IntStream.range(0, 1000)
                        .map(i -> stream.nextInt(3))
                        .distinct()
                        .sorted()
                        .toArray())
                .containsExactly(0, 1, 2);
        RandomStream even = new RandomStream(3);
        int low = 0;
        for (int i = 0; i < 30_000; i++) {
            int number = even.nextInt(Integer.MAX_VALUE);
            assertThat(number).isNotNegative();
            low += number < Integer.MAX_VALUE / 2 ? 1 : 0;
        }
        assertThat(low).isBetween(15_000 - 650, 15_000 + 650);
        assertThatThrownBy(() -> stream.nextInt(0)).hasMessage("bound: expected at least 1, got 0");
    }
}
