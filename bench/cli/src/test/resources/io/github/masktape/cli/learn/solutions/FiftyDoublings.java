// SPDX-License-Identifier: Apache-2.0
class FiftyDoublings {
    static double derivative(int doublings) {
        return Math.pow(2, doublings);
    }

    static long nodes(int doublings) {
        return doublings + 1;
    }
}
