// SPDX-License-Identifier: Apache-2.0
/*
 * Groups of examples
 *
 * Between a mask for each example and a mask for the batch lies a mask for each group of k examples. Each example n has the
 * same gradient J at the masked weight, and k divides the number of examples N. What is the variance of the gradient Σₙ mₙ·J?
 */
class GroupsOfExamples {
    /** The variance for p = ½, where Var(m) = 1. */
    static double variance(int examples, int groupSize, double j) {
        return Double.NaN;
    }
}
