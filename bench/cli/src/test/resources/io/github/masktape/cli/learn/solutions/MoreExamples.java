// SPDX-License-Identifier: Apache-2.0
class MoreExamples {
    static int stepsInAnEpoch(int examples, int batchSize) {
        return (examples + batchSize - 1) / batchSize;
    }

    static int epochs(int examples, int batchSize, int steps) {
        int each = stepsInAnEpoch(examples, batchSize);
        return (steps + each - 1) / each;
    }

    static String testError() {
        return "lower";
    }
}
