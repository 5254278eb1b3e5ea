// SPDX-License-Identifier: Apache-2.0
/*
 * Who is to blame?
 *
 * A colleague checks the gradient of tanh with the step h = 10⁻¹² and a tolerance of 10⁻⁷, and reports a bug. Is the rule wrong
 * or the step? Choose a step with which all central differences of tanh between 0.3 and 1 are right within 10⁻⁹.
 */
class StepIsToBlame {
    /** "rule" or "step". */
    static String culprit() {
        return "";
    }

    static double step() {
        return 1e-12;
    }
}
