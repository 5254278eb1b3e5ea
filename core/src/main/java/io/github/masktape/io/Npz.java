package io.github.masktape.io;

import io.github.masktape.file.AtomicFile;
import io.github.masktape.file.InputFile;
import io.github.masktape.tensor.Tensor;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
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
import java.util.zip.ZipOutputStream;

/**
 * A reader and writer of NumPy's formats: an {@code .npy} file holds one tensor, an {@code .npz} file, a ZIP of such
 * files, several by name. NumPy opens both with {@code numpy.load}.
 *
 * <p>Files are written in version 1.0, row-major, as {@code <f4} or {@code <f8} and not compressed; equal tensors give
 * equal bytes. Reading also supports {@code <f2}, as FLOAT32, and compressed entries. It is strict: broken files throw
 * a {@link DataFormatException}, and nothing is allocated that the file's length does not justify.
 */
public final class Npz {
    private static final String SUFFIX = ".npy";
    private static final int MAX_ENTRIES = 100_000;
    private static final int MAX_NAME = 20_000;

    /** The largest ratio of unpacked to packed length that the format allows. */
    private static final int MAX_DEFLATION = 1032;

    /** The time of every entry. For the first of January 1980, Java would add the machine's time zone. */
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

    private Npz() {}

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
     * Reads an {@code .npy} file.
     *
     * @throws DataFormatException if it is broken, or holds what has no place here: integers, an empty array
     */
    public static Tensor readArray(File file) throws IOException {
        try (RandomAccessFile opened = FileBytes.open(file)) {
            return readArray(file, FileBytes.of(file, opened), opened.length());
        }
    }

    static Tensor readArray(File file, FileBytes source, long length) throws IOException {
        NpyHeader header = NpyHeader.read(file, source);
        long expected = source.offset() + header.encoding().bytes(header.shape());
        if (length < expected) {
            throw new DataFormatException(file, length, "truncated: expected " + expected + " bytes, got " + length);
        }
        if (length > expected) {
            throw new DataFormatException(
                    file, expected, "trailing bytes: expected " + expected + " bytes, got " + length);
        }
        return header.encoding().read(source, header.shape());
    }

    // ---- several ----

    /**
     * Writes or replaces an {@code .npz} file, whole or not at all, the tensors in the map's order.
     *
     * @throws IllegalArgumentException if a name is empty or longer than a ZIP file can hold
     * @throws IOException with one line, {@code path: cannot be written: why}
     */
    public static void write(File file, Map<String, Tensor> tensors) throws IOException {
        for (String name : tensors.keySet()) {
            if (name.isEmpty() || name.length() > MAX_NAME) {
                throw new IllegalArgumentException(
                        "name: expected 1 to " + MAX_NAME + " characters, got " + name.length());
            }
        }
        AtomicFile.write(file, out -> write(tensors, out));
    }

    static void write(Map<String, Tensor> tensors, OutputStream out) throws IOException {
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
        entry.setSize(NpyHeader.length(tensor) + Encoding.of(tensor.dtype()).bytes(tensor.shape()));
        entry.setCrc(crc.getValue());
        return entry;
    }

    /**
     * Reads an {@code .npz} file: tensors by name, without {@code .npy}, in the file's order.
     *
     * @throws DataFormatException if it is broken, or holds what has no place here: integers, an empty array, a file
     *     that is no array
     */
    public static Map<String, Tensor> read(File file) throws IOException {
        InputFile.require(file);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(file)) {
            if (zip.size() > MAX_ENTRIES) {
                throw new DataFormatException(file, "expected at most " + MAX_ENTRIES + " arrays, got " + zip.size());
            }
            List<? extends ZipEntry> entries = Collections.list(zip.entries());
            requireCredible(file, entries);
            for (ZipEntry entry : entries) {
                String name = entry.getName();
                if (!name.endsWith(SUFFIX) || name.length() == SUFFIX.length()) {
                    throw new DataFormatException(file, "expected only .npy files inside, got " + name);
                }
                String key = name.substring(0, name.length() - SUFFIX.length());
                if (tensors.containsKey(key)) {
                    throw new DataFormatException(file, "two arrays are named " + key);
                }
                tensors.put(key, readEntry(file, zip, entry));
            }
        } catch (ZipException | EOFException | IllegalArgumentException e) {
            // JDK 17 throws the last one for a comment that is not UTF-8.
            throw new DataFormatException(
                    file, "not an .npz file: " + (e.getMessage() == null ? "truncated" : e.getMessage()));
        }
        return Collections.unmodifiableMap(tensors);
    }

    private static Tensor readEntry(File file, ZipFile zip, ZipEntry entry) throws IOException {
        File inside = new File(file, DataFormatException.line(entry.getName()));
        CRC32 crc = new CRC32();
        try (CheckedInputStream in = new CheckedInputStream(zip.getInputStream(entry), crc)) {
            requireLength(inside, zip, entry);
            FileBytes source = new FileBytes(inside, in);
            Tensor tensor = readArray(inside, source, entry.getSize());
            source.requireEnd();
            if (crc.getValue() != entry.getCrc()) {
                throw new DataFormatException(inside, "wrong checksum");
            }
            return tensor;
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
    private static void requireLength(File inside, ZipFile zip, ZipEntry entry) throws IOException {
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
