package io.github.masktape.internal;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The loops under a tensor: dense row-major arrays in, a result array out, sizes already checked.
 *
 * <p>{@link ScalarKernels} is the definition. Another implementation must give the same bits, so each method states
 * the order in which an element's terms are added; sums start at +0.0. FLOAT32 products are accumulated by fused
 * multiply-add, FLOAT64 products are rounded, then added. Threads split outputs, never a sum.
 *
 * <p>Mask bits: int[⌈d/32⌉][n][l], a matrix like dy for each block of 32 inputs; input q is bit 31 − (q mod 32) of the
 * ints for block ⌊q/32⌋, and bits past d are 0.
 */
public interface Kernels {
    /**
     * The kernels in use: {@link VectorKernels} where they run well, unless {@code -Dmasktape.kernels} asks for
     * {@code scalar} or {@code vector}.
     *
     * @throws IllegalArgumentException if the property has another value, or asks for vectors that are not there
     */
    static Kernels active() {
        Supplier<Kernels> warmUp = WarmUp.current;
        return warmUp == null ? chosen() : warmUp.get();
    }

    private static Kernels chosen() {
        if (Choice.KERNELS == null) {
            throw new IllegalArgumentException(Choice.REASON);
        }
        return Choice.KERNELS;
    }

    /**
     * Has the vector kernels compiled in the background, if they were chosen rather than asked for; plain ones compute
     * meanwhile.
     */
    static void warmUp() {
        if (chosen() != ScalarKernels.INSTANCE && wish().equals("auto")) {
            WarmUp.start(chosen());
        }
    }

    /** A line that tells which kernels are in use and why. */
    static String description() {
        return chosen().name() + " (" + Choice.REASON + ")";
    }

    /** Whether vector kernels, if they are not unwanted, would need no more than a module that the runtime has. */
    static boolean lackVectorModule() {
        return !wish().equals("scalar") && Platform.lacksVectorModule();
    }

    private static String wish() {
        return System.getProperty("masktape.kernels", "auto").strip();
    }

    /** {@code scalar} or {@code vector}. */
    String name();

    /** Made once, when the first tensor needs it. */
    final class Choice {
        private static final @Nullable Kernels KERNELS;
        private static final String REASON;

        static {
            String wish = wish();
            String obstacle = Platform.obstacleToVectors();
            if (wish.equals("scalar")) {
                KERNELS = ScalarKernels.INSTANCE;
                REASON = "as asked";
            } else if (wish.equals("vector") || wish.equals("auto")) {
                boolean demanded = wish.equals("vector");
                KERNELS = obstacle == null ? Platform.vectorKernels() : demanded ? null : ScalarKernels.INSTANCE;
                REASON = obstacle == null
                        ? Platform.vectorBits() + " bits"
                        : demanded ? "-Dmasktape.kernels=vector: " + obstacle : obstacle;
            } else {
                KERNELS = null;
                REASON = "-Dmasktape.kernels must be auto, scalar or vector, got \"" + wish + "\"";
            }
        }

        private Choice() {}
    }

    void add(float[] a, float[] b, float[] y);

    void add(double[] a, double[] b, double[] y);

    void subtract(float[] a, float[] b, float[] y);

    void subtract(double[] a, double[] b, double[] y);

    void multiply(float[] a, float[] b, float[] y);

    void multiply(double[] a, double[] b, double[] y);

    void divide(float[] a, float[] b, float[] y);

    void divide(double[] a, double[] b, double[] y);

    /** y = a·s + t, rounded after each operation. */
    void affine(float[] a, float s, float t, float[] y);

    void affine(double[] a, double s, double t, double[] y);

    /** y = max(a, +0.0); NaN stays NaN. */
    void relu(float[] a, float[] y);

    void relu(double[] a, double[] y);

    /** y = at > 0 ? x : +0.0, and NaN where {@code at} is NaN. */
    void wherePositive(float[] x, float[] at, float[] y);

    void wherePositive(double[] x, double[] at, double[] y);

