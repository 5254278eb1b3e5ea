// SPDX-License-Identifier: Apache-2.0
/*
 * Why backwards?
 *
 * A function has many inputs and one result, or one input and many results. Count the work.
 */
class WhyBackwards {
    /** How often central differences compute a function of so many inputs, for all its derivatives. */
    static long evaluations(int inputs) {
        return 0;
    }

    /** How often one backward visits each node, however many inputs there are. */
    static long visits(int inputs) {
        return 0;
    }

    /** How many backwards it takes to find the derivatives of so many results with respect to one input. */
    static long backwards(int results) {
        return 0;
    }
}
