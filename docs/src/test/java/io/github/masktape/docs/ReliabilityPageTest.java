package io.github.masktape.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.docs.ReliabilityPage.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table of docs/reliability.md is what the program makes of the results, and no promise or result is lost. */
class ReliabilityPageTest {
    private static final String COMMAND =
            "mvn -q -pl docs -am test-compile exec:java" + " -Dexec.mainClass=io.github.masktape.docs.ReliabilityPage";

    private final Path docs = Page.root().resolve("docs");

    @Test
    void theTableIsMadeFromTheResults() throws IOException {
        assertThat(Files.readString(docs.resolve("reliability.md"))).as(COMMAND).isEqualTo(ReliabilityPage.page(docs));
    }

    /** A promise of ten million is not kept by the figure of a million. */
    @Test
    void aFigureOfAnotherPromiseDoesNotCount(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("measure.sh"), """
                promise tries '1 min' 'Ten tries' \\
                    'try 10' \\
                    '^Done 10 tries'
                """);
        Path file = folder.resolve("tries.txt");
        assertThat(ReliabilityPage.promises(folder).get(0).figure()).isNull();
        Files.writeString(file, "figure: Done 1 tries\n");
        assertThat(ReliabilityPage.promises(folder).get(0).figure()).isNull();
        Files.writeString(file, "figure: Done 10 tries\n");
        assertThat(ReliabilityPage.promises(folder).get(0).figure()).isNotNull();
    }

    @Test
    void everyLineOfTheScriptIsAPromiseAndEveryResultHasOne() throws IOException {
        Path folder = docs.resolve("reliability");
        List<Promise> promises = ReliabilityPage.promises(folder);
        long calls = Files.readAllLines(folder.resolve("measure.sh")).stream()
                .filter(line -> line.startsWith("promise "))
                .count();

        assertThat(promises).hasSize((int) calls).extracting(Promise::name).doesNotHaveDuplicates();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".txt")))
                    .isSubsetOf(promises.stream()
                            .map(promise -> promise.name() + ".txt")
                            .toList());
        }
    }
}
