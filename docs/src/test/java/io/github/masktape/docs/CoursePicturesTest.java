// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The pictures of the course are what the program makes. */
@Tag("long")
@Tag("once")
class CoursePicturesTest {
    private static final String COMMAND =
            "mvn -q -pl docs -am test-compile exec:java -Dexec.mainClass=io.github.masktape.docs.CoursePictures";

    @Test
    void committedPicturesAreWhatTheProgramMakes() throws IOException {
        Path docs = Page.root().resolve("docs");
        Map<Path, String> files = CoursePictures.files(docs);
        for (Map.Entry<Path, String> file : files.entrySet()) {
            assertThat(file.getKey()).as(COMMAND).exists();
            assertThat(Files.readString(file.getKey()))
                    .as(file.getKey().getFileName() + " is not what the program makes: " + COMMAND)
                    .isEqualTo(file.getValue());
        }
        try (Stream<Path> committed = Files.list(docs.resolve("course").resolve("images"))) {
            assertThat(committed.filter(file -> file.toString().endsWith(".svg")))
                    .as("pictures that nothing makes any more")
                    .allMatch(files::containsKey);
        }
    }
}
