// SPDX-License-Identifier: Apache-2.0
class WhyBackwards {
    static long evaluations(int inputs) {
        return 2L * inputs;
    }

    static long visits(int inputs) {
        return 1;
    }

    static long backwards(int results) {
        return results;
    }
}
