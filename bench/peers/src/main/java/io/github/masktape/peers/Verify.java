// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.peers;

import io.github.masktape.layers.MaskSharing;
import io.github.masktape.tensor.Mask;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.conf.weightnoise.IWeightNoise;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Checks, before anything is measured, that the sides compute the same: loss and gradients from equal weights, batch
 * and masks, and the weights after three dense steps. Then it shows what DL4J's DropConnect computes instead.
 */
final class Verify {
    /**
     * The tolerance, relative to the largest element of a gradient or weight matrix. Adding 800 float products in
     * another order changes a sum by about 10⁻⁶ of it; a wrong factor, mask or sign changes it by 10⁻¹ or more.
     */
    private static final double TOLERANCE = 2e-5;

    private boolean failed;

    private Verify() {}

    /** Runs all checks; the exit code is 1 if two sides that should agree do not. */
    public static void main(String[] args) {
        System.exit(new Verify().run() ? 0 : 1);
    }

    private boolean run() {
        System.out.printf(
                Locale.ROOT,
                "Same weights, batch and masks. Largest difference, relative to the largest element; at most %.0e:%n",
                TOLERANCE);
        for (Problem problem : List.of(Problem.digits(), Problem.small())) {
            String name = problem.classifies() ? "784-800-800-10" : "2-16-16-1";
            dense(name + " dense, torch", TorchStep.dense(problem), MasktapeStep.dense(problem));
            dense(name + " dense, dl4j", new Dl4jStep(problem, null), MasktapeStep.denseNesterov(problem));
        }
        masked("torch-by-example", TorchStep.HiddenForm.BY_EXAMPLE, MaskSharing.PER_EXAMPLE, 0.5);
        masked("torch-by-example", TorchStep.HiddenForm.BY_EXAMPLE, MaskSharing.PER_EXAMPLE, 0.2);
        masked("torch-package", TorchStep.HiddenForm.PACKAGE, MaskSharing.PER_EXAMPLE, 0.5);
        masked("one mask a batch, torch", TorchStep.HiddenForm.PER_BATCH, MaskSharing.PER_BATCH, 0.5);
        showDl4jDropConnect();
        return !failed;
    }

    private void dense(String what, TrainingSide peer, TrainingSide ours) {
        compare(what, peer.gradients(), ours.gradients());
        for (int i = 0; i < 3; i++) {
            peer.run();
            ours.run();
        }
        check(what + ", after 3 steps", "weights", difference(peer.parameters(), ours.parameters()));
        peer.close();
    }

    private void masked(String what, TorchStep.HiddenForm form, MaskSharing masks, double dropProbability) {
        Problem problem = Problem.digits();
        MasktapeStep ours = new MasktapeStep(problem, masks, dropProbability);
        try (TorchStep peer = new TorchStep(problem, form, dropProbability)) {
            List<Mask> drawn = ours.masks();
            peer.inject(drawn);
            compare("DropConnect p = " + dropProbability + ", " + what, peer.gradients(), ours.gradients());
        }
    }

    private void compare(String what, TrainingSide.LossAndGradients theirs, TrainingSide.LossAndGradients ours) {
        check(what, "loss", Math.abs(theirs.loss() - ours.loss()) / Math.abs(ours.loss()));
        check(what, "gradients", difference(theirs.gradients(), ours.gradients()));
    }

    private void check(String what, String of, double difference) {
        boolean agrees = difference <= TOLERANCE;
        failed |= !agrees;
        System.out.printf(
                Locale.ROOT, "  %-44s %-10s %.1e  %s%n", what, of, difference, agrees ? "ok" : "FAILED: they differ");
    }

    private static double difference(List<float[]> theirs, List<float[]> ours) {
        double worst = theirs.size() == ours.size() ? 0 : Double.NaN;
        for (int i = 0; i < ours.size(); i++) {
            double largest = 0;
            double difference = theirs.get(i).length == ours.get(i).length ? 0 : Double.NaN;
            for (int j = 0; j < ours.get(i).length; j++) {
                largest = Math.max(largest, Math.abs(ours.get(i)[j]));
                difference = Math.max(difference, Math.abs(theirs.get(i)[j] - ours.get(i)[j]));
            }
            worst = Math.max(worst, largest == 0 ? difference : difference / largest);
        }
        return worst;
    }

    /** Shows what DL4J calls DropConnect, in one step with plain numbers. */
    private static void showDl4jDropConnect() {
        Problem problem = Problem.digits();
        ObservedNoise noise = new ObservedNoise(new DropConnect(1 - Problem.DROP_PROBABILITY));
        try (Dl4jStep dl4j = new Dl4jStep(problem, noise)) {
            List<float[]> before = dl4j.parameters();
            dl4j.run();
            List<float[]> after = dl4j.parameters();
            System.out.println("DL4J's DropConnect is another method; it is timed, not checked. In one step of "
                    + problem.batch() + " examples:");
            for (int i = 0; problem.isHidden(i); i++) {
                report(i, before.get(2 * i), noise.seen(i), after.get(2 * i), noise.count(i));
            }
        }
    }

    private static void report(int layer, float[] before, float[] seen, float[] after, int masks) {
        int dropped = 0;
        int moved = 0;
        double scale = 0;
        for (int j = 0; j < before.length; j++) {
            if (before[j] != 0 && seen[j] == 0) {
                dropped++;
                moved += before[j] == after[j] ? 0 : 1;
            } else if (before[j] != 0) {
                scale += seen[j] / before[j];
            }
        }
        System.out.printf(
                Locale.ROOT,
                "  layer %d: masks drawn %d, dropped weights %d, of these changed by the step %d (the law: 0),%n"
                        + "           kept weights multiplied by %.2f (inverted scaling: %.2f)%n",
                layer,
                masks,
                dropped,
                moved,
                scale / (before.length - dropped),
                1 / (1 - Problem.DROP_PROBABILITY));
    }

    /** Passes every call to DL4J's own weight noise, and records the weights that it returns. */
    private static final class ObservedNoise implements IWeightNoise {
        private static final long serialVersionUID = 1;

        private final IWeightNoise noise;
        private final transient Map<Integer, float[]> seen = new HashMap<>();
        private final transient Map<Integer, Integer> counts = new HashMap<>();

        ObservedNoise(IWeightNoise noise) {
            this.noise = noise;
        }

        float[] seen(int layer) {
            return seen.getOrDefault(layer, new float[0]);
        }

        int count(int layer) {
            return counts.getOrDefault(layer, 0);
        }

        @Override
        public INDArray getParameter(
                Layer layer, String key, int iteration, int epoch, boolean train, LayerWorkspaceMgr memory) {
            INDArray noisy = noise.getParameter(layer, key, iteration, epoch, train, memory);
            if (train && key.equals("W")) {
                seen.put(layer.getIndex(), Dl4jStep.flat(noisy.transpose()));
                counts.merge(layer.getIndex(), 1, Integer::sum);
            }
            return noisy;
        }

        /** This object itself, although DL4J asks for a copy of its configuration: the observer must stay the same. */
        @Override
        @SuppressWarnings("MethodDoesntCallSuperMethod")
        public IWeightNoise clone() {
            return this;
        }
    }
}
