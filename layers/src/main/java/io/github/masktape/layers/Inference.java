// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.layers;

import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.NotFiniteOutputException;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.tensor.Activation;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Shape;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A way to predict with a network that was trained with {@link DropConnect}.
 *
 * <pre>
 *   u = (W ⊙ M) v + b       μ = W v + b,   σ² = p/(1 − p) · (W ⊙ W)(v ⊙ v)   [masked biases: + p/(1 − p) · b ⊙ b]
 *                           with the p of each output, if they differ
 *
 *   mean                    a(μ)
 *   gaussian                E[a(u)],             u ~ N(μ, σ²)
 *   sampled                 1/S · Σₛ a(uₛ),      uₛ drawn from N(μ, σ²)
 *   monteCarlo              1/S · Σₛ net(x; Mₛ), Mₛ drawn as in training
 * </pre>
 *
 * <p>{@code gaussian} and {@code sampled} pair a DropConnect layer with the {@link ReLU}, {@link Tanh} or {@link
 * Sigmoid} that follows it in a {@link Sequential}, nested or not, or else with the identity. The average is taken
 * after the activation; its variance is not passed on to the next layer. All other layers run as they do in inference.
 * A DropConnect layer inside a composite layer that is not a {@code Sequential} is an error, because it is not known
 * what follows it.
 *
 * <p>An inference is a value: equal methods give equal bits for equal networks and features, whatever the number of
 * threads. An example's result does not depend on the other examples; with {@code sampled} and {@code monteCarlo} it
 * depends on the example's position.
 *
 * <p>Wan, Zeiler, Zhang, LeCun, Fergus, "Regularization of Neural Networks using DropConnect", ICML 2013: {@code
 * sampled} is the paper's method.
 */
public final class Inference {
    /** The number of examples computed at a time. The masks of {@code monteCarlo} depend on it. */
    static final int BATCH = 256;

    private enum InferenceMethod {
        MEAN,
        GAUSSIAN,
        SAMPLED,
        MONTE_CARLO
    }

    private final InferenceMethod method;
    private final int samples;
    private final long seed;

    private Inference(InferenceMethod method, int samples, long seed) {
        this.method = method;
        this.samples = samples;
        this.seed = seed;
    }

    /** The plain forward pass a(W v + b), with nothing dropped: what most libraries do. */
    public static Inference mean() {
        return new Inference(InferenceMethod.MEAN, 1, 0);
    }

    /** The mean of a(u) for u ~ N(μ, σ²): in closed form for ReLU, by quadrature for tanh and sigmoid. */
    public static Inference gaussian() {
        return new Inference(InferenceMethod.GAUSSIAN, 1, 0);
    }

    /**
     * The mean of a(u) over draws of u from N(μ, σ²). A draw depends only on the seed, the layer's path, the
     * example, the output and the number of the draw: see {@link Tensor#sampled}, with the key {@code
     * derive(Pass.training(seed, 0).child(i)….key(), n)} for example n.
     */
    public static Inference sampled(int samples, long seed) {
        return new Inference(InferenceMethod.SAMPLED, requireSamples(samples), seed);
    }

    /**
     * The mean over passes with random masks. For examples 256·b … 256·b + 255 the s-th is {@code
     * Pass.sampling(derive(seed, b), s)} of {@link RandomStream#derive}, with the masks of the training pass of the same
     * numbers.
     */
    public static Inference monteCarlo(int samples, long seed) {
        return new Inference(InferenceMethod.MONTE_CARLO, requireSamples(samples), seed);
    }

    private static int requireSamples(int samples) {
        if (samples < 1) {
            throw new IllegalArgumentException("samples: expected at least 1, got " + samples);
        }
        return samples;
    }

    /**
     * The network's outputs, examples×outputs; for a classifier, the logits, before the softmax.
     *
     * @throws NotFiniteOutputException if an output is NaN or infinite
     */
    public Tensor outputs(Layer net, Tensor features) {
        return predict(net, features, y -> y, false).mean();
    }

    /**
     * The softmax of the outputs; for {@code monteCarlo}, the mean of the passes' softmax outputs.
     *
     * @throws NotFiniteOutputException if an output is NaN or infinite
     */
    public Tensor probabilities(Layer net, Tensor features) {
        return predict(net, features, Inference::softmax, false).mean();
    }

