package io.github.masktape.conformance;

/** What became of a law. */
public enum Verdict {
    /** No try broke it. */
    HOLDS("✓"),
    /** A try broke it. */
    BROKEN("✗"),
    /** The implementation does not offer, or does not claim, what it is about. */
    NOT_CHECKED("–");

    private final String sign;

    Verdict(String sign) {
        this.sign = sign;
    }

    /** ✓, ✗ or –. */
    public String sign() {
        return sign;
    }
}
