// SPDX-License-Identifier: Apache-2.0
/*
 * The coins of a step
 *
 * A step has N examples; the layer has d inputs and l outputs. How many coins does each kind of mask draw? For which layers is
 * Dropout on the inputs the same as DropConnect?
 */
class CoinsOfAStep {
    /** A coin for each connection and example. */
    static long dropConnect(long examples, long inputs, long outputs) {
        return 0;
    }

    /** All outputs share it. */
    static long dropout(long examples, long inputs, long outputs) {
        return 0;
    }

    /** All examples share it: one mask per batch. */
    static long perBatch(long examples, long inputs, long outputs) {
        return 0;
    }

    /** True if Dropout on the inputs of such a layer is the same as DropConnect. */
    static boolean same(long inputs, long outputs) {
        return true;
    }
}
