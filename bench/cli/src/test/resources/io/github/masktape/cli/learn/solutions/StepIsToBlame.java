// SPDX-License-Identifier: Apache-2.0
class StepIsToBlame {
    static String culprit() {
        return "step";
    }

    static double step() {
        return 1e-5;
    }
}
