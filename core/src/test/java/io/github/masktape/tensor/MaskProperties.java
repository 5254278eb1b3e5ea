// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class MaskProperties {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;
    private static final BigInteger TWO_TO_64 = BigInteger.ONE.shiftLeft(64);

    @Provide
    Arbitrary<Integer> sizes() {
        return Cases.sizes();
    }

    @Provide
    Arbitrary<Integer> widths() {
        return Cases.widths();
    }

    @Provide
    Arbitrary<Double> probabilities() {
        return Cases.dropProbabilities();
    }

    @Property
    void anyBitRecomputedAloneIsTheSameBit(
            @ForAll("sizes") int examples,
            @ForAll("sizes") int outputs,
            @ForAll("widths") int inputs,
            @ForAll("probabilities") double p,
            @ForAll long key) {
        Mask mask = Mask.bernoulli(examples, outputs, inputs, p, key);
        RandomStream pick = new RandomStream(key);
        for (int i = 0; i < 10; i++) {
            int n = pick.nextInt(examples);
            int j = pick.nextInt(outputs);
            int q = pick.nextInt(inputs);
            assertThat(mask.keeps(n, j, q)).isEqualTo(keeps(key, n, j, q, inputs, p));
        }
    }

    /** The definition, with the JDK's generator and exact arithmetic. */
    private static boolean keeps(long key, int n, int j, int q, int inputs, double p) {
        long exampleKey = new SplittableRandom(key + n * GAMMA).nextLong();
        long blocks = (inputs + 63L) / 64;
        SplittableRandom words = new SplittableRandom(exampleKey + 64 * (j * blocks + q / 64) * GAMMA);
        BigInteger u = BigInteger.ZERO;
        for (int r = 0; r < 64; r++) {
            boolean digit = words.nextLong() << (q % 64) < 0;
            u = u.shiftLeft(1).add(digit ? BigInteger.ONE : BigInteger.ZERO);
        }
        BigInteger drop = new BigDecimal(p)
                .multiply(new BigDecimal(TWO_TO_64))
                .setScale(0, RoundingMode.HALF_EVEN)
                .toBigInteger();
        return u.compareTo(TWO_TO_64.subtract(drop)) < 0;
    }

    @Property
    void anExamplesMaskDoesNotDependOnHowManyFollow(
            @ForAll("sizes") int examples,
            @ForAll("sizes") int more,
            @ForAll("sizes") int outputs,
            @ForAll("widths") int inputs,
            @ForAll("probabilities") double p,
            @ForAll long key) {
        Mask few = Mask.bernoulli(examples, outputs, inputs, p, key);
        Mask many = Mask.bernoulli(examples + more, outputs + more, inputs, p, key);
        for (int j = 0; j < outputs; j++) {
            for (int q = 0; q < inputs; q++) {
                assertThat(many.keeps(examples - 1, j, q)).isEqualTo(few.keeps(examples - 1, j, q));
            }
        }
    }

    /** Hoeffding: P(|kept/N − keep| ≥ t) ≤ 2·exp(−2·N·t²), which is 1e-12 at t = √(ln(2e12)/2N). */
    @Property
    void theMeanOfMIsOne(@ForAll("sizes") int examples, @ForAll("probabilities") double p, @ForAll long key) {
        Mask mask = Mask.bernoulli(examples, 20, 130, p, key);
        long draws = examples * 20L * 130;
        double mean = mask.scale() * mask.kept() / draws;
        assertThat(mean).isBetween(1 - mask.scale() * bound(draws), 1 + mask.scale() * bound(draws));
    }

    /** Were any two of these places to share bits, they would agree in far more places than keep² + drop². */
    @Property
    void masksOfDifferentPlacesAreIndependent(@ForAll("probabilities") double p, @ForAll long key) {
        Mask mask = Mask.bernoulli(3, 20, 130, p, key);
        Mask neighbor = Mask.bernoulli(3, 20, 130, p, key + 1);
        Mask derived = Mask.bernoulli(3, 20, 130, p, RandomStream.derive(key, 0));
        assertIndependent(mask.example(0), mask.example(1), p);
        assertIndependent(mask.example(1), mask.example(2), p);
        assertIndependent(mask.example(0), neighbor.example(0), p);
        assertIndependent(mask.example(0), derived.example(0), p);
        assertIndependent(mask.example(0), neighbor.example(1), p);
    }

    private static void assertIndependent(Mask a, Mask b, double p) {
        int both = 0;
        int draws = a.outputs() * a.inputs();
        for (int j = 0; j < a.outputs(); j++) {
            for (int q = 0; q < a.inputs(); q++) {
                both += a.keeps(0, j, q) && b.keeps(0, j, q) ? 1 : 0;
            }
        }
        double keep = 1 - p;
        assertThat((double) both / draws).isBetween(keep * keep - bound(draws), keep * keep + bound(draws));
    }

    private static double bound(long draws) {
        return Math.sqrt(Math.log(2e12) / (2 * draws));
    }

    @Property
    void maskingSelects(
            @ForAll("sizes") int outputs,
            @ForAll("widths") int inputs,
            @ForAll("probabilities") double p,
            @ForAll DType dtype,
            @ForAll long key) {
        Mask mask = Mask.bernoulli(1, outputs, inputs, p, key);
        Tensor w = Cases.tensor(key, outputs, inputs).to(dtype);
        Tensor masked = w.mask(mask);
        Tensor scaled = w.scale(mask.scale());
        for (int j = 0; j < outputs; j++) {
            for (int q = 0; q < inputs; q++) {
                double expected = mask.keeps(0, j, q) ? scaled.get(j, q) : +0.0;
                assertThat(Double.doubleToRawLongBits(masked.get(j, q)))
                        .isEqualTo(Double.doubleToRawLongBits(expected));
            }
        }
    }

    @Property
    void theFusedProductsAreThoseOfTheMaskedWeights(
            @ForAll("sizes") int examples,
            @ForAll("sizes") int outputs,
            @ForAll("widths") int inputs,
            @ForAll("probabilities") double p,
            @ForAll DType dtype,
            @ForAll long key) {
        Mask mask = Mask.bernoulli(examples, outputs, inputs, p, key);
        Tensor x = Cases.tensor(key + 1, examples, inputs).to(dtype);
        Tensor w = Cases.tensor(key + 2, outputs, inputs).to(dtype);
        Tensor dy = Cases.tensor(key + 3, examples, outputs).to(dtype);
        Tensor y = x.maskedLinear(w, mask);
        Tensor dx = dy.maskedLinearTransposed(w, mask);
        for (int n = 0; n < examples; n++) {
            Tensor masked = w.mask(mask.example(n));
            assertThat(y.row(n)).isEqualTo(x.row(n).matmulTransposed(masked));
            assertThat(dx.row(n)).isEqualTo(dy.row(n).matmul(masked));
        }
    }

    /** FLOAT32 scales the sum once, so each of its n + 1 roundings is at most 2⁻²⁴ of the sum of sizes. */
    @Property
    void theFusedWeightGradientIsTheSumOfMaskedShares(
            @ForAll("sizes") int examples,
            @ForAll("sizes") int outputs,
            @ForAll("widths") int inputs,
            @ForAll("probabilities") double p,
            @ForAll DType dtype,
            @ForAll long key) {
        Mask mask = Mask.bernoulli(examples, outputs, inputs, p, key);
        Tensor x = Cases.tensor(key + 1, examples, inputs).to(dtype);
        Tensor dy = Cases.tensor(key + 3, examples, outputs).to(dtype);
        Tensor dw = dy.maskedOuter(x, mask);
        Tensor sum = Tensor.zeros(DType.FLOAT64, outputs, inputs);
        Tensor sizes = sum;
        for (int n = 0; n < examples; n++) {
            Tensor j = dy.row(n).to(DType.FLOAT64).transposedMatmul(x.row(n).to(DType.FLOAT64));
            Tensor share = j.mask(mask.example(n));
            sum = sum.add(share);
            sizes = sizes.add(share.relu()).add(share.neg().relu());
        }
        if (dtype == DType.FLOAT64) {
            assertThat(dw).isEqualTo(sum);
            return;
        }
        for (int j = 0; j < outputs; j++) {
            for (int q = 0; q < inputs; q++) {
                assertThat(Math.abs(dw.get(j, q) - sum.get(j, q)))
                        .isLessThanOrEqualTo((examples + 3) * 0x1p-24 * sizes.get(j, q));
            }
        }
    }
}
