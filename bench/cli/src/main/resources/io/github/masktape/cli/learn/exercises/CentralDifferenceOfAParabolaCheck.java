// SPDX-License-Identifier: Apache-2.0
/*
 * 1. (x + h)² − (x − h)² = 4·x·h.
 * 2. Divide by 2h and compare with f′(x) = 2x. So for a parabola a large step is best: only rounding is left.
 * 3. (x + h)³ − (x − h)³ = 6·x²·h + 2·h³.
 */
import io.github.masktape.cli.learn.Question;

public final class CentralDifferenceOfAParabolaCheck implements Runnable {
    @Override
    public void run() {
        for (double[] c : new double[][] {{0, 1}, {3, 0.5}, {-1, 0.25}}) {
            double x = c[0];
            double h = c[1];
            String arguments = "(" + x + ", " + h + ")";
            Question.of("errorOfSquare" + arguments)
                    .withMistake(h, "That is the error of the forward difference, (f(x + h) − f(x))/h.")
                    .withMistake(h * h, "The terms with h² cancel: (x + h)² − (x − h)² = 4·x·h.")
                    .withMistake(2 * x, "That is the central difference itself. Subtract f′(x) = 2x.")
                    .expect(0.0, () -> CentralDifferenceOfAParabola.errorOfSquare(x, h));
            Question.of("errorOfCube" + arguments)
                    .withMistake(3 * x * h + h * h, "That is the error of the forward difference.")
                    .withMistake(0.0, "(x + h)³ − (x − h)³ = 6·x²·h + 2·h³: something remains.")
                    .withMistake(2 * h * h, "Divide 2·h³ by 2h.")
                    .withMistake(3 * x * x + h * h, "That is the central difference itself. Subtract f′(x) = 3x².")
                    .expect(h * h, () -> CentralDifferenceOfAParabola.errorOfCube(x, h));
        }
    }
}
