// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.table;

import io.github.masktape.io.DataFormatException;
import java.io.File;
import java.io.IOException;

/** The bytes of a text file as UTF-8, whatever its encoding. */
final class TextSource implements AutoCloseable {
    /** The characters of Windows-1252 that Latin-1 has as control characters 0x80 … 0x9f; U+FFFD where there is none. */
    private static final String WINDOWS = "€\ufffd‚ƒ„…†‡ˆ‰Š‹Œ\ufffdŽ\ufffd\ufffd‘’“”•–—˜™š›œ\ufffdžŸ";

    private final UnpackedFile file;
    private final TextEncoding encoding;
    private final byte[] raw;
    private int at;
    private int limit;
    private boolean littleEndian = true;
    private boolean begun;

    TextSource(File file, TextEncoding encoding) throws IOException {
        this.file = new UnpackedFile(file);
        this.encoding = encoding;
        this.raw = new byte[encoding == TextEncoding.UTF_8 ? 0 : 1 << 14];
    }

    String file() {
        return file.file;
    }

    long fileOffset() {
        return file.fileOffset();
    }

    /** Reads at least one byte of UTF-8 and at most {@code length}, which is at least 4, or returns −1 at the end. */
    int read(byte[] buffer, int from, int length) throws IOException {
        return switch (encoding) {
            case UTF_8 -> file.read(buffer, from, length);
            case LATIN_1 -> readLatin(buffer, from, length);
            case UTF_16 -> readUtf16(buffer, from, length);
        };
    }

    private int readLatin(byte[] buffer, int from, int length) throws IOException {
        if (!fill(1)) {
            return -1;
        }
        int to = from;
        while (at < limit && to + 3 <= from + length) {
            int b = raw[at++] & 0xff;
            to = put(b >= 0x80 && b < 0xa0 ? WINDOWS.charAt(b - 0x80) : b, buffer, to);
        }
        return to - from;
    }

    private int readUtf16(byte[] buffer, int from, int length) throws IOException {
        if (!begun) {
            begun = true;
            if (fill(2)) {
                littleEndian = !(raw[0] == (byte) 0xfe && raw[1] == (byte) 0xff) && (raw[0] != 0 || raw[1] == 0);
            }
        }
        int to = from;
        while (to + 4 <= from + length && fill(2)) {
            int c = unit(at);
            at += 2;
            if (c >= 0xd800 && c < 0xdc00 && fill(2) && unit(at) >= 0xdc00 && unit(at) < 0xe000) {
                c = Character.toCodePoint((char) c, (char) unit(at));
                at += 2;
            } else if (c >= 0xd800 && c < 0xe000) {
                throw new DataFormatException(file(), file.offset() - limit + at - 2, "not UTF-16 text");
            }
            to = put(c, buffer, to);
        }
        if (to == from && at < limit) {
            throw new DataFormatException(file(), file.offset() - 1, "not UTF-16 text: an odd number of bytes");
        }
        return to == from ? -1 : to - from;
    }

    private int unit(int i) {
        int a = raw[i] & 0xff;
        int b = raw[i + 1] & 0xff;
        return littleEndian ? a | b << 8 : a << 8 | b;
    }

    /** Makes sure that {@code count} raw bytes are there; false if the file ends before. */
    private boolean fill(int count) throws IOException {
        while (limit - at < count) {
            System.arraycopy(raw, at, raw, 0, limit - at);
            limit -= at;
            at = 0;
            int n = file.read(raw, limit, raw.length - limit);
            if (n < 0) {
                return false;
            }
            limit += n;
        }
        return true;
    }

    private static int put(int c, byte[] buffer, int at) {
        int to = at;
        if (c < 0x80) {
            buffer[to++] = (byte) c;
        } else if (c < 0x800) {
            buffer[to++] = (byte) (0xc0 | c >> 6);
            buffer[to++] = (byte) (0x80 | (c & 0x3f));
        } else if (c < 0x10000) {
            buffer[to++] = (byte) (0xe0 | c >> 12);
            buffer[to++] = (byte) (0x80 | (c >> 6 & 0x3f));
            buffer[to++] = (byte) (0x80 | (c & 0x3f));
        } else {
            buffer[to++] = (byte) (0xf0 | c >> 18);
            buffer[to++] = (byte) (0x80 | (c >> 12 & 0x3f));
            buffer[to++] = (byte) (0x80 | (c >> 6 & 0x3f));
            buffer[to++] = (byte) (0x80 | (c & 0x3f));
        }
        return to;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
