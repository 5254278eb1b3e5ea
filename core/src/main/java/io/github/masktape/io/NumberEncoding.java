// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.io;

import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Shape;
import io.github.masktape.tensor.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** The encoding of a tensor's numbers in a file, row-major. The names are those of safetensors. */
enum NumberEncoding {
    F64(8, "f8"),
    F32(4, "f4"),
    /** IEEE half precision; read only. */
    F16(2, "f2"),
    /** The upper half of an F32; read only. */
    BF16(2, null);

    private static final int CHUNK = 1 << 16;

    private final int bytes;
    private final @Nullable String numpy;

    NumberEncoding(int bytes, @Nullable String numpy) {
        this.bytes = bytes;
        this.numpy = numpy;
    }

    static NumberEncoding of(DType dtype) {
        return dtype == DType.FLOAT64 ? F64 : F32;
    }

    static @Nullable NumberEncoding named(String name) {
        for (NumberEncoding encoding : values()) {
            if (encoding.name().equals(name)) {
                return encoding;
            }
        }
        return null;
    }

    /** The encoding of a type string of NumPy, which begins with its byte order, {@code <} or {@code >}. */
    static @Nullable NumberEncoding ofNumpy(String descr) {
        for (NumberEncoding encoding : values()) {
            if (descr.length() == 3
                    && "<>".indexOf(descr.charAt(0)) >= 0
                    && descr.substring(1).equals(encoding.numpy)) {
                return encoding;
            }
        }
        return null;
    }

    /** The type string of NumPy, little-endian. */
    String numpy() {
        return "<" + numpy;
    }

    /** The number of bytes of one number. */
    int bytes() {
        return bytes;
    }

    /** The number of bytes of a tensor. */
    long bytes(Shape shape) {
        return (long) shape.size() * bytes;
    }

    /** Writes the numbers of a tensor, little-endian, with every NaN as the same one. */
    static void write(Tensor tensor, OutputStream out) throws IOException {
        byte[] bytes = new byte[CHUNK];
        ByteBuffer chunk = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (tensor.dtype() == DType.FLOAT64) {
            for (double value : tensor.toDoubleArray()) {
                if (!chunk.hasRemaining()) {
                    out.write(bytes);
                    chunk.clear();
                }
                chunk.putLong(Double.doubleToLongBits(value));
            }
        } else {
            for (float value : tensor.toFloatArray()) {
                if (!chunk.hasRemaining()) {
                    out.write(bytes);
                    chunk.clear();
                }
                chunk.putInt(Float.floatToIntBits(value));
            }
        }
        out.write(bytes, 0, chunk.position());
    }

    /** Reads a tensor of little-endian numbers. */
    Tensor read(FileBytes source, Shape shape) throws IOException {
        return read(source, shape, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Reads a tensor: FLOAT64 from F64, otherwise FLOAT32. It needs memory for the tensor and one chunk of the file.
     */
    Tensor read(FileBytes source, Shape shape, ByteOrder order) throws IOException {
        Chunks in = new Chunks(source, bytes(shape), order);
        return switch (this) {
            case F64 -> Tensor.ofElements(DType.FLOAT64, shape, () -> in.next().getDouble());
            case F32 -> Tensor.ofElements(DType.FLOAT32, shape, () -> in.next().getFloat());
            case F16 ->
                Tensor.ofElements(DType.FLOAT32, shape, () -> half(in.next().getShort()));
            case BF16 ->
                Tensor.ofElements(
                        DType.FLOAT32,
                        shape,
                        () -> Float.intBitsToFloat(in.next().getShort() << 16));
        };
    }

    /** The bytes of a tensor, chunk by chunk. */
    private static final class Chunks {
        private final FileBytes source;
        private final ByteBuffer chunk;
        private long left;

        Chunks(FileBytes source, long left, ByteOrder order) {
            this.source = source;
            this.left = left;
            this.chunk = ByteBuffer.allocate((int) Math.min(left, CHUNK)).order(order);
            chunk.limit(0);
        }

        /** Returns the chunk, positioned before the next number. */
        ByteBuffer next() throws IOException {
            if (!chunk.hasRemaining()) {
                chunk.clear().limit((int) Math.min(left, CHUNK));
                source.read(chunk.array(), chunk.limit());
                left -= chunk.limit();
            }
            return chunk;
        }
    }

    /**
     * Decodes a number of 1 sign, 5 exponent and 10 fraction bits, exactly.
     *
     * <pre>
     *   0 &lt; e &lt; 31   ±2^(e−15) · 1.f       e = 0   ±2^(−14) · 0.f       e = 31   ±∞ or NaN
     * </pre>
     */
    static float half(short bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = (bits >> 10) & 0x1f;
        int fraction = bits & 0x3ff;
        if (exponent == 0) {
            float size = fraction * 0x1p-24f;
            return sign == 0 ? size : -size;
        }
        int widened = exponent == 0x1f ? 0xff : exponent - 15 + 127;
        return Float.intBitsToFloat(sign | (widened << 23) | (fraction << 13));
    }
}
