// SPDX-License-Identifier: Apache-2.0
class LeakyReluIsReluAndALine {
    static double expected(double alpha, double mean, double relu) {
        return alpha * mean + (1 - alpha) * relu;
    }
}
