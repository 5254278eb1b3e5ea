// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.layers;

import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Variable;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.text.Decimal;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * An affine layer that drops connections: in training each example sees the weights through a mask of its own.
 *
 * <pre>
 *   yₙ      = (W ⊙ Mₙ) xₙ + b         X n×in, W out×in, M n×out×in, b out
 *   Jₙ      = ∂L/∂(W ⊙ Mₙ) = dyₙ xₙᵀ
 *   ∂L/∂W   = Σₙ Jₙ ⊙ Mₙ
 *   ∂L/∂xₙ  = (W ⊙ Mₙ)ᵀ dyₙ
 *   ∂L/∂b   = Σₙ dyₙ
 *
 *   M = 0 with probability p = dropProbability, else 1/(1 − p); inference: Y = X Wᵀ + b
 * </pre>
 *
 * <p>Each output j, a row of W, can have a drop probability pⱼ of its own, see {@link #withDropProbabilities}.
 *
 * <p>The layer comes in two forms that compute the same, bit for bit in FLOAT64. The fused one (the default) trains;
 * the composed one is built from {@code rows}, {@code mask}, {@code matmul} and {@code stackRows} and has no gradient
 * rule of its own, so it serves as the definition: {@link #trace} shows its masked weights.
 *
 * <p>Wan, Zeiler, Zhang, LeCun, Fergus, "Regularization of Neural Networks using DropConnect", ICML 2013. The paper
 * masks biases too ({@link #withMaskedBias}). Not to be confused with the "drop_connect" of EfficientNet code, which
 * drops whole residual branches (stochastic depth).
 */
public final class DropConnect implements Affine {
    /**
     * The settings of a layer beside its drop probabilities.
     *
     * @param schedule the drop probability in training as a function of the step, or null if it is constant
     */
    private record Form(
            @Nullable LongToDoubleFunction schedule, boolean composed, MaskSharing sharing, boolean maskedBias) {
        static final Form PLAIN = new Form(null, false, MaskSharing.PER_EXAMPLE, false);

        Form with(@Nullable LongToDoubleFunction schedule) {
            return new Form(schedule, composed, sharing, maskedBias);
        }
    }

    private final Parameter weight;
    private final Parameter bias;
    private final double[] rates;
    private final Form form;

    /** @param rates the drop probability, or one for each output */
    private DropConnect(Parameter weight, Parameter bias, double[] rates, Form form) {
        if (form.sharing == MaskSharing.FLIPOUT) {
            requireHalf(rates, form);
        }
        this.weight = weight;
        this.bias = bias;
        this.rates = rates;
        this.form = form;
    }

    private static void requireHalf(double[] rates, Form form) {
        if (form.schedule != null || rates.length > 1 || rates[0] != Flipout.DROP_PROBABILITY) {
            String given = form.schedule != null
                    ? "a schedule"
                    : rates.length > 1 ? "one for each output" : Decimal.shortest(rates[0], 6);
            throw new IllegalArgumentException(
                    "flipout: expected the drop probability 0.5, as a product of random signs is"
                            + " +1 half of the time, got " + given + "; use MaskSharing.PER_EXAMPLE with others");
        }
    }

    private DropConnect with(Form form) {
        return new DropConnect(weight, bias, rates, form);
    }

    private DropConnect withConstantRates(double... rates) {
        return new DropConnect(weight, bias, rates, form.with(null));
    }

    /**
     * A layer with random weights and zero biases; fused, with a mask for each example, biases not masked.
     *
     * @throws IllegalArgumentException if {@code dropProbability} is not in [0, 1)
     */
    public static DropConnect of(int in, int out, double dropProbability, Initializer init) {
        return of(init.weight(out, in), init.bias(out), dropProbability);
    }

    /**
     * A layer with given weights; fused, with a mask for each example, biases not masked.
     *
     * @param weight W, out×in
     * @param bias b, out
     * @throws IllegalArgumentException if {@code dropProbability} is not in [0, 1)
     */
    public static DropConnect of(Tensor weight, Tensor bias, double dropProbability) {
        Linear.requireFit("DropConnect", weight, bias);
        Mask.requireDropProbability(dropProbability);
        return new DropConnect(new Parameter(weight), new Parameter(bias), new double[] {dropProbability}, Form.PLAIN);
    }

    /** A layer with the same parameters, built from elementary ops. */
    public DropConnect withComposedForm() {
        return with(new Form(form.schedule, true, form.sharing, form.maskedBias));
    }

    /**
     * A layer with the same parameters whose examples share masks in another way.
     *
     * @throws IllegalArgumentException if it is {@link MaskSharing#FLIPOUT} and the drop probability is not a constant ½
     */
    public DropConnect withMaskSharing(MaskSharing sharing) {
        return with(new Form(form.schedule, form.composed, sharing, form.maskedBias));
    }

    /** A layer with the same parameters that masks biases as well: y += b ⊙ mₙ. */
    public DropConnect withMaskedBias() {
        return with(new Form(form.schedule, form.composed, form.sharing, true));
    }

    /**
     * A layer with the same parameters and another drop probability, which is constant.
     *
     * @throws IllegalArgumentException if {@code dropProbability} is not in [0, 1)
     */
    public DropConnect withDropProbability(double dropProbability) {
        Mask.requireDropProbability(dropProbability);
        return withConstantRates(dropProbability);
    }

    /**
     * A layer with the same parameters and a constant drop probability for each output.
     *
     * <pre>
     *   M[j, q] = 0 with probability pⱼ, else 1/(1 − pⱼ)      row j of a mask has the bits of a layer that drops with pⱼ
     * </pre>
     *
     * <p>A layer whose probabilities differ draws its masks row by row, and multiplies the weights by 1/(1 − pⱼ) first,
     * so it is a little slower.
     *
     * @param dropProbabilities p, one for each output, each in [0, 1)
     */
    public DropConnect withDropProbabilities(double... dropProbabilities) {
        if (dropProbabilities.length != outputs()) {
            throw new IllegalArgumentException("dropProbabilities: expected one for each of " + outputs()
                    + " outputs, got " + dropProbabilities.length);
        }
        for (double dropProbability : dropProbabilities) {
            Mask.requireDropProbability(dropProbability);
        }
        boolean areEqual = Arrays.stream(dropProbabilities).distinct().count() == 1;
        return withConstantRates(areEqual ? new double[] {dropProbabilities[0]} : dropProbabilities.clone());
    }

    /**
     * A layer with the same parameters that drops with another probability in each step of training. It is a function
     * of {@link Pass#step}, so a resumed run continues it exactly. Predictions and files have the constant {@link
     * #dropProbability}.
     *
     * <pre>
     *   layer.withDropSchedule(step -&gt; 0.5 * Math.min(1, step / 1000.0))      p rises from 0 to 0.5 in 1000 steps
     * </pre>
     *
     * @param schedule the drop probability of a step, in [0, 1)
     * @throws IllegalStateException if each output has a drop probability of its own
     */
    public DropConnect withDropSchedule(LongToDoubleFunction schedule) {
        if (rates.length > 1) {
            throw new IllegalStateException("dropSchedule: expected a layer with one drop probability, got "
                    + rates.length + ", one for each output; use withDropProbability first");
        }
        return with(form.with(schedule));
    }

    /** True if an architecture holds all settings of this layer. */
    boolean isWritable() {
        return form.schedule == null && !form.composed;
    }

    /** A layer with other parameters and the same settings. */
    DropConnect withParameters(Tensor weight, Tensor bias) {
        return new DropConnect(new Parameter(weight), new Parameter(bias), rates, form);
    }

    /**
     * The drop probability p, apart from a {@linkplain #withDropSchedule schedule}; the mean over the outputs if each
     * has its own.
     */
    @Override
    public double dropProbability() {
        return rates.length == 1 ? rates[0] : Arrays.stream(rates).average().orElseThrow();
    }

    /** The drop probability, or one for each output. */
    double[] rates() {
        return rates;
    }

    @Override
    public double[] dropProbabilities() {
        double[] all = new double[outputs()];
        Arrays.setAll(all, j -> rates[rates.length == 1 ? 0 : j]);
        return all;
    }

    @Override
    public Parameter weight() {
        return weight;
    }

    @Override
    public Parameter bias() {
        return bias;
    }

    /** The way in which the examples of a batch share masks. */
    public MaskSharing maskSharing() {
        return form.sharing;
    }

    @Override
    public boolean hasMaskedBias() {
        return form.maskedBias;
    }

    /**
     * The mask of the weights that {@link #forward} uses in this pass.
     *
     * @param examples the number of rows of the batch
     * @return a mask of that many examples, or of one if masks are per batch
     */
    public Mask mask(int examples, Pass pass) {
        return form.sharing == MaskSharing.FLIPOUT
                ? signs(examples, pass).masks()
                : mask(examples, inputs(), pass, pass);
    }

    private Flipout signs(int examples, Pass pass) {
        return Flipout.draw(examples, outputs(), inputs(), pass);
    }

    /**
     * The mask that {@link #forward} applies to the biases in this pass, with one input; null unless biases are masked.
     */
    public @Nullable Mask biasMask(int examples, Pass pass) {
        return form.maskedBias ? mask(examples, 1, pass, pass.child(0)) : null;
    }

    /** @param place the pass whose mask it is */
    private Mask mask(int examples, int inputs, Pass pass, Pass place) {
        int count = form.sharing == MaskSharing.PER_BATCH ? 1 : examples;
        if (rates.length > 1) {
            return place.mask(count, inputs, rates);
        }
        LongToDoubleFunction schedule = pass.isTraining() ? form.schedule : null;
        double p = schedule == null ? rates[0] : schedule.applyAsDouble(pass.step());
        return place.mask(count, outputs(), inputs, p);
    }

    @Override
    public Variable forward(Variable x, Pass pass) {
        Linear.requireFeatures(this, x, pass);
        if (pass.isAveraging() && dropProbability() > 0) {
            throw new IllegalArgumentException(pass.describe(this)
                    + ": expected a place in a Sequential, where the activation after the layer is known, got one"
                    + " inside another composite layer; use Inference.mean or monteCarlo");
        }
        if (!pass.drops()) {
            return Linear.affine(x, x.tape().parameter(weight), x.tape().parameter(bias));
        }
        int examples = x.shape().dim(0);
        Pass here = pass.on(x.tape(), this);
        Mask biasMask = biasMask(examples, here);
        return form.sharing == MaskSharing.FLIPOUT && !form.composed
                ? withBias(signs(examples, here).product(x, weight(x)), x, biasMask)
                : forward(x, mask(examples, here), biasMask);
    }

    /**
     * The result under a given mask, whatever the layer's drop probability.
     *
     * @param mask one mask for each row of x, or one that all rows share
     */
    public Variable forward(Variable x, Mask mask) {
        return forward(x, mask, null);
    }

    /**
     * The result under given masks of weights and biases, whatever the layer's drop probability.
     *
     * @param mask one mask for each row of x, or one that all rows share
     * @param biasMask the same for the biases, with one input; null if they are not masked
     */
    public Variable forward(Variable x, Mask mask, @Nullable Mask biasMask) {
        return form.composed ? trace(x, mask, biasMask).output() : withBias(fused(x, weight(x), mask), x, biasMask);
    }

    /** Runs the composed form in this pass and returns its intermediate results. */
    public Trace trace(Variable x, Pass pass) {
        Linear.requireFeatures(this, x, pass);
        int examples = x.shape().dim(0);
        return trace(x, mask(examples, pass), biasMask(examples, pass));
    }

    /** Runs the composed form under a given mask and returns its intermediate results. */
    public Trace trace(Variable x, Mask mask) {
        return trace(x, mask, null);
    }

    /**
     * The parts of a composed forward pass.
     *
     * @param output Y
     * @param mask M
     * @param maskedWeights W ⊙ Mₙ for each example n; the gradient there is Jₙ
     */
    public record Trace(Variable output, Mask mask, List<Variable> maskedWeights) {}

    private Trace trace(Variable x, Mask mask, @Nullable Mask biasMask) {
        Variable[] maskedWeights = new Variable[mask.examples()];
        Variable product = composed(x, weight(x), mask, maskedWeights);
        return new Trace(withBias(product, x, biasMask), mask, List.of(maskedWeights));
    }

    private Variable weight(Variable x) {
        return x.tape().parameter(weight);
    }

    private static Variable fused(Variable x, Variable w, Mask mask) {
        return isShared(mask, x) ? Ops.matmulTransposed(x, Ops.mask(w, mask)) : Ops.maskedLinear(x, w, mask);
    }

    /**
     * Row n of the result is rows(x, n) · (W ⊙ Mₙ)ᵀ. The examples are recorded last to first, so that the backward pass
     * adds their contributions in the order 0 … N−1, as {@link Linear} does.
     */
    private static Variable composed(Variable x, Variable w, Mask mask, Variable[] maskedWeights) {
        if (isShared(mask, x)) {
            maskedWeights[0] = Ops.mask(w, mask);
            return Ops.matmul(x, Ops.transpose(maskedWeights[0]));
        }
        Variable[] rows = new Variable[mask.examples()];
        for (int n = rows.length - 1; n >= 0; n--) {
            maskedWeights[n] = Ops.mask(w, mask.example(n));
            rows[n] = Ops.matmul(Ops.rows(x, n), Ops.transpose(maskedWeights[n]));
        }
        return Ops.stackRows(List.of(rows));
    }

    private static boolean isShared(Mask mask, Variable x) {
        int examples = x.shape().dim(0);
        if (mask.examples() != examples && mask.examples() != 1) {
            throw new IllegalArgumentException(
                    "DropConnect: expected a mask of " + examples + " examples or of one, got " + mask.examples());
        }
        return mask.examples() != examples;
    }

    /** A masked bias is a masked weight from an input that is always 1. */
    private Variable withBias(Variable product, Variable x, @Nullable Mask biasMask) {
        Variable b = x.tape().parameter(bias);
        if (biasMask == null) {
            return Ops.addRow(product, b);
        }
        Variable ones = x.tape().constant(Tensor.full(x.dtype(), 1, x.shape().dim(0), 1));
        Variable column = Ops.reshape(b, bias.shape().dim(0), 1);
        Variable term = form.composed
                ? composed(ones, column, biasMask, new Variable[biasMask.examples()])
                : fused(ones, column, biasMask);
        return Ops.add(product, term);
    }

    /** The name and the sizes: {@code DropConnect 784→800}. */
    @Override
    public String toString() {
        return "DropConnect " + Linear.arrow(this);
    }
}
