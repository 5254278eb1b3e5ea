package io.github.masktape.cli;

import org.jspecify.annotations.Nullable;

/** A run that could not be completed, for a reason that its message tells the user in one line. */
final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failure(@Nullable String message) {
        super(message);
    }

    Failure(Exception cause) {
        super(cause.getMessage(), cause);
    }
}