    /**
     * Means over random masks, and how far the masks move them: a measure of the network's uncertainty.
     *
     * <pre>
     *   mean = 1/S · Σₛ yₛ       deviation = √(1/(S − 1) · Σₛ (yₛ − mean)²)
     * </pre>
     *
     * @param mean the means, examples×outputs, with the same bits as without the deviations
     * @param deviation the standard deviations over the masks, examples×outputs
     */
    public record Spread(Tensor mean, Tensor deviation) {}

    /**
     * The network's outputs with their spread over the masks.
     *
     * @throws IllegalStateException unless the method is {@code monteCarlo} with at least 2 samples
     * @throws NotFiniteOutputException if an output is NaN or infinite
     */
    public Spread outputSpread(Layer net, Tensor features) {
        return predict(net, features, y -> y, true);
    }

    /** The probabilities with their spread over the masks; see {@link #outputSpread}. */
    public Spread probabilitySpread(Layer net, Tensor features) {
        return predict(net, features, Inference::softmax, true);
    }

    private static Tensor softmax(Tensor outputs) {
        if (outputs.shape().dim(1) < 2) {
            throw new IllegalArgumentException("probabilities: expected an output for each of at least 2 classes, got 1"
                    + "; the probability of a single logit is outputs(net, features).sigmoid()");
        }
        return outputs.logSoftmax().exp();
    }

    /**
     * The mean of several networks' probabilities for the same examples.
     *
     * @throws IllegalArgumentException if the list is empty, or the shapes or dtypes differ
     */
    public static Tensor vote(List<Tensor> probabilities) {
        if (probabilities.isEmpty()) {
            throw new IllegalArgumentException("vote: expected the probabilities of at least one network");
        }
        Tensor first = probabilities.get(0);
        Moments moments = new Moments(first, false);
        for (Tensor other : probabilities.subList(1, probabilities.size())) {
            if (!other.shape().equals(first.shape()) || other.dtype() != first.dtype()) {
                throw new IllegalArgumentException("vote: expected probabilities of one shape and dtype, got "
                        + first.shape() + " " + first.dtype() + " and " + other.shape() + " " + other.dtype());
            }
            moments.add(other);
        }
        return moments.mean();
    }

    // ---- batch after batch ----

    private Spread predict(Layer net, Tensor features, UnaryOperator<Tensor> head, boolean spread) {
        if (spread && (method != InferenceMethod.MONTE_CARLO || samples < 2)) {
            throw new IllegalStateException(
                    "spread: expected monteCarlo inference with at least 2 samples, got " + this);
        }
        if (features.shape().rank() != 2) {
            throw new IllegalArgumentException(
                    "inference: expected a matrix of one example a row, got a tensor of shape " + features.shape());
        }
        List<Stage> steps = steps(net);
        Workspace workspace = new Workspace();
        int examples = features.shape().dim(0);
        Rows means = new Rows(examples);
        Rows deviations = new Rows(examples);
        SortedSet<Integer> notFinite = new TreeSet<>();
        for (int from = 0; from < examples; from += BATCH) {
            int count = Math.min(BATCH, examples - from);
            int first = from;
            UnaryOperator<Tensor> checked = outputsOfBatch -> {
                Shape shape = outputsOfBatch.shape();
                if (shape.rank() != 2 || shape.dim(0) != count) {
                    throw new IllegalArgumentException("net: expected outputs of " + count
                            + " rows, one for each example, got a tensor of shape " + shape
                            + (shape.equals(Shape.of(count)) ? "; reshape it to " + shape + "×1" : ""));
                }
                for (int row : outputsOfBatch.notFiniteRows()) {
                    notFinite.add(first + row);
                }
                return head.apply(outputsOfBatch);
            };
            if (method == InferenceMethod.MONTE_CARLO) {
                Moments moments = monteCarlo(net, features, from, count, workspace, checked, spread);
                means.add(moments.mean());
                if (spread) {
                    deviations.add(moments.deviation());
                }
            } else {
                means.add(checked.apply(forward(steps, features, from, count, workspace)));
            }
        }
        workspace.recycle();
        if (!notFinite.isEmpty()) {
            throw NotFiniteOutputException.of("inference", features, null, notFinite.first(), notFinite.size());
        }
        DType dtype = features.dtype();
        Tensor mean = means.tensor(dtype);
        return new Spread(mean, spread ? deviations.tensor(dtype) : mean);
    }

