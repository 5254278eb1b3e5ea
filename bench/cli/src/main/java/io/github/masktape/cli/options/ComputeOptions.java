// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.options;

import io.github.masktape.cli.settings.Word;
import io.github.masktape.tensor.Compute;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options for threads and kernels, which no result depends on. */
public final class ComputeOptions {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--threads",
            paramLabel = "N",
            converter = Converters.Threads.class,
            description = "Number of threads; no result depends on it (default: one per processor).")
    private @Nullable Integer threads;

    @Option(
            names = "--kernels",
            paramLabel = "WORD",
            converter = KernelOption.KernelWord.class,
            description = "scalar, vector, or auto: vector where that is faster; no result depends on it. Vectors need"
                    + " the module jdk.incubator.vector: without it, ${COMMAND-NAME} starts a second JVM that has"
                    + " it, except with scalar or for a small table (default: -Dmasktape.kernels, else auto).")
    private @Nullable KernelOption kernels;

    /** Applies the options; must be called before the first tensor is created. */
    public void settle() {
        if (kernels != null) {
            System.setProperty("masktape.kernels", kernels.toString());
        }
        settleKernels();
        if (threads != null) {
            Compute.setThreads(threads);
        }
    }

    /** Chooses the kernels; requesting unavailable kernels is a usage error. */
    private void settleKernels() {
        try {
            Compute.description();
        } catch (IllegalArgumentException e) {
            if (kernels == null) {
                throw e;
            }
            String message = String.valueOf(e.getMessage()).replace("-Dmasktape.kernels=", "--kernels ");
            throw new ParameterException(spec.commandLine(), message, e);
        }
    }

    /** The kernels that a user can request. */
    public enum KernelOption {
        AUTO,
        SCALAR,
        VECTOR;

        @Override
        public String toString() {
            return Word.of(this);
        }

        static final class KernelWord extends Converters.EnumWord<KernelOption> {
            KernelWord() {
                super(KernelOption.values());
            }
        }
    }
}
