// SPDX-License-Identifier: Apache-2.0
/*
 * More examples
 *
 * An epoch goes through all examples once, in batches; its last batch may be smaller. Chapter 3 trains on 40 points, in
 * batches of 20, for 2048 epochs: 4096 steps. How many epochs give at least as many steps with 400 points? Run chapter 3's
 * training with both. What becomes of the test error?
 */
class MoreExamples {
    /** The steps in an epoch. */
    static int stepsInAnEpoch(int examples, int batchSize) {
        return 0;
    }

    /** The least number of epochs that make at least so many steps. */
    static int epochs(int examples, int batchSize, int steps) {
        return 0;
    }

    /** "lower", "equal" or "higher": the test error with 400 points, compared with 40. */
    static String testError() {
        return "";
    }
}
