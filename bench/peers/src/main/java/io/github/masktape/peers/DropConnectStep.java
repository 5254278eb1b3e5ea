// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.peers;

import io.github.masktape.layers.MaskSharing;
import org.openjdk.jmh.annotations.Param;

/** The training step of 784-800-800-10 on 128 examples, both hidden layers DropConnect, a mask for each example. */
public class DropConnectStep extends SideBySide {
    /** The library under test; {@link TorchStep} describes PyTorch's two forms. DL4J has no such layer. */
    @Param({MASKTAPE, "torch-by-example", "torch-package"})
    public String side = MASKTAPE;

    /** The drop probability p. */
    @Param({"0.5", "0.2"})
    public double dropProbability = 0.5;

    /** The number of threads of large operations. */
    @Param({"1", "2"})
    public int threads = 1;

    /** A benchmark whose parameters JMH sets. */
    public DropConnectStep() {}

    @Override
    MeasuredStep open() {
        setThreads(side, threads);
        Problem problem = Problem.digits();
        return switch (side) {
            case MASKTAPE -> new MasktapeStep(problem, MaskSharing.PER_EXAMPLE, dropProbability);
            case "torch-by-example" -> new TorchStep(problem, TorchStep.HiddenForm.BY_EXAMPLE, dropProbability);
            case "torch-package" -> new TorchStep(problem, TorchStep.HiddenForm.PACKAGE, dropProbability);
            default -> throw new IllegalArgumentException("unknown side " + side);
        };
    }
}
