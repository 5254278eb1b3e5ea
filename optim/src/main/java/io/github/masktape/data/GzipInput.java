package io.github.masktape.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * A gzip file of one member (RFC 1952), read strictly: anything after the member is an error.
 *
 * <p>{@link java.util.zip.GZIPInputStream} silently drops what follows the member if it does not look like another one.
 * Damage is a {@link ZipException}, an early end an {@link EOFException}.
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

    /** Reads the header; {@code in} should be buffered and stays the caller's to close if this fails. */
    GzipInput(InputStream in) throws IOException {
        super(in, new Inflater(true), 1 << 16);
        try {
            readHeader();
        } catch (IOException e) {
            inf.end();
            throw e;
        }
    }

    private void readHeader() throws IOException {
        if (headerByte() != 0x1f || headerByte() != 0x8b) {
            throw new ZipException("not gzip");
        }
        if (headerByte() != DEFLATE) {
            throw new ZipException("unknown compression method");
        }
        int flags = headerByte();
        if ((flags & RESERVED) != 0) {
            throw new ZipException("reserved flags are set");
        }
        for (int k = 0; k < 6; k++) {
            headerByte();
        }
        if ((flags & EXTRA) != 0) {
            int length = headerByte() | headerByte() << 8;
            for (int k = 0; k < length; k++) {
                headerByte();
            }
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
    }

    private void skipText() throws IOException {
        int b;
        do {
            b = headerByte();
        } while (b != 0);
    }

    private int headerByte() throws IOException {
        int b = in.read();
        if (b < 0) {
            throw new EOFException();
        }
        crc.update(b);
        return b;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int n = super.read(bytes, offset, length);
        if (n > 0) {
            crc.update(bytes, offset, n);
            size += n;
        } else if (n < 0 && !ended) {
            ended = true;
            readTrailer();
        }
        return n;
    }

    private void readTrailer() throws IOException {
        int left = inf.getRemaining();
        byte[] trailer = new byte[8];
        int have = Math.min(left, trailer.length);
        System.arraycopy(buf, len - left, trailer, 0, have);
        if (in.readNBytes(trailer, have, trailer.length - have) < trailer.length - have) {
            throw new EOFException();
        }
        if (littleEndian(trailer, 0) != (int) crc.getValue()) {
            throw new ZipException("wrong checksum");
        }
        if (littleEndian(trailer, 4) != (int) size) {
            throw new ZipException("wrong length");
        }
        if (left > trailer.length || in.read() >= 0) {
            throw new ZipException("trailing bytes after its one member");
        }
    }

    private static int littleEndian(byte[] b, int at) {
        return (b[at] & 0xff) | (b[at + 1] & 0xff) << 8 | (b[at + 2] & 0xff) << 16 | (b[at + 3] & 0xff) << 24;
    }

    @Override
    public void close() throws IOException {
        inf.end();
        super.close();
    }
}
