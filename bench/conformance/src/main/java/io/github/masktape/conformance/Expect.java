// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance;

import io.github.masktape.conformance.Reference.ReferenceSum;
import io.github.masktape.conformance.text.Text;
import java.util.function.Supplier;

/** Comparisons that throw a message when they fail. */
final class Expect {
    private Expect() {}

    /**
     * Checks a number against a formula: exactly where all numbers are small integers, otherwise within the error that
     * summation in any order can have.
     *
     * @param formula the computation written out, for the message
     */
    static void sum(
            String what,
            double actual,
            ReferenceSum expected,
            boolean exact,
            Implementation by,
            Supplier<String> formula) {
        double bound = exact ? 0 : expected.bound(by.unitRoundoff());
        if (!(Math.abs(actual - expected.value()) <= bound)) {
            throw new Law.Broken(what + " should be " + formula.get() + " = " + Text.number(expected.value())
                    + (exact ? "" : " ± " + Text.number(bound)) + ", got " + Text.number(actual));
        }
    }

    static void equal(String what, double actual, double expected, double bound, Supplier<String> why) {
        if (!(Math.abs(actual - expected) <= bound)) {
            throw new Law.Broken(
                    what + " should be " + Text.number(expected) + (bound == 0 ? "" : " ± " + Text.number(bound))
                            + ", got " + Text.number(actual) + ": " + why.get());
        }
    }

    static void same(String what, double[][] actual, double[][] expected, String why) {
        shape(what, actual, expected.length, expected[0].length);
        for (int i = 0; i < expected.length; i++) {
            for (int j = 0; j < expected[i].length; j++) {
                equal(what + "[" + i + "][" + j + "]", actual[i][j], expected[i][j], 0, () -> why);
            }
        }
    }

    static void shape(String what, double[][] matrix, int rows, int columns) {
        boolean fits = matrix.length == rows;
        for (double[] row : matrix) {
            fits &= row.length == columns;
        }
        if (!fits) {
            throw new Law.Broken(what + " should be " + rows + "×" + columns + ", got " + matrix.length + "×"
                    + (matrix.length == 0 ? 0 : matrix[0].length));
        }
    }

    static void that(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new Law.Broken(otherwise.get());
        }
    }
}
