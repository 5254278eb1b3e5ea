package io.github.masktape.file;

import java.io.File;
import java.io.FileNotFoundException;
import java.nio.file.InvalidPathException;

/** A check of input files before they are read. */
public final class InputFile {
    private InputFile() {}

    /**
     * Refuses a path that does not exist, is not a file, or has a name that the system's encoding cannot represent.
     *
     * @throws FileNotFoundException with one line, {@code path: why}
     */
    public static void require(File file) throws FileNotFoundException {
        try {
            file.toPath();
        } catch (InvalidPathException e) {
            throw new FileNotFoundException(file + ": cannot be read: " + e.getReason());
        }
        if (!file.exists()) {
            throw new FileNotFoundException(file + ": no such file");
        }
        if (!file.isFile()) {
            throw new FileNotFoundException(file + ": expected a file, got a folder or a device");
        }
    }
}
