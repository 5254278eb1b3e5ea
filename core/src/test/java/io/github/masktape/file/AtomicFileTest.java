// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("once")
class AtomicFileTest {
    @TempDir
    private File folder;

    private File file;

    @BeforeEach
    void name() {
        file = new File(folder, "metrics.csv");
    }

    @Test
    void aFileIsMadeAndReplaced() throws IOException {
        AtomicFile.write(file, "new ü\n");
        assertThat(file).hasContent("new ü\n");
        AtomicFile.write(file, out -> {
            out.write("old".getBytes(StandardCharsets.UTF_8));
            out.close();
        });
        assertOnly("old");
    }

    @Test
    void whenTheContentFailsTheOldFileStays() throws IOException {
        AtomicFile.write(file, "old");
        IOException reason = new IOException("reason");
        assertThatThrownBy(() -> AtomicFile.write(file, out -> {
                    out.write(new byte[1 << 20]);
                    throw reason;
                }))
                .isSameAs(reason);
        assertThatThrownBy(() -> AtomicFile.write(file, out -> {
                    throw new IllegalStateException("reason");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertOnly("old");
    }

    @Test
    void aFileWithoutItsFolderCannotBeWritten() {
        File lost = new File(new File(folder, "missing"), "metrics.csv");
        assertRefused(lost, "no such folder: " + lost.getParent());
        assertRefused(folder, "it is a folder");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void whatIsNoFileIsNotReplaced() throws Exception {
        File pipe = new File(folder, "pipe");
        assumeTrue(new ProcessBuilder("mkfifo", pipe.getPath()).start().waitFor() == 0);
        assertRefused(pipe, "it is not a regular file");
    }

    @Test
    void whatIsReadOnlyStays() throws IOException {
        AtomicFile.write(file, "old");
        assertThat(file.setWritable(false)).isTrue();
        assumeFalse(file.canWrite(), "nothing is read-only for this user");
        assertRefused(file, "it is read-only");
        File other = new File(folder, "other.csv");
        assertThat(folder.setWritable(false)).isTrue();
        try {
            assertRefused(other, "Permission denied");
        } finally {
            assertThat(folder.setWritable(true)).isTrue();
        }
        assertOnly("old");
    }

    @Test
    void aLinkStaysALink() throws IOException {
        File link = new File(folder, "latest.csv");
        AtomicFile.write(file, "old");
        Files.createSymbolicLink(link.toPath(), file.toPath());
        AtomicFile.write(link, "new");
        assertThat(Files.isSymbolicLink(link.toPath())).isTrue();
        assertThat(file).hasContent("new");
    }

    /** The superuser can write anything, but what nobody may write was protected on purpose. */
    @Test
    void whatNobodyMayWriteStays() throws IOException {
        AtomicFile.write(file, "old");
        setMode(file, "r--r--r--");
        assertRefused(file, "it is read-only");
        assertThat(mode(file)).isEqualTo("r--r--r--");
        assertOnly("old");
    }

    // ---- permissions ----

    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "rw-rw-r--", "rw-r-----", "rw-rw-rw-", "rw-r--r--", "rwxr-x---", "-w--w----"})
    void aReplacedFileKeepsItsPermissions(String permissions) throws IOException {
        AtomicFile.write(file, "old");
        setMode(file, permissions);
        assumeTrue(file.canWrite());
        File link = new File(folder, "link.csv");
        Files.createSymbolicLink(link.toPath(), file.toPath());
        for (File each : new File[] {file, link}) {
            AtomicFile.write(each, "new");
            assertThat(mode(file)).isEqualTo(permissions);
        }
        Files.delete(link.toPath());
        assertThat(folder.listFiles()).containsExactly(file);
    }

    /** Whoever has opened it can read what comes later. */
    @Test
    void nobodyElseCanReadAFileThatReplacesAnother() throws IOException {
        AtomicFile.write(file, "old");
        setMode(file, "rw-------");
        AtomicFile.write(file, out -> {
            out.write(new byte[1 << 20]);
            assertThat(folder.listFiles(name -> !name.equals(file)))
                    .singleElement()
                    .satisfies(temporary -> assertThat(mode(temporary)).isEqualTo("rw-------"));
        });
        assertThat(mode(file)).isEqualTo("rw-------");
    }

    @Test
    void aNewFileHasThePermissionsOfAnyNewFile() throws IOException {
        File other = new File(folder, "other");
        assertThat(other.createNewFile()).isTrue();
        AtomicFile.write(file, "new");
        assertThat(mode(file)).isEqualTo(mode(other));
    }

    @Test
    void aReplacedFileKeepsItsOwnerAndGroupWhereTheSystemAllowsIt() throws IOException {
        AtomicFile.write(file, "old");
        setMode(file, "rw-rw----");
        try {
            Files.setAttribute(file.toPath(), "unix:gid", 54_321);
            Files.setAttribute(file.toPath(), "unix:uid", 54_321);
        } catch (IOException e) {
            abort("only the superuser gives files away");
        }
        AtomicFile.write(file, "new");
        assertThat(Files.getAttribute(file.toPath(), "unix:uid")).isEqualTo(54_321);
        assertThat(Files.getAttribute(file.toPath(), "unix:gid")).isEqualTo(54_321);
        assertThat(mode(file)).isEqualTo("rw-rw----");
    }

    private void setMode(File file, String permissions) throws IOException {
        assumeTrue(Files.getFileStore(folder.toPath()).supportsFileAttributeView("posix"), "no permissions here");
        Files.setPosixFilePermissions(file.toPath(), PosixFilePermissions.fromString(permissions));
    }

    private static String mode(File file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file.toPath()));
    }

