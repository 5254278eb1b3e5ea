// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.internal;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The FLOAT32 matrix product on the Vector API: out(i, j) = Σ f(i,κ)·g(κ,j), κ ascending, one fma a term.
 *
 * <p><b>Tile:</b> {@value #ROWS} rows i × 2 vectors of lanes j. Its 12 sums hide the latency of the fma (4 cycles × 2 a
 * cycle needs 8) and, with the 2 vectors of g and a number of f, fit the 16 registers of AVX2; 8 loads feed 12 fmas.
 * Measured on one core of an EPYC, 800×800 with 128 lanes: 258 of 260 GFLOP/s with 512 bits, 104 to 130 of 118 to 130
 * with 256; taller or wider tiles were slower on one or the other.
 *
 * <p><b>Packing:</b> g is copied into panels of 2 vectors' width, κ by κ, so that a tile reads it in one stream. f is
 * read in place, one number per row and κ; rows whose numbers do not lie side by side are copied first. So every index
 * in the tile's loop grows by a constant, and C2 checks ranges before the loop instead of in it: with AVX2, that takes a
 * fifth of the time of a product.
 *
 * <p><b>Lanes:</b> a product is computed as y = a·b (f = a, lanes along columns) or as yᵀ = bᵀ·aᵀ (f = b, lanes along
 * rows, transposed as it is written), whichever copies less; the sums are the same either way. So a layer's weight is f
 * in Y = X·Wᵀ, and is neither copied nor transposed.
 *
 * <p><b>Order:</b> groups of rows whose part of f stays in the L2 cache; in a group the panels; for each panel the
 * group's tiles. The inner dimension comes in blocks of {@value #STEPS} steps, of which a panel fits the L1 cache; sums
 * wait in memory between two blocks.
 */
final class VectorMatmul {
    private static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;

    private static final int ROWS = 6;

    /** The number of columns of a tile. */
    private static final int WIDTH = 2 * LANES.length();

    /** The number of floats of f that a group of rows may have in a block: 256 kB. */
    private static final int GROUP = 65_536;

    /** The number of inner steps in a block: 32 kB of a panel. */
    private static final int STEPS = 256;

    /** The most floats that are packed ahead of their use: 1 GB. */
    private static final long MOST_PACKED = 1 << 28;

    /** The number of columns and inner steps that are transposed together: a cache line of floats. */
    private static final int LINE = 16;

    private VectorMatmul() {}

    /** Computes {@link Kernels#matmul}. */
    static void matmul(
            float[] a, int aRow, int aColumn, float[] b, int bRow, int bColumn, int m, int k, int n, float[] y) {
        if (cost(m, n, k, aColumn == 1, bColumn == 1, true) <= cost(n, m, k, bRow == 1, aRow == 1, false)) {
            multiply(a, aRow, aColumn, b, bRow, bColumn, m, k, n, y, n, 1);
        } else {
            multiply(b, bColumn, bRow, a, aColumn, aRow, n, k, m, y, 1, n);
        }
    }

    /**
     * The approximate number of cycles of a product: tiles, f across lines, packing and writing (by lines: a fifth).
     */
    private static long cost(int rows, int lanes, int k, boolean readsLines, boolean packsLines, boolean writesLines) {
        long tiles = (long) ((rows - 1) / ROWS + 1) * panels(lanes);
        long across = (readsLines ? 0 : (long) rows * k)
                + (long) k * lanes * 2 / (packsLines ? 5 : 1)
                + (long) rows * lanes * 2 / (writesLines ? 5 : 1);
        return tiles * k * ROWS + across;
    }

    private static int panels(int lanes) {
        return (lanes - 1) / WIDTH + 1;
    }

