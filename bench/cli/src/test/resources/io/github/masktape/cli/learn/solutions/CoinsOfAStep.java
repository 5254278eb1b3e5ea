// SPDX-License-Identifier: Apache-2.0
class CoinsOfAStep {
    static long dropConnect(long examples, long inputs, long outputs) {
        return examples * inputs * outputs;
    }

    static long dropout(long examples, long inputs, long outputs) {
        return examples * inputs;
    }

    static long perBatch(long examples, long inputs, long outputs) {
        return inputs * outputs;
    }

    static boolean same(long inputs, long outputs) {
        return outputs == 1;
    }
}
