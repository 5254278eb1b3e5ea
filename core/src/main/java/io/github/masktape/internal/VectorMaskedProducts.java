// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.internal;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The FLOAT32 products with a mask on the Vector API. A bit is applied to a number as {@code (bit in the sign >> 31) &
 * number}, on ints, which gives the number itself or +0.0. That needs no vector masks, which JDK 17 does not compile to
 * instructions.
 *
 * <pre>
 *         sums             lanes        k           the sign is
 *   Y     2 examples n   × 2 vectors j  inputs q    the next bit of the lane's own int: t += t
 *   dX    2 examples n   × 2 vectors q  outputs j   bit q of the one int of (n,j): int &lt;&lt; lane
 *   dW    2 outputs j    × 2 vectors q  examples n  bit q of the one int of (n,j): int &lt;&lt; lane
 * </pre>
 *
 * <p>Four instructions per vector and term (shift, and, fma, and one to bring up the bit) share the vector ports, which
 * bounds the speed: a term takes at least one cycle where there are four ports, two where there are two. Four
 * independent sums are enough to hide the latency of an fma behind that, and a tile of four fits the 16 registers of
 * AVX2; with 3 × 2, Y no longer does, and takes 2.5 times as long. A small tile also keeps the method below the limit
 * of JDK 17's compiler, which stops following types in the middle of a longer one and then allocates an object for each
 * sum and term.
 *
 * <p>The operand that many examples or outputs share (W, or X for dW) is packed block by block into a buffer that stays
 * in the L1 cache while all of them use it, so W and the bits are read once. Sums wait in a buffer between two blocks.
 *
 * <p>A dropped term is added as ±0; {@link DroppedTermCorrection} corrects the elements where that makes a difference.
 */
final class VectorMaskedProducts {
    private static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;

    /** The number of columns of a tile, a divisor of {@link #BITS}. */
    private static final int WIDTH = 2 * LANES.length();

    /** The number of bits in an int of a mask. */
    private static final int BITS = Integer.SIZE;

    /** The numbers from 0 below {@link #BITS}, for vectors of consecutive ones: JDK 17 does not compile addIndex. */
    private static final int[] NUMBERS = new int[BITS];

    static {
        Arrays.setAll(NUMBERS, i -> i);
    }

    /** The number of steps in a gradient's block, which takes 16 kB of g. */
    private static final int STEPS = 128;

    /** The number of outputs whose bits are copied together, since each of their ints is needed only once. */
    private static final int OUTPUTS = 64;

    /** The most examples whose bits and sums are in buffers, each of 128 kB. */
    private static final int MOST_ROWS = 512;

    /** The number of rows of sums that wait together in 12 kB. */
    private static final int GROUP = 96;

    /** The least number of parts of a product with enough tiles, so that several threads share them evenly. */
    private static final int PARTS = 16;

    private VectorMaskedProducts() {}

