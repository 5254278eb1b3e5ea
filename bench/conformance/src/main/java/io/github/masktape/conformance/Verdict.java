// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance;

/** The outcome of checking a law. */
public enum Verdict {
    /** No try broke it. */
    HOLDS("✓"),
    /** A try broke it. */
    BROKEN("✗"),
    /** The implementation lacks the part that the law is about, or does not make its claim. */
    NOT_CHECKED("–");

    private final String sign;

    Verdict(String sign) {
        this.sign = sign;
    }

    /** The sign in the report: ✓, ✗ or –. */
    public String sign() {
        return sign;
    }
}
