// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.peers;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Measures the memory that three DropConnect steps of one side need in a process of its own: the growth of the
 * process's peak since before the first step, and the peak of the Java heap. Weights, data, velocities and native
 * libraries are allocated before that.
 */
final class Memory {
    /** The sides. The first one needs a small heap; the memory of the rest is native. */
    static final List<String> SIDES = List.of(SideBySide.MASKTAPE, "torch-by-example", "torch-package");

    private Memory() {}

    /** Measures the side given as the argument and prints one line. */
    public static void main(String[] args) throws IOException {
        DropConnectStep benchmark = new DropConnectStep();
        benchmark.side = args[0];
        try (MeasuredStep step = benchmark.open()) {
            long before = peakKilobytes();
            for (int i = 0; i < 3; i++) {
                step.run();
            }
            System.out.printf(
                    Locale.ROOT,
                    "  %-20s process + %5d MB,  Java heap %4d MB at its peak (limit %d MB)%n",
                    args[0],
                    (peakKilobytes() - before) >> 10,
                    peakHeap() >> 20,
                    Runtime.getRuntime().maxMemory() >> 20);
        }
    }

    /** The largest resident size that this process has had. */
    private static long peakKilobytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("/proc/self/status: no line VmHWM");
    }

    private static long peakHeap() {
        long sum = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getType() == MemoryType.HEAP) {
                sum += pool.getPeakUsage().getUsed();
            }
        }
        return sum;
    }
}
