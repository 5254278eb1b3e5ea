// SPDX-License-Identifier: Apache-2.0
class CentralDifferenceOfAParabola {
    static double errorOfSquare(double x, double h) {
        return 0;
    }

    static double errorOfCube(double x, double h) {
        return h * h;
    }
}
