// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.sweep;

import io.github.masktape.cli.settings.RunSettings;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One setting that a search tries.
 *
 * @param number its number, from 0 for the settings that {@code train} would use
 * @param chosen the values that the search chose, by the names of their options
 * @param settings all settings
 * @param restarts the number of times that a training may begin again if it diverges
 */
public record SearchTrial(int number, Map<String, String> chosen, RunSettings settings, int restarts) {
    /** Copies the values, in their order. */
    public SearchTrial {
        chosen = Collections.unmodifiableMap(new LinkedHashMap<>(chosen));
    }

    /** The chosen values as options of {@code train}; empty for the trial of the defaults. */
    public String options() {
        StringBuilder text = new StringBuilder();
        chosen.forEach((option, value) -> text.append(text.isEmpty() ? "" : " ")
                .append(option)
                .append(' ')
                .append(value));
        return text.toString();
    }
}