    /**
     * y[i·yRow + j·yLane] = Σ f[i·fRow + κ·fStep]·g[κ·gStep + j·gLane] for i &lt; rows, j &lt; lanes. Threads share the
     * panels, each packing its own block by block, or the rows, after all panels were packed, whichever are more.
     */
    private static void multiply(
            float[] f,
            int fRow,
            int fStep,
            float[] g,
            int gStep,
            int gLane,
            int rows,
            int k,
            int lanes,
            float[] y,
            int yRow,
            int yLane) {
        if (fStep != 1) {
            multiply(lines(f, fRow, fStep, rows, k), k, 1, g, gStep, gLane, rows, k, lanes, y, yRow, yLane);
            return;
        }
        int panels = panels(lanes);
        int tiles = (rows - 1) / ROWS + 1;
        if (panels >= tiles || (long) panels * WIDTH * k > MOST_PACKED) {
            Platform.parallelFor(panels, (long) k * WIDTH * rows, (from, to) -> {
                float[] packed = Platform.scratch(1, Math.min(k, STEPS) * WIDTH);
                float[] out = Platform.scratch(2, Math.multiplyExact(rows, WIDTH));
                for (int panel = from; panel < to; panel++) {
                    int column = panel * WIDTH;
                    int width = Math.min(WIDTH, lanes - column);
                    for (int step = 0; step < k; step += STEPS) {
                        int steps = Math.min(STEPS, k - step);
                        pack(g, step * gStep + column * gLane, gStep, gLane, steps, width, packed, 0);
                        tiles(f, step, fRow, rows, packed, 0, step == 0, steps, out, 0, WIDTH);
                    }
                    copy(out, WIDTH, rows, width, y, column * yLane, yRow, yLane);
                }
            });
            return;
        }
        // Sums that are complete after one block may be written in place; the last panel then overlaps its neighbor.
        boolean direct = yLane == 1 && lanes >= WIDTH && k <= STEPS;
        int stride = direct ? yRow : panels * WIDTH;
        int lastColumn = direct ? lanes - WIDTH : stride - WIDTH;
        float[] packed = Platform.scratch(0, panels * WIDTH * k);
        Platform.parallelFor(panels, (long) k * WIDTH, (from, to) -> {
            for (int panel = from; panel < to; panel++) {
                int column = Math.min(panel * WIDTH, lastColumn);
                int width = Math.min(WIDTH, lanes - column);
                pack(g, column * gLane, gStep, gLane, k, width, packed, panel * k * WIDTH);
            }
        });
        int group = group(k, stride);
        Platform.parallelFor(tiles, (long) ROWS * k * lanes, (from, to) -> {
            int end = Math.min(rows, ROWS * to);
            float[] out = direct ? y : Platform.scratch(1, Math.min(group, end - ROWS * from) * stride);
            for (int top = ROWS * from; top < end; top += group) {
                int count = Math.min(group, end - top);
                int origin = direct ? top * yRow : 0;
                for (int step = 0; step < k; step += STEPS) {
                    int steps = Math.min(STEPS, k - step);
                    for (int panel = 0; panel < panels; panel++) {
                        int fAt = top * fRow + step;
                        int at = origin + Math.min(panel * WIDTH, lastColumn);
                        int gAt = (panel * k + step) * WIDTH;
                        tiles(f, fAt, fRow, count, packed, gAt, step == 0, steps, out, at, stride);
                    }
                }
                if (!direct) {
                    copy(out, stride, count, lanes, y, top * yRow, yRow, yLane);
                }
            }
        });
    }

    /** The rows of f, one after the other: lines[i·k + κ] = f[i·fRow + κ·fStep]. */
    private static float[] lines(float[] f, int fRow, int fStep, int rows, int k) {
        float[] lines = Platform.scratch(3, Math.multiplyExact(rows, k));
        Platform.parallelFor((rows - 1) / LINE + 1, (long) LINE * k, (from, to) -> {
            for (int top = from * LINE; top < Math.min(rows, to * LINE); top += LINE) {
                for (int left = 0; left < k; left += LINE) {
                    for (int i = top; i < Math.min(rows, top + LINE); i++) {
                        for (int step = left; step < Math.min(k, left + LINE); step++) {
                            lines[i * k + step] = f[i * fRow + step * fStep];
                        }
                    }
                }
            }
        });
        return lines;
    }

    /** The number of rows that pass together, no more than fit in an array of this stride. */
    static int group(int k, int stride) {
        int tiles = Math.min(GROUP / (ROWS * Math.min(k, STEPS)), Integer.MAX_VALUE / ROWS / stride);
        return ROWS * Math.max(1, tiles);
    }

    /** Computes the tiles of a panel over a block of steps; sums begin at +0.0 in the first block. */
    private static void tiles(
            float[] f,
            int fAt,
            int fRow,
            int rows,
            float[] g,
            int gAt,
            boolean first,
            int steps,
            float[] out,
            int at,
            int stride) {
        for (int i = 0; i < rows; i += ROWS) {
            int last = Math.min(ROWS, rows - i) - 1;
            int origin = at + i * stride;
            if (first) {
                for (int r = 0; r <= last; r++) {
                    FloatVector.zero(LANES).intoArray(out, origin + r * stride);
                    FloatVector.zero(LANES).intoArray(out, origin + r * stride + LANES.length());
                }
            }
            tile(f, fAt + i * fRow, fRow, last, g, gAt, steps, out, origin, stride);
        }
    }

    /** packed[at + κ·WIDTH + j] = g[from + κ·gStep + j·gLane] for j &lt; width, and 0 up to WIDTH. */
    private static void pack(float[] g, int from, int gStep, int gLane, int steps, int width, float[] packed, int at) {
        if (width < WIDTH) {
            Arrays.fill(packed, at, at + steps * WIDTH, 0f);
        }
        if (gLane == 1) {
            for (int step = 0; step < steps; step++) {
                int i = from + step * gStep;
                int to = at + step * WIDTH;
                int j = 0;
                for (; j <= width - LANES.length(); j += LANES.length()) {
                    FloatVector.fromArray(LANES, g, i + j).intoArray(packed, to + j);
                }
                for (; j < width; j++) {
                    packed[to + j] = g[i + j];
                }
            }
            return;
        }
        for (int left = 0; left < steps; left += LINE) {
            int end = Math.min(steps, left + LINE);
            for (int j = 0; j < width; j++) {
                for (int step = left; step < end; step++) {
                    packed[at + step * WIDTH + j] = g[from + step * gStep + j * gLane];
                }
            }
        }
    }

