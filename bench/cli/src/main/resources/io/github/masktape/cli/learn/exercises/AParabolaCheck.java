// SPDX-License-Identifier: Apache-2.0
/*
 * 1. Ops.sub and Ops.square are all that you need, and the number 3 must be on the tape too.
 * 2. tape.constant(Tensor.scalar(3)) puts a number on the tape that needs no gradient.
 * 3. Ops.square(Ops.sub(x, tape.constant(Tensor.scalar(3)))). The derivative is 2·(x − 3).
 */
import io.github.masktape.cli.learn.Question;

public final class AParabolaCheck implements Runnable {
    @Override
    public void run() {
        for (double at : new double[] {3, 4, 1, -2.5}) {
            Question.of("slope(" + at + ")")
                    .withMistake(2 * at, "That is the derivative of x²: first subtract 3, then square.")
                    .withMistake(at - 3, "That is x − 3; the derivative of a square has a factor 2.")
                    .withMistake(1.0, "That is the derivative of x itself, or of x − 3: the square is missing.")
                    .withMistake((at - 3) * (at - 3), "That is the value (x − 3)², not its derivative.")
                    .expect(2 * (at - 3), () -> AParabola.slope(at));
        }
        Question.byHand("lowest()")
                .withMistake(0.0, "At x = 0 the slope is −6: there the parabola falls.")
                .withHint("The derivative is 2·(x − 3). Where is it 0?")
                .expect(3.0, AParabola::lowest);
    }
}
