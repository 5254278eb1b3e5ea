// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.io;

import io.github.masktape.file.InputFile;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.util.zip.ZipException;

/** A reader of bytes that knows its position. */
final class FileBytes implements Closeable {
    private final String name;
    private final InputStream in;
    private final Closeable opened;
    private final long length;
    private long offset;

    private FileBytes(String name, InputStream in, Closeable opened, long length) {
        this.name = name;
        this.in = in;
        this.opened = opened;
        this.length = length;
    }

    /** Reads from {@code in}, which the caller closes. */
    FileBytes(String name, InputStream in) {
        this(name, in, in, Long.MAX_VALUE);
    }

    /** Opens a source, so that its length is that of the bytes read, even if another file takes its name meanwhile. */
    static FileBytes open(ByteSource source) throws IOException {
        File file = source.file();
        if (file == null) {
            InputStream in = source.open();
            return new FileBytes(source.name(), in, in, source.length());
        }
        InputFile.require(file);
        RandomAccessFile opened = new RandomAccessFile(file, "r");
        InputStream in = new BufferedInputStream(new FileInputStream(opened.getFD()), 1 << 16);
        return new FileBytes(source.name(), in, opened, opened.length());
    }

    /** The name in error messages. */
    String name() {
        return name;
    }

    /** The number of all bytes. */
    long length() {
        return length;
    }

    long offset() {
        return offset;
    }

    /** Reads exactly {@code count} bytes. The caller has checked that the file has them, or that they are few. */
    byte[] read(int count) throws IOException {
        byte[] bytes = new byte[count];
        read(bytes, count);
        return bytes;
    }

    /** Reads exactly {@code count} bytes into the beginning of an array. */
    void read(byte[] bytes, int count) throws IOException {
        int got;
        try {
            got = in.readNBytes(bytes, 0, count);
        } catch (ZipException | EOFException e) {
            throw corrupt(e);
        }
        offset += got;
        if (got < count) {
            throw new DataFormatException(name, offset, "truncated: expected " + (count - got) + " more bytes");
        }
    }

    /** Reads past exactly {@code count} bytes. */
    void skip(long count) throws IOException {
        byte[] some = new byte[1 << 13];
        for (long left = count; left > 0; ) {
            int next = (int) Math.min(left, some.length);
            read(some, next);
            left -= next;
        }
    }

    /** Reads to the end; returns the total number of bytes. */
    long countToEnd() throws IOException {
        byte[] some = new byte[1 << 13];
        try {
            for (int n = in.read(some); n >= 0; n = in.read(some)) {
                offset += n;
            }
        } catch (ZipException | EOFException e) {
            throw corrupt(e);
        }
        return offset;
    }

    void requireEnd() throws IOException {
        try {
            if (in.read() < 0) {
                return;
            }
        } catch (ZipException | EOFException e) {
            throw corrupt(e);
        }
        throw new DataFormatException(name, offset, "trailing bytes");
    }

    private DataFormatException corrupt(IOException e) {
        String why = e.getMessage() == null ? "truncated" : e.getMessage();
        return new DataFormatException(name, offset, "corrupt zip data: " + why);
    }

    @Override
    public void close() throws IOException {
        opened.close();
    }
}
