// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.autograd.GradCheck;
import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.layers.Cases.Case;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The laws of DropConnect. */
class DropConnectProperties {
    @Provide
    Arbitrary<Case> cases() {
        return Cases.all();
    }

    // ---- the law ----

    @Property
    void theGradientOfWIsTheSumOfJMaskedByM(@ForAll("cases") Case c) {
        DropConnect layer = c.dropConnect();
        Pass pass = Pass.training(c.seed(), 1);
        Tape tape = new Tape();
        DropConnect.Trace trace = layer.trace(tape.constant(c.x()), pass);
        Gradients gradients = tape.backward(trace.output(), c.cotangent());
        Tensor sum = shareOf(0, trace, gradients);
        for (int n = 1; n < c.examples(); n++) {
            sum = sum.add(shareOf(n, trace, gradients));
        }
        assertThat(gradients.of(layer.weight())).as("composed").isEqualTo(sum);
        assertThat(backward(layer, c, pass).get(1)).as("fused").isEqualTo(sum);
    }

    /** Jₙ ⊙ Mₙ entry by entry, with Jₙ from the graph's own masked weight. */
    private static Tensor shareOf(int n, DropConnect.Trace trace, Gradients gradients) {
        Tensor jn = gradients.of(trace.maskedWeights().get(n));
        int out = jn.shape().dim(0);
        int in = jn.shape().dim(1);
        double[] share = new double[out * in];
        for (int j = 0; j < out; j++) {
            for (int q = 0; q < in; q++) {
                share[j * in + q] = trace.mask().keeps(n, j, q)
                        ? jn.get(j, q) * trace.mask().scale()
                        : 0.0;
            }
        }
        return Tensor.of(share, out, in);
    }

    @Property
    void forOneExampleTheGradientOfWIsJMaskedByM(@ForAll("cases") Case c) {
        Case single = new Case(1, c.in(), c.out(), c.dropProbability(), c.seed());
        Pass pass = Pass.training(c.seed(), 1);
        Mask mask = single.dropConnect().mask(1, pass);
        Tensor j = single.cotangent().transposedMatmul(single.x());
        assertThat(backward(single.dropConnect(), single, pass).get(1)).isEqualTo(j.mask(mask));
        assertThat(backward(single.dropConnect().withComposedForm(), single, pass)
                        .get(1))
                .isEqualTo(j.mask(mask));
    }

    @Property
    void jIsTheOuterProductOfTheOutputsGradientAndTheInput(@ForAll("cases") Case c) {
        Tape tape = new Tape();
        DropConnect.Trace trace = c.dropConnect().trace(tape.constant(c.x()), Pass.training(c.seed(), 1));
        Gradients gradients = tape.backward(trace.output(), c.cotangent());
        for (int n = 0; n < c.examples(); n++) {
            assertThat(gradients.of(trace.maskedWeights().get(n)))
                    .isEqualTo(c.cotangent().row(n).transposedMatmul(c.x().row(n)));
        }
    }

    @Property
    void droppedConnectionsReceiveExactlyZeroGradientAndDoNotMove(@ForAll("cases") Case c) {
        DropConnect layer = c.dropConnect();
        Pass pass = Pass.training(c.seed(), 1);
        Mask mask = layer.mask(c.examples(), pass);
        Tensor before = layer.weight().value();
        Tensor dw = backward(layer, c, pass).get(1);
        layer.weight().set(before.sub(dw.scale(0.1)));
        Tensor after = layer.weight().value();
        for (int j = 0; j < c.out(); j++) {
            for (int q = 0; q < c.in(); q++) {
                if (isDroppedByAll(mask, j, q)) {
                    assertThat(Double.doubleToRawLongBits(dw.get(j, q))).isZero();
                    assertThat(after.get(j, q)).isEqualTo(before.get(j, q));
                }
            }
        }
    }

    private static boolean isDroppedByAll(Mask mask, int j, int q) {
        for (int n = 0; n < mask.examples(); n++) {
            if (mask.keeps(n, j, q)) {
                return false;
            }
        }
        return true;
    }

    // ---- the two forms ----

    @Property
    void fusedEqualsComposedBitForBit(@ForAll("cases") Case c, @ForAll boolean perBatch, @ForAll boolean maskedBias) {
        DropConnect layer = variant(c, perBatch, maskedBias);
        Pass pass = Pass.training(c.seed(), 1);
        assertThat(backward(layer, c, pass)).isEqualTo(backward(layer.withComposedForm(), c, pass));
    }

