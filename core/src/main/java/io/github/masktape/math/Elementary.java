// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.math;

/**
 * The elementary functions, with the same bits on every JDK and in the browser.
 *
 * <p>{@code Math} may differ between JDKs and {@code StrictMath} between browsers, so each function here is a fixed
 * sequence of + − × ÷, comparisons and bit operations on doubles, all of them exact or rounded once by IEEE 754. There
 * is no fused multiply-add, which JavaScript lacks. Nothing below assumes more than that addition and multiplication
 * round to nearest, ties to even.
 *
 * <pre>
 *   exp(x)     = 2ᵏ · 2^(j/32) · eʳ             n = 32·k + j = round(x·32/ln 2),  r = x − n·ln 2/32,  |r| ≤ 0.0109
 *   log(x)     = k·ln 2 − ln c + ln(1 + r)      x = 2ᵏ·m,  c ≈ 1/m from a table,  r = m·c − 1,       |r| ≤ 0.0162
 *   sigmoid(x) = 1 / (1 + e⁻ˣ)
 *   tanh(x)    = 1 − 2 / (1 + e²ˣ)              or Lambert's continued fraction for |x| &lt; 0.15
 *   cos(π·u)   = 1 − x²/2·(1 − x²/(3·4)·(1 − …)) with x = π·u, u in [0, 1/2]; mirrored beyond
 * </pre>
 *
 * <p>Where a sum decides the last bit, its two terms stay apart, head and tail, until one final rounding.
 *
 * <p>No right operand of + is a sum or a difference, and none of × a product or a quotient, not even by way of a
 * variable used once: TeaVM 0.15 writes x + (y − z) as x + y − z in JavaScript. It keeps the parentheses of x − (y − z).
 *
 * <p>Largest error seen in about 10⁶ arguments each, in units in the last place of the true value: exp 0.53, log 0.52,
 * tanh 0.56, sigmoid 0.54, and 0.76 where the result of exp or sigmoid is subnormal. {@code ElementaryTest.Accuracy}
 * asserts 0.55, 0.55, 0.6, 0.55 and 0.8 against a BigDecimal reference; no neighbors out of order among 1.6·10⁸ pairs.
 *
 * <p>Sources: W. J. Cody and W. Waite, Software Manual for the Elementary Functions, 1980 (ln 2 in two parts);
 * P.-T. P. Tang, Table-driven implementation of the exponential function, ACM TOMS 15, 1989, and of the logarithm, TOMS
 * 16, 1990; T. J. Dekker, A floating-point technique for extending the available precision, Numer. Math. 18, 1971 (the
 * error of a sum, the halves of a factor); J. H. Lambert, 1768 (tanh).
 */
public final class Elementary {
    /** 2^(j/32) in row j: the nearest double, then what is missing from it, rounded. */
    static final double[] POWERS = {
        0x1.0p0, 0x0.0p0,
        0x1.059b0d3158574p0, 0x1.d73e2a475b465p-55,
        0x1.0b5586cf9890fp0, 0x1.8a62e4adc610bp-54,
        0x1.11301d0125b51p0, -0x1.6c51039449b3ap-54,
        0x1.172b83c7d517bp0, -0x1.19041b9d78a76p-55,
        0x1.1d4873168b9aap0, 0x1.e016e00a2643cp-54,
        0x1.2387a6e756238p0, 0x1.9b07eb6c70573p-54,
        0x1.29e9df51fdee1p0, 0x1.612e8afad1255p-55,
        0x1.306fe0a31b715p0, 0x1.6f46ad23182e4p-55,
        0x1.371a7373aa9cbp0, -0x1.63aeabf42eae2p-54,
        0x1.3dea64c123422p0, 0x1.ada0911f09ebcp-55,
        0x1.44e086061892dp0, 0x1.89b7a04ef80dp-59,
        0x1.4bfdad5362a27p0, 0x1.d4397afec42e2p-56,
        0x1.5342b569d4f82p0, -0x1.07abe1db13cadp-55,
        0x1.5ab07dd485429p0, 0x1.6324c054647adp-54,
        0x1.6247eb03a5585p0, -0x1.383c17e40b497p-54,
        0x1.6a09e667f3bcdp0, -0x1.bdd3413b26456p-54,
        0x1.71f75e8ec5f74p0, -0x1.16e4786887a99p-55,
        0x1.7a11473eb0187p0, -0x1.41577ee04992fp-55,
        0x1.82589994cce13p0, -0x1.d4c1dd41532d8p-54,
        0x1.8ace5422aa0dbp0, 0x1.6e9f156864b27p-54,
        0x1.93737b0cdc5e5p0, -0x1.75fc781b57ebcp-57,
        0x1.9c49182a3f09p0, 0x1.c7c46b071f2bep-56,
        0x1.a5503b23e255dp0, -0x1.d2f6edb8d41e1p-54,
        0x1.ae89f995ad3adp0, 0x1.7a1cd345dcc81p-54,
        0x1.b7f76f2fb5e47p0, -0x1.5584f7e54ac3bp-56,
        0x1.c199bdd85529cp0, 0x1.11065895048ddp-55,
        0x1.cb720dcef9069p0, 0x1.503cbd1e949dbp-56,
        0x1.d5818dcfba487p0, 0x1.2ed02d75b3707p-55,
        0x1.dfc97337b9b5fp0, -0x1.1a5cd4f184b5cp-54,
        0x1.ea4afa2a490dap0, -0x1.e9c23179c2893p-54,
        0x1.f50765b6e454p0, 0x1.9d3e12dd8a18bp-54,
    };

