// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.peers.graphs;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import io.github.masktape.peers.torch.TorchEngine;
import io.github.masktape.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Runs programs on PyTorch's autograd, through DJL, in float64 and on one thread, since the arrays are small. */
final class TorchGraph implements Graphs.Side {
    TorchGraph() {
        TorchEngine.setThreads(1);
    }

    @Override
    public Graphs.GraphResult evaluate(GraphProgram program) {
        try (NDManager manager = TorchEngine.get().newBaseManager();
                GradientCollector collector = TorchEngine.get().newGradientCollector()) {
            return new ProgramRun(manager, program).outcome();
        }
    }

    /**
     * A leaf in two parts, x = value + shift. PyTorch adds the gradients of each backward pass to those that a leaf
     * already holds, but the first ones must not change here, because the second pass differentiates them. So the value
     * receives the gradients of the first pass, and the shift, which is 0, those of the second.
     */
    private record TorchLeaf(PtNDArray value, PtNDArray shift) {
        NDArray sum() {
            return value.add(shift);
        }

        void takeInFirstPass() {
            value.setRequiresGradient(true);
            shift.setRequiresGradient(false);
        }

        void takeInSecondPass() {
            value.setRequiresGradient(false);
            shift.setRequiresGradient(true);
        }
    }

    /** One evaluation of a program: its values, its gradients, and the gradients of these. */
    private static final class ProgramRun {
        private final NDManager manager;
        private final GraphProgram program;
        private final List<NDArray> lines = new ArrayList<>();
        private final List<TorchLeaf> inputs = new ArrayList<>();
        private final List<TorchLeaf> cotangents = new ArrayList<>();

        ProgramRun(NDManager manager, GraphProgram program) {
            this.manager = manager;
            this.program = program;
        }

        Graphs.GraphResult outcome() {
            for (GraphProgram.Line line : program.lines()) {
                GraphOps.Call call = line.call();
                lines.add(
                        call == null
                                ? leaf(line.value(), inputs)
                                : call.theirs()
                                        .apply(call.arguments().stream()
                                                .map(lines::get)
                                                .toList()));
            }
            NDArray loss = program.results().stream()
                    .map(i -> lines.get(i)
                            .mul(leaf(program.lines().get(i).cotangent(), cotangents))
                            .sum())
                    .reduce(NDArray::add)
                    .orElseThrow();
            List<TorchLeaf> leaves = new ArrayList<>(inputs);
            leaves.addAll(cotangents);
            leaves.forEach(TorchLeaf::takeInFirstPass);
            backward(loss, true);
            List<double[]> gradients =
                    inputs.stream().map(leaf -> gradient(leaf.value())).toList();
            leaves.forEach(TorchLeaf::takeInSecondPass);
            backward(directionalDerivative(), false);
            return new Graphs.GraphResult(
                    lines.stream().map(NDArray::toDoubleArray).toList(),
                    gradients,
                    leaves.stream().map(leaf -> gradient(leaf.shift())).toList());
        }

        private NDArray leaf(Tensor value, List<TorchLeaf> leaves) {
            NDArray array = array(value);
            TorchLeaf leaf = new TorchLeaf((PtNDArray) array, (PtNDArray) array.zerosLike());
            leaf.value().setRequiresGradient(true);
            leaf.shift().setRequiresGradient(true);
            leaves.add(leaf);
            return leaf.sum();
        }

        /** The sum s = Σ u ⊙ ∂loss/∂x over the inputs x that the loss depends on. */
        private NDArray directionalDerivative() {
            // A term that is 0 gives PyTorch a graph where no gradient depends on anything.
            NDArray s = GraphOps.scale(inputs.get(0).shift(), 0).sum();
            for (int i = 0; i < inputs.size(); i++) {
                NDArray gradient = JniUtils.getGradient(inputs.get(i).value());
                if (gradient != null) {
                    NDArray u =
                            array(program.lines().get(program.inputs().get(i)).direction());
                    s = s.add(gradient.mul(u).sum());
                }
            }
            return s;
        }

        private void backward(NDArray result, boolean again) {
            NDArray one = manager.ones(result.getShape(), result.getDataType());
            JniUtils.backward((PtNDArray) result, (PtNDArray) one, again, again);
        }

        /**
         * The gradient at a leaf; if there is none, zeros in float64, whereas DJL's own are in float32. PyTorch has
         * gradients of zeros without memory, such as the second one of abs, which DJL cannot read; a sum has memory.
         */
        private static double[] gradient(PtNDArray leaf) {
            NDArray gradient = JniUtils.getGradient(leaf);
            return gradient == null
                    ? new double[(int) leaf.size()]
                    : gradient.add(leaf.zerosLike()).toDoubleArray();
        }

        private NDArray array(Tensor tensor) {
            long[] dims = Arrays.stream(tensor.shape().dims()).asLongStream().toArray();
            return manager.create(tensor.toDoubleArray(), new Shape(dims));
        }
    }
}
