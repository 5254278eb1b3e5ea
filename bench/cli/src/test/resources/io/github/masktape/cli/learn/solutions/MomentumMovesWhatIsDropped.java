// SPDX-License-Identifier: Apache-2.0
class MomentumMovesWhatIsDropped {
    static double velocity(double velocityBefore, double gradient, double momentum) {
        return momentum * velocityBefore + gradient;
    }

    static double weight(double weight, double velocityBefore, double gradient, double momentum, double learningRate) {
        return weight - learningRate * velocity(velocityBefore, gradient, momentum);
    }

    static boolean movesWhileDropped(double velocityBefore, double momentum) {
        return velocity(velocityBefore, 0, momentum) != 0;
    }
}
