// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.golden;

import io.github.masktape.io.SafeTensors;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.Shape;
import io.github.masktape.tensor.Tensor;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A case that PyTorch has computed: flat lists of numbers, read piece by piece in the order in which goldens.py wrote
 * them.
 *
 * @param name what is computed
 * @param given what goes in
 * @param float64 what PyTorch makes of it in float64
 * @param float32 what PyTorch makes of it in float32
 */
record Golden(String name, Tensor given, Tensor float64, Tensor float32) {
    /** The cases of a file, in its order. */
    static List<Golden> of(String group) throws IOException {
        URI file = URI.create(
                Golden.class.getResource("/golden/" + group + ".safetensors").toString());
        Map<String, Tensor> tensors = SafeTensors.read(new File(file)).tensors();
        List<Golden> goldens = new ArrayList<>();
        for (String key : tensors.keySet()) {
            if (key.endsWith("/given")) {
                String name = key.substring(0, key.length() - "/given".length());
                goldens.add(new Golden(
                        name, tensors.get(key), tensors.get(name + "/float64"), tensors.get(name + "/float32")));
            }
        }
        return goldens;
    }

    /** A reader of what goes in, as numbers of a dtype. */
    Given given(DType dtype) {
        return new Given(given.toDoubleArray(), dtype);
    }

    /** A reader of what should come out, computed in a dtype. */
    Expected expected(DType dtype) {
        return new Expected(name, (dtype == DType.FLOAT64 ? float64 : float32).toDoubleArray(), dtype);
    }

    /** Everything is to be read, or the two sides do not mean the same. */
    private static void requireEnd(int at, double[] numbers) {
        if (at != numbers.length) {
            throw new AssertionError("read " + at + " of " + numbers.length + " numbers");
        }
    }

    /** What goes in. */
    static final class Given {
        private static final int BITS_A_NUMBER = 52;

        private final double[] numbers;
        private final DType dtype;
        private int at;

        private Given(double[] numbers, DType dtype) {
            this.numbers = numbers;
            this.dtype = dtype;
        }

        double number() {
            return numbers[at++];
        }

        long whole() {
            return (long) number();
        }

        double[] numbers(int count) {
            at += count;
            return Arrays.copyOfRange(numbers, at - count, at);
        }

        int[] labels(int count) {
            return Arrays.stream(numbers(count)).mapToInt(label -> (int) label).toArray();
        }

        Tensor tensor(int... dims) {
            Shape shape = Shape.of(dims);
            return Tensor.of(numbers(shape.size())).reshape(shape).to(dtype);
        }

        Mask mask(int examples, int outputs, int inputs, double scale) {
            boolean[][][] kept = new boolean[examples][outputs][inputs];
            long bits = 0;
            for (int i = 0; i < examples * outputs * inputs; i++) {
                bits = i % BITS_A_NUMBER == 0 ? whole() : bits >> 1;
                kept[i / inputs / outputs][i / inputs % outputs][i % inputs] = (bits & 1) != 0;
            }
            return Mask.of(kept, scale);
        }

        void requireEnd() {
            Golden.requireEnd(at, numbers);
        }
    }

    /**
     * What should come out.
     *
     * <pre>
     *   |actual − expected| ≤ tolerance · max(1, largest |expected| of the tensor)
     * </pre>
     *
     * <p>The tolerance is 10⁻¹⁴ in FLOAT64 and 2·10⁻⁶ in FLOAT32, where a rounding is worth 1.1·10⁻¹⁶ and 6·10⁻⁸: PyTorch
     * adds in another order and has another exp, tanh and log. The largest that was seen, after three steps, is 9·10⁻¹⁶
     * and 9·10⁻⁷.
     */
    static final class Expected {
        private final String name;
        private final double[] numbers;
        private double tolerance;
        private int at;

        private Expected(String name, double[] numbers, DType dtype) {
            this.name = name;
            this.numbers = numbers;
            this.tolerance = dtype == DType.FLOAT64 ? 1e-14 : 2e-6;
        }

        /** Second derivatives add up more products: they get ten times the tolerance. */
        void loosenForSecondOrder() {
            tolerance *= 10;
        }

        /** Many steps add up roundings: 10⁻¹² in FLOAT64, 2·10⁻⁴ in FLOAT32. */
        void loosenForSteps() {
            tolerance *= 100;
        }

        /** Compares the next numbers with a tensor's. */
        void check(String what, Tensor actual) {
            check(what, actual.toDoubleArray());
        }

        void check(String what, double... actual) {
            double scale = 1;
            for (int i = 0; i < actual.length; i++) {
                scale = Math.max(scale, Math.abs(numbers[at + i]));
            }
            for (int i = 0; i < actual.length; i++) {
                double expected = numbers[at + i];
                if (!(Math.abs(actual[i] - expected) <= tolerance * scale)) {
                    throw new AssertionError(String.format(
                            Locale.ROOT,
                            "%s, %s, element %d: PyTorch has %s, got %s; they differ by %.1e, allowed is %.1e",
                            name,
                            what,
                            i,
                            expected,
                            actual[i],
                            Math.abs(actual[i] - expected),
                            tolerance * scale));
                }
            }
            at += actual.length;
        }

        void requireEnd() {
            Golden.requireEnd(at, numbers);
        }
    }
}