    /** Computes {@link Kernels#maskedLinear}. */
    static void linear(float[] x, float[] w, int[] bits, float s, int n, int l, int d, float[] y) {
        if (l < WIDTH / 8) {
            // Most lanes would be idle.
            MaskedProducts.linear(x, w, bits, s, n, l, d, y);
            return;
        }
        int columns = (l - 1) / OUTPUTS + 1;
        int groups = Math.max(groups(columns, n), (n - 1) / MOST_ROWS + 1);
        int size = (n - 1) / groups + 1;
        float[] leastOfParts = new float[columns * groups];
        Platform.parallelFor(columns * groups, (long) size * OUTPUTS * d, (from, to) -> {
            float[] block = Platform.scratch(1, BITS * WIDTH);
            float[] sums = Platform.scratch(2, size * OUTPUTS);
            int[] words = Platform.scratchInts(size * OUTPUTS);
            for (int part = from; part < to; part++) {
                int left = part / groups * OUTPUTS;
                int right = Math.min(l, left + OUTPUTS);
                leastOfParts[part] = leastOf(w, left * d, right * d, s);
                int first = part % groups * size;
                int count = Math.min(n - first, size);
                if (count <= 0) {
                    continue;
                }
                Arrays.fill(sums, 0, count * OUTPUTS, 0f);
                for (int q = 0; q < d; q += BITS) {
                    int length = Math.min(BITS, d - q);
                    int at = (q / BITS * n + first) * l;
                    for (int i = 0; i < count; i++) {
                        System.arraycopy(bits, at + i * l + left, words, i * OUTPUTS, right - left);
                    }
                    for (int j = left; j < right; j += WIDTH) {
                        packTransposed(w, j * d + q, d, s, Math.min(WIDTH, right - j), length, block);
                        for (int i = 0; i < count; i += 2) {
                            int last = Math.min(2, count - i) - 1;
                            int xAt = (first + i) * d + q;
                            planes(x, xAt, d, last, words, block, length, sums, i * OUTPUTS + j - left);
                        }
                    }
                }
                for (int i = 0; i < count; i++) {
                    System.arraycopy(sums, i * OUTPUTS, y, (first + i) * l + left, right - left);
                }
            }
        });
        if (DroppedTermCorrection.mayShow(leastOf(x, 0, x.length, 1f), leastOf(leastOfParts))) {
            DroppedTermCorrection.correctOutput(x, w, bits, s, n, l, d, y);
        }
    }

    /** Computes {@link Kernels#maskedLinearTransposed}. */
    static void inputGradient(float[] dy, float[] w, int[] bits, float s, int n, int l, int d, float[] dx) {
        if (!canPack(l)) {
            MaskedProducts.inputGradient(dy, w, bits, s, n, l, d, dx);
            return;
        }
        float least = gradient(dy, l, 1, n, l, bits, n * l, w, s, d, 1f, dx);
        if (DroppedTermCorrection.mayShow(leastOf(dy, 0, dy.length, 1f), least)) {
            DroppedTermCorrection.correctInputGradient(dy, w, bits, s, n, l, d, dx);
        }
    }

    /** Computes {@link Kernels#maskedOuter}. */
    static void weightGradient(float[] dy, float[] x, int[] bits, float s, int n, int l, int d, float[] dw) {
        if (!canPack(n)) {
            MaskedProducts.weightGradient(dy, x, bits, s, n, l, d, dw);
            return;
        }
        float least = gradient(dy, 1, l, l, n, bits, n * l, x, 1f, d, s, dw);
        if (DroppedTermCorrection.mayShow(leastOf(dy, 0, dy.length, 1f), least)) {
            DroppedTermCorrection.correctWeightGradient(dy, x, bits, s, n, l, d, dw);
        }
    }

    /** Computes {@link Kernels#select}, one vector at a time; the mask bits of a vector are in one int. */
    static void select(float[] a, int[] bits, int n, int l, int d, float s, float[] y) {
        Platform.parallelFor(n * l, d, (from, to) -> {
            IntVector lane = IntVector.fromArray(INTS, NUMBERS, 0);
            for (int row = from; row < to; row++) {
                int q = 0;
                for (; q <= d - LANES.length(); q += LANES.length()) {
                    int word = bits[q / BITS * n * l + row] << q;
                    IntVector signs = IntVector.broadcast(INTS, word).lanewise(VectorOperators.LSHL, lane);
                    FloatVector.fromArray(LANES, a, row * d + q)
                            .mul(s)
                            .reinterpretAsInts()
                            .and(signs.lanewise(VectorOperators.ASHR, 31))
                            .reinterpretAsFloats()
                            .intoArray(y, row * d + q);
                }
                for (; q < d; q++) {
                    y[row * d + q] = bits[q / BITS * n * l + row] << q < 0 ? a[row * d + q] * s : 0f;
                }
            }
        });
    }

    /** True if a gradient's panel of this many steps fits in an array. */
    static boolean canPack(int steps) {
        return steps <= Integer.MAX_VALUE / WIDTH;
    }

