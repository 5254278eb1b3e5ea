// SPDX-License-Identifier: Apache-2.0
/*
 * 1. Loop over the entries. For each, compute f with that entry a little larger, then a little smaller.
 * 2. Change one number of the array, make a tensor of the whole array, and call f. Then change the number again.
 * 3. Before you go on to the next entry, put the old number back.
 */
import io.github.masktape.cli.learn.Question;
import io.github.masktape.tensor.Tensor;
import java.util.function.ToDoubleFunction;

public final class CentralDifferencesCheck implements Runnable {
    private static final double TOLERANCE = 1e-4;

    @Override
    public void run() {
        ask(
                "f = x² at [3]",
                t -> t.get(0) * t.get(0),
                Tensor.of(new double[] {3}),
                Tensor.of(new double[] {6}),
                Tensor.of(new double[] {12}),
                "The distance between the two places is 2h: divide by 2h.");
        ask(
                "f = |x| at [0]",
                t -> Math.abs(t.get(0)),
                Tensor.of(new double[] {0}),
                Tensor.of(new double[] {0}),
                Tensor.of(new double[] {1}),
                "That is the forward difference (f(x + h) − f(x))/h; the central one goes h up and h down.");
        ask(
                "f = 10⁶·(x₀ − 1)·x₁ at [1, 1]",
                t -> 1e6 * (t.get(0) - 1) * t.get(1),
                Tensor.of(new double[] {1, 1}),
                Tensor.of(new double[] {1e6, 0}),
                Tensor.of(new double[] {1e6, 1e6}),
                "Only one entry moves at a time. Does each return to its old value before the next one moves?");
        ask(
                "f = the sum of all squares at [[1, 2, 3], [4, 5, 6]]",
                t -> t.sumOfSquares(),
                Tensor.of(new double[][] {{1, 2, 3}, {4, 5, 6}}),
                Tensor.of(new double[][] {{2, 4, 6}, {8, 10, 12}}),
                Tensor.of(new double[] {2, 4, 6, 8, 10, 12}),
                "The result must have the shape of the tensor: 2×3.");
    }

    private static void ask(
            String call, ToDoubleFunction<Tensor> f, Tensor at, Tensor right, Tensor mistake, String hint) {
        Question.of("differences of " + call)
                .withTolerance(TOLERANCE)
                .withMistake(mistake, hint)
                .withMistake(at, "That is the place itself: the stub returns it.")
                .withHint(hint)
                .expect(right, () -> CentralDifferences.differences(f, at));
    }
}