    /** In FLOAT32 the fused form rounds each sum of N shares once less a term: N + d + l roundings of 2⁻²⁴ at most. */
    @Property
    void fusedAgreesWithComposedInSinglePrecision(@ForAll("cases") Case c, @ForAll boolean maskedBias) {
        List<Tensor> exact = backward(variant(c, false, maskedBias), c, Pass.training(c.seed(), 1));
        List<Tensor> fused = backwardSingle(variantSingle(c, maskedBias), c);
        List<Tensor> composed = backwardSingle(variantSingle(c, maskedBias).withComposedForm(), c);
        assertThat(fused.get(3)).as("y").isEqualTo(composed.get(3));
        double scale = 1 / (1 - c.dropProbability());
        double bound = (c.examples() + c.in() + c.out()) * 0x1p-24 * 20 * scale * (c.in() + c.out() + c.examples());
        for (int i = 0; i < exact.size(); i++) {
            for (List<Tensor> form : List.of(fused, composed)) {
                Tensor difference = form.get(i).to(DType.FLOAT64).sub(exact.get(i));
                for (double d : difference.toDoubleArray()) {
                    assertThat(Math.abs(d)).isLessThanOrEqualTo(bound);
                }
            }
        }
    }

    // ---- the special cases ----

    @Property
    void withNothingDroppedItIsLinearBitForBit(@ForAll("cases") Case c, @ForAll boolean maskedBias) {
        Case none = new Case(c.examples(), c.in(), c.out(), 0, c.seed());
        Pass pass = Pass.training(c.seed(), 1);
        List<Tensor> linear = backward(none.linear(), none, pass);
        assertThat(backward(variant(none, false, false), none, pass)).isEqualTo(linear);
        assertThat(backward(variant(none, false, false).withComposedForm(), none, pass))
                .isEqualTo(linear);
        assertThat(backward(variant(none, true, maskedBias), none, pass)).isEqualTo(linear);
        assertThat(backwardSingle(variantSingle(none, false), none))
                .isEqualTo(backwardSingle(linearSingle(none), none));
    }

    @Property
    void inferenceIsLinearBitForBit(@ForAll("cases") Case c, @ForAll boolean perBatch, @ForAll boolean maskedBias) {
        List<Tensor> linear = backward(c.linear(), c, Pass.inference());
        assertThat(backward(variant(c, perBatch, maskedBias), c, Pass.inference()))
                .isEqualTo(linear);
        assertThat(backward(variant(c, perBatch, maskedBias).withComposedForm(), c, Pass.inference()))
                .isEqualTo(linear);
    }

    // ---- masks ----

    @Property
    void eachExampleSeesTheWeightsThroughAMaskOfItsOwn(@ForAll("cases") Case c) {
        Pass pass = Pass.training(c.seed(), 1);
        Mask mask = Mask.bernoulli(c.examples(), c.out(), c.in(), c.dropProbability(), pass.key());
        double scale = 1 / (1 - c.dropProbability());
        Tensor weight = c.weight();
        Tensor x = c.x();
        Tensor bias = c.bias();
        double[] expected = new double[c.examples() * c.out()];
        for (int n = 0; n < c.examples(); n++) {
            for (int j = 0; j < c.out(); j++) {
                double sum = 0.0;
                for (int q = 0; q < c.in(); q++) {
                    double w = mask.keeps(n, j, q) ? weight.get(j, q) * scale : 0.0;
                    sum += x.get(n, q) * w;
                }
                expected[n * c.out() + j] = sum + bias.get(j);
            }
        }
        assertThat(backward(c.dropConnect(), c, pass).get(3)).isEqualTo(Tensor.of(expected, c.examples(), c.out()));
    }

    /** 20·129 independent pairs: they agree in (1−p)² + p² of the places, within a bound missed with 1e-12 (Hoeffding). */
    @Property
    void masksOfExamplesStepsAndLayersAreIndependent(@ForAll("cases") Case c) {
        DropConnect layer = DropConnect.of(Cases.tensor(1, 20, 129), Cases.tensor(2, 20), c.dropProbability());
        Pass pass = Pass.training(c.seed(), 1);
        Mask mask = layer.mask(3, pass);
        Mask nextStep = layer.mask(3, Pass.training(c.seed(), 2));
        Mask nextLayer = layer.mask(3, pass.child(1));
        assertIndependent(mask.example(0), mask.example(1), c.dropProbability());
        assertIndependent(mask.example(1), mask.example(2), c.dropProbability());
        assertIndependent(mask.example(0), nextStep.example(0), c.dropProbability());
        assertIndependent(
                pass.child(0).mask(1, 20, 129, c.dropProbability()), nextLayer.example(0), c.dropProbability());
    }

    private static void assertIndependent(Mask a, Mask b, double p) {
        int agree = 0;
        int draws = a.outputs() * a.inputs();
        for (int j = 0; j < a.outputs(); j++) {
            for (int q = 0; q < a.inputs(); q++) {
                agree += a.keeps(0, j, q) == b.keeps(0, j, q) ? 1 : 0;
            }
        }
        double expected = (1 - p) * (1 - p) + p * p;
        double bound = Math.sqrt(Math.log(2e12) / (2 * draws));
        assertThat((double) agree / draws).isBetween(expected - bound, expected + bound);
    }

    @Property
    void anExamplesResultDoesNotDependOnTheOthers(@ForAll("cases") Case c) {
        Pass pass = Pass.training(c.seed(), 1);
        Tensor all = backward(c.dropConnect(), c, pass).get(3);
        Tape tape = Tape.inference();
        int[] first = {0};
        Tensor alone =
                c.dropConnect().forward(tape.constant(c.x().rows(first)), pass).value();
        assertThat(alone).isEqualTo(all.rows(first));
    }

