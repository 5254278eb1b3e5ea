// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.internal;

import java.util.Arrays;

/**
 * The FLOAT32 products with a mask, in loops that C2 compiles to vector code on every Java since 17.
 *
 * <pre>
 *   sums[lane] = Σ over the kept k of factor(k)·rows[k][lane], k ascending, each step one fma
 *
 *          factor(k)   rows[k][lane]   k           lane        bits of k in one int
 *   Y      x[n,q]      w[j,q]          inputs q    outputs j   as stored
 *   dX     dy[n,j]     w[j,q]          outputs j   inputs q    32×32 blocks of (j,q) transposed
 *   dW     x[n,q]      dy[n,j]         examples n  outputs j   32×32 blocks of (n,q) transposed
 * </pre>
 *
 * <p>32 rows at a time (100 kB for 800 lanes, which stays in the L2 cache) meet all sums before the next 32 do.
 *
 * <p>The loops have the form that C2 vectorizes (EPYC, 800 lanes; ns per lane and term, JDK 17 / 25). Arrays are read
 * and written at the same index, because with separate offsets C2, up to JDK 25, must assume that they overlap: 0.04 /
 * 0.04 against 0.5 / 0.5; hence a row is an array. A body has only two terms: 0.04 / 0.04 against 0.5 / 0.04 for four
 * and 0.6 / 0.6 for eight. It contains no conversion of int to float, which JDK 17 leaves scalar: bits are the binary
 * digits of a float, see {@link #addTwo}.
 *
 * <p>A dropped term is added as ±0; {@link DroppedTermCorrection} corrects the elements where that makes a difference.
 */
final class MaskedProducts {
    /** The number of bits in an int of a mask. */
    private static final int BITS = 32;

    /** The number of mask bits in one float: they and a final 1 fit its 24 bits, and half an int is easy to extract. */
    private static final int DIGITS = 16;

    /** Adding and then subtracting this constant rounds a number in (0, 1) to an integer. */
    private static final float ROUNDER = 0x1.8p23f;

    /**
     * The number of examples whose bits are transposed together, so that the loops over them are long enough for
     * vectors.
     */
    private static final int GROUP = 8;

    private MaskedProducts() {}

    // ---- the three products ----

    /** Computes {@link Kernels#maskedLinear}. */
    static void linear(float[] x, float[] w, int[] bits, float s, int n, int l, int d, float[] y) {
        int planes = planes(d);
        Platform.parallelFor(n, (long) l * d, (from, to) -> {
            float[][] sums = new float[to - from][l];
            float[][] rows = new float[BITS][l];
            float[] digits = new float[l];
            for (int b = 0; b < planes; b++) {
                int count = Math.min(BITS, d - BITS * b);
                packColumns(w, s, d, BITS * b, count, rows);
                for (int i = from; i < to; i++) {
                    addKept(x, i * d + BITS * b, 1, rows, count, bits, (b * n + i) * l, digits, sums[i - from]);
                }
            }
            for (int i = from; i < to; i++) {
                System.arraycopy(sums[i - from], 0, y, i * l, l);
            }
        });
        if (DroppedTermCorrection.mayShow(DroppedTermCorrection.leastOf(x, 1f), DroppedTermCorrection.leastOf(w, s))) {
            DroppedTermCorrection.correctOutput(x, w, bits, s, n, l, d, y);
        }
    }

