package io.github.masktape.file;

import io.github.masktape.text.Decimal;

/** A span of time that is waited for again and again. Time may decide when a file is written, never what is in it. */
public final class Countdown {
    private final double seconds;
    private long start = System.nanoTime();

    /**
     * A span that begins now.
     *
     * @param seconds its length: 0 is always over, infinity never
     */
    public Countdown(double seconds) {
        if (!(seconds >= 0)) {
            throw new IllegalArgumentException("seconds: expected at least 0, got " + Decimal.shortest(seconds, 6));
        }
        this.seconds = seconds;
    }

    /** Whether so many seconds have passed since it began. */
    public boolean isOver() {
        return System.nanoTime() - start >= seconds * 1e9;
    }

    /** Starts again. */
    public void restart() {
        start = System.nanoTime();
    }
}
