// SPDX-License-Identifier: Apache-2.0
/*
 * 1. Record f on a tape: Variable input = tape.input(x), Variable y = f.apply(input). Draw a cotangent of y's shape.
 * 2. tape.backward(y, cotangent).of(input) is the gradient by the tape. For each entry of x, compute
 *    cotangent.dot(f(x + h)) and cotangent.dot(f(x − h)), with Tape.inference().constant(…) as input of f.
 * 3. Compare each entry with a tolerance such as 10⁻⁶·max(1, |slope|), written so that NaN does not pass: !(error <= tolerance).
 */
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Variable;
import io.github.masktape.cli.learn.Question;
import io.github.masktape.tensor.Tensor;
import java.util.function.UnaryOperator;

public final class AgreesWithDifferencesCheck implements Runnable {
    private static final Tensor X = Tensor.of(new double[] {1, -2, 3});

    @Override
    public void run() {
        ask("tanh", Ops::tanh, true, "A right rule is refused. Is the tolerance too small, or the step?");
        ask("x²", Ops::square, true, "A right rule is refused. Is the tolerance too small, or the step?");
        ask(
                "x² with the rule dx = 3·x·dy",
                v -> rule(v, 3, false),
                false,
                "Compare the gradient by the tape with central differences of f.");
        ask(
                "x² with the rule dx = 2·x, which forgets dy",
                v -> Ops.op("square", v.value().mul(v.value()), Ops.wrt(v, dy -> Ops.scale(v, 2))),
                false,
                "If all entries of the cotangent are 1, a forgotten dy is not noticed. Draw random numbers.");
        ask(
                "x² with a rule that is wrong at the last entry only",
                v -> rule(v, 2, true),
                false,
                "Compare every entry.");
        ask(
                "x² with a rule that returns NaN",
                v -> rule(v, Double.NaN, false),
                false,
                "Comparisons with NaN are false: refuse unless error <= tolerance.");
    }

    private static void ask(String name, UnaryOperator<Variable> f, boolean right, String hint) {
        Question.of("agrees(" + name + ", [1, -2, 3], 7)")
                .withHint(hint)
                .expect(right, () -> AgreesWithDifferences.agrees(f, X, 7));
    }

    /** x² with a factor of its rule, and perhaps a wrong last entry. */
    private static Variable rule(Variable x, double factor, boolean last) {
        return Ops.op("square", x.value().mul(x.value()), Ops.wrt(x, dy -> {
            double[] values = Ops.scale(Ops.mul(x, dy), factor).value().toDoubleArray();
            values[values.length - 1] += last ? 1 : 0;
            return dy.tape().constant(Tensor.of(values));
        }));
    }
}
