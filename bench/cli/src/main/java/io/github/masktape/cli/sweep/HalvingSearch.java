// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.sweep;

import io.github.masktape.cli.settings.RunSettings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * A search by random draws and successive halving over folds. The first trial has the settings of {@code train}, each
 * further one other random values.
 *
 * <pre>
 *   rounds   of 16 trials, the last one of those that remain
 *   rungs    the first …, n/4, n/2 of the n trainings of the cross-validation, at least 2 of them if n > 3; then all n
 * </pre>
 *
 * In a round, all trials make the trainings of the first rung; the better half, rounded up, those of the next rung, and
 * so on. The first trial always makes all trainings, so that others can be compared with it. The best trial is the one
 * with the least mean cost among those with all trainings; the cost of a trial that diverged is infinite. If two errors
 * are equal, the log loss decides, then the number of the trial.
 */
public final class HalvingSearch {
    /** The number of trials in a round. */
    public static final int ROUND = 16;

    /** The number of draws in a row that give no new values, after which there are none left. */
    private static final int MOST_DRAWS = 1000;

    private final Sweep sweep;
    private final CrossValidation plan;
    private final Measure by;
    private final RunSettings base;
    private final SearchSpace space;
    private final Set<Map<String, String>> drawn = new HashSet<>();
    private final List<SearchTrial> trials = new ArrayList<>();
    private long draws;

    /** The number of trials whose rounds are complete. */
    private int complete;

    /**
     * A search that has not tried anything.
     *
     * @param by the measure that decides
     * @param base the settings of the first trial
     * @param restarts the number of times that a training of the first trial may begin again if it diverges
     */
    public HalvingSearch(
            Sweep sweep, CrossValidation plan, Measure by, SearchSpace space, RunSettings base, int restarts) {
        this.sweep = sweep;
        this.plan = plan;
        this.by = by;
        this.space = space;
        this.base = base;
        trials.add(new SearchTrial(0, Map.of(), base, restarts));
        drawn.add(Map.of());
    }

    /** The trials so far. */
    public List<SearchTrial> trials() {
        return List.copyOf(trials);
    }

    /** Makes all trainings of the first trial; false if the executor was stopped. */
    public boolean first() {
        return sweep.compute(cells(trials.get(0), 0, plan.trainings()));
    }

    /**
     * Draws trials and makes the rounds that are not complete yet.
     *
     * @param count the number of trials in all, with the first; fewer are made if the space has no more
     * @return false if the executor was stopped
     */
    public boolean search(int count) {
        for (int begin = complete; begin < count; begin += ROUND) {
            int end = Math.min(count, begin + ROUND);
            while (trials.size() < end && draw()) {
                // One more.
            }
            if (begin >= trials.size()) {
                return true;
            }
            if (!round(trials.subList(begin, Math.min(end, trials.size())))) {
                return false;
            }
            complete = end;
        }
        return true;
    }

    /** True if the space has no values that were not drawn. */
    public boolean isExhausted() {
        return trials.size() < complete;
    }

    /** Adds a trial for each combination of values, which the next search makes. */
    public void addGrid() {
        for (Map<String, String> chosen : space.product(base)) {
            add(chosen);
        }
    }

    /** The number of finished trainings. */
    public int finished() {
        return trials.stream().mapToInt(trial -> results(trial).size()).sum();
    }

    private boolean draw() {
        for (int k = 0; k < MOST_DRAWS; k++) {
            if (add(space.draw(base, base.seed(), draws++))) {
                return true;
            }
        }
        return false;
    }

    private boolean add(Map<String, String> chosen) {
        if (!drawn.add(chosen)) {
            return false;
        }
        trials.add(new SearchTrial(trials.size(), chosen, space.apply(base, chosen), 0));
        return true;
    }

    private boolean round(List<SearchTrial> round) {
        List<SearchTrial> alive = new ArrayList<>(round);
        int before = 0;
        for (int rung : rungs()) {
            List<TrainingCell> cells = new ArrayList<>();
            for (SearchTrial trial : alive) {
                cells.addAll(cells(trial, before, trial.number() == 0 ? plan.trainings() : rung));
            }
            if (!sweep.compute(cells)) {
                return false;
            }
            before = rung;
            if (rung < plan.trainings()) {
                alive.sort(order(rung));
                alive.subList(half(alive.size()), alive.size()).clear();
            }
        }
        return true;
    }

    private List<Integer> rungs() {
        List<Integer> rungs = new ArrayList<>();
        int least = plan.trainings() > 3 ? 2 : 1;
        for (int rung = plan.trainings(); rung >= least; rung /= 2) {
            rungs.add(0, rung);
        }
        return rungs;
    }

    private static int half(int count) {
        return (count + 1) / 2;
    }

    /** The number of trainings of this many trials, without that of the first trial. */
    public int trainings(int count) {
        int all = 0;
        for (int begin = 0; begin < count; begin += ROUND) {
            int alive = Math.min(ROUND, count - begin);
            int before = 0;
            for (int rung : rungs()) {
                all += alive * (rung - before);
                before = rung;
                alive = half(alive);
            }
        }
        return all;
    }

    private List<TrainingCell> cells(SearchTrial trial, int from, int to) {
        List<TrainingCell> cells = new ArrayList<>();
        for (int number = from; number < to; number++) {
            cells.add(cell(trial, number));
        }
        return cells;
    }

    private TrainingCell cell(SearchTrial trial, int number) {
        return plan.cell(sweep.training(), trial.settings(), trial.restarts(), number);
    }

    /** The results of the first trainings of a trial, as many as are finished. */
    private List<CellResult> results(SearchTrial trial) {
        List<CellResult> results = new ArrayList<>();
        for (int number = 0; number < plan.trainings() && sweep.has(cell(trial, number)); number++) {
            results.add(sweep.result(cell(trial, number)));
        }
        return results;
    }

    /** The order of trials by their mean cost over the first trainings. */
    private Comparator<SearchTrial> order(int trainings) {
        Comparator<SearchTrial> order =
                Comparator.comparingDouble(trial -> cost(results(trial).subList(0, trainings), by));
        if (by == Measure.ERROR || by == Measure.ACCURACY) {
            order = order.thenComparingDouble(trial -> cost(results(trial).subList(0, trainings), Measure.LOG_LOSS));
        }
        return order.thenComparingInt(SearchTrial::number);
    }

    private static double cost(List<CellResult> results, Measure measure) {
        double sum = 0;
        for (CellResult result : results) {
            OptionalDouble value = result.measure(measure);
            sum += value.isPresent() ? measure.cost(value.getAsDouble()) : Double.POSITIVE_INFINITY;
        }
        return sum / results.size();
    }

    /** The trials in the order of their results: those with all trainings first. */
    public Leaderboard leaderboard() {
        List<Leaderboard.RankedTrial> rows = new ArrayList<>();
        List<CellResult> firsts = results(trials.get(0));
        List<SearchTrial> sorted = new ArrayList<>(trials);
        sorted.removeIf(trial -> results(trial).isEmpty());
        sorted.sort(
                Comparator.<SearchTrial>comparingInt(trial -> -results(trial).size())
                        .thenComparing((a, b) -> order(results(a).size()).compare(a, b)));
        for (SearchTrial trial : sorted) {
            rows.add(new Leaderboard.RankedTrial(trial, results(trial)));
        }
        return new Leaderboard(plan, by, space.names(), firsts, rows);
    }
}
