package io.github.masktape.conformance;

/** What a law says when it does not hold: what was expected, by which formula, and what came instead. */
final class LawBroken extends RuntimeException {
    private static final long serialVersionUID = 1;

    LawBroken(String message) {
        super(message);
    }
}
