// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.masktape.peers.torch.TorchEngine;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.Tensor;
import org.openjdk.jmh.annotations.Param;

/** The product X Wᵀ for X 128×800 and W 800×800: 164 million operations, the core of a dense layer. */
public class Matmul extends SideBySide {
    /** The library under test. */
    @Param({MASKTAPE, "torch"})
    public String side = MASKTAPE;

    /** The number of threads of large operations. */
    @Param({"1", "2"})
    public int threads = 1;

    /** A benchmark whose parameters JMH sets. */
    public Matmul() {}

    @Override
    MeasuredStep open() {
        setThreads(side, threads);
        Tensor x = Initializer.heUniform(1).weight(128, 800);
        Tensor w = Initializer.heUniform(2).weight(800, 800);
        return switch (side) {
            case MASKTAPE -> () -> x.matmulTransposed(w).shape().size();
            case "torch" -> torch(x, w);
            default -> throw new IllegalArgumentException("unknown side " + side);
        };
    }

    private static MeasuredStep torch(Tensor x, Tensor w) {
        NDManager manager = TorchEngine.get().newBaseManager();
        NDArray left = manager.create(x.toFloatArray(), new Shape(128, 800));
        NDArray right = manager.create(w.toFloatArray(), new Shape(800, 800)).transpose();
        return new MeasuredStep() {
            @Override
            public double run() {
                try (NDArray y = left.matMul(right)) {
                    return y.getShape().size();
                }
            }

            @Override
            public void close() {
                manager.close();
            }
        };
    }
}