    @Property
    void perBatchEveryExampleSeesTheSameMask(@ForAll("cases") Case c) {
        DropConnect layer = c.dropConnect().withMaskSharing(MaskSharing.PER_BATCH);
        Pass pass = Pass.training(c.seed(), 1);
        Mask mask = layer.mask(c.examples(), pass);
        assertThat(mask.examples()).isEqualTo(1);
        Tensor expected = c.x().matmulTransposed(c.weight().mask(mask)).addRow(c.bias());
        assertThat(backward(layer, c, pass).get(3)).isEqualTo(expected);
    }

    @Property
    void aMaskCanBeGiven(@ForAll("cases") Case c) {
        Pass pass = Pass.training(c.seed(), 7);
        DropConnect layer = c.dropConnect();
        Tape tape = new Tape();
        Variable given = layer.forward(tape.constant(c.x()), layer.mask(c.examples(), pass));
        Variable drawn = layer.forward(tape.constant(c.x()), pass);
        assertThat(given.value()).isEqualTo(drawn.value());
    }

    // ---- differences ----

    @Property
    void everyGradientAgreesWithCentralDifferences(
            @ForAll("cases") Case c, @ForAll boolean composed, @ForAll boolean perBatch, @ForAll boolean maskedBias) {
        DropConnect layer = variant(c, perBatch, maskedBias);
        GradCheck.Report report = GradCheck.strict()
                .withSeed(c.seed())
                .check(composed ? layer.withComposedForm() : layer, c.x(), Pass.training(c.seed(), 1));
        assertThat(report.passed()).as(report.toString()).isTrue();
        assertThat(report.kinks()).isZero();
    }

    /**
     * Points within 1e-4 of ReLU's kink are left out: a sum of kinks of both signs has no subgradient to accept. Inputs
     * are scaled so that the hidden units are of the size of 1: terms of hundreds that cancel are lost to rounding.
     */
    @Property
    void aNetworkOfAllLayersAgreesWithCentralDifferences(@ForAll("cases") Case c) {
        Pass pass = Pass.training(c.seed(), 1);
        Layer activation = List.of(new ReLU(), new Tanh(), new Sigmoid()).get(new RandomStream(c.seed()).nextInt(3));
        DropConnect first = c.dropConnect();
        Tensor x = c.x().scale(1 / Math.sqrt(c.in()));
        Tensor hidden =
                first.forward(Tape.inference().constant(x), pass.child(0)).value();
        Assume.that(Arrays.stream(hidden.toDoubleArray()).allMatch(v -> Math.abs(v) > 1e-4));
        Sequential net = Sequential.of(
                first,
                activation,
                new Dropout(c.dropProbability() / 2),
                Linear.of(Cases.tensor(c.seed() + 4, 3, c.out()), Cases.tensor(c.seed() + 5, 3)));
        GradCheck.Report report = GradCheck.strict().withSeed(c.seed()).check(net, x, pass);
        // Not passed(): where units are saturated, an input may have derivatives too small to be tested.
        assertThat(report.failures()).as(report.toString()).isZero();
        assertThat(report.kinkShare()).isLessThanOrEqualTo(0.05);
    }

    // ---- help ----

    private static DropConnect variant(Case c, boolean perBatch, boolean maskedBias) {
        DropConnect layer = c.dropConnect();
        layer = perBatch ? layer.withMaskSharing(MaskSharing.PER_BATCH) : layer;
        return maskedBias ? layer.withMaskedBias() : layer;
    }

    private static DropConnect variantSingle(Case c, boolean maskedBias) {
        DropConnect layer =
                DropConnect.of(c.weight().to(DType.FLOAT32), c.bias().to(DType.FLOAT32), c.dropProbability());
        return maskedBias ? layer.withMaskedBias() : layer;
    }

    private static Linear linearSingle(Case c) {
        return Linear.of(c.weight().to(DType.FLOAT32), c.bias().to(DType.FLOAT32));
    }

    /** dX, dW, db, Y. */
    private static List<Tensor> backward(Layer layer, Case c, Pass pass) {
        return backward(layer, c.x(), c.cotangent(), pass);
    }

    private static List<Tensor> backwardSingle(Layer layer, Case c) {
        return backward(layer, c.x().to(DType.FLOAT32), c.cotangent().to(DType.FLOAT32), Pass.training(c.seed(), 1));
    }

    private static List<Tensor> backward(Layer layer, Tensor x, Tensor cotangent, Pass pass) {
        Tape tape = new Tape();
        Variable input = tape.input(x);
        Variable y = layer.forward(Ops.scale(input, 1), pass);
        Gradients gradients = tape.backward(y, cotangent);
        List<Tensor> results = new ArrayList<>(List.of(gradients.of(input)));
        for (Parameter parameter : layer.parameters().values()) {
            results.add(gradients.of(parameter));
        }
        results.add(y.value());
        return results;
    }
}
