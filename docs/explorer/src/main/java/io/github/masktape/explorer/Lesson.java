// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.explorer;

import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.layers.DropConnect;
import io.github.masktape.layers.Linear;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One forward and backward pass of a small net in FLOAT64, with all of its numbers. Matrices are row-major.
 *
 * <pre>
 *   y = (W ⊙ Mₙ) xₙ + b for each example n       the composed form of DropConnect
 *   softmaxCrossEntropy:  h = relu(y),  z = h Vᵀ + c,  L = softmaxCrossEntropy(z, labels)
 *   meanSquaredError:     L = meanSquaredError(y, t)
 * </pre>
 *
 * @param settings the complete settings
 * @param loss L
 * @param scale the value of a kept entry of a mask
 * @param nodes the nodes of the tape, in the order in which they were recorded
 * @param shares a share for each mask: one for each example, or one for the batch
 * @param sum Σ Jₙ ⊙ Mₙ over the shares
 * @param gradient the tape's ∂L/∂W
 */
@SuppressWarnings("ArrayRecordComponent") // They become typed arrays and are never compared.
public record Lesson(
        LessonSettings settings,
        double loss,
        double scale,
        List<TapeNode> nodes,
        List<MaskMatrices> shares,
        double[] sum,
        double[] gradient) {
    /**
     * A node of the tape.
     *
     * @param inputs the indices of the op's inputs
     * @param gradient the gradient of the loss at the value; null for a constant
     * @param label the name in texts
     */
    public record TapeNode(
            int index,
            String op,
            int[] inputs,
            int[] shape,
            double[] value,
            double @Nullable [] gradient,
            String label) {}

    /**
     * The matrices of one mask, all hidden×inputs.
     *
     * @param m M
     * @param masked W ⊙ M
     * @param j J = ∂L/∂(W ⊙ M)
     * @param jm J ⊙ M
     */
    public record MaskMatrices(double[] m, double[] masked, double[] j, double[] jm) {}

    /**
     * A central difference quotient and the tape's gradient.
     *
     * @param h the requested half width
     * @param plus the loss with the entry + h
     * @param minus the loss with the entry − h
     * @param quotient (plus − minus)/(the distance of the two entries after rounding)
     * @param gradient the tape's
     */
    public record Difference(double h, double plus, double minus, double quotient, double gradient) {}

    /** The named variables of a forward pass, with its tape and trace. */
    private record Net(
            Tape tape,
            Variable x,
            Variable w,
            Variable b,
            @Nullable Variable v,
            @Nullable Variable c,
            Variable loss,
            DropConnect.Trace trace,
            String[] labels) {}

    /** Computes the lesson of these settings. */
    public static Lesson of(LessonSettings given) {
        LessonSettings settings = given.complete();
        Net net = forward(settings);
        Tape tape = net.tape();
        Gradients gradients = tape.backward(net.loss());
        List<TapeNode> nodes = new ArrayList<>();
        for (Tape.Node line : tape.nodes()) {
            nodes.add(node(line, net.labels()[nodes.size()], gradients));
        }
        Mask mask = net.trace().mask();
        List<MaskMatrices> shares = new ArrayList<>();
        Tensor sum = null;
        for (int n = 0; n < mask.examples(); n++) {
            Variable masked = net.trace().maskedWeights().get(n);
            Tensor j = gradients.of(masked);
            Tensor jm = j.mask(mask.example(n));
            sum = sum == null ? jm : sum.add(jm);
            shares.add(new MaskMatrices(
                    mask.example(n).toTensor(DType.FLOAT64).toDoubleArray(),
                    masked.value().toDoubleArray(),
                    j.toDoubleArray(),
                    jm.toDoubleArray()));
        }
        return new Lesson(
                settings,
                net.loss().value().item(),
                mask.scale(),
                nodes,
                shares,
                Objects.requireNonNull(sum).toDoubleArray(),
                gradients.of(net.w()).toDoubleArray());
    }

    private static TapeNode node(Tape.Node line, String label, Gradients gradients) {
        int[] inputs = new int[line.inputs().size()];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = line.inputs().get(i).index();
        }
        Variable result = line.result();
        return new TapeNode(
                result.index(),
                line.op(),
                inputs,
                result.shape().dims(),
                result.value().toDoubleArray(),
                line.kind() == Tape.NodeKind.CONSTANT
                        ? null
                        : gradients.of(result).toDoubleArray(),
                label);
    }

    /**
     * Computes the central difference quotient of the loss at one entry, under the same mask.
     *
     * @param parameter x, w, b, v or c
     * @param index the index of the entry, row-major
     */
    public static Difference difference(LessonSettings given, String parameter, int index, double h) {
        if (!(h > 0 && h <= 1)) {
            throw new IllegalArgumentException("h: expected a number in (0, 1], got " + h);
        }
        LessonSettings settings = given.complete();
        double[] values = values(settings, parameter);
        if (index < 0 || index >= values.length) {
            throw new IllegalArgumentException(parameter + " has entries 0…" + (values.length - 1) + ", got " + index);
        }
        Net net = forward(settings);
        Variable at = switch (parameter) {
            case "x" -> net.x();
            case "w" -> net.w();
            case "b" -> net.b();
            case "v" -> net.v();
            default -> net.c();
        };
        double gradient =
                net.tape().backward(net.loss()).of(Objects.requireNonNull(at)).toDoubleArray()[index];
        double up = values[index] + h;
        double down = values[index] - h;
        double plus =
                forward(moved(settings, parameter, index, up)).loss().value().item();
        double minus =
                forward(moved(settings, parameter, index, down)).loss().value().item();
        return new Difference(h, plus, minus, (plus - minus) / (up - down), gradient);
    }

    private static double[] values(LessonSettings s, String parameter) {
        double[] values = switch (parameter) {
            case "x" -> s.x();
            case "w" -> s.w();
            case "b" -> s.b();
            case "v" -> s.v();
            case "c" -> s.c();
            default ->
                throw new IllegalArgumentException("parameter: expected x, w, b, v or c, got \"" + parameter + "\"");
        };
        if (values == null) {
            throw new IllegalArgumentException("there is no " + parameter + " with " + s.loss());
        }
        return values;
    }

    private static LessonSettings moved(LessonSettings s, String parameter, int index, double value) {
        double[] values = values(s, parameter).clone();
        values[index] = value;
        return new LessonSettings(
                s.seed(),
                s.step(),
                s.dropProbability(),
                s.examples(),
                s.inputs(),
                s.hidden(),
                s.classes(),
                s.perBatch(),
                s.loss(),
                parameter.equals("x") ? values : s.x(),
                parameter.equals("w") ? values : s.w(),
                parameter.equals("b") ? values : s.b(),
                parameter.equals("v") ? values : s.v(),
                parameter.equals("c") ? values : s.c(),
                s.labels(),
                s.targets(),
                s.bits());
    }

    private static Net forward(LessonSettings s) {
        Tape tape = new Tape();
        Variable x = tape.input(Tensor.of(Objects.requireNonNull(s.x()), s.examples(), s.inputs()));
        DropConnect layer = DropConnect.of(
                        Tensor.of(Objects.requireNonNull(s.w()), s.hidden(), s.inputs()),
                        Tensor.of(Objects.requireNonNull(s.b()), s.hidden()),
                        s.dropProbability())
                .withComposedForm();
        DropConnect.Trace trace = layer.trace(x, s.mask());
        Variable w = tape.parameter(layer.weight());
        Variable b = tape.parameter(layer.bias());
        List<String> labels = layerLabels(tape, trace);
        Variable y = trace.output();
        if (!s.isCrossEntropy()) {
            Variable target = tape.constant(Tensor.of(Objects.requireNonNull(s.targets()), s.examples(), s.hidden()));
            Variable loss = Ops.meanSquaredError(y, target);
            labels.addAll(List.of("t", "L"));
            return new Net(tape, x, w, b, null, null, loss, trace, labels.toArray(new String[0]));
        }
        Linear linear = Linear.of(
                Tensor.of(Objects.requireNonNull(s.v()), s.classes(), s.hidden()),
                Tensor.of(Objects.requireNonNull(s.c()), s.classes()));
        Variable h = Ops.relu(y);
        Variable z = linear.forward(h, Pass.inference());
        Variable loss = Ops.softmaxCrossEntropy(z, Objects.requireNonNull(s.labels()));
        Variable v = tape.parameter(linear.weight());
        Variable c = tape.parameter(linear.bias());
        String[] all = labels.toArray(new String[tape.size()]);
        for (int i = h.index(); i < all.length; i++) {
            all[i] = i == h.index() ? "h" : i == v.index() ? "V" : i == c.index() ? "c" : i == z.index() ? "z" : "h Vᵀ";
        }
        all[loss.index()] = "L";
        return new Net(tape, x, w, b, v, c, loss, trace, all);
    }

    /** The names of the composed layer's nodes; those of an example follow its masked weight. */
    private static List<String> layerLabels(Tape tape, DropConnect.Trace trace) {
        boolean several = trace.mask().examples() > 1;
        List<String> labels = new ArrayList<>();
        int parameters = 0;
        int example = 0;
        for (Tape.Node node : tape.nodes()) {
            int n = trace.maskedWeights().indexOf(node.result());
            if (n >= 0) {
                example = n;
            }
            String suffix = several ? subscript(example) : "";
            labels.add(
                    switch (node.op()) {
                        case "input" -> "x";
                        case "parameter" -> parameters++ == 0 ? "W" : "b";
                        case "mask" -> "W ⊙ M" + suffix;
                        case "transpose" -> "(W ⊙ M" + suffix + ")ᵀ";
                        case "rows" -> "x" + subscript(example);
                        case "matmul" -> "u" + suffix;
                        case "stackRows" -> "u";
                        default -> "y";
                    });
        }
        return labels;
    }

    private static String subscript(int n) {
        return String.valueOf((char) ('₀' + n));
    }
}
