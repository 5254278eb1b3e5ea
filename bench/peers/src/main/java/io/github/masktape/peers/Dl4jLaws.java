// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.peers;

import io.github.masktape.conformance.Case;
import io.github.masktape.conformance.Claim;
import io.github.masktape.conformance.Conformance;
import io.github.masktape.conformance.ConformanceReport;
import io.github.masktape.conformance.Implementation;
import io.github.masktape.conformance.PassResult;
import io.github.masktape.conformance.TrainingLayer;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.conf.weightnoise.IWeightNoise;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

/**
 * Checks DL4J's DropConnect against the laws of the conformance kit. The laws that it breaks are known and listed here;
 * the exit code is 1 if it breaks any other law.
 *
 * <p>Its layer draws masks by {@code DropConnect(1 − p)}. Its training pass under given masks is the same layer with an
 * {@code IWeightNoise} that returns W ⊙ M, so the gradients are those of DL4J's backpropagation through weight noise.
 * It has no inference that averages over masks.
 */
final class Dl4jLaws {
    /** The laws that DL4J 1.0.0-M2.1 breaks. */
    static final List<String> BROKEN = List.of(
            "theGradientOfWIsTheSumOfJMaskedByM",
            "forOneExampleTheGradientOfWIsJMaskedByM",
            "droppedWeightsReceiveExactlyZeroGradient",
            "keptWeightsReceiveTheirGradientTimesTheScale",
            "everyGradientAgreesWithDifferencesOfTheOutputs",
            "entriesAreZeroOrTheScale",
            "theMeanOfMIsOne",
            "impossibleProbabilitiesAreRefused",
            "backwardUsesTheMaskOfForward");

    /** The laws of masks and layer that it breaks if biases are dropped too; the training pass is not checked again. */
    static final List<String> BROKEN_WITH_BIASES = List.of(
            "entriesAreZeroOrTheScale",
            "theMeanOfMIsOne",
            "impossibleProbabilitiesAreRefused",
            "backwardUsesTheMaskOfForward",
            "inferenceDropsNothing");

    private static final int TRIES = 30;

    private Dl4jLaws() {}

    /** Checks the layer with and without dropped biases, and prints both reports. */
    public static void main(String[] args) {
        ConformanceReport weights = check(false);
        ConformanceReport biases = check(true);
        System.out.println(weights + "\n\n" + biases);
        boolean asKnown = weights.broken().equals(BROKEN) && biases.broken().equals(BROKEN_WITH_BIASES);
        System.out.println(
                asKnown
                        ? "\nThese laws, and no others, are known to be broken there."
                        : "\nexpected to be broken: " + BROKEN + "\nwith biases: " + BROKEN_WITH_BIASES);
        System.exit(asKnown ? 0 : 1);
    }

    /** DL4J's layer under all laws, with or without its {@code applyToBiases}. */
    static ConformanceReport check(boolean applyToBiases) {
        Implementation dl4j = Implementation.named(
                        "DL4J 1.0.0-M2.1, DropConnect" + (applyToBiases ? " with applyToBiases" : ""))
                .layer((w, b, p, seed) -> new Dense(w, b, new DropConnect(1 - p, applyToBiases), seed))
                .claiming(Claim.ONE_MASK_A_BATCH);
        return Conformance.check(
                applyToBiases ? dl4j : dl4j.backprop(c -> new Dense(c.w(), c.b(), new Given(c), 1).step(c.x(), c.dy())),
                TRIES);
    }

    /** A single dense layer of DL4J, in double. */
    private static final class Dense implements TrainingLayer {
        private final LayerWorkspaceMgr memory = LayerWorkspaceMgr.noWorkspaces();
        private final MultiLayerNetwork net;

        Dense(double[][] w, double[] b, IWeightNoise noise, long seed) {
            net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                    .dataType(DataType.DOUBLE)
                    .updater(new NoOp())
                    .list()
                    .layer(new DenseLayer.Builder()
                            .nIn(w[0].length)
                            .nOut(w.length)
                            .activation(Activation.IDENTITY)
                            .weightNoise(noise)
                            .build())
                    .build());
            net.init();
            net.initGradientsView();
            net.getParam("0_W").assign(Nd4j.createFromArray(w).transpose());
            net.getParam("0_b").assign(Nd4j.createFromArray(b));
            Nd4j.getRandom().setSeed(seed);
        }

        @Override
        public PassResult step(double[][] x, double[][] dy) {
            Layer layer = net.getLayer(0);
            layer.setInput(Nd4j.createFromArray(x), memory);
            double[][] y = rows(layer.activate(true, memory));
            layer.setInput(Nd4j.createFromArray(x), memory);
            Pair<Gradient, INDArray> back = layer.backpropGradient(Nd4j.createFromArray(dy), memory);
            INDArray dw = back.getFirst().getGradientFor("W").transpose();
            INDArray db = back.getFirst().getGradientFor("b");
            return new PassResult(
                    y, rows(back.getSecond()), rows(dw), db.dup('c').data().asDouble());
        }

        @Override
        public double[][] predict(double[][] x) {
            return rows(net.output(Nd4j.createFromArray(x)));
        }

        private static double[][] rows(INDArray matrix) {
            INDArray copy = matrix.dup('c');
            double[] flat = copy.data().asDouble();
            int columns = (int) copy.size(1);
            double[][] rows = new double[(int) copy.size(0)][columns];
            for (int i = 0; i < rows.length; i++) {
                System.arraycopy(flat, i * columns, rows[i], 0, columns);
            }
            return rows;
        }
    }

    /** A weight noise that returns the masked weights of a case. */
    private static final class Given implements IWeightNoise {
        private static final long serialVersionUID = 1;

        private final transient INDArray mask;

        Given(Case c) {
            mask = Nd4j.createFromArray(c.mask()[0]).transpose();
        }

        @Override
        public INDArray getParameter(
                Layer layer, String key, int iteration, int epoch, boolean train, LayerWorkspaceMgr memory) {
            INDArray parameter = layer.getParam(key);
            return train && key.equals("W") ? parameter.mul(mask) : parameter;
        }

        /** This object itself, although DL4J asks for a copy of its configuration. */
        @Override
        @SuppressWarnings("MethodDoesntCallSuperMethod")
        public IWeightNoise clone() {
            return this;
        }
    }
}
