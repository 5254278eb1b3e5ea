package io.github.masktape.io;

import io.github.masktape.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.util.Map;

/** core's readers and writers on bytes in memory: a disk would make of an hour's fuzzing a day's. */
public final class TensorBytes {
    private TensorBytes() {}

    public static SafeTensors readSafeTensors(File name, byte[] content) throws IOException {
        return SafeTensors.read(name, source(name, content), content.length);
    }

    public static Tensor readArray(File name, byte[] content) throws IOException {
        return Npz.readArray(name, source(name, content), content.length);
    }

    private static FileBytes source(File name, byte[] content) {
        return new FileBytes(name, new ByteArrayInputStream(content));
    }

    public static byte[] of(SafeTensors content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        content.writeTo(bytes);
        return bytes.toByteArray();
    }

    public static byte[] ofArray(Tensor tensor) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        NpyHeader.write(tensor, bytes);
        return bytes.toByteArray();
    }

    public static byte[] ofArrays(Map<String, Tensor> tensors) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Npz.write(tensors, bytes);
        return bytes.toByteArray();
    }
}
