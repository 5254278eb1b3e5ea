// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.io;

import io.github.masktape.file.AtomicFile;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Tensor;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Named tensors and metadata: the content of a safetensors file. PyTorch, JAX and other frameworks read this format,
 * too.
 *
 * <pre>
 * length of the header (8 bytes, little-endian)
 * header: {"__metadata__":{"key":"text"},"0.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}
 * the numbers, little-endian and row-major, tensor after tensor, with no gap
 * </pre>
 *
 * <p>Numbers are written as F32 and F64; F16 and BF16 are read as FLOAT32, which represents them exactly. Equal tensors
 * and metadata give equal bytes: tensors are in the map's order, metadata in the order of the keys, and every NaN is
 * written with the same bits.
 *
 * <p>Reading is strict: keys are unique, tensors do not overlap, every byte belongs to a tensor, and nothing is
 * allocated that the file's length does not justify. A broken file throws a {@link DataFormatException}. Tensors of
 * other dtypes, such as integers, and empty ones are not read, but named.
 *
 * @param tensors the tensors by name
 * @param metadata the texts by key
 * @param unread the tensors of a file that were not read, by name, each with its dtype and shape, {@code I64 2×3}
 */
public record SafeTensors(Map<String, Tensor> tensors, Map<String, String> metadata, Map<String, String> unread) {
    /** The most axes that a tensor in a file may have. */
    static final int MAX_RANK = 8;

    static final String METADATA = "__metadata__";

    private static final long MAX_HEADER = 100_000_000;
    private static final int PREFIX = Long.BYTES;

    /** The first eight bytes of a Git LFS pointer, {@code version }. */
    private static final long GIT_LFS = 0x206e6f6973726576L;

    /** The first four bytes of a ZIP file. */
    private static final int ZIP = 0x04034b50;

    /** Tensors and metadata to write. */
    public SafeTensors(Map<String, Tensor> tensors, Map<String, String> metadata) {
        this(tensors, metadata, Map.of());
    }

    /**
     * Copies the maps.
     *
     * @throws IllegalArgumentException if a tensor is named {@code __metadata__} or has more than 8 axes, or a text is
     *     not Unicode (half a surrogate pair)
     */
    public SafeTensors {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
        metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
        unread = Collections.unmodifiableMap(new LinkedHashMap<>(unread));
        tensors.forEach(SafeTensors::require);
        metadata.forEach((key, text) -> {
            requireText("metadata key", key);
            requireText("metadata " + key, text);
        });
    }

    private static void require(String name, Tensor tensor) {
        requireText("tensor name", name);
        if (name.equals(METADATA)) {
            throw new IllegalArgumentException("tensor name: expected any but " + METADATA);
        }
        if (tensor.shape().rank() > MAX_RANK) {
            throw new IllegalArgumentException("tensor " + name + ": expected at most " + MAX_RANK + " axes, got "
                    + tensor.shape().rank());
        }
    }

    private static void requireText(String what, String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException(what + ": expected Unicode text, got half a surrogate pair");
        }
    }

    // ---- reading ----

    /**
     * Reads a file.
     *
     * @throws DataFormatException if it is broken
     */
    public static SafeTensors read(File file) throws IOException {
        return read(ByteSource.of(file));
    }

    /**
     * Reads a path, a resource, a stream or bytes.
     *
     * @throws DataFormatException if the content is broken
     */
    public static SafeTensors read(ByteSource source) throws IOException {
        try (FileBytes in = FileBytes.open(source)) {
            int length = headerLength(in);
            SafeTensorsHeader header =
                    SafeTensorsHeader.parse(in.name(), in.read(length), in.length() - PREFIX - length);
            return of(in, header);
        }
    }

    private static int headerLength(FileBytes in) throws IOException {
        long size = in.length();
        if (size < PREFIX + 2) {
            throw new DataFormatException(
                    in.name(), size, "truncated: expected a header, got " + size + " bytes in all");
        }
        long length =
                ByteBuffer.wrap(in.read(PREFIX)).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if ((int) length == ZIP) {
            throw new DataFormatException(
                    in.name(), 0, "this looks like a ZIP file (NumPy's .npz, PyTorch's .pt), expected safetensors");
        }
        if (length == GIT_LFS) {
            throw new DataFormatException(
                    in.name(), 0, "this looks like a Git LFS pointer, expected safetensors; fetch it by git lfs pull");
        }
        long most = Math.min(size - PREFIX, MAX_HEADER);
        if (length < 2 || length > most) {
            throw new DataFormatException(
                    in.name(),
                    0,
                    "not a safetensors file: expected the length of the header, 2 to " + most + ", got "
                            + Long.toUnsignedString(length));
        }
        return (int) length;
    }

    private static SafeTensors of(FileBytes in, SafeTensorsHeader header) throws IOException {
        List<SafeTensorsHeader.TensorEntry> inFile = new ArrayList<>(header.entries());
        inFile.sort(Comparator.comparingLong(SafeTensorsHeader.TensorEntry::begin)
                .thenComparingLong(SafeTensorsHeader.TensorEntry::end));
        Map<String, Tensor> byName = new LinkedHashMap<>();
        for (SafeTensorsHeader.TensorEntry entry : inFile) {
            if (entry.content() instanceof SafeTensorsHeader.TensorNumbers numbers) {
                byName.put(entry.name(), numbers.encoding().read(in, numbers.shape()));
            } else {
                in.skip(entry.end() - entry.begin());
            }
        }
        Map<String, Tensor> inHeader = new LinkedHashMap<>();
        Map<String, String> unread = new LinkedHashMap<>();
        for (SafeTensorsHeader.TensorEntry entry : header.entries()) {
            if (entry.content() instanceof SafeTensorsHeader.Unread not) {
                unread.put(entry.name(), not.description());
            } else {
                inHeader.put(entry.name(), byName.get(entry.name()));
            }
        }
        return new SafeTensors(inHeader, header.metadata(), unread);
    }

    // ---- writing ----

    /**
     * Writes or replaces a file, completely or not at all; see {@link AtomicFile}.
     *
     * @throws IllegalStateException if tensors of the file were not {@link #unread read}, since they would be lost
     * @throws IOException with a message of one line, {@code path: cannot be written: why}
     */
    public void write(File file) throws IOException {
        requireRead();
        AtomicFile.write(file, this::write);
    }

    private void requireRead() {
        if (!unread.isEmpty()) {
            throw new IllegalStateException("write: expected a content that was read completely, got one without "
                    + String.join(", ", unread.keySet())
                    + "; new SafeTensors(tensors, metadata) leaves them out on purpose");
        }
    }

    /**
     * Writes the bytes of a file to a stream, which stays open.
     *
     * @throws IOException if it cannot be written
     */
    public void write(OutputStream out) throws IOException {
        requireRead();
        byte[] header = header();
        ByteBuffer length = ByteBuffer.allocate(PREFIX).order(ByteOrder.LITTLE_ENDIAN);
        out.write(length.putLong(header.length).array());
        out.write(header);
        for (Tensor tensor : tensors.values()) {
            NumberEncoding.write(tensor, out);
        }
    }

    /** The header, which ends in spaces so that the numbers begin at a multiple of 8. */
    private byte[] header() {
        StringBuilder json = new StringBuilder("{");
        if (!metadata.isEmpty()) {
            json.append('"').append(METADATA).append("\":{");
            metadata.forEach((key, text) -> {
                quote(key, separated(json)).append(':');
                quote(text, json);
            });
            json.append('}');
        }
        long offset = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            DType dtype = entry.getValue().dtype();
            long end = offset + NumberEncoding.of(dtype).bytes(entry.getValue().shape());
            quote(entry.getKey(), separated(json));
            json.append(":{\"dtype\":\"").append(NumberEncoding.of(dtype)).append("\",\"shape\":[");
            for (int dim : entry.getValue().shape().dims()) {
                separated(json).append(dim);
            }
            json.append("],\"data_offsets\":[")
                    .append(offset)
                    .append(',')
                    .append(end)
                    .append("]}");
            offset = end;
        }
        byte[] text = json.append('}').toString().getBytes(StandardCharsets.UTF_8);
        byte[] header = new byte[(text.length + 7) / 8 * 8];
        Arrays.fill(header, (byte) ' ');
        System.arraycopy(text, 0, header, 0, text.length);
        return header;
    }

    /** Adds a comma, unless the next element is the first of its list. */
    private static StringBuilder separated(StringBuilder json) {
        char last = json.charAt(json.length() - 1);
        return last == '{' || last == '[' ? json : json.append(',');
    }

    private static StringBuilder quote(String text, StringBuilder json) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ') {
                json.append(c < 0x10 ? "\\u000" : "\\u00").append(Integer.toHexString(c));
            } else {
                json.append(c == '"' || c == '\\' ? "\\" : "").append(c);
            }
        }
        return json.append('"');
    }
}
