// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.sweep;

import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.file.AtomicFile;
import io.github.masktape.text.Decimal;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The plan of a search in its folder, {@code plan.txt}: what is searched, how many trials there are so far, and the time
 * that they took, so that an interrupted search with a budget of time goes on with the same trials.
 *
 * @param description what is searched, which must not change
 * @param trials the number of trials; 0 before it is known
 * @param seconds the time spent before the last round
 */
public record SearchPlan(String description, int trials, double seconds) {
    /** The name of its file. */
    public static final String FILE = "plan.txt";

    private static final Pattern HEAD = Pattern.compile("trials (\\d{1,9})\nseconds ([0-9.]{1,20})\n\n");

    /**
     * The plan in a folder; a new one if there is none.
     *
     * @throws Failure if the folder holds another search
     */
    public static SearchPlan in(File folder, String description) {
        File file = file(folder);
        if (!file.exists()) {
            return new SearchPlan(description, 0, 0);
        }
        try {
            String text = Files.readString(file.toPath(), StandardCharsets.UTF_8);
            Matcher head = HEAD.matcher(text);
            if (!head.lookingAt()) {
                throw new Failure(file + ": expected lines with trials and seconds");
            }
            if (!text.substring(head.end()).equals(description)) {
                throw new Failure(folder + ": holds a search of other data, settings or ranges (see " + file.getName()
                        + "); choose another folder by --out");
            }
            return new SearchPlan(description, Integer.parseInt(head.group(1)), Double.parseDouble(head.group(2)));
        } catch (IOException e) {
            throw new Failure(e);
        }
    }

    private static File file(File folder) {
        return new File(folder, FILE);
    }

    /** This plan with another number of trials. */
    public SearchPlan with(int trials, double seconds) {
        return new SearchPlan(description, trials, seconds);
    }

    /** Writes the plan. */
    public void write(File folder) {
        try {
            AtomicFile.write(
                    file(folder), "trials " + trials + "\nseconds " + Decimal.fixed(seconds, 1) + "\n\n" + description);
        } catch (IOException e) {
            throw new Failure(e);
        }
    }
}
