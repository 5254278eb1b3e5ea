// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.table;

import io.github.masktape.io.ByteSource;
import io.github.masktape.io.DataFormatException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.File;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.ZipException;

/** A reader of the bytes of a file, unpacked if necessary, that knows its position. */
public final class UnpackedFile implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    /** The name in error messages. */
    public final String file;

    private final ByteSource source;
    private final InputStream in;
    private final boolean packed;
    private long offset;
    private long fileOffset;

    /** Opens the file. */
    public UnpackedFile(File file) throws IOException {
        this(ByteSource.of(file));
    }

    /** Opens the source. */
    public UnpackedFile(ByteSource source) throws IOException {
        this.file = source.name();
        this.source = source;
        InputStream plain = new BufferedInputStream(new Counted(source.open()), BUFFER);
        try {
            plain.mark(2);
            packed = plain.read() == 0x1f && plain.read() == 0x8b;
            plain.reset();
            in = packed ? new GzipInput(plain) : plain;
        } catch (EOFException | ZipException e) {
            plain.close();
            throw broken(e);
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    /**
     * Refuses a file that has fewer or more bytes than {@code expected}; for a packed file, it reads to the end to find
     * out.
     */
    public void checkLength(long expected) throws IOException {
        if (!packed) {
            long actual = source.length();
            if (actual < expected) {
                throw new DataFormatException(
                        file, actual, "truncated: expected " + expected + " bytes, got " + actual);
            }
            if (actual > expected) {
                throw new DataFormatException(
                        file, expected, "trailing bytes: expected " + expected + " bytes, got " + actual);
            }
            return;
        }
        byte[] buffer = new byte[BUFFER];
        boolean more = true;
        while (more && offset <= expected) {
            more = read(buffer, 0, buffer.length) >= 0;
        }
        if (offset < expected) {
            throw new DataFormatException(
                    file, offset, "truncated: expected " + expected + " bytes unpacked, got " + offset);
        }
        if (offset > expected) {
            throw new DataFormatException(
                    file, expected, "trailing bytes: expected " + expected + " bytes unpacked, got more");
        }
    }

    /** The number of bytes read so far, after unpacking. */
    public long offset() {
        return offset;
    }

    /** The number of bytes of the file itself read so far. */
    public long fileOffset() {
        return fileOffset;
    }

    /** Reads four bytes, the most significant first. */
    public int readInt() throws IOException {
        byte[] b = new byte[4];
        readFully(b, 4);
        return (b[0] & 0xff) << 24 | (b[1] & 0xff) << 16 | (b[2] & 0xff) << 8 | (b[3] & 0xff);
    }

    /** Reads exactly {@code count} bytes. */
    public void readFully(byte[] buffer, int count) throws IOException {
        for (int done = 0; done < count; ) {
            int n = read(buffer, done, count - done);
            if (n < 0) {
                throw new DataFormatException(file, offset, "truncated: expected " + (count - done) + " more bytes");
            }
            done += n;
        }
    }

    /** Reads at least one byte and at most {@code length}, or returns −1 at the end. */
    public int read(byte[] buffer, int from, int length) throws IOException {
        try {
            int n = in.read(buffer, from, length);
            offset += Math.max(0, n);
            return n;
        } catch (EOFException | ZipException e) {
            throw broken(e);
        }
    }

    private DataFormatException broken(IOException e) {
        String why = e instanceof EOFException ? "truncated" : String.valueOf(e.getMessage());
        return new DataFormatException(file, offset, "corrupt gzip data: " + why);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private final class Counted extends FilterInputStream {
        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int n = super.read(bytes, from, length);
            fileOffset += Math.max(0, n);
            return n;
        }
    }
}
