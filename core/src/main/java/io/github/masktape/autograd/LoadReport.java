// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.autograd;

import io.github.masktape.tensor.MutableTensor;
import io.github.masktape.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The result of {@link Layer#load}: what was loaded by name, and what did not match.
 *
 * @param loaded the names that were loaded
 * @param missing the names of the layer's tensors for which none was given
 * @param unexpected the names of given tensors that the layer does not have
 * @param different the names whose tensors have another shape or dtype, each with a description of the difference
 */
public record LoadReport(
        List<String> loaded, List<String> missing, List<String> unexpected, Map<String, String> different) {
    /** Copies the lists and the map, in their order. */
    public LoadReport {
        loaded = List.copyOf(loaded);
        missing = List.copyOf(missing);
        unexpected = List.copyOf(unexpected);
        different = Collections.unmodifiableMap(new LinkedHashMap<>(different));
    }

    /** Sets the tensors that match, all or, if none does, nothing. */
    static LoadReport load(Map<String, MutableTensor> state, Map<String, Tensor> tensors) {
        Map<String, Tensor> matching = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        Map<String, String> different = new LinkedHashMap<>();
        Map<MutableTensor, String> names = new HashMap<>();
        state.forEach((name, cell) -> {
            Tensor tensor = tensors.get(name);
            if (tensor == null) {
                missing.add(name);
            } else if (!tensor.shape().equals(cell.shape()) || tensor.dtype() != cell.dtype()) {
                different.put(
                        name,
                        "expected " + cell.shape() + " " + cell.dtype() + ", got " + tensor.shape() + " "
                                + tensor.dtype());
            } else {
                String other = names.putIfAbsent(cell, name);
                if (other != null && !tensor.equals(matching.get(other))) {
                    throw new IllegalArgumentException("load: expected equal tensors for " + other + " and " + name
                            + ", which share a parameter, got different ones; load them into a network in which each"
                            + " has its own");
                }
                matching.put(name, tensor);
            }
        });
        List<String> unexpected = tensors.keySet().stream()
                .filter(name -> !state.containsKey(name))
                .toList();
        LoadReport report = new LoadReport(List.copyOf(matching.keySet()), missing, unexpected, different);
        if (matching.isEmpty()) {
            throw new IllegalArgumentException("load: expected a tensor that fits the layer, got none; " + report);
        }
        matching.forEach(
                (name, tensor) -> Objects.requireNonNull(state.get(name)).set(tensor));
        return report;
    }

    /** True if every tensor of the layer was loaded and no other was given. */
    public boolean isComplete() {
        return missing.isEmpty() && unexpected.isEmpty() && different.isEmpty();
    }

    /**
     * Refuses an incomplete load.
     *
     * @throws IllegalArgumentException unless every tensor of the layer was loaded and no other was given
     */
    public void requireComplete() {
        if (!isComplete()) {
            throw new IllegalArgumentException("load: expected exactly the layer's tensors, got a difference: " + this);
        }
    }

    /** One line: {@code 2 loaded; missing: 4.bias; unexpected: 5.weight; different: 4.weight (expected …, got …)}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(loaded.size() + " loaded");
        append("missing", missing, text);
        append("unexpected", unexpected, text);
        append(
                "different",
                different.entrySet().stream()
                        .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
                        .toList(),
                text);
        return text.toString();
    }

    private static void append(String what, List<String> names, StringBuilder text) {
        if (!names.isEmpty()) {
            text.append("; ").append(what).append(": ").append(String.join(", ", names));
        }
    }
}
