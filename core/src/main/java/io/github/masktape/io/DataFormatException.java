// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.io;

import java.io.File;
import java.io.IOException;

/** Thrown if a file does not have the expected format; the message is one line with the path and the place. */
public final class DataFormatException extends IOException {

    private static final long serialVersionUID = 1L;
    private static final int LONGEST = 1000;

    /**
     * A problem found at a known place of a binary file: {@code path: problem (at byte offset)}.
     *
     * @param offset the number of bytes before the place, in the unpacked data if the file is compressed
     */
    public DataFormatException(File file, long offset, String problem) {
        this(file.toString(), offset, problem);
    }

    /** A problem found at a known place of a {@link ByteSource}: {@code name: problem (at byte offset)}. */
    public DataFormatException(String source, long offset, String problem) {
        super(source + ": " + line(problem) + " (at byte " + offset + ")");
    }

    /**
     * A problem found at a known place of a text file: {@code path: line 3, column 5: problem}.
     *
     * @param line the line, from 1
     * @param column the column of the table, from 1
     */
    public DataFormatException(File file, long line, int column, String problem) {
        this(file.toString(), line, column, problem);
    }

    /** A problem found at a known place of the text of a {@link ByteSource}: {@code name: line 3, column 5: problem}. */
    public DataFormatException(String source, long line, int column, String problem) {
        super(source + ": line " + line + ", column " + column + ": " + line(problem));
    }

    /** A problem of the file as a whole: {@code path: problem}. */
    public DataFormatException(File file, String problem) {
        this(file.toString(), problem);
    }

    /** A problem of a {@link ByteSource} as a whole: {@code name: problem}. */
    public DataFormatException(String source, String problem) {
        super(source + ": " + line(problem));
    }

    /**
     * Makes text from a file safe to print, because it may be long, have several lines, or contain commands to a
     * terminal.
     */
    static String line(String problem) {
        String line = problem.replaceAll("[\\p{Cc}\\u2028\\u2029]", "?");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }
}
