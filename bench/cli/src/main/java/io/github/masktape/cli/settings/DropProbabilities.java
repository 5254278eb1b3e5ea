package io.github.masktape.cli.settings;

import io.github.masktape.text.Decimal;
import java.util.List;
import java.util.stream.Collectors;

/** Drop probabilities: one for all hidden layers, or one for each. */
public record DropProbabilities(List<Double> values) {
    /** Copies the list. */
    public DropProbabilities {
        values = List.copyOf(values);
    }

    /** That of a hidden layer, counted from 0. */
    public double ofLayer(int layer) {
        return values.get(values.size() == 1 ? 0 : layer);
    }

    @Override
    public String toString() {
        return values.stream().map(p -> Decimal.shortest(p, 10)).collect(Collectors.joining(","));
    }
}
