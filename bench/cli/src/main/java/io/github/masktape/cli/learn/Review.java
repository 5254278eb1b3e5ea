// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.learn;

import io.github.masktape.cli.terminal.JsonObject;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The review of an answer to an exercise.
 *
 * @param exercise the exercise
 * @param finding the result
 * @param message the counterexample, or why the answer could not be checked; empty if it is right
 * @param hint a hint to the mistake; null if none is known
 * @param seconds the time that compiling and checking took
 */
public record Review(
        Exercise exercise,
        Finding finding,
        String message,
        @Nullable String hint,
        double seconds) {
    /** The result of a review. */
    public enum Finding {
        RIGHT,
        WRONG,
        DOES_NOT_COMPILE,
        DOES_NOT_END,
        REFUSED;

        /** The name in JSON, such as {@code does not compile}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /** True if the answer is right. */
    public boolean isRight() {
        return finding == Finding.RIGHT;
    }

    /** The review as a line of JSON. */
    public String toJson() {
        return new JsonObject()
                .with("exercise", exercise.number())
                .with("title", exercise.title())
                .with("right", isRight())
                .with("result", finding.toString())
                .with("message", message)
                .with("hint", hint)
                .with("seconds", Math.round(seconds * 1000) / 1000.0)
                .toString();
    }

    /** The review as text for a learner. */
    @Override
    public String toString() {
        String text = (isRight() ? "✓ " : "✗ ") + exercise + (isRight() ? "" : ": " + finding);
        if (!message.isEmpty()) {
            text += "\n\n" + message.stripTrailing().indent(2).stripTrailing();
        }
        return hint == null ? text : text + "\n\n  hint: " + hint;
    }
}
