// SPDX-License-Identifier: Apache-2.0
class SymmetricCotangentsAreDeceived {
    static boolean isDeceived(double[][] dy) {
        for (int i = 0; i < dy.length; i++) {
            for (int j = 0; j < i; j++) {
                if (dy[i][j] != dy[j][i]) {
                    return false;
                }
            }
        }
        return true;
    }

    static double[][] deceived() {
        return new double[][] {{1, 2, 3}, {2, 4, 5}, {3, 5, 6}};
    }
}
