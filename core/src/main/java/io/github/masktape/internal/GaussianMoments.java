// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.internal;

import io.github.masktape.math.Elementary;

/**
 * Means of activations over a normal argument u ~ N(μ, σ²), in closed form or by quadrature.
 *
 * <pre>
 *   E[max(u, 0)] = μ·Φ(μ/σ) + σ·φ(μ/σ) = max(μ, 0) + σ·g(|μ|/σ)
 *   g(t)         = φ(t) − t·Φ(−t) = e^(−t²/2)·(1/√(2π) − t/2·erfcx(t/√2))
 *
 *   E[tanh u]    = Σ wₖ·sinh 2μ / (cosh 2μ + cosh 2σkh)       w₀ = h·φ(0), wₖ = 2h·φ(kh), h = 1/4, 1/8, … with σh ≤ 1/4
 *                = erf(t/√2) − 2φ(t)·Σ cₖ·He₂ₖ₋₁(t)/σ²ᵏ         t = μ/σ, for σ &gt; 16; Σ cₖx²ᵏ = (πx/2) / sin(πx/2)
 *
 *   E[1/(1 + e⁻ᵘ)] = ½ + ½·E[tanh v]                          v ~ N(μ/2, σ²/4)
 * </pre>
 */
public final class GaussianMoments {
    private static final double SQRT_HALF = 0x1.6a09e667f3bcdp-1;
    private static final double INVERSE_SQRT_2PI = 0x1.9884533d43651p-2;

    /** The largest σ for which tanh is summed. */
    private static final int MOST = 16;

    /** The weights φ(i/64)/64·2, of which every 16th serves h = 1/4; the first one is halved. */
    private static final double[] WEIGHTS = weights();

    /** The coefficients of x², x⁴, … in (πx/2) / sin(πx/2). */
    private static final double[] MOMENTS = {
        0.4112335167120566, 0.11837910368715573, 0.030798471603044848,
        0.007783070326973811, 0.0019512490382788, 0.00048816293219915
    };

    /** The t from which the float g counts as 0: it is σ·2·10⁻³⁷. */
    static final float LAST = 13;

    static final float A0 = 0x1.988454p-2f;
    static final float A1 = 0x1.139534p-2f;
    static final float A2 = 0x1.7d02b2p-4f;
    static final float A3 = 0x1.21e2dp-6f;
    static final float A4 = 0x1.a5a1b2p-10f;
    static final float B1 = 0x1.ed8b56p0f;
    static final float B2 = 0x1.a641fcp0f;
    static final float B3 = 0x1.9ee652p-1f;
    static final float B4 = 0x1.f5ea84p-3f;
    static final float B5 = 0x1.6b611cp-5f;
    static final float B6 = 0x1.0835b4p-8f;

    static final float INVERSE_LN2 = 0x1.715476p0f;
    static final float LN2_HEAD = 0x1.62e4p-1f; // exact when times n
    static final float LN2_TAIL = 0x1.7f7d1cp-20f;
    static final float E3 = 0x1.5554dcp-3f; // e^r = 1 + r + r²/2 + E3·r³ + …
    static final float E4 = 0x1.555518p-5f;
    static final float E5 = 0x1.120cbap-7f;
    static final float E6 = 0x1.6d1254p-10f;

    /**
     * A number that rounds to an integer when added and subtracted again; the lowest bits of the sum are that integer.
     */
    static final float TO_INTEGER = 0x1.8p23f;

    private GaussianMoments() {}

    /** Computes E[max(u, 0)], which is at least max(μ, 0), and equal to it where σ = 0. */
    public static double relu(double mean, double variance) {
        double deviation = Math.sqrt(variance);
        double floor = Math.max(mean, 0.0);
        return deviation == 0 ? floor : floor + loss(Math.abs(mean) / deviation) * deviation;
    }

    /**
     * Computes E[max(u, 0)] in float arithmetic, with an error of at most 2·10⁻⁷·σ plus the rounding of the result; it
     * is at least max(μ, 0), and equal to it where σ = 0.
     *
     * <pre>
     *   g(t) = e^(−t²/2)·a(t)/b(t) for t &lt; 13, else 0        a, b: polynomials fitted to 4·10⁻⁹
     * </pre>
     */
    static float relu(float mean, float variance) {
        float deviation = Math.abs(rounded((float) Math.sqrt(variance))); // not −0.0, by which t would be negative
        float t = rounded(Math.abs(mean) / deviation);
        float numerator = Platform.fma(t, A4, A3);
        numerator = Platform.fma(numerator, t, A2);
        numerator = Platform.fma(numerator, t, A1);
        numerator = Platform.fma(numerator, t, A0);
        float divisor = Platform.fma(t, B6, B5);
        divisor = Platform.fma(divisor, t, B4);
        divisor = Platform.fma(divisor, t, B3);
        divisor = Platform.fma(divisor, t, B2);
        divisor = Platform.fma(divisor, t, B1);
        divisor = Platform.fma(divisor, t, 1f);
        float ratio = rounded(numerator / divisor);
        float loss = rounded(exp(rounded(t * t) * -0.5f) * ratio);
        return Platform.fma(deviation, t < LAST ? loss : 0f, Math.max(mean, 0f));
    }

