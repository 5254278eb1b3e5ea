// SPDX-License-Identifier: Apache-2.0
class KeepProbability {
    static double unnoticed() {
        return 0.5;
    }

    static String law() {
        return "dropProbabilityIsTheProbabilityToDrop";
    }
}
