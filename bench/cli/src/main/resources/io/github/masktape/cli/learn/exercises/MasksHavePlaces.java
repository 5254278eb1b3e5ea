// SPDX-License-Identifier: Apache-2.0
/*
 * A mask without a state
 *
 * A generator that draws entry after entry makes a mask depend on what was drawn before: with one more output, the mask of
 * example 1 changes. Write an entry as a function of its place instead. RandomStream.derive(key, i) is the key of child i of a
 * key; new RandomStream(key).nextDouble() is its first random number in [0, 1).
 */
import io.github.masktape.tensor.RandomStream;

class MasksHavePlaces {
    private static final RandomStream STATE = new RandomStream(7);

    /** True, with probability 1 − p, if example n keeps the connection from input q to output j. */
    static boolean keeps(long key, int n, int j, int q, double p) {
        return STATE.nextDouble() >= p;
    }
}
