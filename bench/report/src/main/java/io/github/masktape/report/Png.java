// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.report;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.Adler32;
import java.util.zip.CRC32;

/**
 * An encoder of small PNG pictures. The pixels are stored without compression: an image of a digit takes 1 kB, and
 * compressed bytes would depend on the machine's zlib.
 */
final class Png {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    private static final int GRAY = 0;
    private static final int RGB = 2;
    private static final int LARGEST_BLOCK = 65535;

    private Png() {}

    /** A picture of gray levels, row by row, 0 for black. */
    static byte[] gray(int rows, int columns, byte[] levels) {
        return file(rows, columns, GRAY, levels);
    }

    /** A picture in color: red, green and blue of each pixel, row by row. */
    static byte[] rgb(int rows, int columns, byte[] levels) {
        return file(rows, columns, RGB, levels);
    }

    private static byte[] file(int rows, int columns, int colors, byte[] levels) {
        int width = levels.length / rows;
        ByteBuffer lines = ByteBuffer.allocate(rows * (1 + width));
        for (int row = 0; row < rows; row++) {
            lines.put((byte) 0).put(levels, row * width, width);
        }
        byte[] header = ByteBuffer.allocate(13)
                .putInt(columns)
                .putInt(rows)
                .put(new byte[] {8, (byte) colors, 0, 0, 0})
                .array();
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        png.writeBytes(SIGNATURE);
        png.writeBytes(chunk("IHDR", header));
        png.writeBytes(chunk("IDAT", zlib(lines.array())));
        png.writeBytes(chunk("IEND", new byte[0]));
        return png.toByteArray();
    }

    private static byte[] chunk(String type, byte[] data) {
        ByteBuffer chunk = ByteBuffer.allocate(12 + data.length)
                .putInt(data.length)
                .put(type.getBytes(StandardCharsets.US_ASCII))
                .put(data);
        CRC32 sum = new CRC32();
        sum.update(chunk.array(), 4, 4 + data.length);
        return chunk.putInt((int) sum.getValue()).array();
    }

    /** A zlib stream (RFC 1950) of stored blocks (RFC 1951, 3.2.4). */
    private static byte[] zlib(byte[] data) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        stream.writeBytes(new byte[] {0x78, 0x01});
        for (int start = 0; start < data.length; start += LARGEST_BLOCK) {
            int length = Math.min(LARGEST_BLOCK, data.length - start);
            stream.write(start + length == data.length ? 1 : 0);
            stream.writeBytes(new byte[] {(byte) length, (byte) (length >> 8), (byte) ~length, (byte) (~length >> 8)});
            stream.write(data, start, length);
        }
        Adler32 sum = new Adler32();
        sum.update(data);
        stream.writeBytes(ByteBuffer.allocate(4).putInt((int) sum.getValue()).array());
        return stream.toByteArray();
    }
}
