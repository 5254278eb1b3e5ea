// SPDX-License-Identifier: Apache-2.0
/*
 * 1. The variance is Σ Jₙ²/N − (Σ Jₙ/N)².
 * 2. Multiply it by N². What do you get?
 * 3. The variance is 0 only if all numbers are equal.
 */
import io.github.masktape.cli.learn.Question;
import java.util.Arrays;

public final class SquareOfASumCheck implements Runnable {
    @Override
    public void run() {
        for (double[] j : new double[][] {{3}, {1, 1}, {1, 3}, {1, -1}, {2, 4, 9, -1}}) {
            int n = j.length;
            double sum = Arrays.stream(j).sum();
            double squares = Arrays.stream(j).map(x -> x * x).sum();
            double variance = squares / n - sum * sum / n / n;
            String argument = "(" + Arrays.toString(j) + ")";
            Question.of("variance" + argument)
                    .withMistake(n * variance / (n - 1), "Divide by N: each number is equally likely, they are no sample.")
                    .withMistake(n * variance, "That is the sum of the squared distances. Divide by N.")
                    .withMistake(squares / n, "That is the mean square. Subtract the square of the mean.")
                    .expect(variance, () -> SquareOfASum.variance(j));
            Question.of("gap" + argument)
                    .withMistake(variance, "That is the variance. Multiply by N².")
                    .withMistake(variance * n, "Multiply by N², not by N.")
                    .withMistake(-variance * n * n, "The right side less the left side: it is not negative.")
                    .expect(n * squares - sum * sum, () -> SquareOfASum.gap(j));
        }
        for (int count : new int[] {1, 2, 5}) {
            Question question = Question.of("equal(" + count + ")");
            double[] j = question.answer(() -> SquareOfASum.equal(count));
            double sum = Arrays.stream(j).sum();
            if (j.length != count) {
                throw question.wrong(j, "It must be " + count + " numbers.");
            }
            if (Arrays.stream(j).allMatch(x -> x == 0)) {
                throw question.wrong(j, "Not all 0.");
            }
            if (Math.abs(count * Arrays.stream(j).map(x -> x * x).sum() - sum * sum) > 1e-9) {
                throw question.wrong(j, "The two sides differ. The variance must be 0.");
            }
        }
    }
}
