// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.docs.ReliabilityPage.Promise;
import io.github.masktape.docs.ReliabilityPage.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
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

    /** A promise of ten tries is not kept by a result of one try, or by a command that failed. */
    @Test
    void aResultOfAnotherPromiseOrOfAFailureDoesNotCount(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("measure.sh"), """
                promise tries '1 min' 'Ten tries' \\
                    'try 10' \\
                    '^Done (10) tries' 'tries'
                """);
        assertThat(ReliabilityPage.promises(folder).get(0).result()).isNull();
        assertThat(resultOf(folder, "tries", "Done 1 tries", 0)).isNull();
        assertThat(resultOf(folder, "others", "Done 10 tries", 0)).isNull();
        assertThat(resultOf(folder, "tries", "Done 10 tries", 1)).isNull();
        assertThat(resultOf(folder, "tries", "Done 10 tries", 0)).isNotNull();
    }

    private static @Nullable Result resultOf(Path folder, String name, String output, int exit) throws IOException {
        Files.writeString(
                folder.resolve("results.json"),
                "[\n{\"promise\": \"" + name + "\", \"output\": \"" + output + "\", \"exit\": " + exit + "}\n]\n");
        return ReliabilityPage.promises(folder).get(0).result();
    }

    @Test
    void everyLineOfTheScriptIsAPromiseAndEveryResultBelongsToOne() throws IOException {
        Path folder = docs.resolve("reliability");
        List<Promise> promises = ReliabilityPage.promises(folder);
        long calls = Files.readAllLines(folder.resolve("measure.sh")).stream()
                .filter(line -> line.startsWith("promise "))
                .count();

        assertThat(promises).hasSize((int) calls).extracting(Promise::name).doesNotHaveDuplicates();
        List<Result> results = ReliabilityPage.results(folder);
        assertThat(results).isNotEmpty().allSatisfy(result -> {
            assertThat(result.exit()).as(result.promise()).isZero();
            assertThat(result.output().replace(",", "")).as(result.promise()).contains(result.figure());
        });
        assertThat(results)
                .extracting(Result::promise)
                .doesNotHaveDuplicates()
                .isSubsetOf(promises.stream().map(Promise::name).toList());
    }

    /** The script replaces lines one by one, so each result stays on a line of its own, in the order of the names. */
    @Test
    void theFileOfResultsHasALineForEach() throws IOException {
        List<String> lines = Files.readAllLines(docs.resolve("reliability/results.json"));

        assertThat(lines).startsWith("[").endsWith("]");
        assertThat(lines.subList(1, lines.size() - 1))
                .isSorted()
                .allMatch(line -> line.startsWith("{\"promise\": \""))
                .hasSameSizeAs(ReliabilityPage.results(docs.resolve("reliability")));
    }
}
