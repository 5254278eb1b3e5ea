// SPDX-License-Identifier: Apache-2.0
/*
 * 1. The outer derivative of ½·u² is u, here s·w·x − t.
 * 2. The inner derivative of s·w·x − t with respect to w is s·x.
 * 3. dw = (s·w·x − t)·s·x. In it, (s·w·x − t) is dy, dy·x is J, and s is M.
 */
import io.github.masktape.cli.learn.Question;

public final class OneConnectionCheck implements Runnable {
    @Override
    public void run() {
        ask(1, 2, 1, 3);
        ask(3, 5, 7, 2);
        ask(3, 5, 7, 0);
        ask(-1, 2, 0.5, 1.25);
    }

    private static void ask(double w, double x, double t, double s) {
        String arguments = "(" + w + ", " + x + ", " + t + ", " + s + ")";
        double dy = s * w * x - t;
        Question.of("dw" + arguments)
                .withMistake(dy * x, "That is J. On its way back to w it goes through M = s once more.")
                .withMistake(2 * dy * s * x, "The factor ½ of the loss cancels the 2 of the square.")
                .withMistake(dy * s, "The factor x is missing: w is multiplied by s and by x.")
                .withMistake((w * x - t) * x, "The mask is missing, forwards and backwards.")
                .withMistake((w * x - t) * s * x, "The mask is missing forwards: the layer computes s·w·x.")
                .withHint("Outer derivative times inner derivative.")
                .expect(dy * s * x, () -> OneConnection.dw(w, x, t, s));
        Question.of("j" + arguments)
                .withMistake(dy * s * x, "That is the gradient of w. J is the gradient at v = s·w, before the mask.")
                .withMistake(dy, "That is dy, the gradient at the output. J = dy·x.")
                .withHint("With v = s·w, L = ½·(v·x − t)².")
                .expect(dy * x, () -> OneConnection.j(w, x, t, s));
    }
}
