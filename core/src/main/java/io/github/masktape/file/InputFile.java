// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.file;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** A check of input files before they are read. */
public final class InputFile {
    private InputFile() {}

    /**
     * Refuses a path that does not exist, is not a file, cannot be read, or has a name that the system's encoding
     * cannot represent.
     *
     * @throws FileNotFoundException with one line, {@code path: why}
     */
    public static void require(File file) throws FileNotFoundException {
        BasicFileAttributes attributes = attributes(file);
        if (attributes == null) {
            throw new FileNotFoundException(file + ": no such file");
        }
        if (!attributes.isRegularFile()) {
            throw new FileNotFoundException(file + ": expected a file, got a folder or a device");
        }
        requireReadable(file);
    }

    /**
     * Refuses a path that does not exist, is not a folder, or cannot be listed.
     *
     * @throws FileNotFoundException with one line, {@code path: why}
     */
    public static void requireFolder(File folder) throws FileNotFoundException {
        BasicFileAttributes attributes = attributes(folder);
        if (attributes == null) {
            throw new FileNotFoundException(folder + ": no such folder");
        }
        if (!attributes.isDirectory()) {
            throw new FileNotFoundException(folder + ": expected a folder, got a file");
        }
        requireReadable(folder);
    }

    private static void requireReadable(File file) throws FileNotFoundException {
        if (!file.canRead()) {
            throw new FileNotFoundException(file + ": cannot be read: Permission denied");
        }
    }

    /** The attributes of a file; null if there is no such file, an exception if that cannot be known. */
    private static @Nullable BasicFileAttributes attributes(File file) throws FileNotFoundException {
        Path path;
        try {
            path = file.toPath();
        } catch (InvalidPathException e) {
            throw new FileNotFoundException(file + ": cannot be read: " + FileErrors.reason(e));
        }
        try {
            return Files.readAttributes(path, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw new FileNotFoundException(file + ": cannot be read: " + FileErrors.reason(e));
        }
    }
}
