// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.sweep;

import io.github.masktape.cli.run.RunFolder;
import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.file.AtomicFile;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The results of a sweep: in memory, and in a folder with a file for each finished cell, {@code cells/HASH.txt}, which
 * holds the cell's text and its result. A file is written in one step, so it is complete or not there.
 */
public final class CellStore {
    private static final String BETWEEN = "\n\n";

    private final @Nullable File folder;
    private final Map<String, CellResult> known = new HashMap<>();

    /**
     * The results in a folder, which is created with the first one.
     *
     * @param folder the folder of the sweep; null to keep the results in memory only
     */
    public CellStore(@Nullable File folder) {
        this.folder = folder == null ? null : new File(folder, "cells");
    }

    /** The result of a cell; null if it is not finished. */
    public @Nullable CellResult get(TrainingCell cell) {
        CellResult result = known.get(cell.text());
        if (result == null && folder != null) {
            File file = file(folder, cell);
            if (file.exists()) {
                result = read(file, cell);
                known.put(cell.text(), result);
            }
        }
        return result;
    }

    private static CellResult read(File file, TrainingCell cell) {
        try {
            String text = Files.readString(file.toPath(), StandardCharsets.UTF_8);
            if (!text.startsWith(cell.text() + BETWEEN)) {
                throw new IllegalArgumentException("another cell");
            }
            return CellResult.parse(text.substring(cell.text().length() + BETWEEN.length()));
        } catch (IOException | IllegalArgumentException e) {
            throw new Failure(file + ": expected the result of a cell (" + e.getMessage()
                    + "); delete the file to compute it again");
        }
    }

    /** Keeps the result of a finished cell. */
    void put(TrainingCell cell, CellResult result) {
        known.put(cell.text(), result);
        if (folder != null) {
            RunFolder.make(folder);
            try {
                AtomicFile.write(file(folder, cell), cell.text() + BETWEEN + result.text());
            } catch (IOException e) {
                throw new Failure(e);
            }
        }
    }

    private static File file(File folder, TrainingCell cell) {
        return new File(folder, cell.hash() + ".txt");
    }
}
