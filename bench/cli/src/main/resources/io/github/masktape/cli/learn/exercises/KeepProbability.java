// SPDX-License-Identifier: Apache-2.0
/*
 * Keep or drop?
 *
 * The mutant KeepProbability of the bug zoo takes p for the probability to keep, and scales by 1/p. For which p would no test
 * notice? Name a law of the conformance kit that finds the mutant at all other p.
 */
class KeepProbability {
    static double unnoticed() {
        return Double.NaN;
    }

    /** The name of a law; Conformance.laws() lists them. */
    static String law() {
        return "";
    }
}
