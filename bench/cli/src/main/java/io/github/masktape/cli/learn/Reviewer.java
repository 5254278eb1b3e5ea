// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.learn;

import io.github.masktape.cli.learn.Review.Finding;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reviews answers: compiles the learner's class together with its check in memory, and runs the check in a class loader
 * and a thread of its own.
 */
public final class Reviewer {
    private final MemoryCompiler compiler = new MemoryCompiler();
    private final Duration limit;

    /** A reviewer that waits this long for a check. */
    public Reviewer(Duration limit) {
        this.limit = limit;
    }

    /**
     * The answer of a learner to an exercise.
     *
     * @param exercise the exercise
     * @param path the name of the learner's file in error messages
     * @param source the content of that file
     */
    public record Submission(Exercise exercise, String path, String source) {
        private String checkName() {
            return exercise.name() + "Check";
        }

        private Stream<MemoryCompiler.JavaSource> sources() {
            return Stream.of(
                    new MemoryCompiler.JavaSource(exercise.name(), path, source),
                    new MemoryCompiler.JavaSource(checkName(), checkName() + ".java", exercise.check()));
        }
    }

    /** Reviews an answer. */
    public Review review(Submission submission) {
        return review(List.of(submission)).get(0);
    }

    /** Reviews answers to different exercises. They are compiled together if all of them compile. */
    public List<Review> review(List<Submission> submissions) {
        long start = System.nanoTime();
        MemoryCompiler.Compilation compilation = compiler.compile(
                submissions.stream().flatMap(Submission::sources).toList());
        if (!compilation.errors().isEmpty() && submissions.size() > 1) {
            return submissions.stream().map(this::review).toList();
        }
        double each = (System.nanoTime() - start) / 1e9 / submissions.size();
        return submissions.stream()
                .map(submission -> review(submission, compilation, each))
                .toList();
    }

    private Review review(Submission submission, MemoryCompiler.Compilation compilation, double seconds) {
        long start = System.nanoTime();
        Exercise exercise = submission.exercise();
        Answer answer;
        if (compilation.errors().isEmpty()) {
            answer = run(
                    submission,
                    compilation.classes().getOrDefault(exercise.name(), Map.of()),
                    compilation.classes().getOrDefault(submission.checkName(), Map.of()));
        } else {
            answer = uncompiled(exercise, compilation.errors());
        }
        double all = seconds + (System.nanoTime() - start) / 1e9;
        return new Review(exercise, answer.finding(), answer.message(), answer.hint(), all);
    }

    /** A finding and how to explain it. */
    private record Answer(
            Finding finding, String message, @Nullable String hint) {}

    private static Answer uncompiled(Exercise exercise, Map<String, List<String>> errors) {
        List<String> own = errors.get(exercise.name());
        if (own != null) {
            return new Answer(Finding.DOES_NOT_COMPILE, String.join("\n", own), null);
        }
        String message = String.join("\n", errors.values().iterator().next());
        return new Answer(
                Finding.DOES_NOT_COMPILE,
                "the check cannot call your class:\n" + message,
                "Keep the class " + exercise.name() + " and the names, parameters and types of its methods as in the"
                        + " stub, without a package.");
    }

    private Answer run(Submission submission, Map<String, byte[]> own, Map<String, byte[]> check) {
        if (own.values().stream().anyMatch(ExitCalls::in)) {
            return new Answer(
                    Finding.REFUSED,
                    "the class calls System.exit, or a method like it, which would end the check too",
                    "Return a value, or throw an exception.");
        }
        Map<String, byte[]> classes = new HashMap<>(own);
        classes.putAll(check);
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        ((Runnable) new ClassesInMemory(classes)
                                        .loadClass(submission.checkName())
                                        .getConstructor()
                                        .newInstance())
                                .run();
                    } catch (Throwable e) {
                        thrown.set(e);
                    }
                },
                "masktape-check");
        thread.setDaemon(true);
        thread.start();
        try {
            thread.join(limit.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            return new Answer(
                    Finding.DOES_NOT_END,
                    "no answer after " + limit.toMillis() / 1000.0 + " s" + place(thread.getStackTrace()),
                    "Does every loop end?");
        }
        return answer(thrown.get());
    }

    private static Answer answer(@Nullable Throwable thrown) {
        if (thrown == null) {
            return new Answer(Finding.RIGHT, "", null);
        }
        if (thrown instanceof WrongAnswer wrong) {
            return new Answer(Finding.WRONG, String.valueOf(wrong.getMessage()), wrong.hint());
        }
        return new Answer(Finding.WRONG, "the class threw " + Answers.text(thrown), null);
    }

    private static String place(StackTraceElement[] trace) {
        for (StackTraceElement frame : trace) {
            if (Answers.isOfLearner(frame)) {
                return "; then it was at line " + frame.getLineNumber() + ", in " + frame.getMethodName();
            }
        }
        return "";
    }

    /** The classes of one review, which see this program. */
    private static final class ClassesInMemory extends ClassLoader {
        private final Map<String, byte[]> classes;

        ClassesInMemory(Map<String, byte[]> classes) {
            super(Reviewer.class.getClassLoader());
            this.classes = classes;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] bytes = classes.get(name);
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, bytes, 0, bytes.length);
        }
    }
}
