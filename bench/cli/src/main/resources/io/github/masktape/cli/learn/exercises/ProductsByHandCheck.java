// SPDX-License-Identifier: Apache-2.0
/*
 * 1. Entry [i][j] of a product combines row i of the left matrix with column j of the right one.
 * 2. Entry [1][0] of a · c is 4·1 + 5·0 + 6·2.
 * 3. A 3×2 matrix times a 2×3 matrix is 3×3. Entry [0][0] of c · a is 1·1 + 0·4.
 */
import io.github.masktape.cli.learn.Question;

public final class ProductsByHandCheck implements Runnable {
    @Override
    public void run() {
        Question.byHand("ac()")
                .withMistake(
                        new double[][] {{7, 16}, {2, 5}},
                        "That is the transpose: entry [i][j] takes row i of a and column j of c.")
                .withMistake(new double[][] {{1, 2}, {4, 5}}, "Each entry has three terms, one for each column of a.")
                .withHint("Entry [i][j] is Σₖ a[i][k]·c[k][j].")
                .expect(new double[][] {{7, 2}, {16, 5}}, ProductsByHand::ac);
        Question.byHand("ca()")
                .withMistake(new double[][] {{7, 2}, {16, 5}}, "That is a · c. The order matters: c · a is 3×3.")
                .withHint("c · a is 3×3; entry [i][j] is Σₖ c[i][k]·a[k][j], with two terms.")
                .expect(new double[][] {{1, 2, 3}, {4, 5, 6}, {2, 4, 6}}, ProductsByHand::ca);
    }
}
