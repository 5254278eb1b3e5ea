// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli;

import io.github.masktape.cli.learn.Exercise;
import io.github.masktape.cli.learn.Exercises;
import io.github.masktape.cli.learn.LearningProgress;
import io.github.masktape.cli.learn.Review;
import io.github.masktape.cli.learn.Reviewer;
import io.github.masktape.cli.learn.Reviewer.Submission;
import io.github.masktape.cli.options.Converters;
import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.cli.terminal.JsonObject;
import io.github.masktape.file.AtomicFile;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code masktape learn}, which lists the exercises of the course and checks answers to them. */
@Command(
        name = "learn",
        description = {
            "Lists the exercises of the course, or checks your answer to one of them.",
            "",
            "With a number, it writes a Java file with the task for you to complete, and checks the file now and"
                    + " whenever you save it, until the answer is right. A wrong answer is shown with the smallest case"
                    + " that proves it. Press Enter for a hint, Ctrl-C to stop.",
            "",
            "It needs a JDK. Your code runs in this program; check only files that you trust."
        },
        footer = {
            "",
            "Examples:",
            "  java -jar masktape.jar learn",
            "  java -jar masktape.jar learn 4.2",
            "  java -jar masktape.jar learn 4.2 --hint",
            "  java -jar masktape.jar learn 4.2 --check ExchangedMasks.java",
            "  java -jar masktape.jar learn --check exercises --json",
            "",
            "Exit code: 0 if every answer checked is right, 1 if one is wrong or cannot be checked, 2 usage error."
        })
final class LearnCommand implements Callable<Integer> {
    private static final long POLL_MILLIS = 50;

    private final InputStream in;
    private @Nullable Reviewer reviewer;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(
            paramLabel = "EXERCISE",
            arity = "0..1",
            description = "Number of the exercise, such as 4.2; without it, all are listed.")
    private @Nullable String number;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Folder of your answers and your progress (default: ${DEFAULT-VALUE}).")
    private File folder = new File("exercises");

    @Option(
            names = "--check",
            paramLabel = "PATH",
            description = "Check once: the answer in this file, or without a number all answers in this folder.")
    private @Nullable File file;

    @Option(names = "--hint", description = "Print the hints shown so far and the next one, then stop.")
    private boolean hint;

    @Option(names = "--json", description = "Print a JSON object per line; with --check, or for the list.")
    private boolean json;

    @Option(
            names = "--time-limit",
            paramLabel = "SECONDS",
            converter = Converters.Count.class,
            description = "Longest time that a check may take (default: ${DEFAULT-VALUE}).")
    private int seconds = 10;

    /** A command that takes a line of {@code in} as the wish for a hint. */
    LearnCommand(InputStream in) {
        this.in = in;
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (number == null) {
            if (hint) {
                throw misused("--hint: expected the number of an exercise beside it, got none");
            }
            if (file != null) {
                return check(submissions(file), out);
            }
            list(out);
            return 0;
        }
        Exercise exercise = Exercises.of(number)
                .orElseThrow(
                        () -> misused("exercise: expected a number that masktape learn lists, got \"" + number + "\""));
        if (file != null && hint) {
            throw misused("--hint: expected no --check beside it, got " + file);
        }
        if (json && file == null) {
            throw misused("--json: expected --check beside the number of an exercise, got none");
        }
        if (hint) {
            LearningProgress progress = LearningProgress.in(folder());
            progress.showHint(exercise);
            hints(exercise, progress, out);
            return 0;
        }
        if (file != null) {
            return check(List.of(submission(exercise, file)), out);
        }
        return watch(exercise, out);
    }

    private static Submission submission(Exercise exercise, File file) {
        return new Submission(exercise, file.getPath(), read(file));
    }

    /** The answers in a folder. */
    private static List<Submission> submissions(File folder) {
        List<Submission> submissions = Exercises.all().stream()
                .filter(exercise -> new File(folder, exercise.fileName()).isFile())
                .map(exercise -> submission(exercise, new File(folder, exercise.fileName())))
                .toList();
        if (submissions.isEmpty()) {
            throw new Failure(folder + ": expected a folder with answers, such as "
                    + Exercises.all().get(0).fileName() + ", got none; give the number of the exercise of a file");
        }
        return submissions;
    }

