// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.settings;

import java.util.List;
import java.util.stream.Collectors;

/** The sizes of hidden layers, first to last. */
public record LayerSizes(List<Integer> values) {
    /** Copies the list of sizes. */
    public LayerSizes {
        values = List.copyOf(values);
    }

    @Override
    public String toString() {
        return values.isEmpty() ? "none" : values.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
