// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.io;

import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Shape;
import io.github.masktape.tensor.Tensor;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** What properties of files range over, and files made of bytes. */
final class Cases {
    private Cases() {}

    static Arbitrary<Tensor> tensors() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 4).array(int[].class).ofMaxSize(4),
                        Arbitraries.of(DType.values()),
                        Arbitraries.longs())
                .as(Cases::tensor);
    }

    /** Any bits, the special values among them. */
    private static Tensor tensor(int[] dims, DType dtype, long seed) {
        RandomStream random = new RandomStream(seed);
        double[] special = {
            0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.MIN_VALUE, Float.MIN_VALUE
        };
        double[] values = new double[Shape.of(dims).size()];
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            int kind = random.nextInt(2 * special.length);
            long bits = random.nextLong();
            values[i] = kind < special.length ? special[kind] : Double.longBitsToDouble(bits);
            floats[i] = kind < special.length ? (float) special[kind] : Float.intBitsToFloat((int) bits);
        }
        Tensor tensor = dtype == DType.FLOAT64 ? Tensor.of(values) : Tensor.of(floats);
        return tensor.reshape(Shape.of(dims));
    }

    /** Unicode without lone surrogates, with what JSON escapes. */
    static Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.of("0.weight", "", "\"", "\\", "\u0000", "\n\t\u001f\u007f", "gewicht ü", "重み", "😀"),
                Arbitraries.strings().ofMaxLength(6).filter(Cases::isUnicode));
    }

    private static boolean isUnicode(String text) {
        return text.codePoints().noneMatch(c -> c >= 0xd800 && c < 0xe000);
    }

    static Arbitrary<Map<String, Tensor>> tensorMaps(Arbitrary<String> names) {
        return names.list()
                .uniqueElements()
                .ofMaxSize(4)
                .flatMap(keys -> tensors().list().ofSize(keys.size()).map(values -> {
                    Map<String, Tensor> map = new LinkedHashMap<>();
                    for (int i = 0; i < values.size(); i++) {
                        map.put(keys.get(i), values.get(i));
                    }
                    return map;
                }));
    }

    /** A file of this process alone, to be written again and again; two builds may run at once. */
    static File scratch() {
        try {
            File file = File.createTempFile("masktape", null);
            file.deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(File file, byte[] content) {
        try (OutputStream out = new FileOutputStream(file)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] read(File file) throws IOException {
        try (InputStream in = new FileInputStream(file)) {
            return in.readAllBytes();
        }
    }
}