    /** The exponential eˣ for x in −85 … 0; undefined elsewhere. */
    private static float exp(float x) {
        float shifted = Platform.fma(x, INVERSE_LN2, TO_INTEGER);
        float n = shifted - TO_INTEGER;
        float r = Platform.fma(n, -LN2_HEAD, x);
        r = Platform.fma(n, -LN2_TAIL, r);
        float y = Platform.fma(r, E6, E5);
        y = Platform.fma(y, r, E4);
        y = Platform.fma(y, r, E3);
        y = Platform.fma(y, r, 0.5f);
        y = Platform.fma(y, r, 1f);
        y = Platform.fma(y, r, 1f);
        return Float.intBitsToFloat(Float.floatToRawIntBits(y) + (Float.floatToRawIntBits(shifted) << 23));
    }

    /** Rounds to float where JavaScript computes in double; on a JVM it does nothing, and C2 removes the call. */
    private static float rounded(float x) {
        return Float.intBitsToFloat(Float.floatToRawIntBits(x));
    }

    /** The function g(t), the mean of max(z − t, 0) for a standard normal z, t ≥ 0. */
    static double loss(double t) {
        if (t > 40) {
            return 0;
        }
        double halfSquare = t * t * 0.5;
        double ratio = Elementary.scaledErfc(t * SQRT_HALF);
        return Elementary.exp(-halfSquare) * Math.max(INVERSE_SQRT_2PI - ratio * t * 0.5, 0.0);
    }

    /** Computes E[tanh u], which is tanh μ where σ = 0. */
    public static double tanh(double mean, double variance) {
        double deviation = Math.sqrt(variance);
        if (deviation == 0) {
            return Elementary.tanh(mean);
        }
        double size = Math.abs(mean);
        double y = Math.min(deviation > MOST ? wideTanh(size, deviation) : narrowTanh(size, deviation), 1);
        return mean < 0 ? -y : y;
    }

    /**
     * Applies the trapezoidal rule to pairs of opposite points: tanh(μ + δ) + tanh(μ − δ) = 2 sinh 2μ / (cosh 2μ + cosh
     * 2δ).
     */
    private static double narrowTanh(double mean, double deviation) {
        int stride = 16;
        double bound = 1;
        while (deviation > bound) {
            stride /= 2;
            bound *= 2;
        }
        double a = Elementary.exp(-2 * mean);
        double base = 1 + a * a;
        double delta = deviation * stride / 32;
        double first = Elementary.exp(delta) + Elementary.exp(-delta); // 2 cosh 2δ
        double before = first;
        double current = 2;
        double sum = 0.0;
        for (int i = 0; i < WEIGHTS.length; i += stride) {
            double divisor = base + a * current;
            sum += WEIGHTS[i] / divisor;
            double next = first * current - before;
            before = current;
            current = next;
        }
        return Elementary.tanh(2 * mean) * base * sum * stride;
    }

    /** Expands E[tanh u] in a Taylor series around erf, whose step is wide compared with that of tanh. */
    private static double wideTanh(double mean, double deviation) {
        double t = mean / deviation;
        if (t > 40) {
            return 1;
        }
        double inverse = 1 / (deviation * deviation);
        double power = inverse;
        double sum = 0.0;
        double even = 1; // He₀, He₂, …
        double odd = t; // He₁, He₃, …
        for (int k = 1; k <= MOMENTS.length; k++) {
            sum += MOMENTS[k - 1] * power * odd;
            power *= inverse;
            even = t * odd - (2 * k - 1) * even;
            odd = t * even - 2 * k * odd;
        }
        double density = Elementary.exp(-(t * t * 0.5)) * INVERSE_SQRT_2PI;
        return Elementary.erf(t * SQRT_HALF) - 2 * density * sum;
    }

    /** Computes E[1/(1 + e⁻ᵘ)], which is the logistic function at μ where σ = 0. */
    public static double sigmoid(double mean, double variance) {
        return variance == 0 ? Elementary.sigmoid(mean) : 0.5 + tanh(mean * 0.5, variance * 0.25) * 0.5;
    }

    private static double[] weights() {
        double[] weights = new double[64 * 17 / 2 + 1];
        for (int i = 0; i < weights.length; i++) {
            double z = i * 0x1p-6;
            weights[i] = Elementary.exp(-(z * z * 0.5)) * INVERSE_SQRT_2PI * 0x1p-5;
        }
        weights[0] *= 0.5;
        return weights;
    }
}
