package io.github.masktape.io;

import io.github.masktape.file.InputFile;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.util.zip.ZipException;

/** A reader of the bytes of a file that knows its position. */
final class FileBytes {
    private final File file;
    private final InputStream in;
    private long offset;

    /** Reads from {@code in}, which the caller closes. */
    FileBytes(File file, InputStream in) {
        this.file = file;
        this.in = in;
    }

    /** Opens a file, so that its length is that of the bytes read, even if another file takes its name meanwhile. */
    static RandomAccessFile open(File file) throws IOException {
        InputFile.require(file);
        return new RandomAccessFile(file, "r");
    }

    /** A reader of an opened file, which the caller closes. */
    static FileBytes of(File file, RandomAccessFile opened) throws IOException {
        return new FileBytes(file, new BufferedInputStream(new FileInputStream(opened.getFD()), 1 << 16));
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
            throw new DataFormatException(file, offset, "truncated: expected " + (count - got) + " more bytes");
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
        throw new DataFormatException(file, offset, "trailing bytes");
    }

    private DataFormatException corrupt(IOException e) {
        String why = e.getMessage() == null ? "truncated" : e.getMessage();
        return new DataFormatException(file, offset, "corrupt zip data: " + why);
    }
}
