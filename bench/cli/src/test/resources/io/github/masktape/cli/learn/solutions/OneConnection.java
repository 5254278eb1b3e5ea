// SPDX-License-Identifier: Apache-2.0
class OneConnection {
    static double dw(double w, double x, double t, double s) {
        return j(w, x, t, s) * s;
    }

    static double j(double w, double x, double t, double s) {
        return (s * w * x - t) * x;
    }
}
