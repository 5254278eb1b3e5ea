package io.github.masktape.cli.terminal;

import org.jspecify.annotations.Nullable;

/** A run that could not be completed, for a reason that its message tells the user in one line. */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Failure(@Nullable String message) {
        super(message);
    }

    public Failure(Exception cause) {
        super(cause.getMessage(), cause);
    }
}
