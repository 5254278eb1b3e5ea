// SPDX-License-Identifier: Apache-2.0
class OperationsAndBytes {
    static long operations(long n, long d, long l) {
        return 2 * n * d * l;
    }

    static long bytes(long n, long d, long l) {
        return 4 * (n * d + l * d + n * l);
    }

    static long maskBytes(long n, long d, long l) {
        return n * l * d / 8;
    }
}
