// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.peers;

import org.openjdk.jmh.annotations.Param;

/** The training step of 784-800-800-10 on 128 examples, without masks. */
public class DenseStep extends SideBySide {
    /** The library under test. */
    @Param({MASKTAPE, "torch", "dl4j"})
    public String side = MASKTAPE;

    /** The number of threads of large operations. */
    @Param({"1", "2"})
    public int threads = 1;

    /** A benchmark whose parameters JMH sets. */
    public DenseStep() {}

    @Override
    MeasuredStep open() {
        setThreads(side, threads);
        return dense(side, Problem.digits());
    }

    static MeasuredStep dense(String side, Problem problem) {
        return switch (side) {
            case MASKTAPE -> MasktapeStep.dense(problem);
            case "torch" -> TorchStep.dense(problem);
            case "dl4j" -> new Dl4jStep(problem, null);
            default -> throw new IllegalArgumentException("unknown side " + side);
        };
    }
}
