// SPDX-License-Identifier: Apache-2.0
/*
 * 1. A double has about 16 digits, so f(x + h) is off by about 10⁻¹⁶. Divided by h = 10⁻¹², that is 10⁻⁴.
 * 2. A large step has another error, about h².
 * 3. Both are small between 10⁻⁶ and 10⁻⁵.
 */
import io.github.masktape.cli.learn.Question;

public final class StepIsToBlameCheck implements Runnable {
    @Override
    public void run() {
        Question.byHand("culprit()")
                .withMistake("rule", "The derivative of tanh is 1 − tanh². Measure the error of the difference instead.")
                .withHint("Answer \"rule\" or \"step\".")
                .expect("step", StepIsToBlame::culprit);
        Question question = Question.of("step()");
        double h = question.answer(StepIsToBlame::step);
        if (!(h > 0)) {
            throw question.wrong(h, "A step is positive.");
        }
        double worst = 0;
        for (double x = 0.3; x < 1; x += 0.05) {
            double up = x + h;
            double down = x - h;
            double numeric = (Math.tanh(up) - Math.tanh(down)) / (up - down);
            double error = Math.abs(numeric - (1 - Math.tanh(x) * Math.tanh(x)));
            worst = error > worst || Double.isNaN(error) ? error : worst;
        }
        if (!(worst <= 1e-9)) {
            throw question.wrong(
                    h,
                    "The largest error is " + worst + ". "
                            + (h < 1e-6
                                    ? "The step is so small that rounding spoils the difference."
                                    : "The step is so large that the curve bends between the two places."));
        }
    }
}
