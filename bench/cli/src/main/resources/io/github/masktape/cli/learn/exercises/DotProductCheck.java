// SPDX-License-Identifier: Apache-2.0
/*
 * 1. If aᵢ grows by a little, y grows by bᵢ times as much.
 * 2. So the gradient of a is dy·b, with a single number dy and a vector b.
 * 3. Ops.wrt(a, dy -> Ops.scaleBy(b, dy)), and the same for b with a.
 */
import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.cli.learn.Question;
import io.github.masktape.tensor.Tensor;

public final class DotProductCheck implements Runnable {
    @Override
    public void run() {
        ask(new double[] {2}, new double[] {5}, 1);
        ask(new double[] {2}, new double[] {5}, 3);
        ask(new double[] {1, -2, 3}, new double[] {0.5, 4, -1}, -2);
    }

    private static void ask(double[] u, double[] v, double dy) {
        Tensor left = Tensor.of(u);
        Tensor right = Tensor.of(v);
        Tape tape = new Tape();
        Variable a = tape.input(left);
        Variable b = tape.input(right);
        String call = "dot(" + left + ", " + right + ")";
        Variable y = Question.of(call).answer(() -> DotProduct.dot(a, b));
        Question.of(call).expect(left.dot(right), () -> y.value().item());
        String given = ", if dy = " + dy;
        Gradients gradients = Question.of("the gradients of " + call + given)
                .withHint("Each rule must return the shape of its input.")
                .answer(() -> tape.backward(y, Tensor.scalar(dy)));
        ask("da of " + call + given, left, right, dy, () -> gradients.of(a));
        ask("db of " + call + given, right, left, dy, () -> gradients.of(b));
    }

    private static void ask(
            String call, Tensor own, Tensor other, double dy, java.util.concurrent.Callable<Tensor> gradient) {
        Question.of(call)
                .withMistake(own, "That is the input itself: y changes at the rate of the other vector.")
                .withMistake(own.scale(dy), "That is dy times the input itself: y changes at the rate of the other vector.")
                .withMistake(other, "dy is missing: the rule must pass on what arrives, times the other vector.")
                .expect(other.scale(dy), gradient);
    }
}
