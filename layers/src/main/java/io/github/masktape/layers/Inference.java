package io.github.masktape.layers;

import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.tensor.Activation;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A way to predict with a network that was trained with {@link DropConnect}.
 *
 * <pre>
 *   u = (W ⊙ M) v + b       μ = W v + b,   σ² = p/(1 − p) · (W ⊙ W)(v ⊙ v)   [+ p/(1 − p) · b ⊙ b with masked biases]
 *
 *   mean                    a(μ)
 *   gaussian                E[a(u)],             u ~ N(μ, σ²)
 *   sampled                 1/S · Σₛ a(uₛ),      uₛ drawn from N(μ, σ²): the paper's
 *   monteCarlo              1/S · Σₛ net(x; Mₛ), Mₛ drawn as in training
 * </pre>
 *
 * <p>{@code gaussian} and {@code sampled} pair a DropConnect layer of a {@link Sequential}, nested or not, with the {@link ReLU},
 * {@link Tanh} or {@link Sigmoid} right after it, or with the identity; the average is taken after the activation and
 * its variance is not carried on. All other layers, and composite ones that are not a {@code Sequential}, do what they
 * do in inference.
 *
 * <p>A value: the same network, features and method give the same bits, whatever was computed before.
 *
 * <p>Wan, Zeiler, Zhang, LeCun, Fergus, "Regularization of Neural Networks using DropConnect", ICML 2013.
 */
public final class Inference {
    /** Examples computed at a time. */
    private static final int BATCH = 256;

    private enum Method {
        MEAN,
        GAUSSIAN,
        SAMPLED,
        MONTE_CARLO
    }

    private final Method method;
    private final int samples;
    private final long seed;

    private Inference(Method method, int samples, long seed) {
        this.method = method;
        this.samples = samples;
        this.seed = seed;
    }

    /** Nothing is dropped, a(W v + b): what most libraries do. */
    public static Inference mean() {
        return new Inference(Method.MEAN, 1, 0);
    }

    /** The mean activation of a normal pre-activation, in closed form for ReLU. */
    public static Inference gaussian() {
        return new Inference(Method.GAUSSIAN, 1, 0);
    }

    /** The mean activation over draws of a normal pre-activation: the paper's method. */
    public static Inference sampled(int samples, long seed) {
        return new Inference(Method.SAMPLED, requireSamples(samples), seed);
    }

    /** The mean output over real masks. */
    public static Inference monteCarlo(int samples, long seed) {
        return new Inference(Method.MONTE_CARLO, requireSamples(samples), seed);
    }

    private static int requireSamples(int samples) {
        if (samples < 1) {
            throw new IllegalArgumentException("samples must be at least 1, got " + samples);
        }
        return samples;
    }

    /** The network's outputs, examples×outputs: of a classifier, what its softmax is taken of. */
    public Tensor outputs(Layer net, Tensor features) {
        return inBatches(net, features, y -> y);
    }

    /** The softmax of the outputs; of {@code monteCarlo} the mean of the softmax outputs. */
    public Tensor probabilities(Layer net, Tensor features) {
        return inBatches(net, features, y -> y.logSoftmax().exp());
    }

    /** The mean of several networks' probabilities for the same examples. */
    public static Tensor vote(List<Tensor> probabilities) {
        if (probabilities.isEmpty()) {
            throw new IllegalArgumentException("vote: expected the probabilities of at least one network");
        }
        Mean mean = new Mean();
        probabilities.forEach(mean::add);
        return mean.value();
    }

    private Tensor inBatches(Layer net, Tensor features, UnaryOperator<Tensor> head) {
        if (features.shape().rank() != 2) {
            throw new IllegalArgumentException(
                    "inference: expected a matrix of one example a row, got a tensor of shape " + features.shape());
        }
        List<Step> steps = new ArrayList<>();
        if (method != Method.MONTE_CARLO) {
            flatten(net, Pass.inference(), Pass.training(seed, 0), steps);
        }
        int examples = features.shape().dim(0);
        Workspace workspace = new Workspace();
        double[] all = {};
        int columns = 0;
        for (int from = 0; from < examples; from += BATCH) {
            int count = Math.min(BATCH, examples - from);
            Tensor y = method == Method.MONTE_CARLO
                    ? monteCarlo(net, features, from, count, workspace, head)
                    : head.apply(forward(steps, features, from, count, workspace));
            if (from == 0) {
                columns = y.shape().size() / count;
                all = new double[examples * columns];
            }
            System.arraycopy(y.toDoubleArray(), 0, all, from * columns, count * columns);
        }
        workspace.recycle();
        return Tensor.of(all, examples, columns).to(features.dtype());
    }

