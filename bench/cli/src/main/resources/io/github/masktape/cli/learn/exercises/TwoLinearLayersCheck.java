// SPDX-License-Identifier: Apache-2.0
/*
 * 1. Multiply out: W₂ (W₁ x + b₁) + b₂ = W₂ W₁ x + W₂ b₁ + b₂.
 * 2. W = W₂ W₁: W[i][j] = Σₖ W₂[i][k]·W₁[k][j].
 * 3. b = W₂ b₁ + b₂: b[i] = b₂[i] + Σₖ W₂[i][k]·b₁[k].
 */
import io.github.masktape.cli.learn.Question;
import java.util.Arrays;

public final class TwoLinearLayersCheck implements Runnable {
    @Override
    public void run() {
        weight(new double[][] {{2}}, new double[][] {{3}}, new double[][] {{6}});
        weight(new double[][] {{1, 2}, {0, -1}}, new double[][] {{2, 1}, {-1, 0}}, new double[][] {{2, 3}, {-1, -2}});
        weight(
                new double[][] {{1, 2}, {0, -1}, {3, 1}},
                new double[][] {{2, 1, 0}},
                new double[][] {{2, 3}});
        bias(new double[] {2}, new double[][] {{3}}, new double[] {5}, 11);
        bias(new double[] {1, 0, -2}, new double[][] {{2, 1, 0}, {-1, 0, 1}}, new double[] {5, -5}, 7, -8);
    }

    private static void weight(double[][] w1, double[][] w2, double[][] right) {
        Question.of("weight(" + Arrays.deepToString(w1) + ", " + Arrays.deepToString(w2) + ")")
                .withMistake(new double[][] {{0, 1}, {1, 0}}, "That is W₁ W₂. The layer that comes last stands on the left.")
                .withMistake(new double[right.length][right[0].length], "No entry is set yet.")
                .withHint("W = W₂ W₁, so W[i][j] = Σₖ W₂[i][k]·W₁[k][j].")
                .expect(right, () -> TwoLinearLayers.weight(w1, w2));
    }

    private static void bias(double[] b1, double[][] w2, double[] b2, double... right) {
        double[] withoutB2 = right.clone();
        double[] sum = b2.clone();
        for (int i = 0; i < right.length; i++) {
            withoutB2[i] -= b2[i];
            sum[i] += b1[i];
        }
        Question.of("bias(" + Arrays.toString(b1) + ", " + Arrays.deepToString(w2) + ", " + Arrays.toString(b2) + ")")
                .withMistake(sum, "b₁ goes through the second layer before b₂ is added.")
                .withMistake(withoutB2, "b₂ is missing.")
                .withMistake(b2, "b₁ is missing. It goes through the second layer.")
                .expect(right, () -> TwoLinearLayers.bias(b1, w2, b2));
    }
}
