// SPDX-License-Identifier: Apache-2.0
/*
 * 1. A rule with two parameters receives dy and the op's own result y. Ops.sum(Ops.mul(dy, y)) is Σ dyᵢyᵢ, a single number.
 * 2. Ops.scaleBy(y, s) multiplies y by the single number s. Let a central difference decide between the two rules.
 * 3. They agree where Σ dyᵢyᵢ = 0: dy stands at a right angle to x.
 */
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.cli.learn.Question;
import io.github.masktape.tensor.Tensor;
import java.util.Arrays;

public final class LengthDependsOnTheVectorTooCheck implements Runnable {
    @Override
    public void run() {
        ask(new double[] {5}, 1);
        ask(new double[] {3, 4}, 1, 0);
        ask(new double[] {3, 4, 12}, 0.5, -2, 1);
        Question question = Question.of("agreeing()");
        double[] dy = question.answer(LengthDependsOnTheVectorToo::agreeing);
        if (dy.length != 2) {
            throw question.wrong(dy, "It must be two numbers.");
        }
        if (dy[0] == 0 && dy[1] == 0) {
            throw question.wrong(dy, "Not 0.");
        }
        if (Math.abs(3 * dy[0] + 4 * dy[1]) > 1e-9) {
            throw question.wrong(dy, "Σ dyᵢyᵢ is not 0: dy must stand at a right angle to [3, 4].");
        }
    }

    private static void ask(double[] x, double... dy) {
        Tensor at = Tensor.of(x);
        Tensor cotangent = Tensor.of(dy);
        double length = Math.sqrt(at.sumOfSquares());
        Tensor y = at.scale(1 / length);
        double along = cotangent.dot(y);
        Tensor right = cotangent.sub(y.scale(along)).scale(1 / length);
        Question.of("the gradient of unit(" + at + "), if dy = " + Arrays.toString(dy))
                .withMistake(cotangent.scale(1 / length), "That forgets that the length depends on x, too.")
                .withMistake(cotangent, "That is dy itself. Scale it, and subtract its part along y.")
                .withMistake(cotangent.add(y.scale(along)).scale(1 / length), "The part along y is subtracted, not added.")
                .withMistake(cotangent.sub(y.scale(along)), "The factor 1/‖x‖ is missing.")
                .withMistake(cotangent.sub(at.scale(along)).scale(1 / length), "The second term has y, not x.")
                .expect(right, () -> {
                    Tape tape = new Tape();
                    Variable input = tape.input(at);
                    return tape.backward(LengthDependsOnTheVectorToo.unit(input), cotangent)
                            .of(input);
                });
    }
}
