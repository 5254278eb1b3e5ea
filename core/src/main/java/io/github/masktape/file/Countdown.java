// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.file;

import io.github.masktape.text.Decimal;

/** A repeating span of time. Time may decide when a file is written, but never its content. */
public final class Countdown {
    private final double seconds;
    private long start = System.nanoTime();

    /**
     * A span of time that begins now.
     *
     * @param seconds its length; a span of 0 is over at once, an infinite one never
     */
    public Countdown(double seconds) {
        if (!(seconds >= 0)) {
            throw new IllegalArgumentException("seconds: expected at least 0, got " + Decimal.shortest(seconds, 6));
        }
        this.seconds = seconds;
    }

    /** True if the span has passed since it began. */
    public boolean isOver() {
        return System.nanoTime() - start >= seconds * 1e9;
    }

    /** Starts the span again. */
    public void restart() {
        start = System.nanoTime();
    }
}
