// SPDX-License-Identifier: Apache-2.0
/*
 * 1. e⁰ = 1 and e^(ln 3) = 3. Divide each by their sum.
 * 2. The loss is −ln ¼ = ln 4.
 * 3. dz is p, less 1 at the true class.
 */
import io.github.masktape.cli.learn.Question;

public final class SoftmaxByHandCheck implements Runnable {
    @Override
    public void run() {
        Question.byHand("softmax()")
                .withMistake(new double[] {1, 3}, "Those are the exponentials. Divide each by their sum.")
                .withMistake(new double[] {0, 1}, "Those are the scores divided by their sum: take exponentials first.")
                .withHint("p[k] = exp(z[k]) / Σ exp(z).")
                .expect(new double[] {0.25, 0.75}, SoftmaxByHand::softmax);
        Question.byHand("loss()")
                .withMistake(Math.log(4 / 3.0), "That is −ln p[1]. The true class is 0.")
                .withMistake(-Math.log(4), "The loss is −ln p, which is positive for p below 1.")
                .withMistake(2.0, "That is the logarithm to base 2. The loss uses the natural logarithm, Math.log.")
                .withHint("L = −ln p[0].")
                .expect(Math.log(4), SoftmaxByHand::loss);
        Question.byHand("dz()")
                .withMistake(new double[] {0.25, 0.75}, "That is p. At the true class, subtract 1.")
                .withMistake(new double[] {0.75, -0.75}, "The signs are reversed: raising the true score lowers the loss.")
                .withHint("dz = p − [1, 0].")
                .expect(new double[] {-0.75, 0.75}, SoftmaxByHand::dz);
    }
}
