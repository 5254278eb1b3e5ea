// SPDX-License-Identifier: Apache-2.0
import io.github.masktape.tensor.RandomStream;
import java.util.Arrays;

class WholeOutputsDropped {
    static double[][][] draw(int examples, int outputs, int inputs, double p, long seed, long step) {
        if (!(p >= 0 && p < 1)) {
            throw new IllegalArgumentException("p must be in [0, 1)");
        }
        RandomStream random = new RandomStream(RandomStream.derive(seed, step));
        double[][][] m = new double[examples][outputs][inputs];
        for (double[][] example : m) {
            for (double[] row : example) {
                Arrays.fill(row, random.nextDouble() < p ? 0 : 1 / (1 - p));
            }
        }
        return m;
    }
}
