package io.github.masktape.report;

/** How a network did on the test set. */
public sealed interface TestResult permits Classification, Regression {
    /** The number of examples. */
    int examples();

    /** What the errors of the run's epochs are. */
    Curves.Task task();

    /** The numbers to be seen first. */
    String headline();

    /** All about the errors. */
    String sections(ShownExamples examples);
}
