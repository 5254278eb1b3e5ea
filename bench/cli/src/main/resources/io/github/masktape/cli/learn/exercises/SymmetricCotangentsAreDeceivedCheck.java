// SPDX-License-Identifier: Apache-2.0
/*
 * 1. The two rules give the same gradient if dy = dyᵀ.
 * 2. That is dy[i][j] = dy[j][i] for all i and j: dy is symmetric.
 * 3. The diagonal may hold any numbers.
 */
import io.github.masktape.cli.learn.Question;
import java.util.Arrays;

public final class SymmetricCotangentsAreDeceivedCheck implements Runnable {
    @Override
    public void run() {
        ask(new double[][] {{3}}, true, "A single number is its own transpose.");
        ask(new double[][] {{1, 1}, {1, 1}}, true, "Equal numbers do not notice.");
        ask(new double[][] {{1, 0}, {0, 2}}, true, "The transpose leaves the diagonal in place: it may hold any numbers.");
        ask(new double[][] {{1, 5}, {5, -2}}, true, "dy and dyᵀ are equal here.");
        ask(new double[][] {{1, 5}, {4, -2}}, false, "dy[0][1] and dy[1][0] differ, so the gradients do.");
        ask(
                new double[][] {{1, 2, 3}, {2, 1, 4}, {3, 5, 1}},
                false,
                "Compare all pairs: dy[1][2] and dy[2][1] differ.");
        Question question = Question.of("deceived()");
        double[][] dy = question.answer(SymmetricCotangentsAreDeceived::deceived);
        if (dy.length != 3 || dy[0].length != 3 || dy[1].length != 3 || dy[2].length != 3) {
            throw question.wrong(dy, "It must be 3×3.");
        }
        if (dy[0][1] != dy[1][0] || dy[0][2] != dy[2][0] || dy[1][2] != dy[2][1]) {
            throw question.wrong(dy, "This one notices: it differs from its transpose.");
        }
        if (Arrays.stream(dy).flatMapToDouble(Arrays::stream).distinct().count() < 4) {
            throw question.wrong(dy, "It must hold at least four different numbers.");
        }
    }

    private static void ask(double[][] dy, boolean right, String hint) {
        Question.of("isDeceived(" + Arrays.deepToString(dy) + ")")
                .withHint(hint)
                .expect(right, () -> SymmetricCotangentsAreDeceived.isDeceived(dy));
    }
}
