// SPDX-License-Identifier: Apache-2.0
/*
 * Deceived cotangents
 *
 *   y = xᵀ      right: dx = dyᵀ      wrong: dx = dy
 *
 * The wrong rule has the right shape if x is square. Which cotangents dy do not notice?
 */
class SymmetricCotangentsAreDeceived {
    /** True if this cotangent does not tell the wrong rule from the right one. */
    static boolean isDeceived(double[][] dy) {
        return false;
    }

    /** A 3×3 cotangent that is deceived, with at least four different numbers. */
    static double[][] deceived() {
        return new double[3][3];
    }
}
