// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.peers;

import io.github.masktape.layers.MaskSharing;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.openjdk.jmh.annotations.Param;

/**
 * The training step of {@link DropConnectStep} with one mask for the whole batch, p = ½: less work, and another method.
 */
public class SharedMaskStep extends SideBySide {
    /** The library under test; DL4J's computes something else, as {@link Verify} shows. */
    @Param({MASKTAPE, "torch", "dl4j"})
    public String side = MASKTAPE;

    /** The number of threads of large operations. */
    @Param({"1", "2"})
    public int threads = 1;

    /** A benchmark whose parameters JMH sets. */
    public SharedMaskStep() {}

    @Override
    MeasuredStep open() {
        setThreads(side, threads);
        Problem problem = Problem.digits();
        double p = Problem.DROP_PROBABILITY;
        return switch (side) {
            case MASKTAPE -> new MasktapeStep(problem, MaskSharing.PER_BATCH, p);
            case "torch" -> new TorchStep(problem, TorchStep.HiddenForm.PER_BATCH, p);
            case "dl4j" -> new Dl4jStep(problem, new DropConnect(1 - p));
            default -> throw new IllegalArgumentException("unknown side " + side);
        };
    }
}
