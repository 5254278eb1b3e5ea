// SPDX-License-Identifier: Apache-2.0
/*
 * Fifty doublings
 *
 * Start with an input x and write x = Ops.add(x, x) as often as you like. What is the derivative of the result with respect
 * to the first x? How many nodes does backward visit? Predict both, without a tape.
 */
class FiftyDoublings {
    /** The derivative of the result after so many doublings. */
    static double derivative(int doublings) {
        return Double.NaN;
    }

    /** The nodes on the tape, each of which backward visits once. */
    static long nodes(int doublings) {
        return 0;
    }
}
