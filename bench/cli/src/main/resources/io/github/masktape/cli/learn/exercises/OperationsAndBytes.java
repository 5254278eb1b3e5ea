// SPDX-License-Identifier: Apache-2.0
/*
 * Operations and bytes
 *
 *   Y = X Wᵀ      X: n×d, W: l×d, Y: n×l, floats of 4 bytes
 *
 * How many operations is that, if a multiplication and an addition are two? How many bytes must at least be read and written?
 * How many more if each of the n·l·d connections has a mask bit? Try 128 examples, 800 inputs, 800 outputs.
 */
class OperationsAndBytes {
    static long operations(long n, long d, long l) {
        return 0;
    }

    static long bytes(long n, long d, long l) {
        return 0;
    }

    /** The bytes of the mask bits alone; n·l·d is divisible by 8. */
    static long maskBytes(long n, long d, long l) {
        return 0;
    }
}
