// SPDX-License-Identifier: Apache-2.0
/*
 * Momentum moves what is dropped
 *
 * A step with momentum subtracts η·v from a weight, where v is μ times the v of the step before, plus the gradient. A dropped
 * connection has the gradient 0 in this step. Does it move?
 */
class MomentumMovesWhatIsDropped {
    /** The velocity v after a step. */
    static double velocity(double velocityBefore, double gradient, double momentum) {
        return Double.NaN;
    }

    /** The weight after that step. */
    static double weight(double weight, double velocityBefore, double gradient, double momentum, double learningRate) {
        return weight;
    }

    /** True if a connection that is dropped now moves in this step. */
    static boolean movesWhileDropped(double velocityBefore, double momentum) {
        return false;
    }
}
