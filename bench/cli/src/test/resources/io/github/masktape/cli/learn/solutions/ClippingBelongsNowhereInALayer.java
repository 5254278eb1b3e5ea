// SPDX-License-Identifier: Apache-2.0
class ClippingBelongsNowhereInALayer {
    static double clip(double gradient) {
        return Math.max(-10, Math.min(10, gradient));
    }

    static boolean breaks(String law) {
        return law.equals("theGradientOfWIsTheSumOfJMaskedByM")
                || law.equals("everyGradientAgreesWithDifferencesOfTheOutputs");
    }

    static String belongsIn() {
        return "optimizer";
    }
}
