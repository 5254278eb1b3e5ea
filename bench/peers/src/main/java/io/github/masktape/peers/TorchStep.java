// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Embedding;
import ai.djl.nn.core.Linear;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import io.github.masktape.peers.torch.TorchEngine;
import io.github.masktape.tensor.Mask;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The training step in PyTorch, through DJL: its kernels, its autograd and its random numbers. Inputs are created once,
 * and a sub-manager is closed in each step.
 *
 * <p>DropConnect comes in three forms. {@link Form#BY_EXAMPLE} is the fastest way to a mask for each example that we
 * found with the operations that DJL offers: each W ⊙ Mₙ stays in the cache, and masks are rows of a small table that
 * random integers select. These forms were tried for a layer 800→800 and 128 examples, on one thread of a shared
 * machine:
 *
 * <pre>
 *   82 million mask entries, drawn in blocks that stay in the cache
 *     PyTorch's Bernoulli numbers (dropout of ones)                        840 ms
 *     uniform numbers, before they are compared with p                     190 ms
 *     integers 0 or 1 as floats                                            190 ms
 *     integers below 2⁸, each a row of 8 entries of a table                 36 ms
 *     integers below 2¹², each a row of 12 entries                          30 ms    used
 *     integers below 2¹⁶, each a row of 16 entries                          32 ms
 *   masks from the table, forward and backward
 *     all examples at once: W ⊙ M of n×l×d, batched product               1360 ms
 *     2, 4 or 8 examples at once, batched product                    390 – 690 ms
 *     an output unit at a time, (X ⊙ Mⱼ) wⱼ                          131 – 190 ms
 *     2, 4 or 8 output units at once, batched product                260 – 530 ms
 *     an example at a time, gradients by hand, masks selected again  117 – 217 ms
 *     an example at a time, (W ⊙ Mₙ) xₙ, autograd                          142 ms    used
 * </pre>
 *
 * <p>The whole training step took 208 ms in this form, 273 ms with the loop over output units, and 2900 ms with the
 * package's formula.
 */
final class TorchStep implements TrainingSide {
    /** The form in which the hidden layers are computed. */
    enum HiddenForm {
        /** The dense form, without masks. */
        DENSE,
        /** Bernoulli masks n×l×d, masked weights n×l×d and a batched product: the formula of the PyPI package. */
        PACKAGE,
        /** A loop over the examples; masks from a table. */
        BY_EXAMPLE,
        /** One mask for the whole batch, from the table. */
        PER_BATCH
    }

    /** The most rows of the table of masks, so that it stays in the second-level cache. */
    private static final int TABLE_ROWS = 4096;

    private final Problem problem;
    private final HiddenForm form;
    private final double dropProbability;
    private final NDManager manager;
    private final NDArray features;
    private final NDArray labels;
    private final NDArray targets;
    private final List<NDArray> parameters = new ArrayList<>();
    private final List<NDArray> velocities = new ArrayList<>();
    private final NDArray table;
    private final int digits;
    /** The injected masks, n×l×d for each hidden layer; empty while masks are drawn. */
    private final List<NDArray> given = new ArrayList<>();

    /** The network in one form; {@code dropProbability} is 1/b for a whole number b. */
    TorchStep(Problem problem, HiddenForm form, double dropProbability) {
        this.problem = problem;
        this.form = form;
        this.dropProbability = dropProbability;
        manager = TorchEngine.get().newBaseManager();
        int batch = problem.batch();
        features = manager.create(problem.features(), new Shape(batch, problem.in(0)));
        targets = manager.create(problem.targets(), new Shape(batch, problem.out(problem.layers() - 1)));
        labels = problem.classifies()
                ? manager.create(problem.labels(), new Shape(batch, 1)).toType(DataType.INT64, false)
                : targets;
        for (int i = 0; i < problem.layers(); i++) {
            parameters.add(manager.create(problem.weights().get(i), new Shape(problem.out(i), problem.in(i))));
            parameters.add(manager.zeros(new Shape(problem.out(i))));
        }
        for (NDArray parameter : parameters) {
            parameter.setRequiresGradient(true);
            velocities.add(manager.zeros(parameter.getShape()));
        }
        int base = (int) Math.round(1 / dropProbability);
        digits = (int) (Math.log(TABLE_ROWS) / Math.log(base) + 1e-9);
        table = manager.create(table(base, digits, keptValue()), new Shape(Math.round(Math.pow(base, digits)), digits));
    }

    /**
     * All possible rows of {@code digits} mask entries, for p = 1/base: row r holds the digits of r in that base, with
     * 0 for the digit 0 and {@code kept} for all the rest. A uniformly drawn row then has independent entries, each
     * dropped with probability 1/base.
     */
    static float[] table(int base, int digits, float kept) {
        int rows = (int) Math.round(Math.pow(base, digits));
        float[] table = new float[rows * digits];
        for (int row = 0, i = 0; row < rows; row++) {
            for (int digit = 0, rest = row; digit < digits; digit++, rest /= base) {
                table[i++] = rest % base == 0 ? 0 : kept;
            }
        }
        return table;
    }

    private float keptValue() {
        return (float) (1 / (1 - dropProbability));
    }

    /** The step of the dense network. */
    static TorchStep dense(Problem problem) {
        return new TorchStep(problem, HiddenForm.DENSE, Problem.DROP_PROBABILITY);
    }

    @Override
    public double run() {
        try (NDManager scratch = manager.newSubManager()) {
            double loss = backward(scratch);
            for (int i = 0; i < parameters.size(); i++) {
                descend(parameters.get(i), velocities.get(i));
            }
            return loss;
        }
    }

    /** Computes the loss, and adds its gradients to those that the parameters hold. */
    private double backward(NDManager scratch) {
        scratch.tempAttachAll(features);
        try (GradientCollector tape = TorchEngine.get().newGradientCollector()) {
            NDArray loss = loss(scratch);
            tape.backward(loss);
            return loss.getFloat();
        }
    }

    /** Updates a weight in place; this is as fast as DJL's own optimizer, or a little faster. */
    private void descend(NDArray w, NDArray v) {
        float rate = (float) Problem.LEARNING_RATE;
        try (NDArray g = w.getGradient()) {
            if (problem.momentum() == 0) {
                w.subi(g.muli(rate));
            } else {
                v.muli(problem.momentum()).addi(g);
                try (NDArray change = v.mul(rate)) {
                    w.subi(change);
                }
            }
            JniUtils.zeroGrad((PtNDArray) w);
        }
    }

    private NDArray loss(NDManager scratch) {
        NDArray x = features;
        for (int i = 0; i < problem.layers(); i++) {
            NDArray w = parameters.get(2 * i);
            NDArray b = parameters.get(2 * i + 1);
            if (!problem.isHidden(i)) {
                x = linear(x, w, b);
            } else {
                NDArray z = switch (form) {
                    case DENSE -> linear(x, w, b);
                    case PACKAGE -> packageFormula(scratch, i, x, w, b);
                    case BY_EXAMPLE -> byExample(scratch, i, x, w, b);
                    case PER_BATCH -> linear(x, shared(scratch, i, w), b);
                };
                x = Activation.relu(z);
            }
        }
        return problem.classifies()
                ? x.logSoftmax(1).gather(labels, 1).mean().neg()
                : x.sub(targets).square().mean();
    }

    private static NDArray linear(NDArray x, NDArray w, NDArray b) {
        return Linear.linear(x, w, b).head();
    }

    /** The package's formula Y = bmm(W ⊙ M, X) + b, in the faster orientation of the product, 25 ms against 82. */
    private NDArray packageFormula(NDManager scratch, int layer, NDArray x, NDArray w, NDArray b) {
        long l = problem.out(layer);
        long d = problem.in(layer);
        NDArray mask;
        if (!given.isEmpty()) {
            mask = given(scratch, layer, new NDIndex());
        } else {
            try (NDArray uniform = scratch.randomUniform(0, 1, new Shape(problem.batch(), l, d));
                    NDArray kept = uniform.gte(dropProbability)) {
                mask = kept.toType(DataType.FLOAT32, false).muli(keptValue());
            }
        }
        return x.expandDims(1)
                .batchMatMul(mask.mul(w).transpose(0, 2, 1))
                .squeeze(1)
                .add(b);
    }

    /** The product row by row: row n is (W ⊙ Mₙ) xₙ + b. */
    private NDArray byExample(NDManager scratch, int layer, NDArray x, NDArray w, NDArray b) {
        NDList examples = x.split(problem.batch());
        NDList rows = new NDList();
        for (int n = 0; n < examples.size(); n++) {
            NDArray mask = mask(scratch, layer, new NDIndex().addIndices(n), problem.out(layer));
            rows.add(mask.mul(w).matMul(examples.get(n).reshape(problem.in(layer))));
        }
        return NDArrays.stack(rows).add(b);
    }

    private NDArray shared(NDManager scratch, int layer, NDArray w) {
        return mask(scratch, layer, new NDIndex().addIndices(0), problem.out(layer))
                .mul(w);
    }

    /** A mask with this many rows, drawn from the table, or the part of the injected mask that {@code part} selects. */
    private NDArray mask(NDManager scratch, int layer, NDIndex part, long rows) {
        if (!given.isEmpty()) {
            return given(scratch, layer, part);
        }
        long columns = problem.in(layer);
        long count = rows * columns;
        try (NDArray numbers = scratch.randomInteger(
                0, table.getShape().get(0), new Shape((count + digits - 1) / digits), DataType.INT64)) {
            return Embedding.embedding(numbers, table, SparseFormat.DENSE)
                    .head()
                    .flatten()
                    .get(new NDIndex().addSliceDim(0, count))
                    .reshape(rows, columns);
        }
    }

    private NDArray given(NDManager scratch, int layer, NDIndex part) {
        NDArray all = given.get(layer);
        try (NDArray wanted = part.getRank() == 0 ? all.duplicate() : all.get(part)) {
            NDArray mask = wanted.toType(DataType.FLOAT32, true).muli(keptValue());
            mask.attach(scratch);
            return mask;
        }
    }

    /** Uses these masks from now on instead of drawing. */
    void inject(List<Mask> masks) {
        given.clear();
        for (Mask mask : masks) {
            ByteBuffer entries = manager.allocateDirect(mask.examples() * mask.outputs() * mask.inputs());
            for (int n = 0; n < mask.examples(); n++) {
                for (int j = 0; j < mask.outputs(); j++) {
                    for (int q = 0; q < mask.inputs(); q++) {
                        entries.put((byte) (mask.keeps(n, j, q) ? 1 : 0));
                    }
                }
            }
            given.add(manager.create(
                    entries.rewind(), new Shape(mask.examples(), mask.outputs(), mask.inputs()), DataType.BOOLEAN));
        }
    }

    @Override
    public LossAndGradients gradients() {
        try (NDManager scratch = manager.newSubManager()) {
            double loss = backward(scratch);
            List<float[]> all = new ArrayList<>();
            for (NDArray parameter : parameters) {
                try (NDArray gradient = parameter.getGradient()) {
                    all.add(gradient.toFloatArray());
                    JniUtils.zeroGrad((PtNDArray) parameter);
                }
            }
            return new LossAndGradients(loss, all);
        }
    }

    @Override
    public List<float[]> parameters() {
        return parameters.stream().map(NDArray::toFloatArray).toList();
    }

    @Override
    public void close() {
        manager.close();
    }
}
