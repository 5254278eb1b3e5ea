// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.paper;

import io.github.masktape.data.Dataset;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Folders of IDX files with MNIST's names. */
final class MnistFiles {
    private MnistFiles() {}

    static void write(Path folder, String set, Dataset digits) throws IOException {
        Files.createDirectories(folder);
        try (DataOutputStream images =
                open(new GZIPOutputStream(Files.newOutputStream(folder.resolve(set + "-images-idx3-ubyte.gz"))))) {
            for (int header : new int[] {0x803, digits.size(), 28, 28}) {
                images.writeInt(header);
            }
            for (float pixel : digits.features().toFloatArray()) {
                images.writeByte(Math.round(255 * pixel));
            }
        }
        try (DataOutputStream labels = open(Files.newOutputStream(folder.resolve(set + "-labels-idx1-ubyte")))) {
            labels.writeInt(0x801);
            labels.writeInt(digits.size());
            for (int label : digits.labels()) {
                labels.writeByte(label);
            }
        }
    }

    private static DataOutputStream open(OutputStream file) {
        return new DataOutputStream(file);
    }
}
