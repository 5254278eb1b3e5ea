// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The number of passes over the training data. A run that was extended has several cycles: in each, a cosine schedule
 * falls from the learning rate to 0.
 *
 * @param ends the last epoch of each cycle, ascending, at least one
 */
public record Epochs(List<Integer> ends) {
    /** Copies the list. */
    public Epochs {
        ends = List.copyOf(ends);
    }

    /** Training in one cycle of the schedule, with this many epochs. */
    public static Epochs of(int count) {
        return new Epochs(List.of(count));
    }

    /** The number of all epochs. */
    public int total() {
        return ends.get(ends.size() - 1);
    }

    /** These epochs, extended by another cycle. */
    Epochs extendedTo(int end) {
        List<Integer> all = new ArrayList<>(ends);
        all.add(end);
        return new Epochs(all);
    }

    /** The text that the option takes: the last epoch of each cycle. */
    @Override
    public String toString() {
        return ends.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
