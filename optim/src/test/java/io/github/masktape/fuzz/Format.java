// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.fuzz;

import com.sun.management.ThreadMXBean;
import io.github.masktape.io.DataFormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A format of files, and what its reader owes to any bytes whatever.
 *
 * <pre>
 * refused   by a DataFormatException and nothing else; its message is one line: the path, then what is wrong
 * accepted  what is read, written and read again is the same
 * memory    all that is allocated, garbage too, is at most 4 MB + bytesPerByte · bytes of the file, unpacked
 * </pre>
 *
 * @param bytesPerByte of memory, for each byte of a file
 * @param unpacked the number of bytes that are in these
 */
record Format<T>(int bytesPerByte, Reader<T> reader, Writer<T> writer, Unpacked unpacked) {
    /** A small file takes some hundred thousand bytes, and several times that where a fuzzer watches every branch. */
    private static final long CONSTANT = 4_000_000;

    private static final int LONGEST_MESSAGE = 2100;

    /** What CSV says when the rows are not as many as it counted. */
    private static final String CHANGED = ": the file changed while it was read";

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Reads a file of these bytes. */
    @FunctionalInterface
    interface Reader<T> {
        T read(byte[] content) throws IOException;
    }

    /** How many bytes a file has, and unpacked as far as it can be unpacked; {@link Scratch#FILE} holds it. */
    @FunctionalInterface
    interface Unpacked {
        long length(byte[] content);
    }

    Format(int bytesPerByte, Reader<T> reader, Writer<T> writer) {
        this(bytesPerByte, reader, writer, content -> content.length);
    }

    /** The bytes of a file. */
    @FunctionalInterface
    interface Writer<T> {
        byte[] write(T content) throws IOException;
    }

    /**
     * What the reader finds wrong with these bytes; nothing if it accepts them.
     *
     * @throws AssertionError if it does not do what it owes
     */
    Optional<String> problem(byte[] content) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        Outcome<T> outcome = outcome(content);
        if (THREADS.getCurrentThreadAllocatedBytes() - before > most(content.length)) {
            requireMemory(content);
        }
        if (outcome.refusal != null) {
            return Optional.of(problem(outcome.refusal));
        }
        requireSurvival(outcome.read);
        return Optional.empty();
    }

    private long most(long length) {
        return CONSTANT + bytesPerByte * length;
    }

    /** Once more: what the first reading loads of classes counts too. */
    private void requireMemory(byte[] content) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        outcome(content);
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        long length = unpacked.length(content);
        if (allocated > most(length)) {
            throw new AssertionError("expected at most " + most(length) + " bytes allocated for a file of " + length
                    + ", got " + allocated);
        }
    }

    private record Outcome<T>(@Nullable T read, @Nullable Exception refusal) {}

    private Outcome<T> outcome(byte[] content) {
        try {
            return new Outcome<>(reader.read(content), null);
        } catch (IOException | RuntimeException e) {
            return new Outcome<>(null, e);
        }
    }

    private void requireSurvival(T read) {
        Outcome<T> again;
        try {
            again = outcome(writer.write(read));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (again.refusal != null) {
            throw new AssertionError("accepted, but refused when it is written", again.refusal);
        }
        if (!read.equals(again.read)) {
            throw new AssertionError("expected " + read + " as it was written, got " + again.read);
        }
    }

    /**
     * What an exception of a reader says after the path.
     *
     * @throws AssertionError if it is another exception than one of broken files, or its message not such a line
     */
    static String problem(Exception e) {
        if (e.getClass() != DataFormatException.class) {
            throw new AssertionError("expected a DataFormatException", e);
        }
        String message = String.valueOf(e.getMessage());
        String path = Scratch.FILE.toString();
        int colon = message.indexOf(": ", path.length());
        if (!message.startsWith(path)
                || colon < 0
                || message.length() - path.length() > LONGEST_MESSAGE
                || message.substring(colon + 2).isBlank()
                || !message.codePoints().allMatch(Format::isOfALine)) {
            throw new AssertionError("expected a message of one line: the path, then a problem", e);
        }
        if (message.endsWith(CHANGED)) {
            throw new AssertionError("nobody changed it", e);
        }
        return message.substring(colon + 2);
    }

    private static boolean isOfALine(int c) {
        return !Character.isISOControl(c) && c != '\u2028' && c != '\u2029';
    }
}
