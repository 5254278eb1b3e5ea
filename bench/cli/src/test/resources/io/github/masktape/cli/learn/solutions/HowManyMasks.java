// SPDX-License-Identifier: Apache-2.0
class HowManyMasks {
    static double dropoutMasks(int inputs, int outputs) {
        return Math.pow(2, inputs);
    }

    static double dropConnectMasks(int inputs, int outputs) {
        return Math.pow(2, inputs * outputs);
    }

    static double dropoutDropsBoth(double p) {
        return p;
    }

    static double dropConnectDropsBoth(double p) {
        return p * p;
    }
}
