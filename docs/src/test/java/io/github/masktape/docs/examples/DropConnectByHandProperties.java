// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.layers.DropConnect;
import io.github.masktape.layers.MaskSharing;
import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** The loops equal the tape, bit for bit: both forms of the layer, masks per example and per batch. */
class DropConnectByHandProperties {
    @Provide
    Arbitrary<Integer> sizes() {
        return Arbitraries.frequencyOf(
                        Tuple.of(1, Arbitraries.just(1)),
                        Tuple.of(3, Arbitraries.integers().between(1, 6)))
                .withoutEdgeCases();
    }

    /** Of inputs, which masks store in words of 32. */
    @Provide
    Arbitrary<Integer> widths() {
        return Arbitraries.frequencyOf(Tuple.of(4, sizes()), Tuple.of(1, Arbitraries.of(31, 32, 33, 65)))
                .withoutEdgeCases();
    }

    @Provide
    Arbitrary<Double> probabilities() {
        return Arbitraries.of(0.0, 0.1, 0.25, 0.5, 0.9);
    }

    @Property
    void theLoopsEqualTheTape(
            @ForAll("sizes") int examples,
            @ForAll("widths") int inputs,
            @ForAll("sizes") int outputs,
            @ForAll("probabilities") double p,
            @ForAll boolean perBatch,
            @ForAll boolean composed,
            @ForAll long seed) {
        RandomStream random = new RandomStream(seed);
        double[][] x = numbers(random, examples, inputs);
        double[][] w = numbers(random, outputs, inputs);
        double[] b = numbers(random, 1, outputs)[0];
        double[][] dy = numbers(random, examples, outputs);
        DropConnect fused = DropConnect.of(Tensor.of(w), Tensor.of(b), p);
        DropConnect form = composed ? fused.withComposedForm() : fused;
        DropConnect layer = perBatch ? form.withMaskSharing(MaskSharing.PER_BATCH) : form;
        Pass pass = Pass.training(seed, 3);
        Tape tape = new Tape();
        Variable input = tape.input(Tensor.of(x));
        Variable output = layer.forward(input, pass);
        Gradients gradients = tape.backward(output, Tensor.of(dy));

        Mask mask = layer.mask(examples, pass);
        boolean[][][] kept = kept(mask);
        double scale = mask.scale();
        assertThat(kept).hasNumberOfRows(perBatch ? 1 : examples);
        assertThat(Tensor.of(DropConnectByHand.forward(x, w, b, kept, scale)))
                .as("Y")
                .isEqualTo(output.value());
        assertThat(Tensor.of(DropConnectByHand.weightGradient(dy, x, kept, scale)))
                .as("∂L/∂W")
                .isEqualTo(gradients.of(layer.weight()));
        assertThat(Tensor.of(DropConnectByHand.inputGradient(dy, w, kept, scale)))
                .as("∂L/∂X")
                .isEqualTo(gradients.of(input));
        assertThat(Tensor.of(DropConnectByHand.biasGradient(dy))).as("∂L/∂b").isEqualTo(gradients.of(layer.bias()));
    }

    @Property
    void theJsAreThoseOfTheMaskedWeightsOnTheTape(
            @ForAll("sizes") int examples,
            @ForAll("widths") int inputs,
            @ForAll("sizes") int outputs,
            @ForAll("probabilities") double p,
            @ForAll long seed) {
        RandomStream random = new RandomStream(seed);
        double[][] x = numbers(random, examples, inputs);
        double[][] w = numbers(random, outputs, inputs);
        double[][] dy = numbers(random, examples, outputs);
        DropConnect layer = DropConnect.of(Tensor.of(w), Tensor.of(new double[outputs]), p);
        Tape tape = new Tape();
        DropConnect.Trace trace = layer.trace(tape.constant(Tensor.of(x)), Pass.training(seed, 3));
        Gradients gradients = tape.backward(trace.output(), Tensor.of(dy));
        boolean[][][] kept = kept(trace.mask());
        for (int n = 0; n < examples; n++) {
            Variable masked = trace.maskedWeights().get(n);
            assertThat(Tensor.of(DropConnectByHand.mask(w, kept[n], trace.mask().scale())))
                    .as("W ⊙ M of example " + n)
                    .isEqualTo(masked.value());
            assertThat(Tensor.of(DropConnectByHand.j(dy[n], x[n])))
                    .as("J of example " + n)
                    .isEqualTo(gradients.of(masked));
        }
    }

    /** Normal numbers, and zeros of either sign now and then. */
    private static double[][] numbers(RandomStream random, int rows, int columns) {
        double[][] numbers = new double[rows][columns];
        for (double[] row : numbers) {
            for (int i = 0; i < columns; i++) {
                int kind = random.nextInt(20);
                row[i] = kind == 0 ? 0.0 : kind == 1 ? -0.0 : random.nextGaussian();
            }
        }
        return numbers;
    }

    private static boolean[][][] kept(Mask mask) {
        boolean[][][] kept = new boolean[mask.examples()][mask.outputs()][mask.inputs()];
        for (int n = 0; n < kept.length; n++) {
            for (int j = 0; j < kept[n].length; j++) {
                for (int q = 0; q < kept[n][j].length; q++) {
                    kept[n][j][q] = mask.keeps(n, j, q);
                }
            }
        }
        return kept;
    }
}