    /** As where the system's encoding has no bytes for a character: File would put ? there. */
    @Test
    void aNameThatIsNoPathIsRefused() {
        File nameless = new File(folder, "\0.csv");
        assertThatThrownBy(() -> AtomicFile.write(nameless, "new"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(nameless + ": cannot be written: ")
                .hasRootCauseInstanceOf(InvalidPathException.class);
        assertThatThrownBy(() -> InputFile.require(nameless)).hasMessageStartingWith(nameless + ": cannot be read: ");
    }

    /** It is cut for the name of the temporary file. */
    @Test
    void aNameIsNotCutWithinACharacter() throws IOException {
        file = new File(folder, "x".repeat(39) + "😀.csv");
        assumeTrue(isPath(file), "the system's encoding has no such character");
        AtomicFile.write(file, "new");
        assertOnly("new");
    }

    private static boolean isPath(File file) {
        try {
            return file.toPath().isAbsolute();
        } catch (InvalidPathException e) {
            return false;
        }
    }

    @Test
    void aLongNameIsNoObstacle() throws IOException {
        file = new File(folder, "x".repeat(250) + ".csv");
        AtomicFile.write(file, "new");
        assertOnly("new");
    }

    @Test
    void onlyLeftoversOfTheSameNameAreRemoved() throws IOException {
        File leftover = new File(folder, ".metrics.csv.123-abc0.tmp");
        File foreign = new File(folder, ".metrics.csv.backup.tmp");
        File other = new File(folder, ".curves.svg.123-abc0.tmp");
        for (File each : new File[] {leftover, foreign, other}) {
            Files.write(each.toPath(), new byte[3]);
        }
        AtomicFile.write(file, "new");
        assertThat(folder.listFiles()).containsExactlyInAnyOrder(file, foreign, other);
    }

    @Test
    void anInterruptedThreadWritesAllTheSame() throws IOException {
        Files.write(new File(folder, ".metrics.csv.123-abc0.tmp").toPath(), new byte[3]);
        Thread.currentThread().interrupt();
        try {
            AtomicFile.write(file, "new");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(file).hasContent("new");
    }

    @Test
    void writersOfOneFileDoNotDisturbEachOther() throws Exception {
        String[] texts = {"a".repeat(100_000), "b".repeat(100_000), "c".repeat(100_000)};
        CyclicBarrier together = new CyclicBarrier(texts.length);
        Throwable[] failures = new Throwable[texts.length];
        Thread[] writers = new Thread[texts.length];
        for (int i = 0; i < writers.length; i++) {
            int me = i;
            writers[i] = new Thread(() -> {
                try {
                    together.await();
                    for (int k = 0; k < 10; k++) {
                        AtomicFile.write(file, texts[me]);
                    }
                } catch (Exception e) {
                    failures[me] = e;
                }
            });
            writers[i].start();
        }
        for (Thread writer : writers) {
            writer.join();
        }
        assertThat(failures).containsOnlyNulls();
        assertThat(Files.readString(file.toPath())).isIn((Object[]) texts);
        assertThat(folder.listFiles()).containsExactly(file);
    }

    @Test
    void aKilledWriterLeavesTheOldFileAndTheNextOneClearsUp() throws Exception {
        AtomicFile.write(file, "old");
        Process writer = startWriter();
        writer.destroyForcibly().waitFor();
        assertThat(file).hasContent("old");
        assertThat(folder.listFiles()).hasSize(2);
        AtomicFile.write(file, "new");
        assertOnly("new");
    }

    @Test
    void aLivingWriterInAnotherProcessIsLeftAlone() throws Exception {
        Process writer = startWriter();
        AtomicFile.write(file, "ours");
        assertThat(file).hasContent("ours");
        writer.getOutputStream().close();
        assertThat(writer.waitFor()).isZero();
        assertOnly("theirs");
    }

    /** Another process that has begun to write, and ends when its input does. */
    private Process startWriter() throws IOException {
        String java = System.getProperty("java.home") + "/bin/java";
        String classes = System.getProperty("java.class.path");
        Process process = new ProcessBuilder(
                        java, "-Xshare:auto", "-cp", classes, Writer.class.getName(), file.getPath())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.getInputStream().read()).isEqualTo('.');
        return process;
    }

    /** The other process. */
    static final class Writer {
        private Writer() {}

        /** Writes the file that is named. */
        public static void main(String[] args) throws IOException {
            AtomicFile.write(new File(args[0]), out -> {
                out.write("theirs".getBytes(StandardCharsets.UTF_8));
                out.flush();
                System.out.print('.');
                System.out.flush();
                assertThat(System.in.read()).isEqualTo(-1);
            });
        }
    }

    private void assertOnly(String content) {
        assertThat(file).hasContent(content);
        assertThat(folder.listFiles()).containsExactly(file);
    }

    private static void assertRefused(File file, String why) {
        assertThatThrownBy(() -> AtomicFile.write(file, "new"))
                .isInstanceOf(IOException.class)
                .hasMessage(file + ": cannot be written: " + why);
    }
}
