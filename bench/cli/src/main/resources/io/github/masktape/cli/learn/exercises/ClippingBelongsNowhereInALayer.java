// SPDX-License-Identifier: Apache-2.0
/*
 * Clipping
 *
 * A mutant of your own: a training pass that clips the gradient of each weight to the range −10 … 10. Which laws does it break?
 */
class ClippingBelongsNowhereInALayer {
    static double clip(double gradient) {
        return gradient;
    }

    /** True if the mutant breaks this law. The check asks about six laws of the training pass. */
    static boolean breaks(String law) {
        return false;
    }

    /** "layer" or "optimizer": where a user who wants it should clip. */
    static String belongsIn() {
        return "";
    }
}
