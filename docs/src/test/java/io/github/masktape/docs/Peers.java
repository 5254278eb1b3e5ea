// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs;

import io.github.masktape.docs.Results.Run;
import io.github.masktape.docs.Results.Score;
import java.util.List;

/**
 * Results of {@code bench/peers}: comparisons whose runs differ in the parameter {@code side} only.
 *
 * @param results of which each comparison has a side {@code masktape}
 */
record Peers(Results results) {
    static final String FILE = "peers";
    static final String OURS = "masktape";

    private static final String SIDE = "side";

    /**
     * One side of a comparison.
     *
     * @param comparison what was measured
     * @param name whose
     * @param time in ms
     * @param ratio to the time of Masktape in the same comparison
     */
    record Side(String comparison, String name, Score time, Score ratio) {}

    /** Every side, comparison by comparison. */
    List<Side> sides() {
        return results.runs().stream()
                .map(run -> new Side(comparison(run), run.param(SIDE), run.score(), ratio(run)))
                .toList();
    }

    private Score ratio(Run run) {
        List<Run> ours = results.runs().stream()
                .filter(other -> comparison(other).equals(comparison(run)))
                .filter(other -> other.param(SIDE).equals(OURS))
                .toList();
        if (ours.size() != 1) {
            throw new IllegalArgumentException(
                    results.name() + ".json: expected one run of " + OURS + " in " + comparison(run));
        }
        return run.param(SIDE).equals(OURS)
                ? new Score(1, 0)
                : run.score().over(ours.get(0).score());
    }

    private static String comparison(Run run) {
        String parameters = run.describe(SIDE);
        return run.method().replaceFirst("\\..*", "") + (parameters.isEmpty() ? "" : ", " + parameters);
    }
}