    /**
     * Row i belongs to m in [b(i), b(i+1)), where b(i) is the double with bits {@link #LOWEST_MANTISSA} + i·2⁴⁷.
     *
     * <pre>
     *   c          the multiple of 2⁻⁸ nearest to 2 / (b(i) + b(i+1)); exactly 1 in the row that contains m = 1
     *   head       the multiple of 2⁻⁴² nearest to −ln c
     *   tail       −ln c − head, rounded
     * </pre>
     */
    static final double[] LOGARITHMS = {
        0x1.4ep0, -0x1.1058bf9ae5p-2, 0x1.4ab9d817d52cdp-44,
        0x1.48p0, -0x1.fb9186d5e4p-3, 0x1.d572aab993c87p-47,
        0x1.41p0, -0x1.cf6354e09cp-3, -0x1.771239a07d55bp-45,
        0x1.3bp0, -0x1.a8becfc882p-3, -0x1.e3185cf21b9cfp-44,
        0x1.35p0, -0x1.815c0a1436p-3, 0x1.02a52f9201ce8p-44,
        0x1.2fp0, -0x1.59338d9982p-3, -0x1.0ba68b7555d4ap-48,
        0x1.2ap0, -0x1.371fc201e8p-3, -0x1.ee8779b2d8abcp-44,
        0x1.25p0, -0x1.1478584674p-3, -0x1.563451027c75p-46,
        0x1.1fp0, -0x1.d4313d66ccp-4, 0x1.9454379135713p-45,
        0x1.1ap0, -0x1.8c345d6318p-4, -0x1.b20f5acb42a66p-44,
        0x1.16p0, -0x1.51b073f06p-4, -0x1.83f69278e686ap-44,
        0x1.11p0, -0x1.075983599p-4, 0x1.b8ecfe4b59987p-44,
        0x1.0dp0, -0x1.95c830ec9p-5, 0x1.c148297c5feb8p-45,
        0x1.08p0, -0x1.f829b0e78p-6, -0x1.980267c7e09e4p-45,
        0x1.04p0, -0x1.fc0a8b0fcp-7, -0x1.f1e7cf6d3a69cp-50,
        0x1.0p0, 0x0.0p0, 0x0.0p0,
        0x1.fp-1, 0x1.0415d89e78p-5, -0x1.dddc7f461c516p-44,
        0x1.e2p-1, 0x1.eea31c0068p-5, 0x1.c3dd83606d891p-44,
        0x1.d4p-1, 0x1.700d30aeacp-4, 0x1.c1e8da99ded32p-49,
        0x1.c8p-1, 0x1.da72763844p-4, 0x1.a89401fa71733p-46,
        0x1.bap-1, 0x1.2d1610c868p-3, 0x1.39d6ccb81b4a1p-47,
        0x1.bp-1, 0x1.5bf406b544p-3, -0x1.27023eb68981cp-46,
        0x1.a4p-1, 0x1.95a5adcf7p-3, 0x1.7f22858a0ff6fp-47,
        0x1.9ap-1, 0x1.c6ffbc6fp-3, 0x1.ee138d3a69d43p-44,
        0x1.9p-1, 0x1.f991c6cb3cp-3, -0x1.90d04cd7cc834p-44,
        0x1.86p-1, 0x1.16b5ccbadp-2, -0x1.23299042d74bfp-44,
        0x1.7ep-1, 0x1.2bef07cdc9p-2, 0x1.a9cfa4a5004f4p-45,
        0x1.74p-1, 0x1.4718dc271cp-2, 0x1.06c18fb4c14c5p-44,
        0x1.6cp-1, 0x1.5d5bddf596p-2, -0x1.a0b2a08a465dcp-47,
        0x1.64p-1, 0x1.741d876c68p-2, -0x1.13a7b5b11cfa7p-44,
        0x1.5cp-1, 0x1.8b639a88b3p-2, -0x1.05ae1e5e7047p-45,
        0x1.56p-1, 0x1.9d32bea15fp-2, -0x1.6279e10d0c0bp-45,
    };