    /** The rows of a matrix, batch after batch. */
    private static final class Rows {
        private final int count;
        private double[] all = {};
        private int columns;
        private int filled;

        Rows(int count) {
            this.count = count;
        }

        void add(Tensor batch) {
            double[] values = batch.toDoubleArray();
            if (filled == 0) {
                columns = values.length / batch.shape().dim(0);
                all = new double[Shape.of(count, columns).size()];
            }
            System.arraycopy(values, 0, all, filled, values.length);
            filled += values.length;
        }

        Tensor tensor(DType dtype) {
            return Tensor.of(all, count, columns).to(dtype);
        }
    }

    /** Some rows as a variable on a new tape; recycling the workspace ends the tape before it. */
    private static Variable rows(Tensor features, int from, int count, Workspace workspace) {
        int[] rows = new int[count];
        for (int i = 0; i < count; i++) {
            rows[i] = from + i;
        }
        Tape tape = Tape.inference(workspace);
        return tape.constant(workspace.borrow(features).rows(rows));
    }

    private Moments monteCarlo(
            Layer net,
            Tensor features,
            int from,
            int count,
            Workspace workspace,
            UnaryOperator<Tensor> head,
            boolean spread) {
        long key = RandomStream.derive(seed, from / BATCH);
        Moments moments = null;
        for (int s = 0; s < samples; s++) {
            Variable x = rows(features, from, count, workspace);
            Tensor y = head.apply(net.forward(x, Pass.sampling(key, s)).value());
            if (moments == null) {
                moments = new Moments(y, spread);
            } else {
                moments.add(y);
            }
        }
        return Objects.requireNonNull(moments);
    }

    private Tensor forward(List<Stage> steps, Tensor features, int from, int count, Workspace workspace) {
        Variable v = rows(features, from, count, workspace);
        for (Stage step : steps) {
            Variable mean = step.layer.forward(v, step.pass);
            v = step.variance == null ? mean : v.tape().constant(average(step, mean, v, from, count));
        }
        return v.value();
    }

    private Tensor average(Stage step, Variable mean, Variable v, int from, int count) {
        if (method == InferenceMethod.GAUSSIAN && step.activation == Activation.IDENTITY) {
            return mean.value();
        }
        Tensor variance = Objects.requireNonNull(step.variance).of(v.value());
        if (method == InferenceMethod.GAUSSIAN) {
            return mean.value().expected(step.activation, variance);
        }
        long[] keys = new long[count];
        for (int n = 0; n < count; n++) {
            keys[n] = RandomStream.derive(step.key, from + n);
        }
        return mean.value().sampled(step.activation, variance, samples, keys);
    }

    // ---- the network as a list ----

    /**
     * A layer that is not a Sequential. A DropConnect layer whose mean activation is wanted comes with the variance of
     * its outputs and the activation that follows.
     */
    private record Stage(
            Layer layer, Pass pass, long key, @Nullable Variance variance, Activation activation) {
        Stage with(Activation activation) {
            return new Stage(layer, pass, key, variance, activation);
        }
    }

    private List<Stage> steps(Layer net) {
        List<Stage> steps = new ArrayList<>();
        List<Sequential.Leaf> leaves = leaves(net, Pass.inference());
        List<Sequential.Leaf> averaging = leaves(net, Pass.averaging());
        List<Sequential.Leaf> random = leaves(net, Pass.training(seed, 0));
        for (int i = 0; i < leaves.size(); i++) {
            boolean composite = averages() && !(leaves.get(i).layer() instanceof Affine);
            add((composite ? averaging : leaves).get(i), random.get(i).pass().key(), steps);
        }
        return steps;
    }

    private boolean averages() {
        return method == InferenceMethod.GAUSSIAN || method == InferenceMethod.SAMPLED;
    }

    private static List<Sequential.Leaf> leaves(Layer net, Pass pass) {
        return net instanceof Sequential sequential
                ? sequential.leaves(pass)
                : List.of(new Sequential.Leaf("", net, pass));
    }

