// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.fuzz;

import io.github.masktape.data.Preprocessing;
import io.github.masktape.io.DataFormatException;
import io.github.masktape.io.Npz;
import io.github.masktape.io.SafeTensors;
import io.github.masktape.io.TensorBytes;
import io.github.masktape.layers.PredictionIntervals;
import io.github.masktape.layers.Sequential;
import io.github.masktape.optim.Checkpoint;
import io.github.masktape.optim.CheckpointBytes;
import io.github.masktape.tensor.Tensor;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The formats that Masktape writes itself. */
final class TensorFiles {
    private static final Pattern WRONG_CHECKSUM =
            Pattern.compile(".*: corrupt: expected checksum (\\w{16}), got (\\w{16})");

    private TensorFiles() {}

    static SafeTensors readSafeTensors(byte[] content) throws IOException {
        return read(TensorBytes.readSafeTensors(Scratch.FILE, content));
    }

    /** What was read, without the names of what was not. */
    private static SafeTensors read(SafeTensors content) {
        return content.unread().isEmpty() ? content : new SafeTensors(content.tensors(), content.metadata());
    }

    /** What the network that is read would be saved as, with what its metadata say of the data. */
    static SafeTensors readModel(byte[] content) throws IOException {
        File file = Scratch.file(content);
        Map<String, String> metadata = SafeTensors.read(file).metadata();
        Sequential net = Sequential.load(file);
        if (!metadata.containsKey("data.task")) {
            return net.toSafeTensors(Map.of());
        }
        try {
            Map<String, String> all =
                    new LinkedHashMap<>(Preprocessing.ofMetadata(metadata).toMetadata());
            PredictionIntervals intervals = PredictionIntervals.ofMetadata(metadata);
            if (intervals != null) {
                all.putAll(intervals.toMetadata());
            }
            return net.toSafeTensors(all);
        } catch (IllegalArgumentException e) {
            // As its users do, who know the file.
            throw new DataFormatException(file, String.valueOf(e.getMessage()));
        }
    }

    static Tensor readNpy(byte[] content) throws IOException {
        return TensorBytes.readArray(Scratch.FILE, content);
    }

    /** The arrays with their names, in order. */
    static List<Map.Entry<String, Tensor>> readNpz(byte[] content) throws IOException {
        return List.copyOf(Npz.read(Scratch.file(content)).tensors().entrySet());
    }

    static byte[] writeNpz(List<Map.Entry<String, Tensor>> arrays) throws IOException {
        Map<String, Tensor> byName = new LinkedHashMap<>();
        arrays.forEach(array -> byName.put(array.getKey(), array.getValue()));
        return TensorBytes.ofArrays(byName);
    }

    /** Of all entries that can be unpacked. */
    static long unpackedNpz(byte[] content) {
        long length = content.length;
        try (ZipFile zip = new ZipFile(Scratch.FILE)) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                try (InputStream in = zip.getInputStream(entry)) {
                    length += in.transferTo(OutputStream.nullOutputStream());
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            // Broken from here on. The last is JDK 17's answer to a comment that is not UTF-8.
        }
        return length;
    }

    /** Behind the checksum lies a parser too: the error tells what it should be. */
    static Checkpoint readCheckpoint(byte[] content) throws IOException {
        try {
            return CheckpointBytes.read(Scratch.FILE, content);
        } catch (DataFormatException e) {
            Matcher checksums = WRONG_CHECKSUM.matcher(e.getMessage());
            if (!checksums.matches()) {
                throw e;
            }
            String repaired =
                    new String(content, StandardCharsets.ISO_8859_1).replace(checksums.group(1), checksums.group(2));
            return CheckpointBytes.read(Scratch.FILE, repaired.getBytes(StandardCharsets.ISO_8859_1));
        }
    }
}
