// SPDX-License-Identifier: Apache-2.0
/*
 * How wrong is a central difference?
 *
 *   (f(x + h) − f(x − h)) / 2h − f′(x)
 *
 * Multiply out for f(x) = x² and for f(x) = x³. What remains? (In exact arithmetic, without rounding.)
 */
class CentralDifferenceOfAParabola {
    static double errorOfSquare(double x, double h) {
        return Double.NaN;
    }

    static double errorOfCube(double x, double h) {
        return Double.NaN;
    }
}
