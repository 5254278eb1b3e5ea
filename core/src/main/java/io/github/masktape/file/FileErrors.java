// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** The reasons of failed operations on files, in words; the exceptions often name only the path. */
public final class FileErrors {
    private FileErrors() {}

    /** The reason of a failure, without the path. */
    public static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "Permission denied";
        }
        if (e instanceof NoSuchFileException) {
            return "no such file or folder";
        }
        if (e instanceof NotDirectoryException) {
            return "it is not a folder";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "a file or a broken link has this name";
        }
        if (e instanceof FileSystemException known) {
            // Without a reason, the message is only the path.
            return known.getReason() != null ? known.getReason() : e.getClass().getSimpleName();
        }
        return String.valueOf(e.getMessage());
    }

    /** The reason why a path is invalid, with advice if the system's encoding cannot represent it. */
    public static String reason(InvalidPathException e) {
        return e.getReason().startsWith("Malformed input")
                ? "the locale has no such characters for names of files; set one with UTF-8, for example"
                        + " LC_ALL=C.UTF-8"
                : e.getReason();
    }
}
