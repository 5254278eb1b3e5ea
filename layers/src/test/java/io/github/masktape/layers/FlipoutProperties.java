// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.masktape.autograd.GradCheck;
import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.layers.Cases.Case;
import io.github.masktape.tensor.Compute;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Shape;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The laws of masks made of signs: those of DropConnect with masks per example, and what sharing signs changes. */
class FlipoutProperties {
    @Provide
    Arbitrary<Case> cases() {
        return Cases.all().map(c -> new Case(c.examples(), c.in(), c.out(), 0.5, c.seed()));
    }

    private static DropConnect layer(Case c, DType dtype, boolean integers, boolean maskedBias) {
        Tensor weight = integers ? integers(c.seed() + 1, c.out(), c.in()) : c.weight();
        Tensor bias = integers ? integers(c.seed() + 2, c.out()) : c.bias();
        DropConnect layer =
                DropConnect.of(weight.to(dtype), bias.to(dtype), 0.5).withMaskSharing(MaskSharing.FLIPOUT);
        return maskedBias ? layer.withMaskedBias() : layer;
    }

    /** Integers from −8 to 8. Sums of their products are exact in both dtypes, whatever the order. */
    private static Tensor integers(long seed, int... dims) {
        RandomStream random = new RandomStream(seed);
        double[] values = new double[Shape.of(dims).size()];
        Arrays.setAll(values, i -> random.nextInt(17) - 8);
        return Tensor.of(values).reshape(dims);
    }

    /** Y, dX, dW, db of a pass. */
    private static List<Tensor> backward(DropConnect layer, Tensor x, Tensor dy, Pass pass) {
        Tape tape = new Tape();
        Variable input = tape.input(x);
        Variable y = layer.forward(input, pass);
        Gradients gradients = tape.backward(y, dy);
        return List.of(y.value(), gradients.of(input), gradients.of(layer.weight()), gradients.of(layer.bias()));
    }

    /** The largest difference of two tensors relative to a bound of each element; NaN counts as infinite. */
    private static double excess(Tensor a, Tensor b, Tensor bound) {
        double most = 0;
        double[] first = a.toDoubleArray();
        double[] second = b.toDoubleArray();
        double[] bounds = bound.toDoubleArray();
        for (int i = 0; i < first.length; i++) {
            double difference = Math.abs(first[i] - second[i]);
            most = difference <= bounds[i] ? most : Math.max(most, difference - bounds[i]);
            most = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : most;
        }
        return most;
    }

    // ---- the law ----

    /** The composed form draws the masks M and knows nothing of signs. Integers leave no room for rounding. */
    @Property
    void ofIntegersTheTwoProductsGiveExactlyTheComposedForm(
            @ForAll("cases") Case c, @ForAll DType dtype, @ForAll boolean maskedBias) {
        DropConnect layer = layer(c, dtype, true, maskedBias);
        Pass pass = Pass.training(c.seed(), 1);
        Tensor x = integers(c.seed(), c.examples(), c.in()).to(dtype);
        Tensor dy = integers(c.seed() + 3, c.examples(), c.out()).to(dtype);
        List<Tensor> fast = backward(layer, x, dy, pass);
        List<Tensor> composed = backward(layer.withComposedForm(), x, dy, pass);
        for (int i = 0; i < 4; i++) {
            Tensor exact = composed.get(i);
            assertThat(excess(
                            fast.get(i),
                            exact,
                            Tensor.zeros(dtype, exact.shape().dims())))
                    .as("result " + i)
                    .isZero();
        }
    }

    /**
     * Each form rounds a sum of k terms at most 2k + 2 times; the size of its terms is at most 2·Σ|term| for the masked
     * one, and Σ|term| for each of the two products, so that the forms differ by at most 4·(2k + 2)·u·Σ|term|.
     */
    @Property
    void theTwoProductsAgreeWithTheComposedFormWithinRounding(@ForAll("cases") Case c, @ForAll DType dtype) {
        DropConnect layer = layer(c, dtype, false, false);
        Pass pass = Pass.training(c.seed(), 1);
        Tensor x = c.x().to(dtype);
        Tensor dy = c.cotangent().to(dtype);
        List<Tensor> fast = backward(layer, x, dy, pass);
        List<Tensor> composed = backward(layer.withComposedForm(), x, dy, pass);
        Tensor w = absolute(layer.weight().value());
        double u = dtype == DType.FLOAT32 ? 0x1p-24 : 0x1p-53;
        Tensor sizeOfY =
                absolute(x).matmulTransposed(w).addRow(absolute(c.bias().to(dtype)));
        List<Tensor> sizes =
                List.of(sizeOfY, absolute(dy).matmul(w), absolute(dy).transposedMatmul(absolute(x)));
        int[] terms = {c.in() + 1, c.out(), c.examples()};
        for (int i = 0; i < 3; i++) {
            Tensor bound = sizes.get(i).scale(4 * (2 * terms[i] + 2) * u);
            assertThat(excess(fast.get(i), composed.get(i), bound))
                    .as("result " + i)
                    .isZero();
        }
        assertThat(fast.get(3)).isEqualTo(composed.get(3));
    }

