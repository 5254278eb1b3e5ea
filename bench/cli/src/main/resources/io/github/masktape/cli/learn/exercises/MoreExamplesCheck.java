// SPDX-License-Identifier: Apache-2.0
/*
 * 1. 41 examples in batches of 20 make three batches: 20, 20 and 1. Round up.
 * 2. In whole numbers, a/b rounded up is (a + b − 1)/b.
 * 3. The network cannot learn 400 accidents by heart as easily as 40.
 */
import io.github.masktape.cli.learn.Question;

public final class MoreExamplesCheck implements Runnable {
    @Override
    public void run() {
        steps(20, 20, 1);
        steps(21, 20, 2);
        steps(400, 20, 20);
        epochs(40, 20, 2, 1);
        epochs(40, 20, 3, 2);
        epochs(40, 20, 4096, 2048);
        epochs(400, 20, 4096, 205);
        Question.byHand("testError()")
                .withMistake("higher", "More examples leave fewer accidents to learn. Run it.")
                .withMistake("equal", "163 of 1000 test points are wrong with 40 points. Count them with 400.")
                .withHint("Answer \"lower\", \"equal\" or \"higher\".")
                .expect("lower", MoreExamples::testError);
    }

    private static void steps(int examples, int batchSize, int right) {
        Question.of("stepsInAnEpoch(" + examples + ", " + batchSize + ")")
                .withMistake(examples / batchSize, "The last batch may be smaller, but it is a step too: round up.")
                .expect(right, () -> MoreExamples.stepsInAnEpoch(examples, batchSize));
    }

    private static void epochs(int examples, int batchSize, int steps, int right) {
        Question.of("epochs(" + examples + ", " + batchSize + ", " + steps + ")")
                .withMistake(right - 1, "That many epochs make too few steps: round up.")
                .withMistake(steps, "An epoch has several steps: divide by their number.")
                .expect(right, () -> MoreExamples.epochs(examples, batchSize, steps));
    }
}
