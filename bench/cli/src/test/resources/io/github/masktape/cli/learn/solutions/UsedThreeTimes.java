// SPDX-License-Identifier: Apache-2.0
class UsedThreeTimes {
    static double[] shares() {
        return new double[] {4, 4, 4};
    }

    static double sum() {
        return 3 * 2 * 2;
    }
}