    /** The number of parts into which the rows of each panel are cut. */
    private static int groups(int panels, int rows) {
        return Math.min((rows - 1) / 12 + 1, (PARTS - 1) / panels + 1);
    }

    /**
     * y[r,q] = outScale·Σ over the k &lt; steps with bit q of f[r·fRow + k·fStep]·(g[k,q]·gScale), for r &lt; rows and
     * q &lt; d; returns the least |g·gScale| ≠ 0, as {@link DroppedTermCorrection#leastOf} does. The int with bit q of (r, k) is
     * bits[⌊q/32⌋·plane + r·fRow + k·fStep], so bits have the layout of f.
     */
    private static float gradient(
            float[] f,
            int fRow,
            int fStep,
            int rows,
            int steps,
            int[] bits,
            int plane,
            float[] g,
            float gScale,
            int d,
            float outScale,
            float[] y) {
        int panels = (d - 1) / WIDTH + 1;
        int groups = groups(panels, rows);
        int size = (rows - 1) / groups + 1;
        int parts = panels * groups;
        float[] leastOfParts = new float[parts];
        Platform.parallelFor(parts, (long) size * WIDTH * steps, (from, to) -> {
            float[] packed = Platform.scratch(1, steps * WIDTH);
            float[] sums = Platform.scratch(2, GROUP * WIDTH);
            for (int part = from; part < to; part++) {
                int q = part / groups * WIDTH;
                int width = Math.min(WIDTH, d - q);
                leastOfParts[part] = leastOf(g, share(g, part, parts), share(g, part + 1, parts), gScale);
                pack(g, q, d, gScale, steps, width, packed);
                int end = Math.min(rows, (part % groups + 1) * size);
                for (int top = part % groups * size; top < end; top += GROUP) {
                    int bottom = Math.min(end, top + GROUP);
                    Arrays.fill(sums, 0f);
                    for (int k = 0; k < steps; k += STEPS) {
                        int count = Math.min(STEPS, steps - k);
                        for (int r = top; r < bottom; r += 2) {
                            int last = Math.min(2, bottom - r) - 1;
                            int at = r * fRow + k * fStep;
                            words(
                                    f,
                                    at,
                                    fRow,
                                    fStep,
                                    last,
                                    bits,
                                    q / BITS * plane,
                                    q % BITS,
                                    packed,
                                    k * WIDTH,
                                    count,
                                    sums,
                                    (r - top) * WIDTH);
                        }
                    }
                    for (int r = top; r < bottom; r++) {
                        write(sums, (r - top) * WIDTH, outScale, width, y, r * d + q);
                    }
                }
            }
        });
        return leastOf(leastOfParts);
    }

    /** The index at which a part's share of an array begins. */
    private static int share(float[] a, int part, int parts) {
        return (int) ((long) a.length * part / parts);
    }

    /**
     * block[q·WIDTH + j] = w[from + j·d + q]·s for j &lt; rows, q &lt; count, four rows at a time; the last row is repeated
     * up to WIDTH.
     */
    private static void packTransposed(float[] w, int from, int d, float s, int rows, int count, float[] block) {
        for (int j = 0; j < WIDTH; j += 4) {
            int a = from + Math.min(j, rows - 1) * d;
            int b = from + Math.min(j + 1, rows - 1) * d;
            int c = from + Math.min(j + 2, rows - 1) * d;
            int e = from + Math.min(j + 3, rows - 1) * d;
            for (int q = 0; q < count; q++) {
                block[q * WIDTH + j] = w[a + q] * s;
                block[q * WIDTH + j + 1] = w[b + q] * s;
                block[q * WIDTH + j + 2] = w[c + q] * s;
                block[q * WIDTH + j + 3] = w[e + q] * s;
            }
        }
    }

