// SPDX-License-Identifier: Apache-2.0
/*
 * 1. double[] sums = new double[8]; sums[i % 8] += a[i] * a[i].
 * 2. Pairwise means: neighbors first, then the results of neighbors.
 * 3. ((s₀ + s₁) + (s₂ + s₃)) + ((s₄ + s₅) + (s₆ + s₇)).
 */
import io.github.masktape.cli.learn.Question;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;

public final class EightSumsCheck implements Runnable {
    @Override
    public void run() {
        for (int length = 1; length < 120; length += length == 2 ? 98 : 1) {
            double[] a = new double[length];
            RandomStream random = new RandomStream(length);
            for (int i = 0; i < length; i++) {
                a[i] = random.nextGaussian();
            }
            double[] sums = new double[8];
            double plain = 0;
            for (int i = 0; i < length; i++) {
                sums[i % 8] += a[i] * a[i];
                plain += a[i] * a[i];
            }
            double inTurn = 0;
            for (double sum : sums) {
                inTurn += sum;
            }
            double halves = ((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7]));
            Question.of("sumOfSquares(" + length + " normal numbers)")
                    .withTolerance(0)
                    .withMistake(plain, "That is one sum, in which each addition waits for the one before. Keep eight.")
                    .withMistake(inTurn, "The eight sums are added pairwise, not one after the other.")
                    .withMistake(halves, "Pairs are neighbors: s₀ + s₁, s₂ + s₃, …")
                    .expect(Tensor.of(a).sumOfSquares(), () -> EightSums.sumOfSquares(a));
        }
    }
}
