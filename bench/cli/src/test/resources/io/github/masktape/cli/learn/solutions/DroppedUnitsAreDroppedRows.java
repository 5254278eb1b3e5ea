// SPDX-License-Identifier: Apache-2.0
import java.util.function.DoubleUnaryOperator;

class DroppedUnitsAreDroppedRows {
    static double unit(double[] w, double[] x, double b, double m) {
        double sum = m * b;
        for (int q = 0; q < w.length; q++) {
            sum += m * w[q] * x[q];
        }
        return Math.max(sum, 0);
    }

    static boolean mayPass(DoubleUnaryOperator a) {
        for (double m : new double[] {0, 2}) {
            for (double u : new double[] {-2, -1, 0, 1, 2}) {
                if (a.applyAsDouble(m * u) != m * a.applyAsDouble(u)) {
                    return false;
                }
            }
        }
        return true;
    }
}
