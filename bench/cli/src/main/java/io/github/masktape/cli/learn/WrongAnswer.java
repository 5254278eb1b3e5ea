// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.learn;

import org.jspecify.annotations.Nullable;

/** Thrown by a check at the first wrong answer of the learner's class; the message shows the counterexample. */
public final class WrongAnswer extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable String hint;

    WrongAnswer(String message, @Nullable String hint) {
        super(message, null, false, false);
        this.hint = hint;
    }

    /** A hint for the learner; null if the check knows none. */
    @Nullable
    String hint() {
        return hint;
    }
}