    /** The bits of 1 minus 15½ table rows, so that m = 1 lies inside row 15 and log(x) for x near 1 loses nothing. */
    static final long LOWEST_MANTISSA = 0x3fe8_4000_0000_0000L;

    /** Chebyshev coefficients of (1 + 2x)·erfcx(x) in (x − 3)/(x + 3), cut off at 2⁻⁵⁶. */
    static final double[] SCALED_ERFC = {
        0x1.2d74bda92af4ep+0,
        0x1.5edf9ce74f65ep-8,
        -0x1.801abe05df685p-4,
        0x1.bd5ede288613bp-5,
        -0x1.36e99d8ff90f7p-6,
        0x1.23dc174a04d86p-8,
        -0x1.4c2a11331e0e4p-11,
        0x1.285081fb7471ep-16,
        0x1.aee3ed67adcfbp-17,
        -0x1.0d67d92ebb16ep-19,
        -0x1.84299dc44cfd1p-23,
        0x1.44433d928dce7p-24,
        0x1.032a101f636c9p-29,
        -0x1.7304e1f9374bdp-29,
        -0x1.00dc1e2860272p-36,
        0x1.c7b5541df0c1dp-34,
        0x1.9f608af3438a7p-40,
        -0x1.2cfdb55ec6c5dp-38,
        -0x1.d433281555f71p-43,
        0x1.985a49671e7b1p-43,
        0x1.6380310a23938p-46,
        -0x1.06936a95bf9a3p-47,
        -0x1.b53df331c862cp-50,
        0x1.0f1963aab87cap-52,
        0x1.cd732f9ac2e97p-54,
        -0x1.2f9e82fc3eeb6p-59,
    };

    /** Taylor coefficients of erf(x)/x in x². */
    private static final double[] ERF_SERIES = {
        0x1.20dd750429b6dp+0,
        -0x1.812746b0379e7p-2,
        0x1.ce2f21a042be2p-4,
        -0x1.b82ce31288b51p-6,
        0x1.565bcd0e6a53fp-8,
        -0x1.c02db40040b86p-11,
        0x1.f9a326f9b89b7p-14,
        -0x1.f4d25c3e0c2ebp-17,
        0x1.b9e6c9dc651a3p-20,
        -0x1.5f742ec43e71ap-23,
        0x1.fcc5720624c1cp-27,
        -0x1.51d7181c5d36dp-30,
        0x1.9e6ad5e55a730p-34,
    };

    private static final double LN2_HEAD = 0x1.62e42fefa38p-1; // a multiple of 2⁻⁴²: exact when times k
    private static final double LN2_TAIL = 0x1.ef35793c7673p-45;
    private static final double LN2_32ND_HEAD = 0x1.62e42fefap-6; // a multiple of 2⁻⁴²: exact when times n
    private static final double LN2_32ND_TAIL = 0x1.cf79abc9e3b3ap-45;
    private static final double INVERSE_LN2_32ND = 0x1.71547652b82fep5;

    /** Added and subtracted again, rounds to an integer. */
    private static final double TO_INTEGER = 0x1.8p52;

    /** Added and subtracted again, rounds to a multiple of 2⁻²⁴. */
    private static final double TO_24_BITS = 0x1.8p28;

    /** Dekker's factor 2²⁷ + 1, which halves a 53-bit significand. */
    private static final double HALVING = 0x1.0000002p27;

    private Elementary() {}

    /**
     * The exponential function.
     *
     * <pre>
     *   exp(−∞) = +0    exp(±0) = 1    exp(+∞) = +∞    exp(NaN) = NaN
     * </pre>
     */
    public static double exp(double x) {
        if (!(x < 710)) {
            return x + Double.POSITIVE_INFINITY;
        }
        if (x < -746) {
            return 0;
        }
        double n = nearestMultiple(x);
        int k = (int) n >> 5;
        // Two exact factors reach every exponent; only a subnormal result is rounded again, by the second.
        return (tail(x, n) + head(n)) * powerOfTwo(k >> 1) * powerOfTwo(k - (k >> 1));
    }

