// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.cli.terminal.ResultStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Command;

@Tag("once")
class MasktapeCommandTest {
    @Command(name = "broken")
    static final class Broken implements Runnable {
        private final Throwable throwable;

        Broken(Throwable throwable) {
            this.throwable = throwable;
        }

        @Override
        public void run() {
            if (throwable instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) throwable;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--help", "-h"})
    void aloneItPrintsTheHelp(String commandLine) {
        CommandResult outcome = CommandResult.of(commandLine);
        assertThat(outcome.code()).isZero();
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out())
                .startsWith("Usage: masktape [OPTIONS] [COMMAND]")
                .contains(
                        "  train ",
                        "  gradcheck ",
                        "  explain ",
                        "--help",
                        "--version",
                        "--stacktrace",
                        "java -jar masktape.jar train");
    }

    /** As {@code head} does after a few lines. */
    @Test
    void aReaderThatHasSeenEnoughIsNoFailure() {
        assertThat(codeWithout("Broken pipe")).isZero();
        assertThat(codeWithout("The pipe is being closed")).isZero();
        assertThat(codeWithout("No space left on device")).isEqualTo(1);
    }

    private static int codeWithout(String why) {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(why);
            }
        };
        PrintStream err = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        return MasktapeCommand.run(new String[] {"--version"}, ResultStream.to(broken), err);
    }

    @Test
    void aValueThatBeginsWithAnAtSignIsNoFile(@TempDir Path folder) throws IOException {
        Path name = Files.writeString(folder.resolve("name"), "shown");
        assertThat(CommandResult.of("show @" + name).err()).startsWith("error: @" + name + ": ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "train --help",
                "cv --help",
                "tune --help",
                "eval --help",
                "predict --help",
                "importance --help",
                "lr --help",
                "show --help",
                "export --help",
                "shell --help",
                "gradcheck --help",
                "explain --help",
                "learn --help",
                "notebook --help"
            })
    void helpFitsATerminal(String commandLine) {
        CommandResult outcome = CommandResult.of(commandLine);
        assertThat(outcome.code()).isZero();
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.outLines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        assertThat(outcome.out()).doesNotContain("\u001b").contains("Examples:\n  java -jar masktape.jar ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "train --version", "gradcheck -V"})
    void everyCommandTellsTheVersion(String commandLine) {
        CommandResult outcome = CommandResult.of(commandLine);
        assertThat(outcome.code()).isZero();
        assertThat(outcome.outLines()).hasSize(2);
        assertThat(outcome.out()).startsWith("masktape ").contains("Java " + Runtime.version(), "thread");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    trian           | error: unmatched argument at index 0: 'trian' (did you mean train?); see masktape --help
                    --foo           | error: unknown option: '--foo'; see masktape --help
                    train --epoch 3 | error: unknown options: '--epoch', '3' (did you mean --epochs?); see masktape train --help
                    train bar       | error: unmatched argument at index 1: 'bar'; see masktape train --help
                    train --epochs  | error: missing required parameter for option '--epochs' (N); see masktape train --help
                    train --epochs 1 --epochs 2 | error: option '--epochs' (N) should be specified only once; see masktape train --help
                    """)
    void aMistakeIsOneLineAndExitCode2(String commandLine, String message) {
        CommandResult outcome = CommandResult.of(commandLine);
        assertThat(outcome.err()).isEqualToIgnoringNewLines(message);
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
    }

    /** Commands are made by the name that they are asked for by; the help has the names that they give themselves. */
    @Test
    void theHelpListsEachCommandByItsName() {
        String all = CommandResult.of("--help").out();
        for (String name : MasktapeCommand.COMMANDS) {
            assertThat(all).contains("\n  " + name + " ");
            assertThat(CommandResult.of(name + " --help").out()).startsWith("Usage: masktape " + name + " ");
        }
    }

    @Test
    void whatNobodyForesawIsOneLineToo() {
        CommandResult outcome = CommandResult.of(new Broken(new IllegalStateException("no\n  luck")), "broken");
        assertThat(outcome.err())
                .isEqualToIgnoringNewLines(
                        "internal error: java.lang.IllegalStateException: no luck;" + " run again with --stacktrace");
        assertThat(outcome.code()).isEqualTo(1);
    }

    @Test
    void whatIsSaidSteersNoTerminal() {
        CommandResult outcome = CommandResult.of(new Broken(new Failure("a\u001b[31m\u009b31m\u2028b")), "broken");
        assertThat(outcome.err()).isEqualToIgnoringNewLines("error: a�[31m�31m b");
    }

    @Test
    void anErrorIsReportedAsAnException() {
        CommandResult outcome = CommandResult.of(new Broken(new AssertionError("a rule gave 2×3")), "broken");
        assertThat(outcome.errLines())
                .containsExactly(
                        "internal error: java.lang.AssertionError: a rule gave 2×3; run again with --stacktrace");
        assertThat(outcome.code()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"broken --stacktrace", "--stacktrace broken"})
    void theStackTraceIsThereForTheAsking(String commandLine) {
        CommandResult outcome = CommandResult.of(new Broken(new IllegalStateException("no luck")), commandLine);
        assertThat(outcome.err()).contains("internal error: ", "\tat io.github.masktape.cli.MasktapeCommandTest.");
        assertThat(outcome.code()).isEqualTo(1);
    }

    @Test
    void aNameThatTheLocaleCannotWriteIsOneLine() {
        Exception unmappable = new InvalidPathException("?", "Malformed input or input contains unmappable characters");
        CommandResult outcome = CommandResult.of(new Broken(unmappable), "broken");
        assertThat(outcome.err())
                .isEqualToIgnoringNewLines("error: ?: the locale has no such characters for names of files;"
                        + " set one with UTF-8, for example LC_ALL=C.UTF-8");
        assertThat(outcome.code()).isEqualTo(1);
    }

    @Test
    void aNameThatNoFileCanHaveIsOneLine() {
        CommandResult outcome = CommandResult.of("train --data moons --out a\0b");
        assertThat(outcome.err()).startsWith("error: a�b: ").hasLineCount(1);
        assertThat(outcome.code()).isEqualTo(1);
    }

    @Test
    void outOfMemoryTellsHowToGiveMore() {
        CommandResult outcome = CommandResult.of(new Broken(new OutOfMemoryError("Java heap space")), "broken");
        assertThat(outcome.errLines())
                .singleElement()
                .asString()
                .matches("error: out of memory \\(Java heap space\\): the heap has \\d+ MB;"
                        + " give more, for example java -Xmx\\d+g -jar masktape.jar, or ask for less");
        assertThat(outcome.code()).isEqualTo(1);
    }

    @Test
    void aPropertyThatTheLibraryRefusesIsAMistake() {
        Throwable refused = new IllegalStateException(
                new IllegalArgumentException("-Dmasktape.threads: expected 1…256, got \"0\""));
        CommandResult outcome = CommandResult.of(new Broken(refused), "broken");
        assertThat(outcome.errLines()).containsExactly("error: -Dmasktape.threads: expected 1…256, got \"0\"");
        assertThat(outcome.code()).isEqualTo(2);
    }

    @Test
    void resultsThatCannotBeWrittenAreAFailure() {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = MasktapeCommand.run(new String[] {"gradcheck"}, new PrintStream(full), new PrintStream(err));
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualToIgnoringNewLines("error: standard output cannot be written");
        assertThat(code).isEqualTo(1);
    }
}
