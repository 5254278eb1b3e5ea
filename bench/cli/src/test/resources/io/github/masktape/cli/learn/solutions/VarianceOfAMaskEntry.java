// SPDX-License-Identifier: Apache-2.0
class VarianceOfAMaskEntry {
    static double variance(double p) {
        return p / (1 - p);
    }

    static double nineTimes() {
        return 0.9;
    }
}