    /** Computes {@link Kernels#maskedLinearTransposed}. */
    static void inputGradient(float[] dy, float[] w, int[] bits, float s, int n, int l, int d, float[] dx) {
        int planes = planes(d);
        Platform.parallelFor(n, (long) l * d, (from, to) -> {
            float[][] sums = new float[to - from][d];
            float[][] rows = new float[BITS][d];
            float[] digits = new float[d];
            int[][] block = new int[BITS][GROUP * planes];
            int[] plane = new int[BITS * planes];
            for (int start = 0; start < l; start += BITS) {
                int count = Math.min(BITS, l - start);
                for (int k = 0; k < count; k++) {
                    packRow(w, s, (start + k) * d, rows[k]);
                }
                for (int group = from; group < to; group += GROUP) {
                    int end = Math.min(to, group + GROUP);
                    gather(bits, group, end, planes, n, l, start, count, block);
                    transpose(block);
                    for (int i = group; i < end; i++) {
                        scatter(block, (i - group) * planes, planes, plane);
                        addKept(dy, i * l + start, 1, rows, count, plane, 0, digits, sums[i - from]);
                    }
                }
            }
            for (int i = from; i < to; i++) {
                System.arraycopy(sums[i - from], 0, dx, i * d, d);
            }
        });
        if (DroppedTermCorrection.mayShow(DroppedTermCorrection.leastOf(dy, 1f), DroppedTermCorrection.leastOf(w, s))) {
            DroppedTermCorrection.correctInputGradient(dy, w, bits, s, n, l, d, dx);
        }
    }

    /** Computes {@link Kernels#maskedOuter}. */
    static void weightGradient(float[] dy, float[] x, int[] bits, float s, int n, int l, int d, float[] dw) {
        int planes = planes(d);
        Platform.parallelFor(planes, (long) BITS * n * l, (from, to) -> {
            float[][] sums = new float[BITS][l];
            float[][] rows = new float[BITS][l];
            float[] digits = new float[l];
            int[][] block = new int[BITS][l];
            for (int b = from; b < to; b++) {
                int width = Math.min(BITS, d - BITS * b);
                for (float[] sum : sums) {
                    Arrays.fill(sum, 0f);
                }
                for (int start = 0; start < n; start += BITS) {
                    int count = Math.min(BITS, n - start);
                    for (int k = 0; k < count; k++) {
                        System.arraycopy(dy, (start + k) * l, rows[k], 0, l);
                        System.arraycopy(bits, (b * n + start + k) * l, block[k], 0, l);
                    }
                    for (int k = count; k < BITS; k++) {
                        Arrays.fill(block[k], 0);
                    }
                    transpose(block);
                    for (int q = 0; q < width; q++) {
                        addKept(x, start * d + BITS * b + q, d, rows, count, block[q], 0, digits, sums[q]);
                    }
                }
                for (int j = 0; j < l; j++) {
                    for (int q = 0; q < width; q++) {
                        dw[j * d + BITS * b + q] = sums[q][j] * s;
                    }
                }
            }
        });
        if (DroppedTermCorrection.mayShow(
                DroppedTermCorrection.leastOf(dy, 1f), DroppedTermCorrection.leastOf(x, 1f))) {
            DroppedTermCorrection.correctWeightGradient(dy, x, bits, s, n, l, d, dw);
        }
    }

    // ---- lanes ----

    /**
     * sums[lane] += Σ over k &lt; count with a bit of factors[at + k·step]·rows[k][lane], k ascending.
     *
     * @param rows 32 of them, all finite
     * @param bits bit 31 − k of bits[plane + lane] belongs to row k; bits from {@code count} on are 0
     * @param digits scratch
     */
    private static void addKept(
            float[] factors,
            int at,
            int step,
            float[][] rows,
            int count,
            int[] bits,
            int plane,
            float[] digits,
            float[] sums) {
        for (int half = 0; half < count; half += DIGITS) {
            readDigits(bits, plane, BITS - DIGITS - half, digits);
            for (int k = half; k < Math.min(count, half + DIGITS); k += 2) {
                float second = k + 1 < count ? factors[at + (k + 1) * step] : 0f;
                addTwo(factors[at + k * step], rows[k], second, rows[k + 1], digits, sums);
            }
        }
    }

    /** digits[lane] = 0.b₀b₁…b₁₅1 (binary), b₀ being the highest of the 16 bits from {@code shift} on. */
    private static void readDigits(int[] bits, int plane, int shift, float[] digits) {
        for (int lane = 0; lane < digits.length; lane++) {
            digits[lane] = ((bits[plane + lane] >>> shift & 0xffff) + 0.5f) * 0x1p-16f;
        }
    }

