// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.optim;

import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import java.util.Locale;

/** A checksum of a sequence of numbers, tensors and texts; two sequences hardly ever have the same one. */
final class Checksum {
    /** The checksum of the empty sequence. */
    static final long EMPTY = 0;

    private Checksum() {}

    /** The checksum of a sequence with one more number; {@link RandomStream#derive} mixes well. */
    static long append(long checksum, long number) {
        return RandomStream.derive(checksum, number);
    }

    static long append(long checksum, double number) {
        return append(checksum, Double.doubleToLongBits(number));
    }

    static long append(long checksum, Tensor tensor) {
        return append(checksum, tensor.checksum());
    }

    static long append(long checksum, String text) {
        long sum = append(checksum, text.length());
        for (int i = 0; i < text.length(); i++) {
            sum = append(sum, text.charAt(i));
        }
        return sum;
    }

    /** The checksum as 16 hexadecimal digits. */
    static String text(long checksum) {
        return String.format(Locale.ROOT, "%016x", checksum);
    }
}