    /**
     * The natural logarithm.
     *
     * <pre>
     *   log(x &lt; 0) = NaN    log(±0) = −∞    log(1) = +0    log(+∞) = +∞    log(NaN) = NaN
     * </pre>
     */
    public static double log(double x) {
        if (!(x > 0)) {
            return x == 0 ? Double.NEGATIVE_INFINITY : Double.NaN;
        }
        if (x == Double.POSITIVE_INFINITY) {
            return x;
        }
        boolean subnormal = x < Double.MIN_NORMAL;
        long bits = Double.doubleToRawLongBits(subnormal ? x * 0x1p54 : x);
        long offset = bits - LOWEST_MANTISSA;
        int k = (int) (offset >> 52);
        int row = 3 * ((int) (offset >> 47) & 31);
        double m = Double.longBitsToDouble(bits - ((long) k << 52));
        double c = LOGARITHMS[row];
        double exponent = subnormal ? k - 54 : k;
        double logHead = exponent * LN2_HEAD + LOGARITHMS[row + 1]; // exact

        double mHead = (m + TO_24_BITS) - TO_24_BITS;
        double rHead = mHead * c - 1; // exact
        double rTail = (m - mHead) * c; // exact
        double r = rHead + rTail;
        double rError = (r - rHead) - rTail;

        double sum = logHead + r;
        double tail = (r - (sum - logHead)) - rError + LOGARITHMS[row + 2] + exponent * LN2_TAIL;
        return (tail + secondOrderOfLog(r) * r * r) + sum;
    }

    /**
     * The hyperbolic tangent. It is an odd function, bit for bit.
     *
     * <pre>
     *   tanh(±0) = ±0    tanh(±∞) = ±1    tanh(NaN) = NaN
     * </pre>
     */
    public static double tanh(double x) {
        double size = Math.abs(x);
        if (size < 0x1p-28) {
            return x;
        }
        if (size < 0.15) {
            // x / (1 + z/(3 + z/(5 + … z/11))), written as x minus a small quotient; all its coefficients are exact.
            double z = x * x;
            double numerator = 3465 + z * (189 + z);
            double denominator = 10395 + z * (4725 + z * (210 + z));
            return x - numerator / denominator * z * x;
        }
        if (size > 22) {
            return x > 0 ? 1 : -1;
        }
        double y = logistic(1, -2, 2 * size);
        return x < 0 ? -y : y; // NaN comes through
    }

    /**
     * The logistic function.
     *
     * <pre>
     *   sigmoid(−∞) = +0    sigmoid(±0) = 1/2    sigmoid(+∞) = 1    sigmoid(NaN) = NaN
     * </pre>
     */
    public static double sigmoid(double x) {
        if (x < -40) {
            return exp(x); // the true value is less by a factor 1 − 2⁻⁵⁷ at most
        }
        return x > 40 ? 1 : logistic(0, 1, -x);
    }

    /**
     * The cosine of a part of a half turn, cos(π·u), for u in [0, 1].
     *
     * <pre>
     *   cosPi(0) = 1    cosPi(1/2) = +0    cosPi(1) = −1    off by at most 4.5·10⁻¹⁶
     * </pre>
     */
    public static double cosPi(double u) {
        boolean left = u > 0.5;
        double x = (left ? 1 - u : u) * Math.PI;
        double oneMinusCosine = 0;
        for (int k = 12; k >= 1; k--) {
            oneMinusCosine = (1 - oneMinusCosine) * x * x / ((2.0 * k - 1) * (2.0 * k));
        }
        return left ? oneMinusCosine - 1 : 1 - oneMinusCosine;
    }

    /**
     * The error function, 2/√π·∫₀ˣ exp(−t²)dt. It is odd bit for bit.
     *
     * <pre>
     *   erf(±0) = ±0    erf(±∞) = ±1    erf(NaN) = NaN
     * </pre>
     */
    public static double erf(double x) {
        double size = Math.abs(x);
        if (size < 0.5) {
            double z = x * x;
            double tail = ERF_SERIES[ERF_SERIES.length - 1];
            for (int k = ERF_SERIES.length - 2; k >= 0; k--) {
                tail = ERF_SERIES[k] + z * tail;
            }
            return x * tail;
        }
        double y = 1 - erfc(size);
        return x < 0 ? -y : y; // NaN comes through
    }

