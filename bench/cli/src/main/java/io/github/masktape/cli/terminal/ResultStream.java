// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.terminal;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Standard output that knows whether its reader has ended, as {@code head} does after a few lines. */
public final class ResultStream extends PrintStream {
    private final Watched watched;

    private ResultStream(Watched watched) {
        super(new BufferedOutputStream(watched), false, StandardCharsets.UTF_8);
        this.watched = watched;
    }

    /** A stream to the standard output of this process. */
    public static ResultStream standard() {
        return to(new FileOutputStream(FileDescriptor.out));
    }

    /** A stream to another one. */
    public static ResultStream to(OutputStream out) {
        return new ResultStream(new Watched(out));
    }

    /** True if the stream failed because its reader has closed it. */
    public boolean isUnread() {
        return watched.isUnread;
    }

    private static final class Watched extends OutputStream {
        private final OutputStream out;
        private boolean isUnread;

        Watched(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            try {
                out.write(bytes, from, length);
            } catch (IOException e) {
                String why = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
                // Linux and macOS, then Windows.
                isUnread |= why.contains("broken pipe") || why.contains("pipe is being closed");
                throw e;
            }
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }
    }
}