    /**
     * y = E[max(u, 0)], u ~ N(mean, variance): {@link Expected#relu(float, float)} or
     * {@link Expected#relu(double, double)}.
     */
    void expectedRelu(float[] mean, float[] variance, float[] y);

    void expectedRelu(double[] mean, double[] variance, double[] y);

    /**
     * y[i,j] = Σ a(i,κ)·b(κ,j), κ ascending, where a(i,κ) = a[i·aRow + κ·aColumn] and b(κ,j) = b[κ·bRow + j·bColumn]:
     * the three forms that a product and its gradients need.
     */
    void matmul(float[] a, int aRow, int aColumn, float[] b, int bRow, int bColumn, int m, int k, int n, float[] y);

    void matmul(double[] a, int aRow, int aColumn, double[] b, int bRow, int bColumn, int m, int k, int n, double[] y);

    /** y[j,i] = a[i,j] for a of m×n. */
    void transpose(float[] a, int m, int n, float[] y);

    void transpose(double[] a, int m, int n, double[] y);

    /** y[i,j] = a[i,j] + row[j]. */
    void addRow(float[] a, float[] row, int m, int n, float[] y);

    void addRow(double[] a, double[] row, int m, int n, double[] y);

    /** y[j] = Σᵢ a[i,j], i ascending. */
    void sumRows(float[] a, int m, int n, float[] y);

    void sumRows(double[] a, int m, int n, double[] y);

    /** y[n,j,q] = kept ? a[n,j,q]·s : +0.0. */
    void select(float[] a, int[] bits, int n, int l, int d, float s, float[] y);

    void select(double[] a, int[] bits, int n, int l, int d, double s, double[] y);

    /** y[n,j] = Σ over kept q of x[n,q]·(w[j,q]·s), q ascending. */
    void maskedLinear(float[] x, float[] w, int[] bits, float s, int n, int l, int d, float[] y);

    void maskedLinear(double[] x, double[] w, int[] bits, double s, int n, int l, int d, double[] y);

    /** dx[n,q] = Σ over j with q kept of dy[n,j]·(w[j,q]·s), j ascending. */
    void maskedLinearTransposed(float[] dy, float[] w, int[] bits, float s, int n, int l, int d, float[] dx);

    void maskedLinearTransposed(double[] dy, double[] w, int[] bits, double s, int n, int l, int d, double[] dx);

    /** dw[j,q] = s·(Σ over n that keep (j,q) of dy[n,j]·x[n,q]), n ascending. */
    void maskedOuter(float[] dy, float[] x, int[] bits, float s, int n, int l, int d, float[] dw);

    /** dw[j,q] = Σ over n that keep (j,q) of (dy[n,j]·x[n,q])·s, n ascending: each share rounded as the composed graph does. */
    void maskedOuter(double[] dy, double[] x, int[] bits, double s, int n, int l, int d, double[] dw);

    /**
     * Draws the mask of each example i &lt; n from stream {@code keys[i]}: a bit is 1 when its binary fraction U = 0.u₀u₁… of random digits
     * is below {@code threshold}·2⁻⁶⁴ (unsigned; 0 stands for 2⁶⁴: all kept), uᵣ for output j and input q being bit
     * 63 − (q mod 64) of {@code mix(keys[i] + (64·c + r + 1)·γ)}, c = j·⌈d/64⌉ + ⌊q/64⌋.
     */
    void bernoulli(long[] keys, long threshold, int n, int l, int d, int[] bits);

    /**
     * One step of gradient descent in place: g' = g + λ·w; v ← μ·v + g'; w ← w − η·(nesterov ? g' + μ·v : v), each
     * {@code + ·} one fma in FLOAT32. With μ = 0 {@code v} is neither read nor written.
     */
    void descend(float[] w, float[] v, float[] g, float rate, float momentum, float decay, boolean nesterov);

    void descend(double[] w, double[] v, double[] g, double rate, double momentum, double decay, boolean nesterov);
}
