// SPDX-License-Identifier: Apache-2.0
/*
 * 1. float s = (float) mask.scale(); the sum is a float from 0.
 * 2. if (mask.keeps(n, j, q)) sum = Math.fma(dy[n][j], x[n][q], sum); at the end dw[j][q] = sum * s.
 * 3. Multiplying by a power of two rounds nothing. 1/(1 − ½) = 2 is one, 1/(1 − 0.2) = 1.25 is none.
 */
import io.github.masktape.cli.learn.Question;
import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.RandomStream;

public final class WhereTheScaleStandsCheck implements Runnable {
    @Override
    public void run() {
        ask(1, 1, 1, 0);
        ask(1, 2, 2, 0.5);
        ask(3, 2, 2, 0.2);
        ask(7, 37, 19, 0.2);
        for (double p : new double[] {0, 0.5, 0.75, 0.2, 0.9}) {
            double scale = 1 / (1 - p);
            boolean right = Math.scalb(1, Math.getExponent(scale)) == scale;
            Question.of("sameBits(" + p + ")")
                    .withHint("s = " + scale + (right ? " is a power of two: it rounds nothing." : " is no power of two: it rounds."))
                    .expect(right, () -> WhereTheScaleStands.sameBits(p));
        }
    }

    private static void ask(int n, int d, int l, double p) {
        float[][] x = numbers(n, d, 1);
        float[][] dy = numbers(n, l, 2);
        Mask mask = Mask.bernoulli(n, l, d, p, 3);
        Question.of("weightGradient of " + n + " examples, " + d + " inputs, " + l + " outputs, p = " + p)
                .withTolerance(0)
                .withMistake(gradient(dy, x, mask, false, 1), "The scale is missing.")
                .withMistake(gradient(dy, x, mask, true, (float) mask.scale()), "Apply the scale once at the end, not to each term.")
                .withMistake(gradient(dy, x, Mask.bernoulli(n, l, d, 0, 3), false, (float) mask.scale()), "The mask is missing.")
                .withHint("Skip the examples that drop the connection; Math.fma for each term; the scale at the end.")
                .expect(gradient(dy, x, mask, false, (float) mask.scale()), () -> WhereTheScaleStands.weightGradient(dy, x, mask));
    }

    private static float[][] gradient(float[][] dy, float[][] x, Mask mask, boolean each, float s) {
        float[][] dw = new float[mask.outputs()][mask.inputs()];
        for (int j = 0; j < mask.outputs(); j++) {
            for (int q = 0; q < mask.inputs(); q++) {
                float sum = 0;
                for (int n = 0; n < x.length; n++) {
                    if (mask.keeps(n, j, q)) {
                        sum = Math.fma(dy[n][j], each ? x[n][q] * s : x[n][q], sum);
                    }
                }
                dw[j][q] = each ? sum : sum * s;
            }
        }
        return dw;
    }

    private static float[][] numbers(int rows, int columns, long seed) {
        RandomStream random = new RandomStream(seed);
        float[][] numbers = new float[rows][columns];
        for (float[] row : numbers) {
            for (int i = 0; i < columns; i++) {
                row[i] = (float) random.nextGaussian();
            }
        }
        return numbers;
    }
}
