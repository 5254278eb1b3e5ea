// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.jmh;

import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Workspace;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The parameters and operands of a benchmark of a layer's three products. */
@State(Scope.Benchmark)
public abstract class ProductBenchmark {
    /** The kernels: {@code vector}, {@code scalar} or {@code auto}, the library's choice for this machine. */
    @Param({"vector", "scalar"})
    public String kernel = "";

    /** The dtype of the operands. */
    @Param("FLOAT32")
    public DType dtype = DType.FLOAT32;

    /** The number of threads that share a product. */
    @Param("1")
    public int threads;

    final Workspace workspace = new Workspace();
    Tensor x = Tensor.scalar(0);
    Tensor w = x;
    Tensor dy = x;
}