    /**
     * The complementary error function, 1 − erf(x), accurate where it is small.
     *
     * <pre>
     *   erfc(−∞) = 2    erfc(±0) = 1    erfc(+∞) = +0    erfc(NaN) = NaN
     * </pre>
     */
    public static double erfc(double x) {
        if (x < 0.5) {
            return 1 - erf(x);
        }
        if (x > 28) {
            return 0;
        }
        double square = x * x;
        double upper = upperHalf(x);
        double lower = x - upper;
        double rest = (upper * upper - square) + 2 * upper * lower + lower * lower; // x² − square
        double scaled = scaledErfc(x);
        return exp(-square) * (scaled - scaled * rest);
    }

    /** The scaled complementary error function, erfcx(x) = exp(x²)·erfc(x), for x ≥ 0. */
    public static double scaledErfc(double x) {
        double t = x > 0x1p60 ? 1 : (x - 3) / (x + 3);
        double twice = 2 * t;
        double b = 0;
        double before = 0;
        for (int k = SCALED_ERFC.length - 1; k > 0; k--) {
            double next = (twice * b - before) + SCALED_ERFC[k];
            before = b;
            b = next;
        }
        return ((t * b - before) + SCALED_ERFC[0]) / (1 + 2 * x);
    }

    /**
     * {@code offset + factor / (1 + eᶻ)}, rounded once.
     *
     * <pre>
     *   s + t = 1 + eᶻ                          head and tail
     *   y = 1/s in 26 bits,  d = (1 − y·(s + t)) / s      so that 1/(1 + eᶻ) = y + d up to d²
     * </pre>
     *
     * @param offset 0 or 1
     * @param factor plus or minus a power of two; {@code |factor| / (1 + eᶻ) ≤ offset} unless offset is 0
     * @param z in [−40, 44], or NaN
     */
    private static double logistic(double offset, double factor, double z) {
        double n = nearestMultiple(z);
        double scale = powerOfTwo((int) n >> 5);
        double eHead = scale * head(n);
        double eTail = scale * tail(z, n);
        double e = eHead + eTail;
        double eError = (e - eHead) - eTail;

        double s = 1 + e;
        double eInS = s - 1;
        double t = (1 - (s - eInS)) - (eInS - e) - eError;

        double inverse = 1 / s;
        double y = upperHalf(inverse);
        double sUpper = upperHalf(s);
        double d = (1 - y * sUpper - y * (s - sUpper) - y * t) * inverse;

        double sum = offset + factor * y;
        return ((offset - sum) + factor * y + d * factor) + sum;
    }

    /** n, the integer nearest to x·32/ln 2. */
    private static double nearestMultiple(double x) {
        return (x * INVERSE_LN2_32ND + TO_INTEGER) - TO_INTEGER;
    }

    /** 2^(j/32), the larger part of 2^(j/32) · eʳ. */
    private static double head(double n) {
        return POWERS[2 * ((int) n & 31)];
    }

    /** 2^(j/32) · eʳ less its head. The remainder r is taken from x in two steps, the first of them exact. */
    private static double tail(double x, double n) {
        int row = 2 * ((int) n & 31);
        double r = (x - n * LN2_32ND_HEAD) - n * LN2_32ND_TAIL;
        return (secondOrderOfExp(r) * r * r + r) * POWERS[row] + POWERS[row + 1];
    }

    /** (eʳ − 1 − r) / r² for |r| ≤ 0.0109: the Taylor series, cut off at 2⁻⁶⁷ of eʳ. */
    private static double secondOrderOfExp(double r) {
        double r2 = r * r;
        double high = (1 / 24.0 + r * (1 / 120.0)) + r2 * (1 / 720.0 + r * (1 / 5040.0));
        return (1 / 2.0 + r * (1 / 6.0)) + r2 * high;
    }

    /** (ln(1 + r) − r) / r² for |r| ≤ 0.0162: the Taylor series, cut off at 2⁻⁶⁶. */
    private static double secondOrderOfLog(double r) {
        double r2 = r * r;
        double low = (-1 / 2.0 + r * (1 / 3.0)) + r2 * (-1 / 4.0 + r * (1 / 5.0));
        double high = (-1 / 6.0 + r * (1 / 7.0)) + r2 * ((-1 / 8.0 + r * (1 / 9.0)) - r2 * (1 / 10.0));
        return low + r2 * r2 * high;
    }

    /** 2ᵏ for k in −1022 … 1023. */
    private static double powerOfTwo(int k) {
        return Double.longBitsToDouble((long) (k + 1023) << 52);
    }

    /** x rounded to 26 bits. */
    private static double upperHalf(double x) {
        double scaled = HALVING * x;
        return scaled - (scaled - x);
    }
}
