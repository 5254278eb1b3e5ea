// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.settings;

import io.github.masktape.text.Decimal;
import java.util.List;
import java.util.stream.Collectors;

/** The drop probabilities of hidden layers: one for all, or one for each. */
public record DropProbabilities(List<Double> values) {
    /** Copies the list of probabilities. */
    public DropProbabilities {
        values = List.copyOf(values);
    }

    /** The drop probability of a hidden layer, counted from 0. */
    public double ofLayer(int layer) {
        return values.get(values.size() == 1 ? 0 : layer);
    }

    @Override
    public String toString() {
        return values.stream().map(p -> Decimal.shortest(p, 10)).collect(Collectors.joining(","));
    }
}
