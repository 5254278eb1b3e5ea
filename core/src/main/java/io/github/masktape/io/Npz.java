// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.io;

import io.github.masktape.file.AtomicFile;
import io.github.masktape.file.InputFile;
import io.github.masktape.tensor.Tensor;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * The arrays of NumPy's formats: an {@code .npy} file holds one, an {@code .npz} file, a ZIP of such files, several by
 * name. NumPy opens both with {@code numpy.load}.
 *
 * <p>Files are written in version 1.0, row-major, as {@code <f4} or {@code <f8} and not compressed; equal tensors give
 * equal bytes. Reading also supports {@code <f2}, as FLOAT32, big-endian numbers, column-major arrays and compressed
 * entries. It is strict: broken files throw a {@link DataFormatException}, and nothing is allocated that the file's
 * length does not justify. Arrays of other types, such as integers, and empty ones are not read, but named.
 *
 * @param tensors the tensors by name
 * @param unread the arrays of a file that were not read, by name, each with its type and shape, {@code <i8 2×3}
 */
public record Npz(Map<String, Tensor> tensors, Map<String, String> unread) {
    private static final String SUFFIX = ".npy";
    private static final int MAX_ENTRIES = 100_000;
    private static final int MAX_NAME = 20_000;

    /** The largest ratio of unpacked to packed length that the format allows. */
    private static final int MAX_DEFLATION = 1032;

    /** The time of every entry. For the first of January 1980, Java would add the machine's time zone. */
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

    /** Copies the maps. */
    public Npz {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
        unread = Collections.unmodifiableMap(new LinkedHashMap<>(unread));
    }

    /** Tensors to write. */
    public Npz(Map<String, Tensor> tensors) {
        this(tensors, Map.of());
    }

    // ---- one tensor ----

    /**
     * Writes or replaces an {@code .npy} file, whole or not at all.
     *
     * @throws IOException with one line, {@code path: cannot be written: why}
     */
    public static void writeArray(File file, Tensor tensor) throws IOException {
        AtomicFile.write(file, out -> NpyHeader.write(tensor, out));
    }

    /**
     * Writes the bytes of an {@code .npy} file to a stream, which stays open.
     *
     * @throws IOException if it cannot be written
     */
    public static void writeArray(OutputStream out, Tensor tensor) throws IOException {
        NpyHeader.write(tensor, out);
    }

    /**
     * Reads an {@code .npy} file.
     *
     * @throws DataFormatException if it is broken, or holds what has no place here: integers, an empty array
     */
    public static Tensor readArray(File file) throws IOException {
        return readArray(ByteSource.of(file));
    }

    /**
     * Reads the bytes of an {@code .npy} file, as {@link #readArray(File)} does.
     *
     * @throws IOException if it cannot be read; a {@link DataFormatException} if it is broken
     */
    public static Tensor readArray(ByteSource source) throws IOException {
        try (FileBytes in = FileBytes.open(source)) {
            return NpyHeader.read(in).tensor(in, in.length());
        }
    }

    // ---- several ----

    /**
     * Writes or replaces an {@code .npz} file, whole or not at all, the tensors in the map's order.
     *
     * @throws IllegalArgumentException if a name is empty or longer than a ZIP file can hold
     * @throws IllegalStateException if arrays of the file were not {@link #unread read}, since they would be lost
     * @throws IOException with one line, {@code path: cannot be written: why}
     */
    public void write(File file) throws IOException {
        requireWritable();
        AtomicFile.write(file, this::write);
    }

    private void requireWritable() {
        if (!unread.isEmpty()) {
            throw new IllegalStateException("write: expected a content that was read completely, got one without "
                    + String.join(", ", unread.keySet()) + "; new Npz(tensors) leaves them out on purpose");
        }
        for (String name : tensors.keySet()) {
            if (name.isEmpty() || name.length() > MAX_NAME) {
                throw new IllegalArgumentException(
                        "name: expected 1 to " + MAX_NAME + " characters, got " + name.length());
            }
        }
    }

