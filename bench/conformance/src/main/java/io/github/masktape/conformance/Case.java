// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance;

import io.github.masktape.conformance.text.Text;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of one training pass.
 *
 * @param x N×in
 * @param w out×in
 * @param b out
 * @param mask M, N×out×in: 0 or {@code scale}; 1×out×in if all examples share one
 * @param biasMask N×out or 1×out: 0 or {@code scale}; null unless {@link Claim#MASKED_BIAS} is claimed
 * @param dy the gradient of the loss at the outputs, N×out
 * @param dropProbability p
 */
@SuppressWarnings("ArrayRecordComponent") // plain numbers; cases are never compared with equals
public record Case(
        double[][] x,
        double[][] w,
        double[] b,
        double[][][] mask,
        double @Nullable [][] biasMask,
        double[][] dy,
        double dropProbability) {
    /**
     * The kind of numbers in a case: small nonzero integers, or normal numbers with an occasional zero of either sign.
     */
    enum NumberKind {
        INTEGERS,
        FLOATS,
        DOUBLES;

        double draw(SplittableRandom random) {
            if (this == INTEGERS) {
                return (1 + random.nextInt(4)) * (random.nextBoolean() ? 1 : -1);
            }
            int choice = random.nextInt(20);
            double value = choice == 0 ? 0.0 : choice == 1 ? -0.0 : random.nextGaussian();
            return this == FLOATS ? (double) (float) value : value;
        }

        double[][] matrix(SplittableRandom random, int rows, int columns) {
            double[][] matrix = new double[rows][columns];
            for (double[] row : matrix) {
                for (int i = 0; i < columns; i++) {
                    row[i] = draw(random);
                }
            }
            return matrix;
        }
    }

    static Case of(Setting s, int masks, boolean maskedBias, NumberKind kind) {
        SplittableRandom random = new SplittableRandom(s.seed());
        double p = s.dropProbability();
        double[][] x = kind.matrix(random, s.examples(), s.in());
        double[][] w = kind.matrix(random, s.out(), s.in());
        double[] b = kind.matrix(random, 1, s.out())[0];
        double[][] dy = kind.matrix(random, s.examples(), s.out());
        double[][][] mask = new double[masks][][];
        for (int n = 0; n < masks; n++) {
            mask[n] = mask(random, s.out(), s.in(), p);
        }
        return new Case(x, w, b, mask, maskedBias ? mask(random, masks, s.out(), p) : null, dy, p);
    }

    private static double[][] mask(SplittableRandom random, int rows, int columns, double p) {
        double[][] mask = new double[rows][columns];
        for (double[] row : mask) {
            for (int i = 0; i < columns; i++) {
                row[i] = random.nextDouble() < p ? 0.0 : 1 / (1 - p);
            }
        }
        return mask;
    }

    /** The number of examples, N. */
    public int examples() {
        return x.length;
    }

    /** The number of inputs. */
    public int in() {
        return w[0].length;
    }

    /** The number of outputs. */
    public int out() {
        return w.length;
    }

    /** The value of a kept entry of M, 1/(1 − p). */
    public double scale() {
        return 1 / (1 - dropProbability);
    }

    /** The entry M[n][j][q], whether or not the examples share a mask. */
    public double mask(int n, int j, int q) {
        return mask[mask.length == 1 ? 0 : n][j][q];
    }

    /** The factor of b[j] in example n: 1 unless biases are masked. */
    public double biasMask(int n, int j) {
        return biasMask == null ? 1 : biasMask[biasMask.length == 1 ? 0 : n][j];
    }

    Case withX(double[][] other) {
        return new Case(other, w, b, mask, biasMask, dy, dropProbability);
    }

    Case withW(double[][] other) {
        return new Case(x, other, b, mask, biasMask, dy, dropProbability);
    }

    Case withB(double[] other) {
        return new Case(x, w, other, mask, biasMask, dy, dropProbability);
    }

    Case withDy(double[][] other) {
        return new Case(x, w, b, mask, biasMask, other, dropProbability);
    }

    /** The case with example n only. */
    Case example(int n) {
        double[][][] own = {mask[mask.length == 1 ? 0 : n]};
        double[][] ownBias = biasMask == null ? null : new double[][] {biasMask[biasMask.length == 1 ? 0 : n]};
        return new Case(new double[][] {x[n]}, w, b, own, ownBias, new double[][] {dy[n]}, dropProbability);
    }

    Case copy() {
        double[][][] masks = new double[mask.length][][];
        for (int n = 0; n < masks.length; n++) {
            masks[n] = Reference.copy(mask[n]);
        }
        return new Case(
                Reference.copy(x),
                Reference.copy(w),
                b.clone(),
                masks,
                biasMask == null ? null : Reference.copy(biasMask),
                Reference.copy(dy),
                dropProbability);
    }

    /** The numbers as text: a line for each of x, W, b, M and dy. */
    @Override
    public String toString() {
        StringBuilder text =
                new StringBuilder("x  = " + Text.matrix(x) + "\nW  = " + Text.matrix(w) + "\nb  = " + Text.vector(b));
        for (int n = 0; n < mask.length && n < 4; n++) {
            text.append(mask.length == 1 ? "\nM  = " : "\nM" + "₀₁₂₃".charAt(n) + " = ")
                    .append(Text.matrix(mask[n]));
        }
        if (biasMask != null) {
            text.append("\nm  = ").append(Text.matrix(biasMask)).append(" (of the biases)");
        }
        return text.append("\ndy = ").append(Text.matrix(dy)).toString();
    }
}