    private void add(Sequential.Leaf leaf, long key, List<Stage> steps) {
        if (leaf.layer() instanceof Dropout) {
            return; // does nothing in inference, so it may come between a layer and its activation
        }
        int last = steps.size() - 1;
        if (leaf.layer() instanceof ActivationLayer function
                && last >= 0
                && steps.get(last).variance != null
                && steps.get(last).activation == Activation.IDENTITY) {
            steps.set(last, steps.get(last).with(function.activation()));
            return;
        }
        Variance variance = averages() && leaf.layer() instanceof Affine affine && affine.dropProbability() > 0
                ? Variance.of(affine)
                : null;
        steps.add(new Stage(leaf.layer(), leaf.pass(), key, variance, Activation.IDENTITY));
    }

    /**
     * The variance of a DropConnect layer's outputs over its masks, as a linear function of v ⊙ v.
     *
     * @param weight p/(1 − p) · W ⊙ W, with the p of each row
     * @param bias p/(1 − p) · b ⊙ b, or null unless biases are masked
     */
    record Variance(Tensor weight, @Nullable Tensor bias) {
        static Variance of(Affine layer) {
            double[] p = layer.dropProbabilities();
            Tensor ratios =
                    Tensor.of(Arrays.stream(p).map(each -> each / (1 - each)).toArray());
            boolean areEqual = Arrays.stream(p).distinct().count() == 1;
            return new Variance(
                    scaledSquare(layer.weight(), ratios, areEqual),
                    layer.hasMaskedBias() ? scaledSquare(layer.bias(), ratios, areEqual) : null);
        }

        /** The square of a parameter, each row scaled, copied so that the parameter's own array is not retained. */
        private static Tensor scaledSquare(Parameter parameter, Tensor ratios, boolean areEqual) {
            Workspace workspace = new Workspace();
            Tensor view = parameter.view(workspace);
            Tensor square = view.mul(view);
            int columns = square.shape().size() / ratios.shape().size();
            Tensor scaled = areEqual
                    ? square.scale(ratios.get(0))
                    : square.mul(
                            ratios.to(square.dtype()).repeatColumns(columns).reshape(square.shape()));
            Tensor copy = scaled.copy();
            parameter.release(view);
            return copy;
        }

        /** The variance σ² of the outputs for each row v. */
        Tensor of(Tensor v) {
            Tensor sum = v.mul(v).matmulTransposed(weight);
            return bias == null ? sum : sum.addRow(bias);
        }
    }

    /**
     * The mean and deviation of tensors, computed from FLOAT64 differences from the first; the mean of equal tensors is
     * exactly equal, their deviation exactly 0.
     */
    private static final class Moments {
        private final DType dtype;
        private final Tensor first;
        private Tensor differences;
        private @Nullable Tensor squares;
        private int count = 1;

        Moments(Tensor first, boolean spread) {
            this.dtype = first.dtype();
            this.first = first.to(DType.FLOAT64).copy();
            this.differences = Tensor.zeros(DType.FLOAT64, first.shape().dims());
            this.squares = spread ? differences : null;
        }

        void add(Tensor tensor) {
            Tensor difference = first.sub(tensor.to(DType.FLOAT64)).copy();
            differences = differences.add(difference);
            squares = squares == null ? null : squares.add(difference.mul(difference));
            count++;
        }

        Tensor mean() {
            return first.sub(differences.scale(1.0 / count)).to(dtype);
        }

        /** √((Σd² − (Σd)²/S)/(S − 1)) of the differences d, and 0 where rounding makes the sum negative. */
        Tensor deviation() {
            double[] sums = differences.toDoubleArray();
            double[] deviations = Objects.requireNonNull(squares).toDoubleArray();
            for (int i = 0; i < deviations.length; i++) {
                double sum = deviations[i] - sums[i] * sums[i] / count;
                deviations[i] = Math.sqrt(Math.max(0, sum) / (count - 1));
            }
            return Tensor.of(deviations, first.shape().dims()).to(dtype);
        }
    }

    /** The method as text: {@code mean}, {@code gaussian}, {@code sampled 1000} or {@code montecarlo 100}. */
    @Override
    public String toString() {
        return switch (method) {
            case MEAN -> "mean";
            case GAUSSIAN -> "gaussian";
            case SAMPLED -> "sampled " + samples;
            case MONTE_CARLO -> "montecarlo " + samples;
        };
    }
}
