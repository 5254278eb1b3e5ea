// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.learn;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A question that a check asks the learner's class: a call, whose answer is compared with the right one. Checks ask
 * about small cases first, so the first wrong answer is the smallest counterexample.
 *
 * <pre>{@code
 * Question.of("slope(5)")
 *         .withMistake(2.0, "That is x − 3; the derivative of a square has a factor 2.")
 *         .expect(4.0, () -> AParabola.slope(5));
 * }</pre>
 */
public final class Question {
    private static final double TOLERANCE = 1e-9;

    private final String call;
    private final boolean byHand;
    private final double tolerance;
    private final List<Mistake> mistakes;

    /** An answer that a typical mistake gives, and a hint for whoever made it; null for any other wrong answer. */
    private record Mistake(@Nullable Object answer, String hint) {}

    private Question(String call, boolean byHand, double tolerance, List<Mistake> mistakes) {
        this.call = call;
        this.byHand = byHand;
        this.tolerance = tolerance;
        this.mistakes = List.copyOf(mistakes);
    }

    /** A question about a call, given as the learner would write it. */
    public static Question of(String call) {
        return new Question(call, false, TOLERANCE, List.of());
    }

    /** A question whose right answer is not shown, because the learner is to find it by hand. */
    public static Question byHand(String call) {
        return new Question(call, true, TOLERANCE, List.of());
    }

    /** The same question with another tolerance, relative for numbers above 1; 0 demands equal bits. */
    public Question withTolerance(double tolerance) {
        return new Question(call, byHand, tolerance, mistakes);
    }

    /** The same question with an answer that a typical mistake gives, and a hint for it. */
    public Question withMistake(Object answer, String hint) {
        return with(new Mistake(answer, hint));
    }

    /** The same question with a hint for any wrong answer that is no known mistake. */
    public Question withHint(String hint) {
        return with(new Mistake(null, hint));
    }

    private Question with(Mistake mistake) {
        List<Mistake> all = new ArrayList<>(mistakes);
        all.add(mistake);
        return new Question(call, byHand, tolerance, all);
    }

    /**
     * Compares an answer with the right one: numbers, text, booleans, tensors, lists, and arrays of these.
     *
     * @throws WrongAnswer if they differ, or the learner's code throws
     */
    public void expect(Object right, Callable<?> answer) {
        Object given = answer(answer);
        String place = Answers.difference(right, given, tolerance);
        if (place == null) {
            return;
        }
        String text = call + (byHand ? "" : "\n  expected  " + Answers.text(right));
        text += "\n  got       " + Answers.text(given);
        if (!place.isEmpty() && Answers.text(right).contains(",")) {
            text += (byHand ? "\n  not right at " : "\n  they differ at ") + place;
        }
        throw new WrongAnswer(text, hint(given));
    }

    /** The learner's answer, for a check that does not compare it with one right answer. */
    public <T> T answer(Callable<T> answer) {
        T given;
        try {
            given = answer.call();
        } catch (WrongAnswer wrong) {
            throw wrong;
        } catch (Exception | StackOverflowError | OutOfMemoryError | LinkageError | AssertionError e) {
            throw new WrongAnswer(call + "\n  got       " + Answers.text(e), hint(e));
        }
        if (given == null) {
            throw new WrongAnswer(call + "\n  got       null", "Replace the null of the stub by your answer.");
        }
        return given;
    }

    /** An exception for a check to throw: the answer breaks a rule that the hint explains. */
    public WrongAnswer wrong(Object given, String hint) {
        return new WrongAnswer(call + "\n  got       " + Answers.text(given), hint);
    }

    /** An exception for a check to throw: the reason says what is wrong, in words of its own. */
    public WrongAnswer broken(String reason, String hint) {
        return new WrongAnswer(call + "\n" + reason.indent(2).stripTrailing(), hint);
    }

    private @Nullable String hint(Object given) {
        for (Mistake mistake : mistakes) {
            if (mistake.answer() == null || Answers.difference(mistake.answer(), given, tolerance) == null) {
                return mistake.hint();
            }
        }
        return null;
    }
}
