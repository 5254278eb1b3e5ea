// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.fuzz;

import io.github.masktape.data.Idx;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;

/** IDX, plain and packed. Masktape writes none, so that the writers are these tests' own. */
final class IdxFiles {
    private static final int FLOAT = 13;
    private static final int DOUBLE = 14;

    /** Unpacked by these tests themselves, at most. */
    private static final int MOST_UNPACKED = 1 << 16;

    private static final byte[] GZIP_HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 0};

    private IdxFiles() {}

    /** The array; on the way, what it is as images, or as the labels of three. */
    static Tensor read(byte[] content) throws IOException {
        File file = Scratch.file(content);
        Tensor array = Idx.tensor(file);
        try {
            if (array.shape().rank() > 1) {
                Idx.images(file);
            } else {
                Idx.read(Scratch.THREE_IMAGES, file);
            }
        } catch (IOException e) {
            Format.problem(e);
        }
        return array;
    }

    static byte[] write(Tensor array) {
        boolean isDouble = array.dtype() == DType.FLOAT64;
        int[] dims = array.shape().dims();
        ByteBuffer bytes =
                ByteBuffer.allocate(4 + 4 * dims.length + 8 * array.shape().size());
        bytes.putShort((short) 0).put((byte) (isDouble ? DOUBLE : FLOAT)).put((byte) dims.length);
        for (int dim : dims) {
            bytes.putInt(dim);
        }
        for (double value : array.toDoubleArray()) {
            if (isDouble) {
                bytes.putDouble(value);
            } else {
                bytes.putFloat((float) value);
            }
        }
        return bytes(bytes);
    }

    static Tensor readPacked(byte[] content) throws IOException {
        return Idx.tensor(Scratch.file(packed(content)));
    }

    static long unpacked(byte[] content) {
        return unpackedIfGzip(packed(content));
    }

    /** Without what cannot be unpacked. */
    static long unpackedIfGzip(byte[] content) {
        if (!isGzip(content)) {
            return content.length;
        }
        long length = content.length;
        byte[] some = new byte[1 << 13];
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(content))) {
            for (int n = in.read(some); n > 0; n = in.read(some)) {
                length += n;
            }
        } catch (IOException e) {
            // Broken from here on.
        }
        return length;
    }

    private static byte[] packed(byte[] content) {
        return isGzip(content) ? content : gzip(content);
    }

    private static boolean isGzip(byte[] content) {
        return content.length > 1 && content[0] == GZIP_HEADER[0] && content[1] == GZIP_HEADER[1];
    }

    static byte[] writePacked(Tensor array) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream packed = new GZIPOutputStream(bytes)) {
            packed.write(write(array));
        }
        return bytes.toByteArray();
    }

    /** A gzip file of packed data, with the checksum and the length of what is in it. */
    private static byte[] gzip(byte[] deflated) {
        byte[] unpacked = new byte[MOST_UNPACKED];
        Inflater inflater = new Inflater(true);
        inflater.setInput(deflated);
        int length = 0;
        try {
            length = inflater.inflate(unpacked);
        } catch (DataFormatException e) {
            // Broken; what the trailer says does not matter.
        } finally {
            inflater.end();
        }
        CRC32 crc = new CRC32();
        crc.update(unpacked, 0, length);
        ByteBuffer bytes = ByteBuffer.allocate(GZIP_HEADER.length + deflated.length + 8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(GZIP_HEADER)
                .put(deflated)
                .putInt((int) crc.getValue())
                .putInt(length);
        return bytes(bytes);
    }

    private static byte[] bytes(ByteBuffer written) {
        byte[] bytes = new byte[written.position()];
        written.flip().get(bytes);
        return bytes;
    }
}