    private static Variable batch(Tensor features, int from, int count, Workspace workspace) {
        int[] rows = new int[count];
        for (int i = 0; i < count; i++) {
            rows[i] = from + i;
        }
        Tape tape = Tape.inference(workspace);
        return tape.constant(tape.constant(features).value().rows(rows));
    }

    private Tensor monteCarlo(
            Layer net, Tensor features, int from, int count, Workspace workspace, UnaryOperator<Tensor> head) {
        long key = RandomStream.derive(seed, from / BATCH);
        Mean mean = new Mean();
        for (int s = 0; s < samples; s++) {
            Variable x = batch(features, from, count, workspace);
            mean.add(head.apply(net.forward(x, Pass.training(key, s)).value()));
        }
        return mean.value();
    }

    private Tensor forward(List<Step> steps, Tensor features, int from, int count, Workspace workspace) {
        Variable v = batch(features, from, count, workspace);
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            Moments moments = method == Method.MEAN ? null : step.moments;
            if (moments == null) {
                v = step.layer.forward(v, step.pass);
                continue;
            }
            Activation next = i + 1 < steps.size() ? activation(steps.get(i + 1).layer) : null;
            Tensor mean = step.layer.forward(v, step.pass).value();
            Tensor variance = moments.variance(v.value());
            Activation a = next == null ? Activation.IDENTITY : next;
            v = v.tape()
                    .constant(
                            method == Method.GAUSSIAN
                                    ? mean.expected(a, variance)
                                    : mean.sampled(a, variance, samples, keys(step.key, from, count)));
            i += next == null ? 0 : 1;
        }
        return v.value();
    }

    private static long[] keys(long key, int from, int count) {
        long[] keys = new long[count];
        for (int n = 0; n < count; n++) {
            keys[n] = RandomStream.derive(key, from + n);
        }
        return keys;
    }

    /** A layer that is not a Sequential. */
    private record Step(
            Layer layer, Pass pass, long key, @Nullable Moments moments) {}

    private void flatten(Layer layer, Pass pass, Pass random, List<Step> steps) {
        if (layer instanceof Sequential sequential) {
            for (int i = 0; i < sequential.layers().size(); i++) {
                flatten(sequential.layers().get(i), pass.child(i), random.child(i), steps);
            }
        } else if (!(layer instanceof Dropout)) {
            Moments moments = layer instanceof DropConnect drop && drop.dropProbability() > 0 ? Moments.of(drop) : null;
            steps.add(new Step(layer, pass, random.key(), moments));
        }
    }

    private static @Nullable Activation activation(Layer layer) {
        if (layer instanceof ReLU) {
            return Activation.RELU;
        }
        if (layer instanceof Tanh) {
            return Activation.TANH;
        }
        return layer instanceof Sigmoid ? Activation.SIGMOID : null;
    }

    /** p/(1 − p)·(W ⊙ W), and the same of masked biases. */
    private record Moments(Tensor weight, @Nullable Tensor bias) {
        static Moments of(DropConnect layer) {
            double p = layer.dropProbability();
            double ratio = p / (1 - p);
            Tensor w = layer.weight().value();
            Tensor b = layer.bias().value();
            return new Moments(
                    w.mul(w).scale(ratio), layer.hasMaskedBias() ? b.mul(b).scale(ratio) : null);
        }

        /** σ² of the layer's outputs for inputs v. */
        Tensor variance(Tensor v) {
            Tensor sum = v.mul(v).matmulTransposed(weight);
            return bias == null ? sum : sum.addRow(bias);
        }
    }

    /** The mean of tensors, added up in FLOAT64 as differences from the first: of equal ones, exactly that. */
    private static final class Mean {
        private @Nullable Tensor first;
        private @Nullable Tensor sum;
        private DType dtype = DType.FLOAT64;
        private int count;

        void add(Tensor tensor) {
            Tensor exact = tensor.to(DType.FLOAT64);
            if (first == null || sum == null) {
                dtype = tensor.dtype();
                first = exact.copy();
                sum = exact.sub(exact).copy();
            } else {
                sum = sum.add(exact.sub(first)).copy();
            }
            count++;
        }

        Tensor value() {
            if (first == null || sum == null) {
                throw new IllegalStateException("mean: expected at least one tensor");
            }
            return first.add(sum.scale(1.0 / count)).to(dtype);
        }
    }

    /** {@code mean}, {@code gaussian}, {@code sampled 1000} or {@code monteCarlo 100}. */
    @Override
    public String toString() {
        return switch (method) {
            case MEAN -> "mean";
            case GAUSSIAN -> "gaussian";
            case SAMPLED -> "sampled " + samples;
            case MONTE_CARLO -> "monteCarlo " + samples;
        };
    }
}
