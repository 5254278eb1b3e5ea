package io.github.masktape.data;

import io.github.masktape.io.ByteSource;
import io.github.masktape.io.DataFormatException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.File;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** A reader of the bytes of a file, unpacked if necessary, that knows its position. */
final class UnpackedFile implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    /** The name in error messages. */
    final String file;

    private final ByteSource source;
    private final InputStream in;
    private final boolean packed;
    private long offset;
    private long fileOffset;

    UnpackedFile(File file) throws IOException {
        this(ByteSource.of(file));
    }

    UnpackedFile(ByteSource source) throws IOException {
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
    void checkLength(long expected) throws IOException {
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
    long offset() {
        return offset;
    }

    /** The number of bytes of the file itself read so far. */
    long fileOffset() {
        return fileOffset;
    }

    int readInt() throws IOException {
        byte[] b = new byte[4];
        readFully(b, 4);
        return (b[0] & 0xff) << 24 | (b[1] & 0xff) << 16 | (b[2] & 0xff) << 8 | (b[3] & 0xff);
    }

    void readFully(byte[] buffer, int count) throws IOException {
        for (int done = 0; done < count; ) {
            int n = read(buffer, done, count - done);
            if (n < 0) {
                throw new DataFormatException(file, offset, "truncated: expected " + (count - done) + " more bytes");
            }
            done += n;
        }
    }

    /** Reads at least one byte and at most {@code length}, or returns −1 at the end. */
    int read(byte[] buffer, int from, int length) throws IOException {
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

    /** A kind of file that people mistake for a table, recognized by its first bytes. */
    static final class Signature {
        /** The number of bytes examined at the beginning, after unpacking. */
        private static final int LENGTH = 512;

        private static final String EXPORT = "; save the table as CSV";

        /** The beginning of a file, one character per byte, and the kind of file that it indicates. */
        private static final String[][] KINDS = {
            {"\0\0", "a binary file, and no right IDX file either"},
            {"\u001f\u008b", "a file packed twice by gzip; unpack it once"},
            {"PK\3\4", "a ZIP file, such as Excel's .xlsx" + EXPORT},
            {"PK\5\6", "a ZIP file without content"},
            {"\u00d0\u00cf\u0011\u00e0", "an Excel file (.xls) or another of old Office" + EXPORT},
            {"BZh91AY&SY", "a file packed by bzip2; unpack it, or pack it by gzip"},
            {"\u00fd7zXZ\0", "a file packed by xz; unpack it, or pack it by gzip"},
            {"(\u00b5/\u00fd", "a file packed by zstd; unpack it, or pack it by gzip"},
            {"7z\u00bc\u00af", "a 7z file; unpack it"},
            {"PAR1\u0015", "a Parquet file" + EXPORT},
            {"ARROW1\0", "an Arrow file" + EXPORT},
            {"\u0089HDF", "an HDF5 file" + EXPORT},
            {"\u0093NUMPY", "a NumPy array" + EXPORT},
            {"SQLite format 3\0", "an SQLite database" + EXPORT},
            {"%PDF-", "a PDF document"},
            {"\u0089PNG", "an image (PNG)"},
            {"\u00ff\u00d8\u00ff", "an image (JPEG)"},
            {"version https://git-lfs.github.com/spec/", "a Git LFS pointer; fetch the file by git lfs pull"},
        };

        /** The pattern that a text matches from its beginning, and the kind of file that it indicates. */
        private static final String[][] TEXTS = {
            {"(?s)\\s*(\\[\\s*[\\[{]|\\{\\s*\").*", "JSON" + EXPORT},
            {"(?is)\\s*<(!doctype|html|head|body)\\b.*", "a web page (HTML); download the file itself"},
            {"(?is)\\s*<\\?xml\\b.*", "XML" + EXPORT},
            {"(?is)(%[^\n]*\n|\\s)*@relation\\b.*", "an ARFF file" + EXPORT},
        };

        private Signature() {}

        /** Refuses a file that is certainly not a table. A file that passes may still not be one. */
        static void requireTable(File file) throws IOException {
            String kind = kind(file);
            if (kind != null) {
                throw new DataFormatException(file, "expected a CSV table, got " + kind);
            }
        }

        /** The kind of the file, with advice, or null if it may be a table. */
        static @Nullable String kind(File file) throws IOException {
            String begin = begin(file);
            if (Idx.rank(begin) > 0) {
                return Idx.rank(begin) == 1 ? "an IDX file of labels" : "an IDX file of images";
            }
            for (String[] kind : KINDS) {
                if (begin.startsWith(kind[0])) {
                    return kind[1];
                }
            }
            String text = begin.startsWith("\u00ef\u00bb\u00bf") ? begin.substring(3) : begin;
            for (String[] kind : TEXTS) {
                if (text.matches(kind[0])) {
                    return kind[1];
                }
            }
            return null;
        }

        /**
         * The first bytes as characters, without any after damaged data, which the file's reader reports with its
         * position.
         */
        static String begin(File file) throws IOException {
            byte[] bytes = new byte[LENGTH];
            int length = 0;
            try (UnpackedFile source = new UnpackedFile(file)) {
                for (int n = 0; n >= 0 && length < LENGTH; n = source.read(bytes, length, LENGTH - length)) {
                    length += n;
                }
            } catch (DataFormatException e) {
                // The bytes before the damage are enough.
            }
            StringBuilder begin = new StringBuilder();
            for (int i = 0; i < length; i++) {
                begin.append((char) (bytes[i] & 0xff));
            }
            return begin.toString();
        }
    }
}
