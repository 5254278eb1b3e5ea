// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs.examples;

import java.util.Arrays;

/**
 * DropConnect's forward and backward pass in plain loops over arrays, without tapes, tensors or anything else from the
 * library.
 *
 * <pre>
 *   N examples, d inputs, l outputs
 *   x  N×d     w  l×d     b  l     kept  N×l×d, or 1×l×d if all examples share a mask
 *   Mₙ[j, q] = kept[n][j][q] ? scale : 0
 *
 *   yₙ     = (W ⊙ Mₙ) xₙ + b
 *   Jₙ     = dyₙ xₙᵀ
 *   ∂L/∂W  = Σₙ Jₙ ⊙ Mₙ                one mask for each example
 *          = (Σₙ Jₙ) ⊙ M               one mask for all
 *   ∂L/∂xₙ = (W ⊙ Mₙ)ᵀ dyₙ
 *   ∂L/∂b  = Σₙ dyₙ
 * </pre>
 *
 * <p>Every sum starts at 0 and adds its terms in the order of their index, so the results equal the tape's bit for bit.
 */
public final class DropConnectByHand {
    private DropConnectByHand() {}

    /** The product A ⊙ M for one example: kept entries are scaled, dropped ones are 0. */
    public static double[][] mask(double[][] a, boolean[][] kept, double scale) {
        double[][] masked = new double[a.length][a[0].length];
        for (int j = 0; j < a.length; j++) {
            for (int q = 0; q < a[j].length; q++) {
                masked[j][q] = kept[j][q] ? a[j][q] * scale : 0;
            }
        }
        return masked;
    }

    /** The outputs Y, N×l: each example sees the weights through its own mask. */
    public static double[][] forward(double[][] x, double[][] w, double[] b, boolean[][][] kept, double scale) {
        double[][] y = new double[x.length][w.length];
        for (int n = 0; n < x.length; n++) {
            double[][] v = mask(w, maskOf(n, kept), scale);
            for (int j = 0; j < w.length; j++) {
                double sum = 0;
                for (int q = 0; q < x[n].length; q++) {
                    sum += v[j][q] * x[n][q];
                }
                y[n][j] = sum + b[j];
            }
        }
        return y;
    }

    /** The gradient Jₙ = dyₙ xₙᵀ, l×d, at the masked weight of one example. */
    public static double[][] j(double[] dy, double[] x) {
        double[][] j = new double[dy.length][x.length];
        add(j, dy, x);
        return j;
    }

    private static void add(double[][] sum, double[] dy, double[] x) {
        for (int j = 0; j < dy.length; j++) {
            for (int q = 0; q < x.length; q++) {
                sum[j][q] += dy[j] * x[q];
            }
        }
    }

    /** The gradient ∂L/∂W, l×d, by the law: each share goes back through the mask of its forward pass. */
    public static double[][] weightGradient(double[][] dy, double[][] x, boolean[][][] kept, double scale) {
        double[][] dw = new double[dy[0].length][x[0].length];
        if (kept.length < x.length) {
            for (int n = 0; n < x.length; n++) {
                add(dw, dy[n], x[n]);
            }
            return mask(dw, kept[0], scale);
        }
        for (int n = 0; n < x.length; n++) {
            double[][] share = mask(j(dy[n], x[n]), kept[n], scale);
            for (int j = 0; j < dw.length; j++) {
                for (int q = 0; q < dw[j].length; q++) {
                    dw[j][q] += share[j][q];
                }
            }
        }
        return dw;
    }

    /** The gradient ∂L/∂X, N×d: back through the masked weights. */
    public static double[][] inputGradient(double[][] dy, double[][] w, boolean[][][] kept, double scale) {
        double[][] dx = new double[dy.length][w[0].length];
        for (int n = 0; n < dy.length; n++) {
            double[][] v = mask(w, maskOf(n, kept), scale);
            for (int j = 0; j < v.length; j++) {
                for (int q = 0; q < v[j].length; q++) {
                    dx[n][q] += v[j][q] * dy[n][j];
                }
            }
        }
        return dx;
    }

    /** The gradient ∂L/∂b, l: a bias is added to every example. */
    public static double[] biasGradient(double[][] dy) {
        double[] db = new double[dy[0].length];
        for (double[] row : dy) {
            for (int j = 0; j < db.length; j++) {
                db[j] += row[j];
            }
        }
        return db;
    }

    private static boolean[][] maskOf(int n, boolean[][][] kept) {
        return kept.length == 1 ? kept[0] : kept[n];
    }

    /** The example of the course's fourth chapter: two examples, three inputs, two outputs, half the squared error. */
    public static void main(String[] args) {
        double[][] w = {{1, 2, -1}, {3, -2, 1}};
        double[] b = {1, -1};
        double[][] x = {{1, 2, 3}, {2, -1, 1}};
        double[][] t = {{-4, -1}, {-2, 4}};
        boolean[][][] kept = {{{true, false, true}, {false, true, true}}, {{true, true, false}, {false, true, false}}};
        double scale = 2;

        double[][] y = forward(x, w, b, kept, scale);
        double[][] dy = new double[y.length][y[0].length];
        double loss = 0;
        for (int n = 0; n < y.length; n++) {
            for (int j = 0; j < y[n].length; j++) {
                dy[n][j] = y[n][j] - t[n][j];
                loss += dy[n][j] * dy[n][j] / 2;
            }
        }
        System.out.println("Y      " + Arrays.deepToString(y));
        System.out.println("L      " + loss);
        System.out.println("dY     " + Arrays.deepToString(dy));
        System.out.println("J₀     " + Arrays.deepToString(j(dy[0], x[0])));
        System.out.println("J₁     " + Arrays.deepToString(j(dy[1], x[1])));
        System.out.println("∂L/∂W  " + Arrays.deepToString(weightGradient(dy, x, kept, scale)));
        System.out.println("∂L/∂X  " + Arrays.deepToString(inputGradient(dy, w, kept, scale)));
        System.out.println("∂L/∂b  " + Arrays.toString(biasGradient(dy)));
    }
}