    /**
     * Writes the bytes of an {@code .npz} file to a stream, which stays open.
     *
     * @throws IOException if it cannot be written
     */
    public void write(OutputStream out) throws IOException {
        requireWritable();
        ZipOutputStream zip = new ZipOutputStream(out);
        zip.setMethod(ZipOutputStream.STORED);
        for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
            zip.putNextEntry(entry(tensor.getKey(), tensor.getValue()));
            NpyHeader.write(tensor.getValue(), zip);
        }
        zip.finish();
    }

    /** The entry of a tensor; an uncompressed entry states its length and checksum first. */
    private static ZipEntry entry(String name, Tensor tensor) throws IOException {
        CRC32 crc = new CRC32();
        NpyHeader.write(tensor, new CheckedOutputStream(OutputStream.nullOutputStream(), crc));
        ZipEntry entry = new ZipEntry(name + SUFFIX);
        entry.setTimeLocal(TIME);
        entry.setSize(
                NpyHeader.length(tensor) + NumberEncoding.of(tensor.dtype()).bytes(tensor.shape()));
        entry.setCrc(crc.getValue());
        return entry;
    }

    /**
     * Reads an {@code .npz} file: tensors by name, without {@code .npy}, in the file's order.
     *
     * @throws DataFormatException if it is broken, or holds a file that is no array
     */
    public static Npz read(File file) throws IOException {
        InputFile.require(file);
        try (ZipFile zip = new ZipFile(file)) {
            if (zip.size() > MAX_ENTRIES) {
                throw new DataFormatException(file, "expected at most " + MAX_ENTRIES + " arrays, got " + zip.size());
            }
            List<? extends ZipEntry> entries = Collections.list(zip.entries());
            requireCredible(file, entries);
            Builder builder = new Builder(file.toString());
            for (ZipEntry entry : entries) {
                readEntry(builder, zip, entry);
            }
            return builder.build();
        } catch (ZipException | EOFException | IllegalArgumentException e) {
            // JDK 17 throws the last one for a comment that is not UTF-8.
            throw notAnNpz(file.toString(), e);
        }
    }

    /**
     * Reads the bytes of an {@code .npz} file, as {@link #read(File)} does. Bytes in memory are unpacked twice, first
     * to count them.
     *
     * @throws IOException if it cannot be read; a {@link DataFormatException} if it is broken
     */
    public static Npz read(ByteSource source) throws IOException {
        if (source.file() != null) {
            return read(source.file());
        }
        Builder builder = new Builder(source.name());
        try (ZipInputStream counting = new ZipInputStream(source.open());
                ZipInputStream zip = new ZipInputStream(source.open())) {
            for (ZipEntry entry = counting.getNextEntry(); entry != null; entry = counting.getNextEntry()) {
                String inside = builder.inside(entry);
                long length = new FileBytes(inside, counting).countToEnd();
                zip.getNextEntry();
                FileBytes in = new FileBytes(inside, zip);
                builder.add(entry, in, length);
            }
        } catch (ZipException | EOFException | IllegalArgumentException e) {
            throw notAnNpz(source.name(), e);
        }
        if (builder.count == 0) {
            throw new DataFormatException(source.name(), "not an .npz file: expected a ZIP file with entries");
        }
        return builder.build();
    }

    private static DataFormatException notAnNpz(String name, Exception e) {
        return new DataFormatException(
                name, "not an .npz file: " + (e.getMessage() == null ? "truncated" : e.getMessage()));
    }

    /** The arrays read so far. */
    private static final class Builder {
        private final String name;
        private final Map<String, Tensor> tensors = new LinkedHashMap<>();
        private final Map<String, String> unread = new LinkedHashMap<>();
        private int count;

        Builder(String name) {
            this.name = name;
        }

        /** The name of an entry in error messages. */
        String inside(ZipEntry entry) {
            return new File(name, DataFormatException.line(entry.getName())).toString();
        }

        /**
         * Reads an entry.
         *
         * @param length the number of its bytes, unpacked
         * @return false if the array is of a type that is not read, and the rest of the entry neither
         */
        boolean add(ZipEntry entry, FileBytes in, long length) throws IOException {
            String file = entry.getName();
            if (!file.endsWith(SUFFIX) || file.length() == SUFFIX.length()) {
                throw new DataFormatException(name, "expected only .npy files inside, got " + file);
            }
            String key = file.substring(0, file.length() - SUFFIX.length());
            if (tensors.containsKey(key) || unread.containsKey(key)) {
                throw new DataFormatException(name, "two arrays are named " + key);
            }
            if (++count > MAX_ENTRIES) {
                throw new DataFormatException(name, "expected at most " + MAX_ENTRIES + " arrays, got more");
            }
            NpyHeader header = NpyHeader.read(in);
            String reason = header.unread();
            if (reason != null) {
                unread.put(key, reason);
                return false;
            }
            tensors.put(key, header.tensor(in, length));
            in.requireEnd();
            return true;
        }

        Npz build() {
            return new Npz(tensors, unread);
        }
    }

    private static void readEntry(Builder builder, ZipFile zip, ZipEntry entry) throws IOException {
        String inside = builder.inside(entry);
        CRC32 crc = new CRC32();
        try (CheckedInputStream in = new CheckedInputStream(zip.getInputStream(entry), crc)) {
            requireLength(inside, zip, entry);
            boolean complete = builder.add(entry, new FileBytes(inside, in), entry.getSize());
            if (complete && crc.getValue() != entry.getCrc()) {
                throw new DataFormatException(inside, "wrong checksum");
            }
        } catch (DataFormatException e) {
            throw e;
        } catch (IOException e) {
            // One cause is an entry whose stated offset is impossible.
            throw new DataFormatException(inside, "cannot be read: " + e.getMessage());
        }
    }

    /**
     * Unpacks an entry that claims to be longer than its packed data, to count its bytes before an array is allocated.
     */
    private static void requireLength(String inside, ZipFile zip, ZipEntry entry) throws IOException {
        long expected = entry.getSize();
        if (expected <= entry.getCompressedSize()) {
            return;
        }
        try (InputStream in = zip.getInputStream(entry)) {
            long length = new FileBytes(inside, in).countToEnd();
            if (length != expected) {
                String problem = length < expected ? "truncated" : "trailing bytes";
                throw new DataFormatException(
                        inside,
                        Math.min(length, expected),
                        problem + ": expected " + expected + " bytes unpacked, got " + length);
            }
        }
    }

    /**
     * Refuses entries that together have more bytes than the file, and entries that claim more than their bytes can
     * hold.
     */
    private static void requireCredible(File file, List<? extends ZipEntry> entries) throws DataFormatException {
        long packed = 0;
        for (ZipEntry entry : entries) {
            packed += entry.getCompressedSize();
            if (packed > file.length() || entry.getSize() / MAX_DEFLATION > entry.getCompressedSize()) {
                throw new DataFormatException(
                        file,
                        entry.getName() + ": expected no more than the file's " + file.length()
                                + " bytes can hold, got " + entry.getCompressedSize() + " bytes packed, "
                                + entry.getSize() + " unpacked");
            }
        }
    }
}
