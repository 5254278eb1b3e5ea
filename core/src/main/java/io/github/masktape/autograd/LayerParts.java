// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.autograd;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** The tensors of the parts of a composite layer. */
final class LayerParts {
    private LayerParts() {}

    /** The tensors of all parts, each named after its part. */
    static <T> Map<String, T> named(Layer layer, Function<Layer, Map<String, T>> tensors) {
        Map<String, T> all = new LinkedHashMap<>();
        layer.parts()
                .forEach((part, inner) ->
                        tensors.apply(inner).forEach((name, tensor) -> all.put(part + "." + name, tensor)));
        return all;
    }
}
