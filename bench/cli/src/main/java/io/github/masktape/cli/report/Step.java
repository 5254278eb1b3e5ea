package io.github.masktape.cli.report;

import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.data.Dataset;
import io.github.masktape.layers.DropConnect;
import io.github.masktape.layers.Sequential;
import io.github.masktape.tensor.Heatmap;
import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.Tensor;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A training step to be drawn: what goes forward and back when a network learns from a few examples.
 *
 * @param batch the examples, as the network sees them
 * @param number of the step: it draws the masks
 * @param labelSmoothing as {@link Ops#smoothedCrossEntropy} takes it
 */
public record Step(Dataset batch, long number, double labelSmoothing) {
    private static final int MOST = 2;

    /** A step on the first examples of a training set: two, if there are as many. */
    public static Step first(Dataset training, long number, double labelSmoothing) {
        return new Step(
                training.select(
                        IntStream.range(0, Math.min(MOST, training.size())).toArray()),
                number,
                labelSmoothing);
    }

    /** A layer that masks, and the pass that it is given. */
    private record Masked(DropConnect layer, Pass pass, boolean seesFeatures) {}

    /**
     * The tape with the norms of its gradients, and what the first layer that masks has to do with it.
     *
     * @param seed of the masks
     * @param examples tell whether features are pixels
     */
    String html(Sequential net, long seed, Examples examples) {
        Pass pass = Pass.training(seed, number);
        Tape tape = new Tape();
        Variable output = net.forward(tape.constant(batch.features()), pass);
        Variable loss = loss(tape, output);
        Gradients gradients = tape.backward(loss);
        String text = "What one step of training computes with these weights, for the first "
                + (batch.size() == 1 ? "example" : batch.size() + " examples")
                + " of the training set and the masks of step " + Numbers.grouped(number)
                + ". It goes forward from top to bottom, to the loss, and back along the arrows. A box is a value, with"
                + " the operation that made it and its shape: double are the weights and biases, dashed what is given."
                + " ‖∇‖ is the norm of the gradient of the loss, "
                + Numbers.plain(loss.value().item())
                + ", at that value. Where it is 0, nothing is learned.";
        Masked first = first(net, pass, true);
        return Html.section(
                "One training step",
                Html.note(text),
                Html.drawing("The tape of one training step", gradients.toSvg()),
                first == null ? "" : masked(first, gradients, examples));
    }

    private Variable loss(Tape tape, Variable output) {
        if (batch.isRegression()) {
            return Ops.meanSquaredError(output, tape.constant(batch.targets()));
        }
        return labelSmoothing == 0
                ? Ops.softmaxCrossEntropy(output, batch.labels())
                : Ops.smoothedCrossEntropy(output, batch.labels(), labelSmoothing);
    }

    private static @Nullable Masked first(Sequential net, Pass pass, boolean seesFeatures) {
        boolean sees = seesFeatures;
        for (int i = 0; i < net.layers().size(); i++) {
            Layer layer = net.layers().get(i);
            Masked found = null;
            if (layer instanceof Sequential inner) {
                found = first(inner, pass.child(i), sees);
            } else if (layer instanceof DropConnect masked) {
                found = new Masked(masked, pass.child(i), sees);
            }
            if (found != null) {
                return found;
            }
            sees = false;
        }
        return null;
    }

    private String masked(Masked first, Gradients gradients, Examples examples) {
        DropConnect layer = first.layer();
        Mask mask = layer.mask(batch.size(), first.pass());
        Tensor gradient = gradients.of(layer.weight());
        boolean asImages =
                first.seesFeatures() && examples.areImages() && examples.rows() * examples.columns() == mask.inputs();
        Heatmap maskMap = Heatmap.of(mask);
        Heatmap gradientMap = Heatmap.of(gradient);
        String which = "rows are its " + Numbers.grouped(mask.outputs()) + " outputs, columns its "
                + Numbers.grouped(mask.inputs()) + " inputs.";
        if (asImages) {
            int unit = strongest(gradient);
            int rows = examples.rows();
            int columns = examples.columns();
            double[] kept = new double[mask.examples() * mask.inputs()];
            for (int k = 0; k < kept.length; k++) {
                kept[k] = mask.keeps(k / mask.inputs(), unit, k % mask.inputs()) ? mask.scale() : 0;
            }
            maskMap = Heatmap.of(Tensor.of(kept, mask.examples(), rows, columns));
            gradientMap = Heatmap.of(gradient.row(unit).reshape(rows, columns));
            which = "only the connections of output " + unit + " are shown, which has the greatest gradient of "
                    + Numbers.grouped(mask.outputs()) + ", each at the place of the pixel it comes from.";
        }
        boolean shared = mask.examples() < batch.size();
        String sum = "∂L/∂W = " + (shared ? "(Σₙ Jₙ) ⊙ M" : "Σₙ Jₙ ⊙ Mₙ");
        String note = "The first layer with masks, " + layer + "; " + which + " "
                + (shared ? "The mask M, which the whole batch shares," : "Each example n has a mask Mₙ of its own: it")
                + " is 0 where a connection is dropped and " + Numbers.plain(mask.scale())
                + " where it is kept. Jₙ = dyₙ xₙᵀ is what example n alone would teach the weights it saw; "
                + (shared
                        ? "where M is 0, nothing is learned in this step."
                        : "where Mₙ is 0, example n teaches nothing, and where all are 0, nothing is learned in this"
                                + " step.");
        return "<h3>Its masks, and what they let through</h3>\n"
                + Html.note(note)
                + "<div class=\"charts\">\n"
                + Html.drawing(
                        shared ? "The mask" : "The masks",
                        maskMap.titled(shared ? "M" : "Mₙ").toSvg())
                + Html.drawing(
                        "The gradient of the weights", gradientMap.titled(sum).toSvg())
                + "</div>\n";
    }

    /** The output whose weights have the greatest gradient. */
    private static int strongest(Tensor gradient) {
        int strongest = 0;
        double most = -1;
        for (int j = 0; j < gradient.shape().dim(0); j++) {
            double squares = gradient.row(j).sumOfSquares();
            if (squares > most) {
                most = squares;
                strongest = j;
            }
        }
        return strongest;
    }
}
