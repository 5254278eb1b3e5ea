// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.terminal;

import org.jspecify.annotations.Nullable;

/** Thrown if a run cannot be completed; the message explains the reason to the user in one line. */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Failure(@Nullable String message) {
        super(message);
    }

    public Failure(Exception cause) {
        super(cause.getMessage(), cause);
    }
}
