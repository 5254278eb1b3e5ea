// SPDX-License-Identifier: Apache-2.0
/*
 * Dropped units are dropped rows
 *
 * A Dropout after the relu of a layer multiplies unit j by its coin m, 0 or 1/(1 − p). The same can be had before the relu: mask
 * row j of the weights, and the bias of that row, with the same coin. Write it so. Through which activations may a coin pass?
 */
import java.util.function.DoubleUnaryOperator;

class DroppedUnitsAreDroppedRows {
    /** The unit with its row and its bias masked by m, then relu. It must equal m·relu(w·x + b). */
    static double unit(double[] w, double[] x, double b, double m) {
        return 0;
    }

    /** True if a(m·u) = m·a(u) for m = 0 and m = 2, and for u = −2, −1, 0, 1 and 2. */
    static boolean mayPass(DoubleUnaryOperator a) {
        return true;
    }
}
