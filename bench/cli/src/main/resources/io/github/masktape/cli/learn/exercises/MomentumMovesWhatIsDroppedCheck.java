// SPDX-License-Identifier: Apache-2.0
/*
 * 1. v = μ·v + g, then w = w − η·v.
 * 2. For a dropped connection g = 0, so v = μ·v.
 * 3. It moves unless μ·v is 0: without momentum, or if it has never moved before.
 */
import io.github.masktape.cli.learn.Question;

public final class MomentumMovesWhatIsDroppedCheck implements Runnable {
    @Override
    public void run() {
        double[][] cases = {{0, 1, 0}, {0, 1, 0.9}, {2, 1, 0.5}, {2, 0, 0.9}, {2, 0, 0}};
        for (double[] c : cases) {
            double v = c[2] * c[0] + c[1];
            String arguments = c[0] + ", " + c[1] + ", " + c[2];
            Question.of("velocity(" + arguments + ")")
                    .withMistake(c[1], "The velocity of the step before is missing.")
                    .withMistake(c[2] * (c[0] + c[1]), "Only the old velocity is multiplied by the momentum.")
                    .withMistake(
                            c[2] * c[0] + (1 - c[2]) * c[1],
                            "That is a moving average. Here the gradient is added as it is.")
                    .expect(v, () -> MomentumMovesWhatIsDropped.velocity(c[0], c[1], c[2]));
            Question.of("weight(3, " + arguments + ", 0.1)")
                    .withMistake(3 + 0.1 * v, "A step goes downhill: subtract.")
                    .withMistake(3 - v, "The learning rate is missing.")
                    .withMistake(3 - 0.1 * c[1], "The step subtracts η·v, not η times the gradient.")
                    .expect(3 - 0.1 * v, () -> MomentumMovesWhatIsDropped.weight(3, c[0], c[1], c[2], 0.1));
            Question.of("movesWhileDropped(" + c[0] + ", " + c[2] + ")")
                    .withMistake(true, "Without momentum, or without a velocity, a gradient of 0 leaves it in place.")
                    .withMistake(false, "Its gradient is 0, but μ·v is not.")
                    .expect(
                            c[0] * c[2] != 0,
                            () -> MomentumMovesWhatIsDropped.movesWhileDropped(c[0], c[2]));
        }
    }
}
