// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.terminal;

import io.github.masktape.data.Csv;
import io.github.masktape.text.Decimal;
import java.io.File;

/** The progress display of reading a file: continuous on a terminal, elsewhere a line every few seconds. */
public final class ReadingProgress implements Csv.Progress, AutoCloseable {
    private static final long LINE_NANOS = 5_000_000_000L;

    private final Terminal streams;
    private final StatusLine status;
    private final File file;
    private long lastLine = System.nanoTime();

    public ReadingProgress(Terminal streams, File file) {
        this.streams = streams;
        this.file = file;
        status = new StatusLine(streams);
    }

    @Override
    public void bytes(long done, long total) {
        long now = System.nanoTime();
        if (status.isDue(now)) {
            status.draw(text(done, total));
        }
        if (!streams.terminal() && now - lastLine >= LINE_NANOS) {
            streams.err().println(text(done, total));
            lastLine = now;
        }
    }

    private String text(long done, long total) {
        String name = file.getName();
        return "reading   " + (name.length() > 40 ? name.substring(0, 39) + "…" : name) + "  "
                + Decimal.fixed(100.0 * done / Math.max(1, total), 0) + " %  of "
                + Decimal.fixed(file.length() / 1e6, 1) + " MB";
    }

    @Override
    public void close() {
        status.clear();
    }
}