    /**
     * sums += a·row·b₀, then sums += b·next·b₁, and removes these two digits.
     *
     * <p>{@code left} = 0.b₀b₁…1 is above one half exactly if b₀ is 1, so rounding it to an integer gives b₀, and
     * 2·left − b₀ = 0.b₁…1, without error.
     */
    private static void addTwo(float a, float[] row, float b, float[] next, float[] digits, float[] sums) {
        for (int lane = 0; lane < sums.length; lane++) {
            float left = digits[lane];
            float bit = left + ROUNDER - ROUNDER;
            float sum = Platform.fma(a, row[lane] * bit, sums[lane]);
            left = left + left - bit;
            bit = left + ROUNDER - ROUNDER;
            sums[lane] = Platform.fma(b, next[lane] * bit, sum);
            digits[lane] = left + left - bit;
        }
    }

    /** row[q] = a[at + q]·s. */
    private static void packRow(float[] a, float s, int at, float[] row) {
        for (int q = 0; q < row.length; q++) {
            row[q] = a[at + q] * s;
        }
    }

    /** rows[k][j] = a[j, column + k]·s for k &lt; count. */
    private static void packColumns(float[] a, float s, int width, int column, int count, float[][] rows) {
        for (int j = 0; j < rows[0].length; j++) {
            for (int k = 0; k < count; k++) {
                rows[k][j] = a[j * width + column + k] * s;
            }
        }
    }

    // ---- bits ----

    /** block[k][(i − from)·planes + b] = bits[b, i, start + k] for i in from…to−1, and 0 for k ≥ count. */
    private static void gather(
            int[] bits, int from, int to, int planes, int n, int l, int start, int count, int[][] block) {
        for (int i = from; i < to; i++) {
            for (int b = 0; b < planes; b++) {
                int at = (b * n + i) * l + start;
                for (int k = 0; k < BITS; k++) {
                    block[k][(i - from) * planes + b] = k < count ? bits[at + k] : 0;
                }
            }
        }
    }

    /** plane[32·b + k] = block[k][from + b]. */
    private static void scatter(int[][] block, int from, int planes, int[] plane) {
        for (int b = 0; b < planes; b++) {
            for (int k = 0; k < BITS; k++) {
                plane[BITS * b + k] = block[k][from + b];
            }
        }
    }

    /**
     * Transposes 32×32 bits in each lane: bit 31 − c of block[r][lane] changes places with bit 31 − r of
     * block[c][lane]. Blocks of 16×16 bits change places first, then of 8×8 in each of these, and so on: H. S. Warren,
     * Hacker's Delight, 2nd edition, section 7-3.
     */
    private static void transpose(int[][] block) {
        int mask = 0x0000ffff;
        for (int half = BITS / 2; half > 0; half /= 2) {
            for (int r = 0; r < BITS; r++) {
                if ((r & half) == 0) {
                    exchange(block[r], block[r + half], half, mask);
                }
            }
            mask ^= mask << (half / 2);
        }
    }

    private static void exchange(int[] upper, int[] lower, int shift, int mask) {
        for (int lane = 0; lane < upper.length; lane++) {
            int changed = (upper[lane] ^ (lower[lane] >>> shift)) & mask;
            upper[lane] ^= changed;
            lower[lane] ^= changed << shift;
        }
    }

    // ---- layout ----

    /** The number of ints for an example and output. */
    static int planes(int d) {
        return (d - 1) / BITS + 1;
    }

    static boolean isKept(int[] bits, int i, int j, int q, int n, int l) {
        return bits[(q / BITS * n + i) * l + j] << q < 0;
    }

    /**
     * The term if it is kept, else +0.0, without a branch, because a branch on a random bit is mispredicted half of the
     * time.
     */
    static double kept(double term, int[] bits, int i, int j, int q, int n, int l) {
        int all = bits[(q / BITS * n + i) * l + j] << q >> (BITS - 1);
        return Double.longBitsToDouble(Double.doubleToRawLongBits(term) & all);
    }
}