    /** packed[k·WIDTH + q] = g[from + k·d + q]·s for q &lt; width, and 0 up to WIDTH. */
    private static void pack(float[] g, int from, int d, float s, int steps, int width, float[] packed) {
        int lanes = LANES.length();
        if (width == WIDTH) {
            for (int k = 0; k < steps; k++) {
                int i = from + k * d;
                FloatVector.fromArray(LANES, g, i).mul(s).intoArray(packed, k * WIDTH);
                FloatVector.fromArray(LANES, g, i + lanes).mul(s).intoArray(packed, k * WIDTH + lanes);
            }
            return;
        }
        Arrays.fill(packed, 0, steps * WIDTH, 0f);
        for (int k = 0; k < steps; k++) {
            for (int q = 0; q < width; q++) {
                packed[k * WIDTH + q] = g[from + k * d + q] * s;
            }
        }
    }

    /** y[to + q] = sums[at + q]·s for q &lt; width. */
    private static void write(float[] sums, int at, float s, int width, float[] y, int to) {
        if (width == WIDTH) {
            int lanes = LANES.length();
            FloatVector.fromArray(LANES, sums, at).mul(s).intoArray(y, to);
            FloatVector.fromArray(LANES, sums, at + lanes).mul(s).intoArray(y, to + lanes);
            return;
        }
        for (int q = 0; q < width; q++) {
            y[to + q] = sums[at + q] * s;
        }
    }

    private static float leastOf(float[] leastOfParts) {
        float least = Float.POSITIVE_INFINITY;
        for (float candidate : leastOfParts) {
            least = Math.min(least, candidate);
        }
        return least;
    }

    /** Computes {@link DroppedTermCorrection#leastOf} of a part. */
    static float leastOf(float[] a, int from, int to, float s) {
        IntVector least = IntVector.broadcast(INTS, DroppedTermCorrection.INFINITY - 1);
        IntVector most = IntVector.zero(INTS);
        int i = from;
        for (; i <= to - LANES.length(); i += LANES.length()) {
            IntVector magnitude = FloatVector.fromArray(LANES, a, i)
                    .mul(s)
                    .reinterpretAsInts()
                    .and(Integer.MAX_VALUE);
            most = most.max(magnitude);
            least = least.min(magnitude.sub(1).and(Integer.MAX_VALUE));
        }
        float rest = i == to ? Float.POSITIVE_INFINITY : DroppedTermCorrection.leastOf(a, i, to, s);
        int all = least.reduceLanes(VectorOperators.MIN);
        return Math.min(rest, DroppedTermCorrection.least(all, most.reduceLanes(VectorOperators.MAX)));
    }

    /**
     * Computes a tile of two examples × 2 vectors of outputs over the {@code count} ≤ 32 inputs of one block; see
     * {@link #linear}.
     */
    private static void planes(
            float[] x, int xAt, int xRow, int last, int[] bits, float[] w, int count, float[] out, int at) {
        int lanes = LANES.length();
        int xB = xAt + last * xRow;
        int atB = at + last * OUTPUTS;
        IntVector aBits0 = IntVector.fromArray(INTS, bits, at);
        IntVector aBits1 = IntVector.fromArray(INTS, bits, at + lanes);
        IntVector bBits0 = IntVector.fromArray(INTS, bits, atB);
        IntVector bBits1 = IntVector.fromArray(INTS, bits, atB + lanes);
        FloatVector a0 = FloatVector.fromArray(LANES, out, at);
        FloatVector a1 = FloatVector.fromArray(LANES, out, at + lanes);
        FloatVector b0 = FloatVector.fromArray(LANES, out, atB);
        FloatVector b1 = FloatVector.fromArray(LANES, out, atB + lanes);
        for (int q = 0; q < count; q++) {
            IntVector w0 = FloatVector.fromArray(LANES, w, 2 * q * lanes).reinterpretAsInts();
            IntVector w1 = FloatVector.fromArray(LANES, w, (2 * q + 1) * lanes).reinterpretAsInts();
            FloatVector factor = FloatVector.broadcast(LANES, x[xAt + q]);
            a0 = factor.fma(aBits0.lanewise(VectorOperators.ASHR, 31).and(w0).reinterpretAsFloats(), a0);
            aBits0 = aBits0.add(aBits0);
            a1 = factor.fma(aBits1.lanewise(VectorOperators.ASHR, 31).and(w1).reinterpretAsFloats(), a1);
            aBits1 = aBits1.add(aBits1);
            factor = FloatVector.broadcast(LANES, x[xB + q]);
            b0 = factor.fma(bBits0.lanewise(VectorOperators.ASHR, 31).and(w0).reinterpretAsFloats(), b0);
            bBits0 = bBits0.add(bBits0);
            b1 = factor.fma(bBits1.lanewise(VectorOperators.ASHR, 31).and(w1).reinterpretAsFloats(), b1);
            bBits1 = bBits1.add(bBits1);
        }
        a0.intoArray(out, at);
        a1.intoArray(out, at + lanes);
        b0.intoArray(out, atB);
        b1.intoArray(out, atB + lanes);
    }

