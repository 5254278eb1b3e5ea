// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.jmh;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.github.masktape.explorer.ReferenceTraining;
import io.github.masktape.tensor.Compute;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;

/**
 * The weights of the {@link ReferenceTraining} as one SHA-256, for 1, 2, 3 and 7 threads, or the given numbers. Same seed, same bits: {@link
 * Matrix} runs it on one VM after another.
 *
 * <pre>
 *   java -cp bench/jmh/target/benchmarks.jar io.github.masktape.jmh.Fingerprint
 *   java -cp bench/jmh/target/benchmarks.jar io.github.masktape.jmh.Fingerprint 1 2
 * </pre>
 */
public final class Fingerprint {
    static final List<Integer> THREADS = List.of(1, 2, 3, 7);

    private Fingerprint() {}

    /** Prints kernels and -XX:UseAVX, then a line for each number of threads. */
    public static void main(String[] args) {
        Compute.setThreads(1);
        System.out.println(Compute.description().replaceFirst(", 1 thread$", ""));
        System.out.println(vectorExtensions());
        for (int threads : args.length == 0
                ? THREADS
                : Arrays.stream(args).map(Integer::valueOf).toList()) {
            Compute.setThreads(threads);
            System.out.println(ReferenceTraining.sha256(ReferenceTraining.STEPS));
        }
    }

    /** The level of AVX that the VM actually uses; empty on other processors. */
    private static String vectorExtensions() {
        HotSpotDiagnosticMXBean vm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        try {
            return vm.getVMOption("UseAVX").getValue();
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
