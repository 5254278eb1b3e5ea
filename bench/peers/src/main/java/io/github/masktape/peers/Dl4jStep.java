// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.peers;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.weightnoise.IWeightNoise;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.nativeblas.NativeOpsHolder;

/** The training step in DL4J. */
final class Dl4jStep implements TrainingSide {
    private final Problem problem;
    private final INDArray features;
    private final INDArray targets;
    private final MultiLayerNetwork net;

    /** The step of a network whose hidden layers apply {@code noise} to their weights, unless it is null. */
    Dl4jStep(Problem problem, @Nullable IWeightNoise noise) {
        this.problem = problem;
        features = matrix(problem.features(), problem.batch());
        targets = matrix(problem.targets(), problem.batch());
        var layers = new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.FLOAT)
                .updater(
                        problem.momentum() == 0
                                ? new Sgd(Problem.LEARNING_RATE)
                                : new Nesterovs(Problem.LEARNING_RATE, problem.momentum()))
                .list();
        for (int i = 0; i < problem.layers(); i++) {
            if (problem.isHidden(i)) {
                layers.layer(new DenseLayer.Builder()
                        .nIn(problem.in(i))
                        .nOut(problem.out(i))
                        .activation(Activation.RELU)
                        .weightNoise(noise)
                        .build());
            } else {
                layers.layer(new OutputLayer.Builder(problem.classifies() ? LossFunction.MCXENT : LossFunction.MSE)
                        .nIn(problem.in(i))
                        .nOut(problem.out(i))
                        .activation(problem.classifies() ? Activation.SOFTMAX : Activation.IDENTITY)
                        .build());
            }
        }
        net = new MultiLayerNetwork(layers.build());
        net.init();
        for (int i = 0; i < problem.layers(); i++) {
            net.getParam(i + "_W")
                    .assign(matrix(problem.weights().get(i), problem.out(i)).transpose());
            net.getParam(i + "_b").assign(0);
        }
    }

    static void setThreads(int threads) {
        Nd4j.getEnvironment().setMaxThreads(threads);
        Nd4j.getEnvironment().setMaxMasterThreads(threads);
        NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
        Nd4j.factory().blas().setMaxThreads(threads);
    }

    private static INDArray matrix(float[] values, int rows) {
        return Nd4j.createFromArray(values).reshape(rows, values.length / rows);
    }

    @Override
    public double run() {
        net.fit(features, targets);
        return net.score();
    }

    /** The loss and the gradients. DL4J's are sums over the batch until its updater divides them. */
    @Override
    public LossAndGradients gradients() {
        net.setInput(features);
        net.setLabels(targets);
        net.computeGradientAndScore();
        List<float[]> all = new ArrayList<>();
        for (int i = 0; i < problem.layers(); i++) {
            all.add(flat(net.gradient().getGradientFor(i + "_W").transpose().div(problem.batch())));
            all.add(flat(net.gradient().getGradientFor(i + "_b").div(problem.batch())));
        }
        return new LossAndGradients(net.score(), all);
    }

    @Override
    public List<float[]> parameters() {
        List<float[]> all = new ArrayList<>();
        for (int i = 0; i < problem.layers(); i++) {
            all.add(flat(net.getParam(i + "_W").transpose()));
            all.add(flat(net.getParam(i + "_b")));
        }
        return all;
    }

    /** The elements of an array, row by row. */
    static float[] flat(INDArray array) {
        return array.dup('c').data().asFloat();
    }
}
