// SPDX-License-Identifier: Apache-2.0
class AllMasksOfTwoExamples {
    static double ownMasks(double j0, double j1) {
        return variance(0, 2 * j0, 2 * j1, 2 * j0 + 2 * j1);
    }

    static double sharedMask(double j0, double j1) {
        return variance(0, 2 * j0 + 2 * j1);
    }

    private static double variance(double... values) {
        double mean = 0;
        for (double value : values) {
            mean += value / values.length;
        }
        double variance = 0;
        for (double value : values) {
            variance += (value - mean) * (value - mean) / values.length;
        }
        return variance;
    }
}
