// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.fuzz;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;

/** One file that is written again and again, for readers that take nothing else. It is fastest where it stays in memory. */
final class Scratch {
    /** In the folder {@code -Dfuzz.folder}, or else where temporary files lie. */
    static final File FILE;

    /** An IDX file of three images of one pixel. */
    static final File THREE_IMAGES;

    private static final RandomAccessFile OPENED;

    static {
        try {
            File folder = new File(System.getProperty("fuzz.folder", System.getProperty("java.io.tmpdir")));
            FILE = File.createTempFile("fuzz", null, folder);
            FILE.deleteOnExit();
            THREE_IMAGES = File.createTempFile("fuzz", null, folder);
            THREE_IMAGES.deleteOnExit();
            try (OutputStream out = new FileOutputStream(THREE_IMAGES)) {
                out.write(new byte[] {0, 0, 8, 2, 0, 0, 0, 3, 0, 0, 0, 1, 1, 2, 3});
            }
            OPENED = new RandomAccessFile(FILE, "rw");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Scratch() {}

    /** The file, holding these bytes. */
    static File file(byte[] content) throws IOException {
        OPENED.seek(0);
        OPENED.write(content);
        if (OPENED.length() != content.length) {
            OPENED.setLength(content.length);
        }
        return FILE;
    }
}