    private static Tensor absolute(Tensor x) {
        return x.map(Math::abs);
    }

    /** The sum of terms and the sum of their negatives are rounded alike, so the two products cancel exactly. */
    @Property
    void aConnectionThatAllExamplesDropHasAGradientOfExactlyZero(@ForAll("cases") Case c, @ForAll DType dtype) {
        DropConnect layer = layer(c, dtype, false, false);
        Pass pass = Pass.training(c.seed(), 1);
        Tensor dw =
                backward(layer, c.x().to(dtype), c.cotangent().to(dtype), pass).get(2);
        Mask mask = layer.mask(c.examples(), pass);
        for (int j = 0; j < c.out(); j++) {
            for (int q = 0; q < c.in(); q++) {
                int output = j;
                int input = q;
                if (IntStream.range(0, c.examples()).noneMatch(n -> mask.keeps(n, output, input))) {
                    assertThat(dw.get(j, q)).isEqualTo(0.0);
                }
            }
        }
    }

    @Property(tries = 50)
    void everyGradientAgreesWithCentralDifferences(@ForAll("cases") Case c, @ForAll boolean maskedBias) {
        GradCheck.Report report = GradCheck.strict()
                .withSeed(c.seed())
                .check(layer(c, DType.FLOAT64, false, maskedBias), c.x(), Pass.training(c.seed(), 1));
        assertThat(report.passed()).as(report.toString()).isTrue();
    }

    /** A polynomial of y with integer coefficients: second derivatives are integers too. */
    @Property(tries = 50)
    void secondDerivativesAreThoseOfTheComposedForm(@ForAll("cases") Case c) {
        List<List<Tensor>> found = new ArrayList<>();
        for (boolean composed : new boolean[] {false, true}) {
            DropConnect layer = layer(c, DType.FLOAT64, true, false);
            Tape tape = new Tape();
            Variable x = tape.input(integers(c.seed(), c.examples(), c.in()));
            Variable w = tape.input(layer.weight().value());
            tape.bind(layer.weight(), w);
            Variable y = (composed ? layer.withComposedForm() : layer).forward(x, Pass.training(c.seed(), 1));
            List<Variable> first = tape.gradients(Ops.sum(Ops.square(y)), x, w);
            Variable both = Ops.add(Ops.sum(Ops.square(first.get(0))), Ops.sum(first.get(1)));
            Gradients second = tape.backward(both);
            found.add(List.of(second.of(x), second.of(w)));
        }
        for (int i = 0; i < 2; i++) {
            Tensor exact = found.get(1).get(i);
            assertThat(excess(
                            found.get(0).get(i),
                            exact,
                            Tensor.zeros(DType.FLOAT64, exact.shape().dims())))
                    .isZero();
        }
    }

    // ---- the masks ----

    /** All 2¹² signs of two examples, two outputs and two inputs: each mask of an example comes equally often. */
    @Example
    void anExamplesMaskIsExactlyBernoulliOneHalf() {
        for (int n = 0; n < 2; n++) {
            int[] counts = new int[16];
            for (Mask mask : allMasks()) {
                counts[(entries(mask) >> (4 * n)) & 15]++;
            }
            assertThat(counts).containsOnly(4096 / 16);
        }
    }

    /** Of the 2⁸ masks of a batch, those with an even number of kept entries come equally often, the others never. */
    @Example
    void anySevenEntriesAreIndependentAndTheEighthFollows() {
        int[] counts = new int[256];
        for (Mask mask : allMasks()) {
            counts[entries(mask)]++;
        }
        for (int entries = 0; entries < 256; entries++) {
            assertThat(counts[entries]).isEqualTo(Integer.bitCount(entries) % 2 == 0 ? 4096 / 128 : 0);
        }
    }

    private static List<Mask> allMasks() {
        List<Mask> all = new ArrayList<>();
        for (int signs = 0; signs < 4096; signs++) {
            Mask s = signs(signs, 1, 2);
            Mask u = signs(signs >> 4, 2, 1);
            Mask v = signs(signs >> 8, 2, 1);
            all.add(new Flipout(s, u, v).masks());
        }
        return all;
    }

    private static Mask signs(int bits, int examples, int outputs) {
        boolean[][][] kept = new boolean[examples][outputs][2];
        for (int i = 0; i < 4; i++) {
            kept[examples == 1 ? 0 : i / 2][examples == 1 ? i / 2 : 0][i % 2] = (bits >> i & 1) == 1;
        }
        return Mask.of(kept, 2);
    }

