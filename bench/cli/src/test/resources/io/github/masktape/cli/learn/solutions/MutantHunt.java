// SPDX-License-Identifier: Apache-2.0
import io.github.masktape.conformance.ActivationFunction;
import io.github.masktape.conformance.Case;
import io.github.masktape.conformance.Implementation;
import io.github.masktape.conformance.PassResult;
import io.github.masktape.conformance.TrainingLayer;
import java.util.Arrays;

class MutantHunt {
    static boolean accepts(Implementation subject) {
        try {
            return trains(subject) && draws(subject) && layers(subject) && averages(subject);
        } catch (RuntimeException e) {
            return false;
        }
    }

    private static boolean trains(Implementation subject) {
        double[][][] mask = {{{4, 0}}, {{4, 0}}};
        PassResult result = subject.backprop()
                .run(new Case(
                        new double[][] {{1, 2}, {3, 5}},
                        new double[][] {{2, 7}},
                        new double[] {10},
                        mask,
                        null,
                        new double[][] {{1}, {-2}},
                        0.75));
        return Arrays.deepEquals(result.y(), new double[][] {{18}, {34}})
                && Arrays.deepEquals(result.dx(), new double[][] {{8, 0}, {-16, 0}})
                && Arrays.deepEquals(result.dw(), new double[][] {{-20, 0}})
                && Arrays.equals(result.db(), new double[] {-1});
    }

    private static boolean draws(Implementation subject) {
        double[][][] first = subject.masks().draw(2, 40, 40, 0.2, 1, 0);
        double[][][] second = subject.masks().draw(2, 40, 40, 0.2, 1, 1);
        int zeros = 0;
        for (double[] row : first[0]) {
            for (double entry : row) {
                if (entry != 0 && entry != 1.25) {
                    return false;
                }
                zeros += entry == 0 ? 1 : 0;
            }
        }
        return zeros > 200
                && zeros < 440
                && !Arrays.deepEquals(first[0], first[1])
                && !Arrays.deepEquals(first[0], second[0]);
    }

    private static boolean layers(Implementation subject) {
        double[][] w = {{1}, {1}, {1}, {1}, {1}, {1}, {1}, {1}};
        double[] b = {3, 3, 3, 3, 3, 3, 3, 3};
        TrainingLayer layer = subject.layer().create(w, b, 0.5, 1);
        double[][] x = {{1}};
        double[][] dy = {{1, 1, 1, 1, 1, 1, 1, 1}};
        boolean dropped = false;
        for (int step = 0; step < 4; step++) {
            PassResult result = layer.step(x, dy);
            for (int j = 0; j < w.length; j++) {
                double mask = result.y()[0][j] - b[j];
                dropped |= mask == 0;
                if (result.dw()[j][0] != mask) {
                    return false;
                }
            }
            for (double y : layer.predict(x)[0]) {
                if (y != 4) {
                    return false;
                }
            }
        }
        return dropped;
    }

    private static boolean averages(Implementation subject) {
        double[][] y = subject.predictor()
                .predict(
                        new double[][] {{1, 1}},
                        new double[][] {{30, -30}},
                        new double[] {0},
                        0.5,
                        ActivationFunction.RELU);
        double deviation = Math.sqrt(2 * 900);
        return y[0][0] > 0.3 * deviation && y[0][0] < 0.5 * deviation;
    }
}
