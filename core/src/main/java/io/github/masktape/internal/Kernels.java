// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.internal;

/**
 * The loops of tensor operations: dense row-major arrays in, a result array out, sizes already checked.
 *
 * <p>{@link ScalarFloat} and {@link ScalarDouble} are the definition. Another implementation must give the same bits,
 * so each method states the order in which an element's terms are added; sums start at +0.0. FLOAT32 products are
 * accumulated by fused multiply-add, FLOAT64 products are rounded, then added. FLOAT32 rounds numbers such as {@code s}
 * to float first. Threads split outputs, never a sum.
 *
 * <p>Mask bits: int[⌈d/32⌉][n][l], a matrix like dy for each block of 32 inputs; input q is bit 31 − (q mod 32) of the
 * ints for block ⌊q/32⌋, and bits past d are 0.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
public interface Kernels<A> {
    /** Computes y = a + b. */
    void add(A a, A b, A y);

    /** Computes y = a − b. */
    void subtract(A a, A b, A y);

    /** Computes y = a·b. */
    void multiply(A a, A b, A y);

    /** Computes y = a/b. */
    void divide(A a, A b, A y);

    /** Computes y = a·s + t, rounded after each operation. */
    void affine(A a, double s, double t, A y);

    /** Computes y = max(a, +0.0); NaN stays NaN. */
    void relu(A a, A y);

    /** Computes y = at > 0 ? x : +0.0, and NaN where {@code at} is NaN. */
    void wherePositive(A x, A at, A y);

    /**
     * Computes y = E[max(u, 0)], u ~ N(mean, variance): {@link GaussianMoments#relu(float, float)} or {@link
     * GaussianMoments#relu(double, double)}.
     */
    void expectedRelu(A mean, A variance, A y);

    /**
     * Computes y[i,j] = Σ a(i,κ)·b(κ,j), κ ascending, where a(i,κ) = a[i·aRow + κ·aColumn] and b(κ,j) = b[κ·bRow +
     * j·bColumn]: the three forms that a product and its gradients need.
     */
    void matmul(A a, int aRow, int aColumn, A b, int bRow, int bColumn, int m, int k, int n, A y);

    /** Computes y[j,i] = a[i,j] for a of m×n. */
    void transpose(A a, int m, int n, A y);

    /** Computes y[i,j] = a[i,j] + row[j]. */
    void addRow(A a, A row, int m, int n, A y);

    /** Computes y[j] = Σᵢ a[i,j], i ascending; FLOAT32 adds more than 128 rows in double, see {@link ScalarFloat}. */
    void sumRows(A a, int m, int n, A y);

    /** Computes y[n,j,q] = kept ? a[n,j,q]·s : +0.0. */
    void select(A a, int[] bits, int n, int l, int d, double s, A y);

    /** Computes y[n,j] = Σ over kept q of x[n,q]·(w[j,q]·s), q ascending. */
    void maskedLinear(A x, A w, int[] bits, double s, int n, int l, int d, A y);

    /** Computes y[n,q] = Σ over j with q kept of x[n,j]·(w[j,q]·s), j ascending. */
    void maskedLinearTransposed(A x, A w, int[] bits, double s, int n, int l, int d, A y);

    /**
     * Computes y[j,q] = Σ over n that keep (j,q) of a[n,j]·b[n,q], n ascending: FLOAT32 multiplies the sum by s,
     * FLOAT64 each product, as the composed graph does. With d = 1, FLOAT32 adds more than 128 examples in double.
     */
    void maskedOuter(A a, A b, int[] bits, double s, int n, int l, int d, A y);
}
