// SPDX-License-Identifier: Apache-2.0
class ThreeQuarters {
    static double scale(double p) {
        return 1 / (1 - p);
    }

    static double kept(double p, int inputs, int outputs) {
        return (1 - p) * inputs * outputs;
    }
}
