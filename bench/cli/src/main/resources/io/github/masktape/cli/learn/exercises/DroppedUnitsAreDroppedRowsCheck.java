// SPDX-License-Identifier: Apache-2.0
/*
 * 1. Multiply each weight and the bias by m, add up, then take Math.max(u, 0).
 * 2. relu(m·u) = m·relu(u) for every m ≥ 0.
 * 3. mayPass: try all ten pairs. tanh(2·u) is not 2·tanh(u); sigmoid(0) is not 0.
 */
import io.github.masktape.cli.learn.Question;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

public final class DroppedUnitsAreDroppedRowsCheck implements Runnable {
    @Override
    public void run() {
        unit(new double[] {1}, new double[] {3}, 1, 1);
        unit(new double[] {1}, new double[] {3}, 1, 2);
        unit(new double[] {1}, new double[] {3}, 1, 0);
        unit(new double[] {1, -2}, new double[] {1, 3}, 1, 2);
        pass("u", u -> u, true);
        pass("relu(u)", u -> Math.max(u, 0), true);
        pass("|u|", Math::abs, true);
        pass("u + 1", u -> u + 1, false);
        pass("tanh(u)", Math::tanh, false);
        pass("u²", u -> u * u, false);
        pass("min(relu(u), 3)", u -> Math.min(Math.max(u, 0), 3), false);
        pass("relu(−1 − u) for u ≤ −1", u -> Math.max(-1 - u, 0), false);
    }

    private static void unit(double[] w, double[] x, double b, double m) {
        double sum = 0;
        for (int q = 0; q < w.length; q++) {
            sum += w[q] * x[q];
        }
        Question.of("unit(" + Arrays.toString(w) + ", " + Arrays.toString(x) + ", " + b + ", " + m + ")")
                .withMistake(Math.max(m * sum + b, 0), "The bias of a dropped row is dropped too, with the same coin.")
                .withMistake(m * (sum + b), "The relu is missing.")
                .withMistake(Math.max(sum + b, 0), "The coin is missing.")
                .expect(m * Math.max(sum + b, 0), () -> DroppedUnitsAreDroppedRows.unit(w, x, b, m));
    }

    private static void pass(String name, DoubleUnaryOperator a, boolean right) {
        Question.of("mayPass(" + name + ")")
                .withHint(
                        right
                                ? "a(m·u) = m·a(u) holds for all m ≥ 0."
                                : "Try m = 0 and m = 2 with all five u: for one pair a(m·u) is not m·a(u).")
                .expect(right, () -> DroppedUnitsAreDroppedRows.mayPass(a));
    }
}
