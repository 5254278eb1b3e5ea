// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.explorer;

import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.data.Batch;
import io.github.masktape.data.Batches;
import io.github.masktape.data.GeneratedDigits;
import io.github.masktape.layers.DropConnect;
import io.github.masktape.layers.Dropout;
import io.github.masktape.layers.Linear;
import io.github.masktape.layers.ReLU;
import io.github.masktape.layers.Sequential;
import io.github.masktape.optim.LearningRate;
import io.github.masktape.optim.SGD;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.Workspace;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * A training run whose weights have the same bits everywhere; hashes compare the browser's weights with those of JVMs.
 *
 * <p>The network is 784-65-63-10 with DropConnect and dropout, the batch has 33 examples: sizes that are no multiple of
 * any vector length or thread count. The first layer's products are 1.7 million multiply-adds, large enough to be split
 * over seven threads; the second's are small enough for one.
 */
public final class ReferenceTraining {
    /** The number of steps of the training. */
    public static final int STEPS = 200;

    private static final int BATCH = 33;

    private ReferenceTraining() {}

    /** The hash of {@link #weights}. */
    public static String sha256(int steps) {
        return sha256(weights(steps));
    }

    /** All parameters after this many steps; a browser computes them too. */
    public static float[] weights(int steps) {
        Initializer init = Initializer.heUniform(1);
        Layer net = Sequential.of(
                DropConnect.of(784, 65, 0.5, init),
                new ReLU(),
                new Dropout(0.2),
                DropConnect.of(65, 63, 0.3, init),
                new ReLU(),
                Linear.of(63, 10, init));
        SGD sgd = new SGD(net.parameters(), LearningRate.cosine(0.05, STEPS))
                .withMomentum(0.9)
                .withWeightDecay(1e-4);
        Batches batches = Batches.of(GeneratedDigits.of(10 * BATCH, 1), BATCH).withShuffling(1);
        Workspace workspace = new Workspace();
        int step = 0;
        for (int epoch = 1; step < steps; epoch++) {
            for (Batch batch : batches.epoch(epoch)) {
                if (step++ < steps) {
                    Tape tape = new Tape(workspace);
                    Variable logits = net.forward(tape.constant(batch.features()), Pass.training(1, batch.step()));
                    sgd.step(tape.backward(Ops.softmaxCrossEntropy(logits, batch.labels())));
                }
            }
        }
        List<Parameter> parameters = List.copyOf(net.parameters().values());
        int size = parameters.stream().mapToInt(w -> w.shape().size()).sum();
        float[] weights = new float[size];
        int at = 0;
        for (Parameter parameter : parameters) {
            float[] values = parameter.value().toFloatArray();
            System.arraycopy(values, 0, weights, at, values.length);
            at += values.length;
        }
        return weights;
    }

    /** The hash of the bytes of these numbers, big-endian. */
    public static String sha256(float[] weights) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * weights.length);
        bytes.asFloatBuffer().put(weights);
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