    /** Computes a tile of two rows × 2 vectors of inputs over {@code count} steps; see {@link #gradient}. */
    private static void words(
            float[] f,
            int fAt,
            int fRow,
            int fStep,
            int last,
            int[] bits,
            int bitsAt,
            int shift,
            float[] g,
            int gAt,
            int count,
            float[] out,
            int at) {
        int lanes = LANES.length();
        IntVector shift0 = IntVector.fromArray(INTS, NUMBERS, shift);
        IntVector shift1 = IntVector.fromArray(INTS, NUMBERS, shift + lanes);
        int b = Math.min(1, last);
        int fB = fAt + b * fRow;
        int bitsB = bitsAt + fB;
        FloatVector a0 = FloatVector.fromArray(LANES, out, at);
        FloatVector a1 = FloatVector.fromArray(LANES, out, at + lanes);
        FloatVector b0 = FloatVector.fromArray(LANES, out, at + b * WIDTH);
        FloatVector b1 = FloatVector.fromArray(LANES, out, at + b * WIDTH + lanes);
        for (int k = 0; k < count; k++) {
            int i = k * fStep;
            IntVector g0 = FloatVector.fromArray(LANES, g, gAt + 2 * k * lanes).reinterpretAsInts();
            IntVector g1 =
                    FloatVector.fromArray(LANES, g, gAt + (2 * k + 1) * lanes).reinterpretAsInts();
            FloatVector factor = FloatVector.broadcast(LANES, f[fAt + i]);
            IntVector word = IntVector.broadcast(INTS, bits[bitsAt + fAt + i]);
            a0 = factor.fma(
                    word.lanewise(VectorOperators.LSHL, shift0)
                            .lanewise(VectorOperators.ASHR, 31)
                            .and(g0)
                            .reinterpretAsFloats(),
                    a0);
            a1 = factor.fma(
                    word.lanewise(VectorOperators.LSHL, shift1)
                            .lanewise(VectorOperators.ASHR, 31)
                            .and(g1)
                            .reinterpretAsFloats(),
                    a1);
            factor = FloatVector.broadcast(LANES, f[fB + i]);
            word = IntVector.broadcast(INTS, bits[bitsB + i]);
            b0 = factor.fma(
                    word.lanewise(VectorOperators.LSHL, shift0)
                            .lanewise(VectorOperators.ASHR, 31)
                            .and(g0)
                            .reinterpretAsFloats(),
                    b0);
            b1 = factor.fma(
                    word.lanewise(VectorOperators.LSHL, shift1)
                            .lanewise(VectorOperators.ASHR, 31)
                            .and(g1)
                            .reinterpretAsFloats(),
                    b1);
        }
        a0.intoArray(out, at);
        a1.intoArray(out, at + lanes);
        b0.intoArray(out, at + b * WIDTH);
        b1.intoArray(out, at + b * WIDTH + lanes);
    }
}
