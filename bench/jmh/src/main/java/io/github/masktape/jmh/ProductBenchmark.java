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
    /** Which loops: {@code vector}, {@code scalar}, or what the machine is given: {@code auto}. */
    @Param({"vector", "scalar"})
    public String kernel = "";

    /** The arithmetic. */
    @Param("FLOAT32")
    public DType dtype = DType.FLOAT32;

    /** Threads that a product is split over. */
    @Param("1")
    public int threads;

    final Workspace workspace = new Workspace();
    Tensor x = Tensor.scalar(0);
    Tensor w = x;
    Tensor dy = x;
}
