// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("once")
class LearnCommandTest {
    private static final String RIGHT = """
            class FiftyDoublings {
                static double derivative(int n) {
                    System.out.println("asked about " + n);
                    return Math.pow(2, n);
                }

                static long nodes(int n) {
                    return n + 1;
                }
            }
            """;
    private static final String WRONG = RIGHT.replace("n + 1", "n");

    @TempDir
    private Path folder;

    private CommandResult learn(String arguments) {
        return CommandResult.of(("learn --dir " + folder.resolve("answers") + " " + arguments).strip());
    }

    @Test
    void itListsTheExercisesAndTheNextOne() {
        CommandResult outcome = learn("");
        assertThat(outcome.code()).isZero();
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out())
                .startsWith("1. Tensors and the tape\n    1.1 Products by hand\n    1.2 A parabola\n")
                .endsWith("\n\n0 of 55 solved; next: masktape learn 1.1\n");
        assertThat(folder).as("nothing is written").isEmptyDirectory();
    }

    @Test
    void aRightAnswerEndsWithZeroAndAWrongOneWithItsCounterexample() throws IOException {
        Path file = Files.writeString(folder.resolve("Doublings.java"), RIGHT);
        CommandResult right = learn("1.4 --check " + file);
        assertThat(right.outLines()).containsExactly("✓ 1.4 Fifty doublings");
        assertThat(right.code()).isZero();

        Files.writeString(file, WRONG);
        CommandResult wrong = learn("1.4 --check " + file);
        assertThat(wrong.out()).isEqualTo("""
                ✗ 1.4 Fifty doublings: wrong

                  nodes(0)
                    expected  1
                    got       0

                  hint: The input is a node too.
                """);
        assertThat(wrong.code()).isEqualTo(1);
        assertThat(wrong.err()).isEmpty();
    }

    @Test
    void aGraderChecksAFolderAndReadsJson() throws IOException {
        Files.writeString(folder.resolve("FiftyDoublings.java"), WRONG);
        Files.writeString(folder.resolve("AParabola.java"), "class AParabola {");
        CommandResult outcome = learn("--check " + folder + " --json");
        assertThat(outcome.outLines())
                .hasSize(2)
                .anySatisfy(line -> assertThat(line)
                        .startsWith("{\"exercise\": \"1.2\", \"title\": \"A parabola\", \"right\": false,"
                                + " \"result\": \"does not compile\","))
                .anySatisfy(line -> assertThat(line)
                        .contains("\"result\": \"wrong\", \"message\": \"nodes(0)\\n  expected  1\\n  got       0\","
                                + " \"hint\": \"The input is a node too.\", \"seconds\": "));
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(learn("--check " + folder).out()).endsWith("\n0 of 2 right\n");
    }

    /** The command of a learner, in a thread of its own, who presses Enter as often as there are lines. */
    private CompletableFuture<CommandResult> watching(String lines) {
        InputStream keys = new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8));
        return CompletableFuture.supplyAsync(
                () -> CommandResult.of(new LearnCommand(keys), "learn 1.4 --dir " + folder.resolve("answers")));
    }

    @Test
    void itWritesTheStubAndWatchesItUntilItIsRight()
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<CommandResult> command = watching("\n");
        Path answer = folder.resolve("answers/FiftyDoublings.java");
        Path progress = folder.resolve("answers/progress.txt");
        await(progress, "1.4 hints 1\n");
        assertThat(answer).content().startsWith("/*\n * 1.4 Fifty doublings\n");
        Files.writeString(answer, RIGHT);
        CommandResult outcome = command.get(60, TimeUnit.SECONDS);
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out())
                .startsWith("1.4 Fifty doublings: the task is in " + answer)
                .contains("\nhint 1 of 3: Without any doubling the result is x.")
                .endsWith("\n\n✓ 1.4 Fifty doublings\n\nsolved; next: masktape learn 1.1\n");
        assertThat(progress).content().isEqualTo("1.4 solved\n1.4 hints 1\n");
        assertThat(learn("").out()).contains("\n  ✓ 1.4 Fifty doublings\n", "\n1 of 55 solved;");
        assertThat(learn("--json").out())
                .contains(
                        "{\"exercise\": \"1.4\", \"title\": \"Fifty doublings\", \"chapter\": \"1. Tensors and the tape\","
                                + " \"file\": \"FiftyDoublings.java\", \"hints\": 1, \"solved\": true}\n");
    }

    private static void await(Path file, String content) throws IOException, InterruptedException {
        for (int i = 0;
                i < 2000 && !(Files.exists(file) && Files.readString(file).equals(content));
                i++) {
            Thread.sleep(10);
        }
        assertThat(file).content().isEqualTo(content);
    }

    @Test
    void anAnswerThatIsThereIsKeptAndACodeThatDoesNotEndEndsTheWatching() throws Exception {
        Files.createDirectory(folder.resolve("answers"));
        String endless = RIGHT.replace("return n + 1;", "while (true) {}");
        Path answer = Files.writeString(folder.resolve("answers/FiftyDoublings.java"), endless);
        CommandResult outcome = learn("1.4 --time-limit 1");
        assertThat(outcome.out()).contains("✗ 1.4 Fifty doublings: does not end", "then it was at line 8, in nodes");
        assertThat(outcome.errLines())
                .containsExactly("error: learn: your code still runs, and only the end of this program stops it;"
                        + " start masktape learn 1.4 again");
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(answer).hasContent(endless);
    }

    @Test
    void hintsComeStepByStep() {
        assertThat(learn("1.4 --hint").outLines()).hasSize(1).first().asString().startsWith("hint 1 of 3: Without");
        assertThat(learn("1.4 --hint").outLines()).hasSize(2).last().asString().startsWith("hint 2 of 3: A doubling");
        learn("1.4 --hint");
        assertThat(learn("1.4 --hint").outLines()).hasSize(3);
    }

    @Test
    void aBrokenProgressFileIsNamedWithItsLine() throws IOException {
        Files.createDirectory(folder.resolve("answers"));
        Path progress = Files.writeString(folder.resolve("answers/progress.txt"), "1.1 solved\n1.2 maybe\n");
        CommandResult outcome = learn("");
        assertThat(outcome.errLines())
                .containsExactly("error: " + progress + ": line 2: expected \"4.2 solved\" or \"4.2 hints 1\","
                        + " got \"1.2 maybe\"; delete the line");
        assertThat(outcome.code()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    4.9               | 2 | exercise: expected a number that masktape learn lists, got "4.9"; see masktape learn --help
                    --hint            | 2 | --hint: expected the number of an exercise beside it, got none; see masktape learn --help
                    1.1 --json        | 2 | --json: expected --check beside the number of an exercise, got none; see masktape learn --help
                    1.1 --hint --check x | 2 | --hint: expected no --check beside it, got x; see masktape learn --help
                    1.1 --time-limit 0 | 2 | --time-limit: expected a whole number of at least 1, got "0"; see masktape learn --help
                    1.1 --check none.java | 1 | none.java: cannot be read: no such file
                    --check none      | 1 | none: expected a folder with answers, such as ProductsByHand.java, got none; give the number of the exercise of a file
                    """)
    void whatCannotBeIsRefused(String arguments, int code, String message) {
        CommandResult outcome = learn(arguments);
        assertThat(outcome.errLines()).containsExactly("error: " + message);
        assertThat(outcome.code()).isEqualTo(code);
        assertThat(outcome.out()).isEmpty();
    }
}
