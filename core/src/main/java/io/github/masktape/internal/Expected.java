package io.github.masktape.internal;

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
public final class Expected {
    private static final double SQRT_HALF = 0x1.6a09e667f3bcdp-1;
    private static final double INVERSE_SQRT_2PI = 0x1.9884533d43651p-2;

    /** σ up to which tanh is summed. */
    private static final int MOST = 16;

    /** φ(i/64)/64·2, of which every 16th is a weight for h = 1/4; the first one is halved. */
    private static final double[] WEIGHTS = weights();

    /** Coefficients of x², x⁴, … of (πx/2) / sin(πx/2). */
    private static final double[] MOMENTS = {
        0.41123351671205660912, 0.1183791036871557397, 0.030798471603044847003,
        0.0077830703269738117127, 0.0019512490382788, 0.00048816293219915
    };

    private Expected() {}

    /** E[max(u, 0)]; at least max(μ, 0), and that exactly where σ = 0. */
    public static double relu(double mean, double variance) {
        double deviation = Math.sqrt(variance);
        double floor = Math.max(mean, 0.0);
        return deviation == 0 ? floor : floor + deviation * loss(Math.abs(mean) / deviation);
    }

    /** g(t), the mean of max(z − t, 0) for a standard normal z, t ≥ 0. */
    static double loss(double t) {
        if (t > 40) {
            return 0;
        }
        double halfSquare = t * t * 0.5;
        double ratio = Elementary.scaledErfc(t * SQRT_HALF);
        return Math.max(INVERSE_SQRT_2PI - t * 0.5 * ratio, 0.0) * Elementary.exp(-halfSquare);
    }

    /** E[tanh u]; tanh μ where σ = 0. */
    public static double tanh(double mean, double variance) {
        double deviation = Math.sqrt(variance);
        if (deviation == 0) {
            return Elementary.tanh(mean);
        }
        double size = Math.abs(mean);
        double y = deviation > MOST ? wideTanh(size, deviation) : narrowTanh(size, deviation);
        return mean < 0 ? -y : y;
    }

    /** By the trapezoidal rule, opposite points together: tanh(μ + δ) + tanh(μ − δ) = 2 sinh 2μ / (cosh 2μ + cosh 2δ). */
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
        return sum * stride * base * Elementary.tanh(2 * mean);
    }

    /** By Taylor's series around erf, whose step is wide against that of tanh. */
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
        double density = INVERSE_SQRT_2PI * Elementary.exp(-(t * t * 0.5));
        return Elementary.erf(t * SQRT_HALF) - 2 * density * sum;
    }

    /** E[1/(1 + e⁻ᵘ)]; the logistic function at μ where σ = 0. */
    public static double sigmoid(double mean, double variance) {
        return variance == 0 ? Elementary.sigmoid(mean) : 0.5 + 0.5 * tanh(mean * 0.5, variance * 0.25);
    }

    private static double[] weights() {
        double[] weights = new double[64 * 17 / 2 + 1];
        for (int i = 0; i < weights.length; i++) {
            double z = i * 0x1p-6;
            weights[i] = INVERSE_SQRT_2PI * 0x1p-5 * Elementary.exp(-(z * z * 0.5));
        }
        weights[0] *= 0.5;
        return weights;
    }
}