    /** Entry [n, j, q] is bit 4n + 2j + q. */
    private static int entries(Mask mask) {
        int entries = 0;
        for (int i = 0; i < 8; i++) {
            entries |= mask.keeps(i / 4, i / 2 % 2, i % 2) ? 1 << i : 0;
        }
        return entries;
    }

    @Property
    void aMaskKeepsWhereTheProductOfItsThreeSignsIsPositive(@ForAll("cases") Case c) {
        Pass pass = Pass.training(c.seed(), 1);
        Flipout flipout = Flipout.draw(c.examples(), c.out(), c.in(), pass);
        boolean[][][] kept = new boolean[c.examples()][c.out()][c.in()];
        for (int n = 0; n < c.examples(); n++) {
            for (int j = 0; j < c.out(); j++) {
                for (int q = 0; q < c.in(); q++) {
                    kept[n][j][q] = flipout.s().keeps(0, j, q)
                            == (flipout.u().keeps(n, 0, j) == flipout.v().keeps(n, 0, q));
                }
            }
        }
        assertThat(flipout.masks()).isEqualTo(Mask.of(kept, 2));
        assertThat(layer(c, DType.FLOAT64, false, false).mask(c.examples(), pass))
                .isEqualTo(flipout.masks());
    }

    /** 128 masks of 20×129: the share kept, and the share of pairs of examples that agree, are ½ within 6 deviations. */
    @Property(tries = 20)
    void masksKeepHalfAndThoseOfTwoExamplesAgreeInHalf(@ForAll long seed) {
        DropConnect layer = DropConnect.of(Cases.tensor(1, 20, 129), Cases.tensor(2, 20), 0.5)
                .withMaskSharing(MaskSharing.FLIPOUT);
        Pass pass = Pass.training(seed, 1);
        Mask mask = layer.mask(128, pass);
        double entries = 128.0 * 20 * 129;
        assertThat(Math.abs(mask.kept() / entries - 0.5)).isLessThan(3 / Math.sqrt(entries));
        long agree = 0;
        for (int i = 0; i < 64 * 20 * 129; i++) {
            int j = i / 129 % 20;
            int q = i % 129;
            int n = i / 129 / 20;
            agree += mask.keeps(2 * n, j, q) == mask.keeps(2 * n + 1, j, q) ? 1 : 0;
        }
        assertThat(Math.abs(2 * agree / entries - 0.5)).isLessThan(3 / Math.sqrt(entries / 2));
        assertThat(layer.mask(128, Pass.training(seed, 2))).isNotEqualTo(mask);
        assertThat(layer.mask(128, Pass.training(seed + 1, 1))).isNotEqualTo(mask);
    }

    /** Where all have the same size: a common key would make them equal. */
    @Property(tries = 20)
    void theSignsAndTheMasksOfBiasesAreIndependent(@ForAll long seed) {
        Pass pass = Pass.training(seed, 1);
        Flipout flipout = Flipout.draw(1, 64, 64, pass);
        Mask s = Mask.of(new boolean[][][] {{row(flipout.s(), 0)}}, 2);
        Mask biases = pass.child(0).mask(1, 64, 1, 0.5);
        boolean[] ofBiases = new boolean[64];
        for (int j = 0; j < 64; j++) {
            ofBiases[j] = biases.keeps(0, j, 0);
        }
        assertThat(List.of(s, flipout.u(), flipout.v(), Mask.of(new boolean[][][] {{ofBiases}}, 2)))
                .doesNotHaveDuplicates();
        assertThat(Flipout.draw(2, 64, 64, pass).u().example(1)).isNotEqualTo(flipout.u());
    }

    private static boolean[] row(Mask mask, int j) {
        boolean[] row = new boolean[mask.inputs()];
        for (int q = 0; q < row.length; q++) {
            row[q] = mask.keeps(0, j, q);
        }
        return row;
    }

    @Property
    void anExamplesResultDoesNotDependOnTheOthers(@ForAll("cases") Case c) {
        DropConnect layer = layer(c, DType.FLOAT64, false, true);
        Pass pass = Pass.training(c.seed(), 1);
        Tensor all = layer.forward(Tape.inference().constant(c.x()), pass).value();
        Tensor alone =
                layer.forward(Tape.inference().constant(c.x().row(0)), pass).value();
        assertThat(alone).isEqualTo(all.row(0));
    }

    /** Packed, the signs of a layer of the paper's experiment take 106 kB, where masks take 10 MB. */
    @Example
    void theSignsOfABatchAreSmall() {
        Flipout flipout = Flipout.draw(128, 800, 784, Pass.training(1, 0));
        long bytes = 0;
        for (Mask mask : List.of(flipout.s(), flipout.u(), flipout.v())) {
            bytes += 4L * mask.examples() * mask.outputs() * ((mask.inputs() + 31) / 32);
        }
        assertThat(bytes).isEqualTo(105_600).isLessThan(200_000);
    }

