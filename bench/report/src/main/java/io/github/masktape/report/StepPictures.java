// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.report;

import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.data.Batch;
import io.github.masktape.data.Dataset;
import io.github.masktape.layers.DropConnect;
import io.github.masktape.layers.Sequential;
import io.github.masktape.loss.Loss;
import io.github.masktape.picture.Heatmap;
import io.github.masktape.picture.TapePicture;
import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.text.Decimal;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The pictures of a training step: the values that flow forward and back when a network learns from a few examples.
 *
 * @param batch the examples as the network's input
 * @param number the number of the step, which determines the masks
 * @param loss the loss of the training
 */
public record StepPictures(Dataset batch, long number, Loss loss) {
    private static final int MOST_EXAMPLES = 2;
    private static final int MOST_OUTPUTS = 12;

    /** A step on the first two examples of a training set, or on one if there are no more. */
    public static StepPictures first(Dataset training, long number, Loss loss) {
        return new StepPictures(
                training.select(IntStream.range(0, Math.min(MOST_EXAMPLES, training.size()))
                        .toArray()),
                number,
                loss);
    }

    /** A layer with masks, and its pass. */
    private record MaskedLayer(DropConnect layer, Pass pass, boolean seesFeatures) {}

    /**
     * The tape with the norms of its gradients, and the masks of the first layer that has any.
     *
     * @param seed the seed of the masks
     * @param examples determine whether features are pixels
     */
    String html(Sequential net, long seed, ShownExamples examples) {
        Pass pass = Pass.training(seed, number);
        Tape tape = new Tape();
        Variable output = net.forward(tape.constant(batch.features()), pass);
        Variable value = loss.of(output, new Batch(batch));
        Gradients gradients = tape.backward(value);
        String text = "What one step of training computes with these weights, for the first "
                + (batch.size() == 1 ? "example" : batch.size() + " examples")
                + " of the training set and the masks of step " + Decimal.grouped(number)
                + ". It goes forward from top to bottom, to the loss, and back against the arrows. A box is a value, with"
                + " the operation that made it and its shape: double are the weights and biases, dashed what is given."
                + " ‖∇‖ is the norm of the gradient of the loss, "
                + NumberFormats.plain(value.value().item())
                + ", at that value. Where it is 0, nothing is learned.";
        MaskedLayer first = first(net, pass);
        return Html.section(
                "One training step",
                Html.note(text),
                Html.drawing(
                        "The tape of one training step",
                        TapePicture.of(gradients).toSvg()),
                first == null ? "" : masked(first, gradients, examples));
    }

    private static @Nullable MaskedLayer first(Sequential net, Pass pass) {
        List<Sequential.Leaf> leaves = net.leaves(pass);
        for (int i = 0; i < leaves.size(); i++) {
            if (leaves.get(i).layer() instanceof DropConnect masked) {
                return new MaskedLayer(masked, leaves.get(i).pass(), i == 0);
            }
        }
        return null;
    }

    private String masked(MaskedLayer first, Gradients gradients, ShownExamples examples) {
        DropConnect layer = first.layer();
        Mask mask = layer.mask(batch.size(), first.pass());
        Tensor gradient = gradients.of(layer.weight());
        boolean shared = mask.examples() < batch.size();
        boolean arePixels = first.seesFeatures() && examples.areImages();
        int rows = arePixels ? examples.rows() : Math.min(MOST_OUTPUTS, mask.outputs());
        int columns = arePixels ? examples.columns() : mask.inputs();
        int[] outputs = strongest(gradient, arePixels ? 1 : rows);
        boolean[][][] kept = new boolean[mask.examples()][rows][columns];
        double[] scales = Arrays.stream(outputs).mapToDouble(mask::scale).toArray();
        double[] values = new double[rows * columns];
        for (int i = 0; i < values.length; i++) {
            int output = outputs[i / mask.inputs()];
            int input = i % mask.inputs();
            values[i] = gradient.get(output, input);
            for (int n = 0; n < kept.length; n++) {
                kept[n][i / columns][i % columns] = mask.keeps(n, output, input);
            }
        }
        return "<h3>Its masks, and what they let through</h3>\n"
                + Html.note("The first layer with masks is " + layer + ". Shown " + shown(arePixels, outputs, mask)
                        + (shared
                                ? " One mask M serves the whole batch: it is"
                                : " Each example n has a mask Mₙ of its own:")
                        + " 0 where a connection is dropped and " + scales(scales)
                        + " where it is kept. Jₙ = dyₙ xₙᵀ, the gradient at the masked weights, is what example n"
                        + " teaches; a weight learns it through the mask. A connection "
                        + (shared ? "that is dropped" : "that is dropped for every example")
                        + " learns nothing in this step.")
                + "<div class=\"drawings\">\n"
                + Html.drawing(
                        shared ? "The mask" : "The masks",
                        Heatmap.of(Mask.of(kept, scales))
                                .titled(shared ? "M" : "Mₙ")
                                .toSvg())
                + Html.drawing(
                        "The gradient of the weights",
                        Heatmap.of(Tensor.of(values, rows, columns))
                                .titled("∂L/∂W = " + (shared ? "(Σₙ Jₙ) ⊙ M" : "Σₙ Jₙ ⊙ Mₙ"))
                                .toSvg())
                + "</div>\n";
    }

    /** The value of a kept connection, or the range of values if the shown outputs differ. */
    private static String scales(double... scales) {
        double least = Arrays.stream(scales).min().orElseThrow();
        double greatest = Arrays.stream(scales).max().orElseThrow();
        return least == greatest
                ? NumberFormats.plain(least)
                : "the scale of its output, " + NumberFormats.plain(least) + " to " + NumberFormats.plain(greatest)
                        + ",";
    }

    private static String shown(boolean arePixels, int[] outputs, Mask mask) {
        if (arePixels) {
            return "are the connections of its output " + outputs[0] + ", which has the greatest gradient, each at the"
                    + " place of the pixel that it comes from.";
        }
        String rows = outputs.length < mask.outputs()
                ? "are the " + outputs.length + " of its " + Decimal.grouped(mask.outputs())
                        + " outputs with the greatest gradients, "
                        + Arrays.stream(outputs).mapToObj(Integer::toString).collect(Collectors.joining(", "))
                        + ", as rows"
                : "are its outputs as rows";
        return rows + ", and its inputs as columns.";
    }

    /** The outputs whose weights have the largest gradients, in ascending order. */
    private static int[] strongest(Tensor gradient, int most) {
        return IntStream.range(0, gradient.shape().dim(0))
                .boxed()
                .sorted(Comparator.comparingDouble(
                        (Integer j) -> -gradient.row(j).sumOfSquares()))
                .limit(most)
                .mapToInt(j -> j)
                .sorted()
                .toArray();
    }
}
