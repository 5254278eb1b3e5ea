// SPDX-License-Identifier: Apache-2.0
/*
 * 1. Cut the array as 1 thread would, 2 threads, 8 threads: the parts, and with them the roundings, differ.
 * 2. What must be constant is the number of parts. Who sums a part, and when, does not matter.
 * 3. Make 64 parts, always. Any number of threads can share them.
 */
import io.github.masktape.cli.learn.Question;
import io.github.masktape.tensor.RandomStream;

public final class PartsMustNotBeThreadsCheck implements Runnable {
    @Override
    public void run() {
        for (int length : new int[] {0, 1, 7, 10_000}) {
            RandomStream random = new RandomStream(1);
            float[] a = new float[length];
            for (int i = 0; i < length; i++) {
                a[i] = (float) random.nextGaussian();
            }
            float first = 0;
            for (int threads = 1; threads <= 8; threads++) {
                int given = threads;
                Question question = Question.of("parts(" + length + ", " + threads + ")");
                int[][] parts = question.answer(() -> PartsMustNotBeThreads.parts(length, given));
                int end = 0;
                float sum = 0;
                for (int[] part : parts) {
                    if (part.length != 2 || part[0] != end || part[1] < part[0]) {
                        throw question.wrong(
                                part, "A part begins where the one before ends, at " + end + ", so that no number is left out.");
                    }
                    end = part[1];
                    float own = 0;
                    for (int i = part[0]; i < Math.min(part[1], length); i++) {
                        own += a[i];
                    }
                    sum += own;
                }
                if (end != length) {
                    throw question.wrong(parts, "The last part must end at " + length + ".");
                }
                first = threads == 1 ? sum : first;
                if (sum != first) {
                    throw Question.of("the sum of " + length + " numbers by " + threads + " threads")
                            .wrong(
                                    sum + ", by 1 thread " + first,
                                    "Other parts have other roundings. The number of parts must not be the number of threads.");
                }
                if (length == 10_000 && threads == 8 && parts.length < threads) {
                    throw question.wrong(
                            parts, "There are fewer parts than threads, so some threads have no work. Make more.");
                }
            }
        }
    }
}