    // ---- passes ----

    @Property(tries = 2)
    void bitsDependOnNeitherThreadsNorWorkspace(@ForAll long seed) {
        Case c = new Case(40, 300, 200, 0.5, seed);
        DropConnect layer = layer(c, DType.FLOAT32, false, true);
        Tensor x = c.x().to(DType.FLOAT32);
        Tensor dy = c.cotangent().to(DType.FLOAT32);
        int threads = Compute.threads();
        List<List<Tensor>> results = new ArrayList<>();
        try {
            for (int count = 1; count <= 3; count++) {
                Compute.setThreads(count);
                results.add(backward(layer, x, dy, Pass.training(seed, 1)));
            }
        } finally {
            Compute.setThreads(threads);
        }
        assertThat(results.get(1)).isEqualTo(results.get(0));
        assertThat(results.get(2)).isEqualTo(results.get(0));
        Workspace workspace = new Workspace();
        for (int i = 0; i < 2; i++) {
            Tape tape = new Tape(workspace);
            Variable y = layer.forward(tape.constant(x), Pass.training(seed, 1));
            Gradients gradients = tape.backward(y, dy);
            assertThat(y.value()).isEqualTo(results.get(0).get(0));
            assertThat(gradients.of(layer.weight())).isEqualTo(results.get(0).get(2));
        }
    }

    /** Each example's mask has the law of an independent one, so mean and variance of its outputs are the same. */
    @Property
    void inferenceIsThatOfMasksPerExample(@ForAll("cases") Case c, @ForAll boolean maskedBias) {
        DropConnect layer = layer(c, DType.FLOAT64, false, maskedBias);
        DropConnect perExample = layer.withMaskSharing(MaskSharing.PER_EXAMPLE);
        for (Inference method : List.of(Inference.mean(), Inference.gaussian(), Inference.sampled(3, c.seed()))) {
            assertThat(method.outputs(Sequential.of(layer, new ReLU()), c.x()))
                    .isEqualTo(method.outputs(Sequential.of(perExample, new ReLU()), c.x()));
        }
        assertThat(layer.biasMask(c.examples(), Pass.training(c.seed(), 1)))
                .isEqualTo(perExample.biasMask(c.examples(), Pass.training(c.seed(), 1)));
    }

    // ---- the drop probability ----

    @Example
    void onlyOneHalfIsAllowed() {
        String message =
                "flipout: expected the drop probability 0.5, as a product of random signs is +1 half of the time,"
                        + " got %s; use MaskSharing.PER_EXAMPLE with others";
        DropConnect half = DropConnect.of(Cases.tensor(1, 3, 4), Cases.tensor(2, 3), 0.5);
        DropConnect flipout = half.withMaskSharing(MaskSharing.FLIPOUT);
        assertThat(flipout.withDropProbabilities(0.5, 0.5, 0.5).maskSharing()).isEqualTo(MaskSharing.FLIPOUT);
        for (double p : new double[] {0, 0.25, Math.nextUp(0.5)}) {
            assertThatThrownBy(() -> half.withDropProbability(p).withMaskSharing(MaskSharing.FLIPOUT))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("flipout: expected the drop probability 0.5, ");
            assertThatThrownBy(() -> flipout.withDropProbability(p)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> flipout.withDropProbability(0.25)).hasMessage(message, "0.25");
        assertThatThrownBy(() -> flipout.withDropProbabilities(0.5, 0.5, 0.4))
                .hasMessage(message, "one for each output");
        assertThatThrownBy(() -> flipout.withDropSchedule(step -> 0.5)).hasMessage(message, "a schedule");
    }

    @Example
    void signsMustFit() {
        Mask s = Mask.bernoulli(1, 3, 4, 0.5, 1);
        Mask u = Mask.bernoulli(2, 1, 3, 0.5, 2);
        Mask v = Mask.bernoulli(2, 1, 4, 0.5, 3);
        assertThat(Mask.ofSigns(s, u, v).scale()).isEqualTo(2);
        assertThatThrownBy(() -> Mask.ofSigns(s, v, u))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mask: expected signs U of 2×1×3, got 2×1×4");
        assertThatThrownBy(() -> Mask.ofSigns(s, u, v.example(0)))
                .hasMessage("mask: expected signs V of 2×1×4, got 1×1×4");
        assertThatThrownBy(() -> Mask.ofSigns(Mask.bernoulli(2, 3, 4, 0.5, 1), u, v))
                .hasMessage("mask: expected signs S of 1×3×4, got 2×3×4");
    }
}
