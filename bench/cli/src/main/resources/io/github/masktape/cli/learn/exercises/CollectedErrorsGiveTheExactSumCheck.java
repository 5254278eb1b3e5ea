// SPDX-License-Identifier: Apache-2.0
/*
 * 1. In each step a is the sum so far and b the next number.
 * 2. errors += (a - (s - t)) + (b - t), then sum = s.
 * 3. Return sum + errors.
 */
import io.github.masktape.cli.learn.Question;
import io.github.masktape.tensor.RandomStream;
import java.math.BigDecimal;
import java.util.Arrays;

public final class CollectedErrorsGiveTheExactSumCheck implements Runnable {
    @Override
    public void run() {
        ask(new double[] {});
        ask(new double[] {2});
        ask(new double[] {0x1p53, 1, 1});
        ask(new double[] {0x1p-60, 1, -1});
        ask(new double[] {1, 0x1p53, 1, -0x1p53});
        RandomStream random = new RandomStream(1);
        double[] numbers = new double[1000];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = random.nextGaussian();
        }
        ask(numbers);
    }

    private static void ask(double[] numbers) {
        BigDecimal exact = BigDecimal.ZERO;
        double plain = 0;
        for (double number : numbers) {
            exact = exact.add(new BigDecimal(number));
            plain += number;
        }
        double right = exact.doubleValue();
        String array = Arrays.toString(numbers);
        Question.of("sum(" + (numbers.length > 9 ? "1000 normal numbers" : array) + ")")
                .withTolerance(0)
                .withMistake(plain, "The errors are lost, or a part of them: collect (a − (s − t)) + (b − t), and add it at the end.")
                .withMistake(2 * plain - right, "The errors have the wrong sign.")
                .withHint("The error of s = a + b is (a − (s − t)) + (b − t) with t = s − a.")
                .expect(right, () -> CollectedErrorsGiveTheExactSum.sum(numbers));
    }
}
