// SPDX-License-Identifier: Apache-2.0
class SoftmaxByHand {
    static double[] softmax() {
        return new double[] {0.25, 0.75};
    }

    static double loss() {
        return Math.log(4);
    }

    static double[] dz() {
        return new double[] {-0.75, 0.75};
    }
}
