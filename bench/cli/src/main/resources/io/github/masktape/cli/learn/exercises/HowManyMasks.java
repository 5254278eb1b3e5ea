// SPDX-License-Identifier: Apache-2.0
/*
 * How many masks?
 *
 * Dropout on the inputs of a layer has a coin for each input; DropConnect has one for each connection. How many different masks
 * does an example have? With what probability does it drop both of two connections that leave the same input?
 */
class HowManyMasks {
    static double dropoutMasks(int inputs, int outputs) {
        return 0;
    }

    static double dropConnectMasks(int inputs, int outputs) {
        return 0;
    }

    static double dropoutDropsBoth(double p) {
        return Double.NaN;
    }

    static double dropConnectDropsBoth(double p) {
        return Double.NaN;
    }
}
