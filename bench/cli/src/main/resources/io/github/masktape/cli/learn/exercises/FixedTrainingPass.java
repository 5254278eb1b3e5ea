// SPDX-License-Identifier: Apache-2.0
/*
 * Fix the training pass
 *
 * One character is missing in this training pass. Find it; all laws of the training pass must hold. x is N×in, W out×in, dy
 * N×out; c.mask(n, j, q) is 0 or 1/(1 − p).
 */
import io.github.masktape.conformance.Case;
import io.github.masktape.conformance.PassResult;

class FixedTrainingPass {
    static PassResult pass(Case c) {
        int examples = c.examples(), inputs = c.in(), outputs = c.out();
        double[][] y = new double[examples][outputs], dx = new double[examples][inputs], dw = new double[outputs][inputs];
        double[] db = new double[outputs];
        for (int n = 0; n < examples; n++) {
            for (int j = 0; j < outputs; j++) {
                y[n][j] = c.b()[j];
                db[j] = c.dy()[n][j];
                for (int q = 0; q < inputs; q++) {
                    double m = c.mask(n, j, q);
                    y[n][j] += m * c.w()[j][q] * c.x()[n][q];
                    dx[n][q] += m * c.w()[j][q] * c.dy()[n][j];
                    dw[j][q] += m * c.dy()[n][j] * c.x()[n][q];
                }
            }
        }
        return new PassResult(y, dx, dw, db);
    }
}
