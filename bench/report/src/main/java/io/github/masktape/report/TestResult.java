// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.report;

/** The result of testing a network on the test set. */
public sealed interface TestResult permits Classification, Regression {
    /** The number of examples. */
    int examples();

    /** The kind of task, which determines the kind of error. */
    Curves.ErrorKind task();

    /** The most important numbers, as HTML. */
    String headline();

    /** The sections about the errors, as HTML. */
    String sections(ShownExamples examples);
}
