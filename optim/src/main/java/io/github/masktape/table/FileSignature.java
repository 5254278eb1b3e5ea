// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.table;

import io.github.masktape.io.DataFormatException;
import java.io.File;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A kind of file that people mistake for a table, recognized by its first bytes. */
public final class FileSignature {
    /** The number of bytes examined at the beginning, after unpacking. */
    private static final int LENGTH = 512;

    /** The largest number of axes of an array in an IDX file. */
    public static final int MOST_AXES = 8;

    /** The codes of the types of elements in an IDX file. */
    private static final String IDX_TYPES = "\b\t\13\f\r\16";

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

    private FileSignature() {}

    /** Refuses a file that is certainly not a table. A file that passes may still not be one. */
    public static void requireTable(File file) throws IOException {
        String kind = kind(file);
        if (kind != null) {
            throw new DataFormatException(file, "expected a CSV table, got " + kind);
        }
    }

    /** The kind of the file, with advice, or null if it may be a table. */
    static @Nullable String kind(File file) throws IOException {
        String begin = begin(file);
        int rank = idxRank(begin);
        if (rank > 0) {
            return rank == 1 ? "an IDX file of labels" : "an IDX file of images";
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
     * The number of axes of the array in an IDX file, or 0 if the file is something else.
     *
     * @throws IOException if the file cannot be read
     */
    public static int idxRank(File file) throws IOException {
        return idxRank(begin(file));
    }

    private static int idxRank(String begin) {
        boolean isIdx = begin.length() >= 4
                && begin.startsWith("\0\0")
                && IDX_TYPES.indexOf(begin.charAt(2)) >= 0
                && begin.charAt(3) <= MOST_AXES;
        return isIdx ? begin.charAt(3) : 0;
    }

    /**
     * The first bytes as characters, without any after damaged data, which the file's reader reports with its
     * position.
     */
    private static String begin(File file) throws IOException {
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
