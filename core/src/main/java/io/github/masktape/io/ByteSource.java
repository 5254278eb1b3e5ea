// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.io;

import io.github.masktape.file.InputFile;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that can be read, from the beginning and as often as wanted: a file, or memory. A model inside a jar or the body
 * of an HTTP message needs no temporary file.
 *
 * <pre>
 *   ByteSource.of(path)
 *   ByteSource.of("model.safetensors", Main.class.getResourceAsStream("model.safetensors"))
 *   ByteSource.of("response", bytes)
 * </pre>
 */
public final class ByteSource {
    private final String name;
    private final @Nullable File file;
    private final byte[] bytes;

    private ByteSource(String name, @Nullable File file, byte[] bytes) {
        this.name = name;
        this.file = file;
        this.bytes = bytes;
    }

    /** The bytes of a file, which is opened when it is read. */
    public static ByteSource of(File file) {
        return new ByteSource(file.toString(), file, new byte[0]);
    }

    /**
     * The bytes of a file. If it is in a file system of another kind, such as a ZIP file, they are read now.
     *
     * @throws IOException if they cannot be read now
     */
    public static ByteSource of(Path path) throws IOException {
        return path.getFileSystem().equals(FileSystems.getDefault())
                ? of(path.toFile())
                : of(path.toString(), Files.readAllBytes(path));
    }

    /**
     * Bytes in memory.
     *
     * @param name the name in error messages
     * @param bytes the bytes, which must not change as long as the source is used
     */
    public static ByteSource of(String name, byte[] bytes) {
        return new ByteSource(name, null, bytes);
    }

    /**
     * The bytes of a stream, which is read to its end now but not closed.
     *
     * @param name the name in error messages
     * @param in the stream, or null from {@link Class#getResourceAsStream} if there is no such resource
     * @throws FileNotFoundException if the stream is null
     */
    public static ByteSource of(String name, @Nullable InputStream in) throws IOException {
        if (in == null) {
            throw new FileNotFoundException(name + ": no such resource");
        }
        return of(name, in.readAllBytes());
    }

    /** The name in error messages: the path of a file. */
    public String name() {
        return name;
    }

    /** The file, or null for bytes in memory. */
    public @Nullable File file() {
        return file;
    }

    /** The number of bytes; of a file, the current one. */
    public long length() {
        return file == null ? bytes.length : file.length();
    }

    /**
     * A new stream of the bytes, which the caller closes.
     *
     * @throws FileNotFoundException if the file does not exist or is a folder
     */
    public InputStream open() throws IOException {
        if (file == null) {
            return new ByteArrayInputStream(bytes);
        }
        InputFile.require(file);
        return new FileInputStream(file);
    }

    /** The name that error messages begin with. */
    @Override
    public String toString() {
        return name;
    }
}
