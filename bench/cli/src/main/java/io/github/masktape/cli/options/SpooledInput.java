// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.options;

import io.github.masktape.cli.terminal.Failure;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * A copy of input that can be read only once, such as standard input or another pipe, in a temporary file, because
 * files are read several times.
 */
final class SpooledInput {
    private static final String STANDARD_INPUT = "/dev/stdin";

    /** The bits of a file's mode that are its type, and the type of a pipe. */
    private static final int TYPE = 0170000;

    private static final int PIPE = 0010000;

    private SpooledInput() {}

    /** The path of a file with the content of {@code path}: a copy if that is a pipe or {@code -}, otherwise itself. */
    static String path(String path) {
        try {
            boolean standard = path.equals("-") || path.equals(STANDARD_INPUT);
            Path source = Path.of(standard ? STANDARD_INPUT : path);
            if (standard && Files.isRegularFile(source)) {
                // Its real name shows whether it is also the output.
                return STANDARD_INPUT;
            }
            if (!standard && !isPipe(source)) {
                return path;
            }
            try (InputStream in = standard ? System.in : new FileInputStream(path)) {
                return copy(in, standard ? "standard-input" : "pipe").toString();
            }
        } catch (InvalidPathException e) {
            return path;
        } catch (IOException e) {
            throw new Failure(e);
        }
    }

    private static boolean isPipe(Path path) throws IOException {
        try {
            return Files.exists(path) && ((int) Files.getAttribute(path, "unix:mode") & TYPE) == PIPE;
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            // The system has no modes.
            return false;
        }
    }

    private static Path copy(InputStream in, String name) throws IOException {
        Path folder = Files.createTempDirectory("masktape");
        // Deleted after the file, in reverse order.
        folder.toFile().deleteOnExit();
        Path copy = folder.resolve(name);
        copy.toFile().deleteOnExit();
        Files.copy(in, copy);
        return copy;
    }
}
