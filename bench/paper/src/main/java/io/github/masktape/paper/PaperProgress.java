// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.paper;

import io.github.masktape.cli.terminal.StatusLine;
import io.github.masktape.cli.terminal.Terminal;
import io.github.masktape.optim.Trainer;
import io.github.masktape.paper.PaperRun.PaperSchedule;
import io.github.masktape.paper.PaperRun.Part;
import io.github.masktape.text.Decimal;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The progress display of the paper's runs: a line for each finished run and, on a terminal, a moving line in between.
 */
final class PaperProgress {
    private final PrintWriter err;
    private final StatusLine line;
    private final int runs;
    private final double work;
    private final long start = System.nanoTime();
    private int finished;
    private double done;

    /**
     * The progress of runs that start now.
     *
     * @param runs all runs
     * @param open the runs that remain
     */
    PaperProgress(Terminal streams, List<PaperRun> runs, List<PaperRun> open, Map<Part, PaperSchedule> plan) {
        this.err = streams.err();
        this.line = new StatusLine(streams);
        this.runs = runs.size();
        this.finished = runs.size() - open.size();
        this.work = open.stream()
                .mapToDouble(run -> epochWork(run)
                        * Objects.requireNonNull(plan.get(run.part())).epochs())
                .sum();
    }

    /**
     * A rough estimate of an epoch's work: the number of connections, times three if each example has an independent
     * mask, times two with Flipout's two products.
     */
    private static double epochWork(PaperRun run) {
        return (1000.0 * run.width() + (double) run.width() * run.width())
                * switch (run.arm()) {
                    case DROPCONNECT -> 3;
                    case FLIPOUT -> 2;
                    case PER_BATCH, DROPOUT, NO_DROP -> 1;
                };
    }

    /** A listener to one run. */
    Trainer.Listener of(PaperRun run) {
        return new Trainer.Listener() {
            @Override
            public void epoch(Trainer.Epoch epoch) {
                epochDone(run);
            }
        };
    }

    private synchronized void epochDone(PaperRun run) {
        done += epochWork(run);
        if (line.isDue(System.nanoTime())) {
            line.draw(finished + " of " + runs + " runs" + left());
        }
    }

    /** The remaining time in words; empty while no epoch has been timed yet. */
    private String left() {
        if (done == 0) {
            return "";
        }
        double seconds = (System.nanoTime() - start) / 1e9 * (work / done - 1);
        return ", about " + Decimal.fixed(Math.max(0, seconds) / 60, 0) + " min left";
    }

    /** Reports that a network is trained. */
    synchronized void trained(PaperModel model) {
        finished++;
        line.clear();
        err.println(model + "; " + finished + " of " + runs + " runs" + (finished < runs ? left() : ""));
    }
}
