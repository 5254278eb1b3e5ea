// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A reader leaves no file open, whether it reads it to its end or refuses it: looked up where Linux lists open files. */
class ClosedFilesTest {
    private static final Path OPEN = Path.of("/proc/self/fd");

    @TempDir
    private Path folder;

    private interface Reader {
        Object read(File file) throws IOException;
    }

    @BeforeEach
    void onlyOnLinux() {
        assumeTrue(Files.isDirectory(OPEN), "open files are listed on Linux only");
    }

    @Test
    void tables() throws IOException {
        for (String text : new String[] {"a,b\n1,x\n2,y\n", "a,b\n1,x\n2,y,3\n", "a,b\n1,\"x", "\ufffe", "a,b\n"}) {
            byte[] content = text.getBytes(StandardCharsets.UTF_8);
            assertCloses(content, file -> Csv.of(file).read());
            assertCloses(gzip(content), file -> Csv.of(file).read());
        }
        assertCloses(new byte[] {-1, -2, 0}, file -> Csv.of(file).read());
    }

    /** At the count of the rows, and when they are read. */
    @Test
    void tablesWhoseReaderWasInterrupted() throws IOException {
        for (int pass = 0; pass < 2; pass++) {
            double share = 0.5 * pass;
            Csv.Progress failing = (done, total) -> {
                if (done > share * total) {
                    throw new IllegalStateException("enough");
                }
            };
            assertCloses("a,b\n1,x\n2,y\n".getBytes(StandardCharsets.UTF_8), file -> {
                try {
                    return Csv.of(file).withProgress(failing).read();
                } catch (IllegalStateException e) {
                    return e;
                }
            });
        }
    }

    @Test
    void arrays() throws IOException {
        byte[] labels = {0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3};
        for (byte[] content :
                new byte[][] {labels, gzip(labels), {0, 0, 8, 1, 0, 0, 0, 3, 1}, {1, 2}, {0x1f, (byte) 0x8b, 9}, {}}) {
            assertCloses(content, Idx::tensor);
        }
    }

    private void assertCloses(byte[] content, Reader reader) throws IOException {
        Path file = Files.write(folder.resolve("file"), content);
        String outcome;
        try {
            outcome = reader.read(file.toFile()).toString();
        } catch (IOException e) {
            outcome = e.toString();
        }
        assertThat(openFiles()).as(outcome).doesNotContain(file.toRealPath());
    }

    private static List<Path> openFiles() throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(OPEN)) {
            for (Path one : (Iterable<Path>) all::iterator) {
                try {
                    files.add(one.toRealPath());
                } catch (IOException e) {
                    // A pipe or a socket, or closed meanwhile.
                }
            }
        }
        return files;
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(content);
        }
        return packed.toByteArray();
    }
}
