// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.table;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * A strict reader of gzip files (RFC 1952).
 *
 * <pre>
 * file   = member {member | 0}      as gzip, bgzip and {@code cat a.gz b.gz} write it; zeros are padding
 * member = header, deflated data, checksum, length
 * </pre>
 *
 * <p>The checksum and the length of every member are checked, and any other byte after a member is an error: {@link
 * java.util.zip.GZIPInputStream} silently drops it. Damage throws a {@link ZipException}, an early end an {@link
 * EOFException}.
 */
final class GzipInput extends InflaterInputStream {

    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xe0;
    private static final int DEFLATE = 8;

    private final CRC32 crc = new CRC32();
    private long size;
    private boolean ended;

    /** The index in {@link #buf} of the first byte that the inflater has not received, or its end {@link #len}. */
    private int next;

    /** Reads the first header; {@code in} should be buffered and the caller closes it if this fails. */
    GzipInput(InputStream in) throws IOException {
        super(in, new Inflater(true), 1 << 16);
        try {
            if (nextByte() != 0x1f || nextByte() != 0x8b) {
                throw new ZipException("not gzip");
            }
            readHeader();
        } catch (IOException e) {
            inf.end();
            throw e;
        }
    }

    /**
     * Reads the rest of a member's header, after its first two bytes, and passes the buffered bytes to the inflater.
     */
    private void readHeader() throws IOException {
        crc.reset();
        crc.update(0x1f);
        crc.update(0x8b);
        if (headerByte() != DEFLATE) {
            throw new ZipException("unknown compression method");
        }
        int flags = headerByte();
        if ((flags & RESERVED) != 0) {
            throw new ZipException("reserved flags are set");
        }
        skipHeader(6);
        if ((flags & EXTRA) != 0) {
            skipHeader(headerByte() | headerByte() << 8);
        }
        if ((flags & NAME) != 0) {
            skipText();
        }
        if ((flags & COMMENT) != 0) {
            skipText();
        }
        if ((flags & HEADER_CRC) != 0) {
            int expected = (int) crc.getValue() & 0xffff;
            if ((headerByte() | headerByte() << 8) != expected) {
                throw new ZipException("wrong checksum of the header");
            }
        }
        crc.reset();
        size = 0;
        inf.reset();
        inf.setInput(buf, next, len - next);
    }

    private void skipHeader(int bytes) throws IOException {
        for (int k = 0; k < bytes; k++) {
            crc.update(requiredByte());
        }
    }

    private void skipText() throws IOException {
        int b;
        do {
            b = headerByte();
        } while (b != 0);
    }

    private int headerByte() throws IOException {
        int b = requiredByte();
        crc.update(b);
        return b;
    }

    private int requiredByte() throws IOException {
        int b = nextByte();
        if (b < 0) {
            throw new EOFException();
        }
        return b;
    }

    /** The next byte after those that the inflater has used, or −1 at the end of the file. */
    private int nextByte() throws IOException {
        return next < len ? buf[next++] & 0xff : in.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int n = ended ? -1 : super.read(bytes, offset, length);
        while (n < 0 && !ended) {
            next = len - inf.getRemaining();
            readTrailer();
            ended = !nextMember();
            n = ended ? -1 : super.read(bytes, offset, length);
        }
        if (n > 0) {
            crc.update(bytes, offset, n);
            size += n;
        }
        return n;
    }

    private void readTrailer() throws IOException {
        if (littleEndian() != (int) crc.getValue()) {
            throw new ZipException("wrong checksum");
        }
        if (littleEndian() != (int) size) {
            throw new ZipException("wrong length");
        }
    }

    private int littleEndian() throws IOException {
        return requiredByte() | requiredByte() << 8 | requiredByte() << 16 | requiredByte() << 24;
    }

    /** Reads the header of another member, past any padding; false at the end of the file. */
    private boolean nextMember() throws IOException {
        int b;
        do {
            b = nextByte();
        } while (b == 0);
        if (b < 0) {
            return false;
        }
        if (b != 0x1f || requiredByte() != 0x8b) {
            throw new ZipException("trailing bytes that are neither another member nor zeros");
        }
        readHeader();
        return true;
    }

    @Override
    public void close() throws IOException {
        inf.end();
        super.close();
    }
}
