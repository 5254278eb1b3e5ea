// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.learn;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.cli.learn.Review.Finding;
import io.github.masktape.cli.learn.Reviewer.Submission;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stubs fail, solutions pass, and typical wrong answers get a hint. Solutions and wrong answers are test resources. */
@Tag("once")
class ReviewerTest {
    /** The typical mistakes of each exercise. */
    private static final int MISTAKES = 3;

    private static final Reviewer REVIEWER = new Reviewer(Duration.ofSeconds(30));

    private static List<Review> review(Function<Exercise, String> answer) {
        return REVIEWER.review(Exercises.all().stream()
                .map(exercise -> new Submission(exercise, exercise.fileName(), answer.apply(exercise)))
                .toList());
    }

    private static String solution(Exercise exercise, String file) {
        try (InputStream in = ReviewerTest.class.getResourceAsStream("solutions/" + exercise.name() + file)) {
            assertThat(in).as(exercise.name() + file).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r", "");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void thereAreEnoughExercisesAndEachIsWhole() {
        assertThat(Exercises.all()).hasSizeGreaterThanOrEqualTo(48).allSatisfy(exercise -> {
            assertThat(exercise.title()).as(exercise.name()).isNotBlank().doesNotContain("class", "*");
            assertThat(exercise.stub()).startsWith("/*\n * " + exercise + "\n *\n");
            assertThat(exercise.hints()).as(exercise.name()).hasSizeBetween(3, 4);
            assertThat(exercise.stub().lines()).as(exercise.name()).allMatch(line -> line.length() <= 132);
        });
        assertThat(Exercises.all()).extracting(Exercise::number).doesNotHaveDuplicates();
        assertThat(Exercises.all()).extracting(Exercise::name).doesNotHaveDuplicates();
    }

    /** It compiles, too: a learner's first error message is about the exercise. */
    @Test
    void everyStubFails() {
        assertThat(review(Exercise::stub))
                .allSatisfy(review ->
                        assertThat(review.finding()).as(review.toString()).isEqualTo(Finding.WRONG));
    }

    @Tag("long")
    @Test
    void everySolutionPasses() {
        assertThat(review(exercise -> solution(exercise, ".java")))
                .allSatisfy(review ->
                        assertThat(review.finding()).as(review.toString()).isEqualTo(Finding.RIGHT));
    }

    /** A typical mistake: what it replaces in the solution, and a part of the hint for it. */
    private record Mistake(String correct, String wrong, String hint) {
        static Mistake of(Exercise exercise, int number) {
            String[] blocks = solution(exercise, ".wrong.txt").strip().split("\n\n");
            assertThat(blocks).as(exercise.toString()).hasSize(MISTAKES);
            String[] lines = blocks[number].split("\n");
            assertThat(lines).as(blocks[number]).hasSize(3);
            return new Mistake(part(lines[0], "- "), part(lines[1], "+ "), part(lines[2], "! "));
        }

        String in(String solution) {
            int at = solution.indexOf(correct);
            assertThat(at).as(correct).isPositive();
            return solution.substring(0, at) + wrong + solution.substring(at + correct.length());
        }

        private static String part(String line, String sign) {
            assertThat(line + " ").startsWith(sign);
            return line.substring(Math.min(2, line.length()));
        }
    }

    @Tag("long")
    @Test
    void typicalMistakesGetAHint() {
        for (int number = 0; number < MISTAKES; number++) {
            assertThatMistakesGetAHint(number);
        }
    }

    private static void assertThatMistakesGetAHint(int number) {
        Map<Exercise, Mistake> mistakes = Exercises.all().stream()
                .collect(Collectors.toMap(exercise -> exercise, exercise -> Mistake.of(exercise, number)));
        List<Review> reviews = review(exercise -> mistakes.get(exercise).in(solution(exercise, ".java")));
        assertThat(reviews).allSatisfy(review -> {
            Mistake mistake = mistakes.get(review.exercise());
            assertThat(review.finding()).as(mistake + ": " + review).isEqualTo(Finding.WRONG);
            assertThat(review.message() + review.hint()).as(mistake.toString()).contains(mistake.hint());
        });
    }

    private static final Exercise DOUBLINGS =
            Exercises.of("1.4").orElseThrow(() -> new AssertionError("no exercise 1.4"));

    private static Review doublings(String body) {
        return new Reviewer(Duration.ofMillis(300))
                .review(new Submission(
                        DOUBLINGS,
                        "answers/FiftyDoublings.java",
                        "class FiftyDoublings {\n  static long nodes(int n) { return n + 1; }\n"
                                + "  static double derivative(int n) {\n" + body + "\n  }\n}\n"));
    }

    @Test
    void compileErrorsHaveTheLinesOfTheLearnersFile() {
        Review review = doublings("    return \"2\";");
        assertThat(review.finding()).isEqualTo(Finding.DOES_NOT_COMPILE);
        assertThat(review.message())
                .startsWith("answers/FiftyDoublings.java:4: ")
                .contains("\n    return \"2\";\n           ^");
    }

    @Test
    void aChangedSignatureIsExplained() {
        Review review = REVIEWER.review(new Submission(
                DOUBLINGS, "FiftyDoublings.java", "class FiftyDoublings { static long nodes(int n) { return 1; } }"));
        assertThat(review.finding()).isEqualTo(Finding.DOES_NOT_COMPILE);
        assertThat(review.message())
                .startsWith("the check cannot call your class:\n")
                .contains("derivative");
        assertThat(review.hint()).contains("as in the stub");
    }

    @Test
    void anEndlessLoopIsFound() {
        Review review = doublings("    while (true) {}");
        assertThat(review.finding()).isEqualTo(Finding.DOES_NOT_END);
        assertThat(review.message()).isEqualTo("no answer after 0.3 s; then it was at line 4, in derivative");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    System.exit(0); return 1;
                    Runtime.getRuntime().halt(3); return 1;
                    java.util.function.IntConsumer exit = System::exit; exit.accept(0); return 1;
                    """)
    void codeThatWouldEndTheProgramIsRefused(String body) {
        Review review = doublings(body);
        assertThat(review.finding()).isEqualTo(Finding.REFUSED);
        assertThat(review.message()).contains("System.exit");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    return new int[0].clone()[n] | ArrayIndexOutOfBoundsException
                    return derivative(n) + 1   | StackOverflowError
                    return 1 / (n - n)         | ArithmeticException: / by zero
                    throw new Error("sorry")   | java.lang.Error: sorry
                    """)
    void whatTheCodeThrowsIsShownWithItsLine(String body, String thrown) {
        Review review = doublings(body + ";");
        assertThat(review.finding()).as(review.toString()).isEqualTo(Finding.WRONG);
        assertThat(review.message()).contains(thrown, ", at line 4");
    }

    @Test
    void aReviewIsALineOfJson() {
        Review review = doublings("    return n + 1;");
        assertThat(review.toJson())
                .matches(
                        "\\{\"exercise\": \"1.4\", \"title\": \"Fifty doublings\", \"right\": false, \"result\": \"wrong\","
                                + " \"message\": \"derivative\\(2\\)\\\\n .*\", \"hint\": null, \"seconds\": [0-9.]+}");
    }
}
