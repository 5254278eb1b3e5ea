// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.sweep;

import io.github.masktape.cli.model.Checksums;
import io.github.masktape.cli.options.SettingsText;
import io.github.masktape.cli.settings.RunSettings;
import io.github.masktape.cli.terminal.Failure;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.PicocliException;

/**
 * One training of a sweep, described by a text: the data by their checksum, the fold to test on, and all settings. Its
 * result is a function of this text and the data, the same bits anywhere.
 *
 * <pre>
 *   data 5f1c0a3b9d2e4f60          the checksum of all examples
 *   fold 2 of 5                    the part to test on; the training is on the rest
 *   restarts 0                     the number of times that it may begin again with a quarter of the learning rate
 *
 *   --hidden=64,64                 the settings, as SettingsText writes them, without the paths of the data
 *   …
 * </pre>
 */
public record TrainingCell(String text) {
    private static final Pattern HEAD =
            Pattern.compile("data ([0-9a-f]{1,16})\nfold (\\d{1,9}) of (\\d{1,9})\nrestarts (\\d)\n\n");

    /** The options that say where the data are, which their checksum replaces. */
    private static final Set<String> PLACES = Set.of("--data", "--test-data", "--test");

    /**
     * The cell of a fold.
     *
     * @param data the checksum of all examples
     * @param fold the fold to test on, from 0
     */
    static TrainingCell of(String data, int fold, int folds, int restarts, RunSettings settings) {
        Map<String, String> values = SettingsText.values(settings);
        values.keySet().removeAll(PLACES);
        return new TrainingCell("data " + data + "\nfold " + (fold + 1) + " of " + folds + "\nrestarts " + restarts
                + "\n\n" + SettingsText.text(values));
    }

    /** The SHA-256 of the text, which names the cell. */
    public String hash() {
        return Checksums.of(text);
    }

    /** The checksum of all examples. */
    public String data() {
        return head().group(1);
    }

    /** The fold to test on, from 0. */
    public int fold() {
        return Integer.parseInt(head().group(2)) - 1;
    }

    /** The number of folds. */
    public int folds() {
        return Integer.parseInt(head().group(3));
    }

    /** The number of times that the training may begin again if it diverges. */
    public int restarts() {
        return Integer.parseInt(head().group(4));
    }

    /** The settings; those of the data do not say where they are. */
    public RunSettings settings() {
        try {
            return SettingsText.parse(text.substring(head().end()));
        } catch (PicocliException e) {
            throw new Failure("cell " + hash() + ": " + e.getMessage() + "; was this another version of masktape?");
        }
    }

    private Matcher head() {
        Matcher head = HEAD.matcher(text);
        if (!head.lookingAt()) {
            throw new Failure("cell: expected lines with data, fold and restarts, got "
                    + text.lines().limit(3).toList());
        }
        return head;
    }
}
