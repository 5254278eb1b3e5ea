package io.github.masktape.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What fuzzing begins with and what it has found, without a fuzzer. */
class CorpusTest {
    private static final Path CORPUS = Path.of("src/test/resources/fuzz");

    /** A file is right unless its name begins so. */
    private static final String BROKEN = "broken-";

    /** A fuzzer names what it finds by its SHA-1; it may be right or broken. */
    private static final String FOUND = "\\p{XDigit}{40}";

    static byte[] valid(Parser parser) throws IOException {
        return Files.readAllBytes(CORPUS.resolve(parser.name()).resolve("valid"));
    }

    @ParameterizedTest
    @EnumSource
    void everyFileIsReadOrRefusedAsItsNameSays(Parser parser) throws IOException {
        try (Stream<Path> files = Files.list(CORPUS.resolve(parser.name()))) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                Optional<String> problem = parser.problem(Files.readAllBytes(file));
                if (!name.matches(FOUND)) {
                    assertThat(problem.isPresent())
                            .as(file + " is refused: " + problem)
                            .isEqualTo(name.startsWith(BROKEN));
                }
            }
        }
    }
}