    /** y[at + i·yRow + j·yLane] = out[i·stride + j], in squares of a cache line's length. */
    private static void copy(float[] out, int stride, int rows, int lanes, float[] y, int at, int yRow, int yLane) {
        if (yLane == 1) {
            for (int i = 0; i < rows; i++) {
                System.arraycopy(out, i * stride, y, at + i * yRow, lanes);
            }
            return;
        }
        for (int top = 0; top < rows; top += LINE) {
            for (int left = 0; left < lanes; left += LINE) {
                for (int j = left; j < Math.min(lanes, left + LINE); j++) {
                    for (int i = top; i < Math.min(rows, top + LINE); i++) {
                        y[at + i * yRow + j * yLane] = out[i * stride + j];
                    }
                }
            }
        }
    }

    /**
     * Computes a tile of sums over the whole inner dimension. Rows after {@code last} repeat row {@code last}: they are
     * computed and written again with the same bits.
     */
    private static void tile(
            float[] f, int fAt, int fRow, int last, float[] g, int gAt, int steps, float[] out, int at, int stride) {
        int lanes = LANES.length();
        int b = Math.min(1, last);
        int c = Math.min(2, last);
        int d = Math.min(3, last);
        int e = Math.min(4, last);
        int h = Math.min(5, last);
        int fb = fAt + b * fRow;
        int fc = fAt + c * fRow;
        int fd = fAt + d * fRow;
        int fe = fAt + e * fRow;
        int fh = fAt + h * fRow;
        FloatVector a0 = FloatVector.fromArray(LANES, out, at);
        FloatVector a1 = FloatVector.fromArray(LANES, out, at + lanes);
        FloatVector b0 = FloatVector.fromArray(LANES, out, at + b * stride);
        FloatVector b1 = FloatVector.fromArray(LANES, out, at + b * stride + lanes);
        FloatVector c0 = FloatVector.fromArray(LANES, out, at + c * stride);
        FloatVector c1 = FloatVector.fromArray(LANES, out, at + c * stride + lanes);
        FloatVector d0 = FloatVector.fromArray(LANES, out, at + d * stride);
        FloatVector d1 = FloatVector.fromArray(LANES, out, at + d * stride + lanes);
        FloatVector e0 = FloatVector.fromArray(LANES, out, at + e * stride);
        FloatVector e1 = FloatVector.fromArray(LANES, out, at + e * stride + lanes);
        FloatVector h0 = FloatVector.fromArray(LANES, out, at + h * stride);
        FloatVector h1 = FloatVector.fromArray(LANES, out, at + h * stride + lanes);
        for (int step = 0; step < steps; step++) {
            FloatVector g0 = FloatVector.fromArray(LANES, g, gAt + 2 * step * lanes);
            FloatVector g1 = FloatVector.fromArray(LANES, g, gAt + (2 * step + 1) * lanes);
            FloatVector factor = FloatVector.broadcast(LANES, f[fAt + step]);
            a0 = factor.fma(g0, a0);
            a1 = factor.fma(g1, a1);
            factor = FloatVector.broadcast(LANES, f[fb + step]);
            b0 = factor.fma(g0, b0);
            b1 = factor.fma(g1, b1);
            factor = FloatVector.broadcast(LANES, f[fc + step]);
            c0 = factor.fma(g0, c0);
            c1 = factor.fma(g1, c1);
            factor = FloatVector.broadcast(LANES, f[fd + step]);
            d0 = factor.fma(g0, d0);
            d1 = factor.fma(g1, d1);
            factor = FloatVector.broadcast(LANES, f[fe + step]);
            e0 = factor.fma(g0, e0);
            e1 = factor.fma(g1, e1);
            factor = FloatVector.broadcast(LANES, f[fh + step]);
            h0 = factor.fma(g0, h0);
            h1 = factor.fma(g1, h1);
        }
        a0.intoArray(out, at);
        a1.intoArray(out, at + lanes);
        b0.intoArray(out, at + b * stride);
        b1.intoArray(out, at + b * stride + lanes);
        c0.intoArray(out, at + c * stride);
        c1.intoArray(out, at + c * stride + lanes);
        d0.intoArray(out, at + d * stride);
        d1.intoArray(out, at + d * stride + lanes);
        e0.intoArray(out, at + e * stride);
        e1.intoArray(out, at + e * stride + lanes);
        h0.intoArray(out, at + h * stride);
        h1.intoArray(out, at + h * stride + lanes);
    }
}
