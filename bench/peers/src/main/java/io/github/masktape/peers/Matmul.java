// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.masktape.peers.torch.TorchEngine;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Workspace;
import java.util.function.BinaryOperator;
import org.openjdk.jmh.annotations.Param;

/**
 * The three products of a dense layer, for X and dY 128×800 and W 800×800: 164 million operations each.
 *
 * <pre>
 *   Y = X Wᵀ,  dX = dY W,  dW = dYᵀ X
 * </pre>
 */
public class Matmul extends SideBySide {
    /** The library under test. */
    @Param({MASKTAPE, "torch"})
    public String side = MASKTAPE;

    /** The product. */
    @Param({"Y", "dX", "dW"})
    public String product = "Y";

    /** The number of threads of large operations. */
    @Param({"1", "2"})
    public int threads = 1;

    /** A benchmark whose parameters JMH sets. */
    public Matmul() {}

    @Override
    MeasuredStep open() {
        setThreads(side, threads);
        Tensor left = Initializer.heUniform(1).weight(128, 800);
        Tensor right = product.equals("dW")
                ? Initializer.heUniform(2).weight(128, 800)
                : Initializer.heUniform(2).weight(800, 800);
        return switch (side) {
            case MASKTAPE -> masktape(left, right);
            case "torch" -> torch(left, right);
            default -> throw new IllegalArgumentException("unknown side " + side);
        };
    }

    /** In a workspace, as in training: each result takes the memory of the one before, as PyTorch's allocator does. */
    private MeasuredStep masktape(Tensor left, Tensor right) {
        BinaryOperator<Tensor> multiply = switch (product) {
            case "Y" -> Tensor::matmulTransposed;
            case "dX" -> Tensor::matmul;
            case "dW" -> Tensor::transposedMatmul;
            default -> throw new IllegalArgumentException("unknown product " + product);
        };
        Workspace workspace = new Workspace();
        return () -> {
            workspace.recycle();
            return multiply.apply(workspace.borrow(left), right).shape().size();
        };
    }

    private MeasuredStep torch(Tensor a, Tensor b) {
        NDManager manager = TorchEngine.get().newBaseManager();
        NDArray left = array(manager, a, product.equals("dW"));
        NDArray right = array(manager, b, product.equals("Y"));
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

    /** The matrix; transposed as a view, without a copy. */
    private static NDArray array(NDManager manager, Tensor x, boolean isTransposed) {
        NDArray array = manager.create(
                x.toFloatArray(), new Shape(x.shape().dim(0), x.shape().dim(1)));
        return isTransposed ? array.transpose() : array;
    }
}