    private int check(List<Submission> submissions, PrintWriter out) {
        List<Review> reviews = review(submissions);
        for (Review review : reviews) {
            out.println(json ? review.toJson() : review.toString());
        }
        long right = reviews.stream().filter(Review::isRight).count();
        if (number == null && !json) {
            out.println("\n" + right + " of " + reviews.size() + " right");
        }
        return right == reviews.size() ? 0 : 1;
    }

    /** Reviews answers. Whatever their code prints goes to stderr, because it is no result of this program. */
    private List<Review> review(List<Submission> submissions) {
        PrintStream standard = System.out;
        System.setOut(System.err);
        try {
            return reviewer().review(submissions);
        } finally {
            System.setOut(standard);
        }
    }

    private Reviewer reviewer() {
        if (reviewer == null) {
            reviewer = new Reviewer(Duration.ofSeconds(seconds));
        }
        return reviewer;
    }

    private ParameterException misused(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private void list(PrintWriter out) {
        LearningProgress progress = LearningProgress.in(folder);
        List<Exercise> exercises = Exercises.all();
        if (json) {
            for (Exercise exercise : exercises) {
                out.println(new JsonObject()
                        .with("exercise", exercise.number())
                        .with("title", exercise.title())
                        .with("chapter", exercise.chapter())
                        .with("file", exercise.fileName())
                        .with("hints", progress.hints(exercise))
                        .with("solved", progress.isSolved(exercise)));
            }
            return;
        }
        long solved = exercises.stream().filter(progress::isSolved).count();
        String chapter = "";
        for (Exercise exercise : exercises) {
            if (!exercise.chapter().equals(chapter)) {
                out.println((chapter.isEmpty() ? "" : "\n") + exercise.chapter());
                chapter = exercise.chapter();
            }
            out.println("  " + (progress.isSolved(exercise) ? "✓ " : "  ") + exercise);
        }
        out.println();
        out.println(solved + " of " + exercises.size() + " solved" + next(progress));
    }

    /** The command for the first exercise that is not solved. */
    private static String next(LearningProgress progress) {
        return Exercises.all().stream()
                .filter(exercise -> !progress.isSolved(exercise))
                .findFirst()
                .map(exercise -> "; next: masktape learn " + exercise.number())
                .orElse("");
    }

    private static void hints(Exercise exercise, LearningProgress progress, PrintWriter out) {
        int shown = progress.hints(exercise);
        for (int k = 0; k < shown; k++) {
            out.println("hint " + (k + 1) + " of " + exercise.hints().size() + ": "
                    + exercise.hints().get(k));
        }
        out.flush();
    }

    private File folder() {
        if (!folder.isDirectory() && !folder.mkdirs()) {
            throw new Failure(folder + ": cannot be created; name another folder with --dir");
        }
        return folder;
    }

    private static String read(File file) {
        try {
            return Files.readString(file.toPath(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new Failure(file + ": cannot be read" + (file.exists() ? " as UTF-8 text" : ": no such file"));
        }
    }

    /** Checks the learner's file now and after each change, until it is right. */
    private int watch(Exercise exercise, PrintWriter out) {
        LearningProgress progress = LearningProgress.in(folder());
        File answer = new File(folder, exercise.fileName());
        try {
            if (!answer.exists()) {
                AtomicFile.write(answer, exercise.stub());
            }
            String reviewed = exercise.stub();
            out.println(exercise + ": the task is in " + answer + "; save your answer there. Enter gives a hint.");
            out.flush();
            while (true) {
                // An editor may replace the file in two steps.
                String source = answer.exists() ? read(answer) : reviewed;
                if (!source.equals(reviewed)) {
                    reviewed = source;
                    Review review = review(List.of(new Submission(exercise, answer.getPath(), source)))
                            .get(0);
                    out.println("\n" + review);
                    out.flush();
                    if (review.isRight()) {
                        progress.solve(exercise);
                        out.println("\nsolved" + next(progress));
                        return 0;
                    }
                    if (review.finding() == Review.Finding.DOES_NOT_END) {
                        throw new Failure("learn: your code still runs, and only the end of this program stops it;"
                                + " start masktape learn " + exercise.number() + " again");
                    }
                }
                if (isHintWanted()) {
                    progress.showHint(exercise);
                    hints(exercise, progress, out);
                }
                Thread.sleep(POLL_MILLIS);
            }
        } catch (IOException e) {
            throw new Failure(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("learn: interrupted");
        }
    }

    private boolean isHintWanted() throws IOException {
        boolean wanted = false;
        while (in.available() > 0) {
            wanted |= in.read() == '\n';
        }
        return wanted;
    }
}
