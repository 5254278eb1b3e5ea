// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("once")
class FileErrorsTest {
    /** Their messages are only the path. */
    @Test
    void aReasonIsNoPath() {
        assertThat(FileErrors.reason(new AccessDeniedException("a/b"))).isEqualTo("Permission denied");
        assertThat(FileErrors.reason(new NoSuchFileException("a/b"))).isEqualTo("no such file or folder");
        assertThat(FileErrors.reason(new NotDirectoryException("a/b"))).isEqualTo("it is not a folder");
        assertThat(FileErrors.reason(new FileSystemException("a/b", null, "Is a directory")))
                .isEqualTo("Is a directory");
        assertThat(FileErrors.reason(new FileAlreadyExistsException("a/b")))
                .isEqualTo("a file or a broken link has this name");
        assertThat(FileErrors.reason(new FileSystemLoopException("a/b"))).isEqualTo("FileSystemLoopException");
        assertThat(FileErrors.reason(new IOException("any"))).isEqualTo("any");
    }

    @Test
    void aNameBeyondTheLocaleHasAdvice() {
        assertThat(FileErrors.reason(
                        new InvalidPathException("ü", "Malformed input or input contains unmappable characters")))
                .isEqualTo("the locale has no such characters for names of files; set one with UTF-8, for example"
                        + " LC_ALL=C.UTF-8");
        assertThat(FileErrors.reason(new InvalidPathException("a", "Nul character not allowed")))
                .isEqualTo("Nul character not allowed");
    }

    @Test
    void anInputIsAFileOrAFolder(@TempDir Path folder) throws IOException {
        File file = Files.writeString(folder.resolve("file"), "any").toFile();
        InputFile.require(file);
        InputFile.requireFolder(folder.toFile());
        File none = folder.resolve("none").toFile();
        assertThatThrownBy(() -> InputFile.require(none))
                .isInstanceOf(FileNotFoundException.class)
                .hasMessage(none + ": no such file");
        assertThatThrownBy(() -> InputFile.require(folder.toFile()))
                .hasMessage(folder + ": expected a file, got a folder or a device");
        assertThatThrownBy(() -> InputFile.requireFolder(none)).hasMessage(none + ": no such folder");
        assertThatThrownBy(() -> InputFile.requireFolder(file)).hasMessage(file + ": expected a folder, got a file");
        File within = new File(file, "within");
        // The reason is the operating system's, and newer JDKs report no such file.
        assertThatThrownBy(() -> InputFile.require(within))
                .hasMessageMatching("\\Q" + within + "\\E: (cannot be read: .+|no such file)");
    }

    /** A permission that is missing is named, except by the superuser, who can read everything. */
    @Test
    void whatMayNotBeReadIsNotMissing(@TempDir Path folder) throws IOException {
        File file = Files.writeString(folder.resolve("file"), "any").toFile();
        if (file.setReadable(false, false) && !file.canRead()) {
            assertThatThrownBy(() -> InputFile.require(file)).hasMessage(file + ": cannot be read: Permission denied");
        }
    }
}
