package io.github.masktape.data;

import java.io.File;
import java.io.IOException;

/** A data file that is not what it should be; the message is one line, {@code path: problem (at byte offset)}. */
public final class DataFormatException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * A problem found at a known place.
     *
     * @param offset bytes before the place, in the unpacked data if the file is compressed
     */
    public DataFormatException(File file, long offset, String problem) {
        super(file + ": " + problem + " (at byte " + offset + ")");
    }

    /** A problem of the file as a whole. */
    public DataFormatException(File file, String problem) {
        super(file + ": " + problem);
    }
}
