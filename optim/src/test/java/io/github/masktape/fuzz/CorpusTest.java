// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Replays without a fuzzer the files that fuzzing begins with and those that it has found. */
class CorpusTest {
    private static final Path FOLDER = Path.of("src/test/resources/fuzz");

    /** Files with this prefix must be refused; other names stand for files that must be accepted. */
    private static final String BROKEN = "broken-";

    /** A fuzzer names what it finds by its SHA-1. Such a file may be accepted or refused. */
    private static final String FOUND = "\\p{XDigit}{40}";

    static byte[] valid(Parser parser) throws IOException {
        return Corpus.read(archive(parser)).get("valid");
    }

    private static Path archive(Parser parser) {
        return FOLDER.resolve(parser + ".zip");
    }

    @ParameterizedTest
    @EnumSource
    void everyFileIsReadOrRefusedAsItsNameSays(Parser parser) throws IOException {
        SortedMap<String, byte[]> files = Corpus.read(archive(parser));
        assertThat(files).as(parser + ".zip").containsKey("valid");
        files.forEach((name, content) -> {
            Optional<String> problem = parser.problem(content);
            if (!name.matches(FOUND)) {
                assertThat(problem.isPresent())
                        .as(parser + ".zip: " + name + " is refused: " + problem)
                        .isEqualTo(name.startsWith(BROKEN));
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void everyArchiveIsAsTheCommandWritesIt(Parser parser) throws IOException {
        assertThat(Files.readAllBytes(archive(parser)))
                .as(parser + ".zip: change it with Corpus only")
                .isEqualTo(Corpus.archive(Corpus.read(archive(parser))));
    }

    @Test
    void everyParserHasAnArchiveAndNothingElseIsInTheFolder() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files)
                    .containsExactlyInAnyOrderElementsOf(Arrays.stream(Parser.values())
                            .map(CorpusTest::archive)
                            .toList());
        }
    }
}
