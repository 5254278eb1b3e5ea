// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.fuzz;

import io.github.masktape.io.SafeTensors;
import io.github.masktape.io.TensorBytes;
import io.github.masktape.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Files put together by hand, right or wrong. */
final class Crafted {
    static final int STORED = 0;
    static final int DEFLATED = 8;

    private Crafted() {}

    /** Bytes as they are, numbers below 256 as a byte each, text as UTF-8. */
    static byte[] bytes(Object... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Object part : parts) {
            if (part instanceof Integer number) {
                bytes.write(number);
            } else if (part instanceof byte[] some) {
                bytes.writeBytes(some);
            } else {
                bytes.writeBytes(part.toString().getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    static byte[] littleEndian(int number) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(number)
                .array();
    }

    static byte[] littleEndian(long number) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(number)
                .array();
    }

    static byte[] bigEndian(int number) {
        return ByteBuffer.allocate(4).putInt(number).array();
    }

    static byte[] idx(int type, int[] dims, Object... elements) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(bytes(0, 0, type, dims.length));
        for (int dim : dims) {
            bytes.writeBytes(bigEndian(dim));
        }
        bytes.writeBytes(bytes(elements));
        return bytes.toByteArray();
    }

    static byte[] gzip(byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream packed = new GZIPOutputStream(bytes)) {
            packed.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** A gzip file of some bytes and then of so many zeros, 1 kB for each MiB of them. */
    static byte[] bomb(byte[] begin, int mebibytes) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(bytes(0x1f, 0x8b, DEFLATED, 0, 0, 0, 0, 0, 0, 0));
        CRC32 crc = new CRC32();
        crc.update(begin);
        Deflater deflater = new Deflater(9, true);
        byte[] packed = new byte[1 << 16];
        deflater.setInput(begin);
        bytes.write(packed, 0, deflater.deflate(packed, 0, packed.length, Deflater.FULL_FLUSH));
        byte[] zeros = new byte[1 << 20];
        deflater.setInput(zeros);
        int length = deflater.deflate(packed, 0, packed.length, Deflater.FULL_FLUSH);
        deflater.end();
        for (int i = 0; i < mebibytes; i++) {
            bytes.write(packed, 0, length);
            crc.update(zeros);
        }
        bytes.writeBytes(
                bytes(3, 0, littleEndian((int) crc.getValue()), littleEndian(begin.length + (mebibytes << 20))));
        return bytes.toByteArray();
    }

    static byte[] deflate(byte[] content) {
        Deflater deflater = new Deflater(9, true);
        byte[] packed = new byte[content.length + 64];
        deflater.setInput(content);
        deflater.finish();
        int length = deflater.deflate(packed);
        deflater.end();
        return Arrays.copyOf(packed, length);
    }

    static byte[] safetensors(String header, int... data) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return safetensors(text.length, text, data);
    }

    static byte[] safetensors(long length, byte[] header, int... data) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(littleEndian(length));
        bytes.writeBytes(header);
        for (int b : data) {
            bytes.write(b);
        }
        return bytes.toByteArray();
    }

    static byte[] npy(String descr, String shape, int... data) {
        String header = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }\n";
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(bytes(0x93, "NUMPY", 1, 0, header.length(), 0, header));
        for (int b : data) {
            bytes.write(b);
        }
        return bytes.toByteArray();
    }

    /** A checkpoint of step 1 with other texts and tensors; its checksum is wrong. */
    static byte[] checkpoint(Map<String, String> texts, Map<String, Tensor> tensors) {
        Map<String, String> metadata = new HashMap<>(Map.of(
                "checkpoint.version", "1",
                "checkpoint.step", "1",
                "checkpoint.loss sum", "0",
                "checkpoint.optimizer steps", "1",
                "checkpoint.checksum", "0123456789abcdef"));
        metadata.putAll(texts);
        try {
            return TensorBytes.of(new SafeTensors(tensors, metadata));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- ZIP ----

    /** A file in a ZIP file; its extra field and its comment stand in the central directory. */
    static final class Zipped {
        private final byte[] name;
        private final int method;
        private final byte[] content;
        private final byte[] extra;
        private final byte[] comment;

        Zipped(byte[] name, int method, byte[] content, byte[] extra, byte[] comment) {
            this.name = name;
            this.method = method;
            this.content = content;
            this.extra = extra;
            this.comment = comment;
        }

        Zipped(String name, int method, byte[] content) {
            this(bytes(name), method, content, new byte[0], new byte[0]);
        }
    }

    static byte[] zip(Zipped... files) {
        ByteArrayOutputStream zip = new ByteArrayOutputStream();
        ByteArrayOutputStream directory = new ByteArrayOutputStream();
        for (Zipped file : files) {
            CRC32 crc = new CRC32();
            crc.update(file.content);
            byte[] data = file.method == DEFLATED ? deflate(file.content) : file.content;
            byte[] both = bytes(
                    20,
                    0,
                    0,
                    8,
                    file.method,
                    0,
                    new byte[4],
                    littleEndian((int) crc.getValue()),
                    littleEndian(data.length),
                    littleEndian(file.content.length),
                    file.name.length,
                    file.name.length >> 8);
            directory.writeBytes(bytes(
                    "PK",
                    1,
                    2,
                    20,
                    0,
                    both,
                    file.extra.length,
                    file.extra.length >> 8,
                    file.comment.length,
                    file.comment.length >> 8,
                    new byte[8],
                    littleEndian(zip.size()),
                    file.name,
                    file.extra,
                    file.comment));
            zip.writeBytes(bytes("PK", 3, 4, both, 0, 0, file.name, data));
        }
        byte[] count = bytes(files.length, files.length >> 8);
        return bytes(
                zip.toByteArray(),
                directory.toByteArray(),
                "PK",
                5,
                6,
                new byte[4],
                count,
                count,
                littleEndian(directory.size()),
                littleEndian(zip.size()),
                0,
                0);
    }

    /** A ZIP file with some bytes of the central directory changed, counted from the n-th file's place in it. */
    static byte[] withCentral(byte[] zip, int n, int at, byte[] bytes) {
        return with(zip, place(zip, bytes("PK", 1, 2), n) + at, bytes);
    }

    /** The same with the sizes and the place of its first file in a field for large ones, which may lie. */
    static byte[] zip64(String name, int method, byte[] content, long size, long packed, long offset) {
        byte[] extra = bytes(1, 0, 24, 0, littleEndian(size), littleEndian(packed), littleEndian(offset));
        byte[] zip = zip(new Zipped(bytes(name), method, content, extra, new byte[0]));
        return withCentral(withCentral(zip, 0, 20, littleEndian(-1L)), 0, 42, littleEndian(-1));
    }

    static byte[] with(byte[] content, int at, byte... bytes) {
        byte[] changed = content.clone();
        System.arraycopy(bytes, 0, changed, at, bytes.length);
        return changed;
    }

    private static int place(byte[] content, byte[] sought, int n) {
        int at = -1;
        for (int found = -1; found < n; found++) {
            do {
                at++;
            } while (!Arrays.equals(content, at, at + sought.length, sought, 0, sought.length));
        }
        return at;
    }
}
