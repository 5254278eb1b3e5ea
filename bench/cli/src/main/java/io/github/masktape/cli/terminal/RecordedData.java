// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.terminal;

import io.github.masktape.io.SafeTensors;
import java.io.File;
import java.io.IOException;
import java.util.Map;

/** The data files that a model's metadata name, found without parsing a command line. */
public final class RecordedData {
    /** The key of the data options in a model's metadata, with paths as they were given. */
    public static final String DATA = "masktape.data";

    /** The key of all options in a checkpoint's metadata, with absolute paths. */
    public static final String SETTINGS = "masktape.settings";

    /** The largest file, in bytes, that is read. */
    private static final long LARGEST = 1 << 20;

    private RecordedData() {}

    /**
     * The size of the files that a model was trained or tested on, in bytes; −1 if it is not known.
     *
     * @param model the model's file, or the folder of its run
     */
    static long size(File model) {
        File folder = model.isDirectory() ? model : model.getAbsoluteFile().getParentFile();
        long size = size(model.isDirectory() ? new File(model, "model.safetensors") : model, DATA);
        return size >= 0 ? size : size(new File(folder, "checkpoint.safetensors"), SETTINGS);
    }

    private static long size(File file, String key) {
        if (!file.isFile() || file.length() > LARGEST) {
            return -1;
        }
        try {
            Map<String, String> metadata = SafeTensors.read(file).metadata();
            long size = -1;
            for (String option : metadata.getOrDefault(key, "").split("\n", -1)) {
                int value = option.indexOf('=') + 1;
                if (option.startsWith("--data=") || option.startsWith("--test-data=")) {
                    // A backslash escapes a backslash.
                    File data = new File(option.substring(value).replace("\\\\", "\\"));
                    if (!data.isFile()) {
                        return -1;
                    }
                    size = Math.max(0, size) + data.length();
                }
            }
            return size;
        } catch (IOException e) {
            // The command will report it.
            return -1;
        }
    }
}
