// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.sweep;

import io.github.masktape.cli.terminal.StatusLine;
import io.github.masktape.cli.terminal.Terminal;
import java.util.ArrayList;
import java.util.List;

/** The progress display of a sweep: on a terminal, a moving line with the time that is left; elsewhere nothing. */
public final class SweepProgress {
    private final StatusLine line;
    private final long start = System.nanoTime();
    private int expected;
    private final List<Double> finishes = new ArrayList<>();

    /** The progress of a sweep that starts now. */
    public SweepProgress(Terminal streams) {
        line = new StatusLine(streams);
    }

    /** Sets the number of trainings that are still to be computed, as far as it is known. */
    public void expect(int open) {
        expected = count() + open;
    }

    /** The number of trainings that were computed. */
    public int count() {
        return finishes.size();
    }

    /**
     * The mean time of a training in seconds, with as many at a time as there are; 0 before the second one. It is that of
     * the later half, since the first trainings run in code that is not compiled yet.
     */
    public double secondsPerTraining() {
        int n = finishes.size();
        return n < 2 ? 0 : (finishes.get(n - 1) - finishes.get(n / 2 - 1)) / (n - n / 2);
    }

    /** The time in seconds since the start. */
    public double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }

    /** Some trainings begin. */
    void begin(int open) {
        expected = Math.max(expected, count() + open);
        draw();
    }

    /** A training is finished. */
    void finished() {
        finishes.add(seconds());
        if (line.isDue(System.nanoTime())) {
            draw();
        }
    }

    private void draw() {
        if (line.isDue(System.nanoTime())) {
            line.draw(text());
        }
    }

    /** The text of the line: {@code 12 of 40 trainings, about 1:23 left}. */
    String text() {
        long left = Math.round(secondsPerTraining() * (expected - count()));
        return count() + " of " + expected + " trainings" + (count() < 2 ? "" : ", about " + minutes(left) + " left");
    }

    /** A time as minutes and seconds. */
    public static String minutes(long seconds) {
        return seconds / 60 + ":" + (seconds % 60 < 10 ? "0" : "") + seconds % 60;
    }

    /** Erases the line. */
    void clear() {
        line.clear();
    }
}
