// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.peers;

import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.layers.DropConnect;
import io.github.masktape.layers.Linear;
import io.github.masktape.layers.MaskSharing;
import io.github.masktape.layers.ReLU;
import io.github.masktape.layers.Sequential;
import io.github.masktape.optim.LearningRate;
import io.github.masktape.optim.SGD;
import io.github.masktape.tensor.Compute;
import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Workspace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The training step in Masktape. */
final class MasktapeStep implements TrainingSide {
    private final Problem problem;
    private final Workspace workspace = new Workspace();
    private final Tensor features;
    private final Tensor targets;
    private final Sequential net;
    private final SGD sgd;
    private long step;

    MasktapeStep(Problem problem, MaskSharing masks, double dropProbability) {
        this(problem, masks, dropProbability, false);
    }

    /** @param masks null for the dense network */
    private MasktapeStep(Problem problem, @Nullable MaskSharing masks, double dropProbability, boolean nesterov) {
        this.problem = problem;
        features = Tensor.of(problem.features(), problem.batch(), problem.in(0));
        targets = Tensor.of(problem.targets(), problem.batch(), problem.out(problem.layers() - 1));
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < problem.layers(); i++) {
            Tensor weight = Tensor.of(problem.weights().get(i), problem.out(i), problem.in(i));
            Tensor bias = Tensor.of(new float[problem.out(i)], problem.out(i));
            layers.add(problem.isHidden(i) ? hidden(masks, dropProbability, weight, bias) : Linear.of(weight, bias));
            if (problem.isHidden(i)) {
                layers.add(new ReLU());
            }
        }
        net = Sequential.of(layers);
        SGD plain = new SGD(net.parameters(), LearningRate.constant(Problem.LEARNING_RATE))
                .withMomentum(problem.momentum());
        sgd = nesterov ? plain.withNesterov() : plain;
    }

    /** The step of the dense network. */
    static MasktapeStep dense(Problem problem) {
        return new MasktapeStep(problem, null, 0, false);
    }

    /** The step of the dense network with Nesterov momentum, the only kind that DL4J has. */
    static MasktapeStep denseNesterov(Problem problem) {
        return new MasktapeStep(problem, null, 0, true);
    }

    static void setThreads(int threads) {
        Compute.setThreads(threads);
    }

    private static Layer hidden(@Nullable MaskSharing masks, double dropProbability, Tensor weight, Tensor bias) {
        return masks == null
                ? Linear.of(weight, bias)
                : DropConnect.of(weight, bias, dropProbability).withMaskSharing(masks);
    }

    @Override
    public double run() {
        Tape tape = new Tape(workspace);
        Variable loss = loss(tape, Pass.training(1, step++));
        double value = loss.value().item();
        sgd.step(tape.backward(loss));
        return value;
    }

    private Variable loss(Tape tape, Pass pass) {
        Variable y = net.forward(tape.constant(features), pass);
        return problem.classifies()
                ? Ops.softmaxCrossEntropy(y, problem.labels())
                : Ops.meanSquaredError(y, tape.constant(targets));
    }

    @Override
    public LossAndGradients gradients() {
        Tape tape = new Tape();
        Variable loss = loss(tape, Pass.training(1, step));
        Gradients gradients = tape.backward(loss);
        List<float[]> all = new ArrayList<>();
        for (Parameter parameter : net.parameters().values()) {
            all.add(gradients.of(parameter).toFloatArray());
        }
        return new LossAndGradients(loss.value().item(), all);
    }

    /** The masks that {@link #gradients} draws, for the DropConnect layers in order. */
    List<Mask> masks() {
        Pass pass = Pass.training(1, step);
        List<Mask> masks = new ArrayList<>();
        for (int i = 0; i < net.layers().size(); i++) {
            if (net.layers().get(i) instanceof DropConnect layer) {
                masks.add(layer.mask(problem.batch(), pass.child(i)));
            }
        }
        return masks;
    }

    @Override
    public List<float[]> parameters() {
        return net.parameters().values().stream()
                .map(parameter -> parameter.value().toFloatArray())
                .toList();
    }
}
