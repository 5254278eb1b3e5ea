// SPDX-License-Identifier: Apache-2.0
/*
 * Three quarters
 *
 * A layer drops each connection with probability p, and multiplies those that it keeps by the scale s. What is s? How many
 * connections does an example keep on average?
 */
class ThreeQuarters {
    static double scale(double p) {
        return Double.NaN;
    }

    static double kept(double p, int inputs, int outputs) {
        return Double.NaN;
    }
}
