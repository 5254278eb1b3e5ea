// SPDX-License-Identifier: Apache-2.0
/*
 * 1. Each of the n·l results is a sum of d products.
 * 2. X and W are read once, Y is written once, 4 bytes a float.
 * 3. Eight bits are a byte.
 */
import io.github.masktape.cli.learn.Question;

public final class OperationsAndBytesCheck implements Runnable {
    @Override
    public void run() {
        for (long[] c : new long[][] {{1, 8, 1}, {2, 8, 3}, {128, 800, 800}}) {
            long n = c[0];
            long d = c[1];
            long l = c[2];
            String arguments = "(" + n + ", " + d + ", " + l + ")";
            Question.of("operations" + arguments)
                    .withMistake(n * d * l, "A multiplication and an addition are two operations.")
                    .expect(2 * n * d * l, () -> OperationsAndBytes.operations(n, d, l));
            Question.of("bytes" + arguments)
                    .withMistake(4 * (n * d + l * d), "Y is written too.")
                    .withMistake(n * d + l * d + n * l, "A float has 4 bytes.")
                    .withMistake(4 * n * d * l, "Each number need be read only once, however often it is used.")
                    .expect(4 * (n * d + l * d + n * l), () -> OperationsAndBytes.bytes(n, d, l));
            Question.of("maskBytes" + arguments)
                    .withMistake(n * d * l, "Eight bits are a byte.")
                    .withMistake(l * d / 8, "Each example has a mask of its own.")
                    .withMistake(4 * n * d * l, "A mask entry is a bit, not a float.")
                    .expect(n * d * l / 8, () -> OperationsAndBytes.maskBytes(n, d, l));
        }
    }
}
