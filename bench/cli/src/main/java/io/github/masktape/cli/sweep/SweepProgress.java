// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.sweep;

import io.github.masktape.cli.terminal.StatusLine;
import io.github.masktape.cli.terminal.Terminal;

/** The progress display of a sweep: on a terminal, a moving line with the time that is left; elsewhere nothing. */
public final class SweepProgress {
    private final StatusLine line;
    private final long start = System.nanoTime();
    private int expected;
    private int finished;

    /** The progress of a sweep that starts now. */
    public SweepProgress(Terminal streams) {
        line = new StatusLine(streams);
    }

    /** Sets the number of trainings that are still to be computed, as far as it is known. */
    public void expect(int open) {
        expected = finished + open;
    }

    /** The number of trainings that were computed. */
    public int count() {
        return finished;
    }

    /** The mean time of a training so far in seconds, with as many at a time as there are; 0 before the first. */
    double secondsPerTraining() {
        return finished == 0 ? 0 : seconds() / finished;
    }

    /** The time in seconds since the start. */
    public double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }

    /** Some trainings begin. */
    void begin(int open) {
        expected = Math.max(expected, finished + open);
        draw();
    }

    /** A training is finished. */
    void finished() {
        finished++;
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
        long left = Math.round(secondsPerTraining() * (expected - finished));
        return finished + " of " + expected + " trainings"
                + (finished == 0 ? "" : ", about " + minutes(left) + " left");
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
