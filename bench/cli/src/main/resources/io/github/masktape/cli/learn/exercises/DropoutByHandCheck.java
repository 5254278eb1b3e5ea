// SPDX-License-Identifier: Apache-2.0
/*
 * 1. m ⊙ x = [2, 0, 6]. Use it in place of x.
 * 2. The gradient of W is dy times m ⊙ x: entry [j][q] is dy[j]·m[q]·x[q].
 * 3. What goes back to m ⊙ x is Wᵀ dy = [−5, 6, −3]. On its way to x it passes the coins.
 */
import io.github.masktape.cli.learn.Question;

public final class DropoutByHandCheck implements Runnable {
    @Override
    public void run() {
        Question.byHand("y()")
                .withMistake(new double[] {-4, 12}, "The bias is missing.")
                .withMistake(new double[] {-1, 5}, "A kept input is multiplied by 2, the scale.")
                .withHint("y[j] = W[j][0]·2 + W[j][1]·0 + W[j][2]·6 + b[j].")
                .expect(new double[] {-3, 11}, DropoutByHand::y);
        Question.byHand("dw()")
                .withMistake(new double[][] {{1, 2, 3}, {-2, -4, -6}}, "That is J without the coins: use m ⊙ x for x.")
                .withMistake(new double[][] {{1, 0, 3}, {-2, 0, -6}}, "A kept input is multiplied by 2, the scale.")
                .withHint("dw[j][q] = dy[j]·(m[q]·x[q]).")
                .expect(new double[][] {{2, 0, 6}, {-4, 0, -12}}, DropoutByHand::dw);
        Question.byHand("dx()")
                .withMistake(new double[] {-5, 6, -3}, "That is Wᵀ dy. It goes back through the coins, too.")
                .withMistake(new double[] {-5, 0, -3}, "A coin is 0 or 2, backwards as forwards.")
                .withHint("dx = m ⊙ (Wᵀ dy).")
                .expect(new double[] {-10, 0, -6}, DropoutByHand::dx);
    }
}
