// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.learn;

import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.file.AtomicFile;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * A learner's progress: the exercises solved, and the hints shown. It is a text file among the learner's answers, with a
 * line for each solved exercise ({@code 4.2 solved}) and for each with hints ({@code 4.2 hints 1}).
 */
public final class LearningProgress {
    private static final String FILE = "progress.txt";

    private final File file;
    private final TreeSet<String> solved = new TreeSet<>();
    private final Map<String, Integer> hints = new HashMap<>();

    private LearningProgress(File file) {
        this.file = file;
    }

    /** Reads the progress in a folder; there is none yet if it holds no such file. */
    public static LearningProgress in(File folder) {
        LearningProgress progress = new LearningProgress(new File(folder, FILE));
        if (!progress.file.isFile()) {
            return progress;
        }
        try {
            int number = 0;
            for (String line : Files.readAllLines(progress.file.toPath(), StandardCharsets.UTF_8)) {
                number++;
                if (!progress.read(line)) {
                    throw new Failure(progress.file + ": line " + number
                            + ": expected \"4.2 solved\" or \"4.2 hints 1\", got \"" + line + "\"; delete the line");
                }
            }
        } catch (IOException e) {
            throw new Failure(e);
        }
        return progress;
    }

    private boolean read(String line) {
        String[] words = line.strip().split(" ", -1);
        if (words.length == 2 && words[1].equals("solved")) {
            solved.add(words[0]);
            return true;
        }
        if (words.length == 3 && words[1].equals("hints") && words[2].matches("\\d{1,3}")) {
            hints.put(words[0], Integer.parseInt(words[2]));
            return true;
        }
        return line.isBlank();
    }

    /** True if an exercise has been solved once. */
    public boolean isSolved(Exercise exercise) {
        return solved.contains(exercise.number());
    }

    /** The number of hints shown. */
    public int hints(Exercise exercise) {
        return Math.min(
                hints.getOrDefault(exercise.number(), 0), exercise.hints().size());
    }

    /** Records a solution, and writes the file. */
    public void solve(Exercise exercise) {
        if (solved.add(exercise.number())) {
            write();
        }
    }

    /** Records that one more hint is shown, and writes the file. */
    public void showHint(Exercise exercise) {
        if (hints(exercise) < exercise.hints().size()) {
            hints.put(exercise.number(), hints(exercise) + 1);
            write();
        }
    }

    private void write() {
        StringBuilder text = new StringBuilder();
        for (Exercise exercise : Exercises.all()) {
            if (isSolved(exercise)) {
                text.append(exercise.number()).append(" solved\n");
            }
            if (hints(exercise) > 0) {
                text.append(exercise.number())
                        .append(" hints ")
                        .append(hints(exercise))
                        .append('\n');
            }
        }
        try {
            AtomicFile.write(file, text.toString());
        } catch (IOException e) {
            throw new Failure(e);
        }
    }
}
