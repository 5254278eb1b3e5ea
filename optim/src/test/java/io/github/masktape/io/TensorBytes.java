// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.io;

import io.github.masktape.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.util.Map;

/** core's readers and writers on bytes in memory: a disk would make of an hour's fuzzing a day's. */
public final class TensorBytes {
    private TensorBytes() {}

    public static SafeTensors readSafeTensors(File name, byte[] content) throws IOException {
        return SafeTensors.read(ByteSource.of(name.toString(), content));
    }

    public static Tensor readArray(File name, byte[] content) throws IOException {
        return Npz.readArray(ByteSource.of(name.toString(), content));
    }

    public static byte[] of(SafeTensors content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        content.write(bytes);
        return bytes.toByteArray();
    }

    public static byte[] ofArray(Tensor tensor) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Npz.writeArray(bytes, tensor);
        return bytes.toByteArray();
    }

    public static byte[] ofArrays(Map<String, Tensor> tensors) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new Npz(tensors).write(bytes);
        return bytes.toByteArray();
    }
}
