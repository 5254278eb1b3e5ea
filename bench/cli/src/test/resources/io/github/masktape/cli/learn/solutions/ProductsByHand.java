// SPDX-License-Identifier: Apache-2.0
class ProductsByHand {
    static double[][] ac() {
        return new double[][] {{7, 2}, {16, 5}};
    }

    static double[][] ca() {
        return new double[][] {{1, 2, 3}, {4, 5, 6}, {2, 4, 6}};
    }
}
