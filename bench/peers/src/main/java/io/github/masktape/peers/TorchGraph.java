package io.github.masktape.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.github.masktape.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A program on PyTorch's autograd, through DJL, in float64. */
final class TorchGraph implements Graphs.Side {
    @Override
    public Graphs.Outcome evaluate(Program program) {
        try (NDManager manager = TorchStep.engine().newBaseManager();
                GradientCollector tape = TorchStep.engine().newGradientCollector()) {
            List<NDArray> lines = new ArrayList<>();
            for (Program.Line line : program.lines()) {
                GraphOps.Call call = line.call();
                if (call == null) {
                    NDArray input = array(manager, line.value());
                    input.setRequiresGradient(true);
                    lines.add(input);
                } else {
                    lines.add(call.theirs()
                            .apply(call.arguments().stream().map(lines::get).toList()));
                }
            }
            tape.backward(loss(manager, program, lines));
            List<double[]> values = new ArrayList<>();
            List<double[]> gradients = new ArrayList<>();
            for (int i = 0; i < lines.size(); i++) {
                values.add(lines.get(i).toDoubleArray());
                if (program.lines().get(i).call() == null) {
                    gradients.add(lines.get(i).getGradient().toDoubleArray());
                }
            }
            return new Graphs.Outcome(values, gradients);
        }
    }

    private static NDArray loss(NDManager manager, Program program, List<NDArray> lines) {
        return program.results().stream()
                .map(i -> lines.get(i)
                        .mul(array(manager, program.lines().get(i).cotangent()))
                        .sum())
                .reduce(NDArray::add)
                .orElseThrow();
    }

    private static NDArray array(NDManager manager, Tensor tensor) {
        long[] dims = Arrays.stream(tensor.shape().dims()).asLongStream().toArray();
        return manager.create(tensor.toDoubleArray(), new Shape(dims));
    }
}
