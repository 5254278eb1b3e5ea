// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.explorer;

import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.data.Batch;
import io.github.masktape.data.Batches;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.GeneratedDigits;
import io.github.masktape.data.GeneratedPoints;
import io.github.masktape.layers.DropConnect;
import io.github.masktape.layers.Dropout;
import io.github.masktape.layers.Linear;
import io.github.masktape.layers.MaskSharing;
import io.github.masktape.layers.ReLU;
import io.github.masktape.layers.Sequential;
import io.github.masktape.optim.Evaluation;
import io.github.masktape.optim.LearningRate;
import io.github.masktape.optim.Metrics;
import io.github.masktape.optim.SGD;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * A training of three nets that start with the same weights and see the same batches, in FLOAT32: No-Drop, Dropout and
 * DropConnect.
 *
 * <pre>
 *   features → hidden → ReLU → hidden → ReLU → classes
 *                            ↑ Dropout drops outputs of this layer, DropConnect its weights
 * </pre>
 */
public final class Training {
    /** The nets in the order of their numbers. */
    public static final List<String> NAMES = List.of("No-Drop", "Dropout", "DropConnect");

    private static final double WRONG_LABELS = 0.25;
    private static final int USELESS_INPUTS = 20;
    private static final int SIDE = 28;
    private static final int REDUCED = SIDE / 2;

    /**
     * The spread of one batch's gradient over masks, at the DropConnect net's weights: g is the gradient of its masked
     * layer's weights.
     *
     * @param norms ‖gₛ‖ for each draw s
     * @param distances ‖gₛ − ḡ‖ for each draw s, where ḡ is the mean of the gₛ
     * @param mean ‖ḡ‖
     * @param deviation √(Σₛ ‖gₛ − ḡ‖² / (S − 1))
     */
    @SuppressWarnings("ArrayRecordComponent") // They become typed arrays and are never compared.
    public record GradientSpread(double[] norms, double[] distances, double mean, double deviation) {}

    private final TrainingSettings settings;
    private final Dataset train;
    private final Dataset test;
    private final Batches batches;
    /** A layer with the third net's weights and a mask for each example, even if that net uses one mask per batch. */
    private final DropConnect masked;

    private final List<Sequential> nets = new ArrayList<>();
    private final List<SGD> optimizers = new ArrayList<>();
    private final List<List<Float>> losses = new ArrayList<>();
    /** What each net computed for the test examples at this step; empty if it was not asked. */
    private final Map<Integer, Tensor> outputs = new HashMap<>();

    /** The gradients that were drawn at this step, with a mask per example and with one per batch. */
    private final Map<Boolean, List<Tensor>> gradients = new HashMap<>();

    private Iterator<Batch> epoch;
    private int epochs = 1;
    private int steps;

    /** Creates nets that have not been trained yet. */
    public Training(TrainingSettings settings) {
        this.settings = settings;
        train = settings.data().equals("moons-wrong")
                ? withWrongLabels(data(settings, settings.seed()), settings.seed())
                : data(settings, settings.seed());
        test = data(settings, RandomStream.derive(settings.seed(), 1));
        batches = Batches.of(train, settings.batchSize()).withShuffling(settings.seed());
        epoch = batches.epoch(epochs).iterator();
        int hidden = settings.hidden();
        Initializer init = Initializer.heUniform(settings.seed());
        Tensor first = init.weight(hidden, train.features().shape().dim(1));
        Tensor second = init.weight(hidden, hidden);
        Tensor third = init.weight(train.outputs(), hidden);
        Tensor zeros = init.bias(hidden);
        masked = DropConnect.of(second, zeros, settings.dropProbability());
        List<List<Layer>> middles = List.of(
                List.of(Linear.of(second, zeros), new ReLU()),
                List.of(Linear.of(second, zeros), new ReLU(), new Dropout(settings.dropProbability())),
                List.of(settings.perBatch() ? masked.withMaskSharing(MaskSharing.PER_BATCH) : masked, new ReLU()));
        for (List<Layer> middle : middles) {
            List<Layer> layers = new ArrayList<>(List.of(Linear.of(first, zeros), new ReLU()));
            layers.addAll(middle);
            layers.add(Linear.of(third, init.bias(train.outputs())));
            nets.add(Sequential.of(layers));
            optimizers.add(
                    new SGD(nets.get(nets.size() - 1).parameters(), LearningRate.constant(settings.learningRate()))
                            .withMomentum(settings.momentum()));
            losses.add(new ArrayList<>());
        }
    }

    private static Dataset data(TrainingSettings settings, long seed) {
        int examples = settings.examples();
        return switch (settings.data()) {
            case "moons", "moons-wrong" -> GeneratedPoints.moons(examples, 0.2, seed);
            case "moons-useless" -> withUselessInputs(GeneratedPoints.moons(examples, 0.2, seed), seed);
            case "spirals" -> GeneratedPoints.spirals(examples, 2, 0.05, seed);
            default -> reduced(GeneratedDigits.of(examples, seed));
        };
    }

    /** Moons with a quarter of the labels wrong. */
    private static Dataset withWrongLabels(Dataset moons, long seed) {
        int[] labels = moons.labels();
        int[] order = new RandomStream(RandomStream.derive(seed, 3)).permutation(moons.size());
        for (int i = 0; i < Math.round(WRONG_LABELS * moons.size()); i++) {
            labels[order[i]] = 1 - labels[order[i]];
        }
        return new Dataset(moons.features(), labels, 2);
    }

    /** Moons with more inputs, from the standard normal distribution, that say nothing about the class. */
    private static Dataset withUselessInputs(Dataset moons, long seed) {
        RandomStream random = new RandomStream(RandomStream.derive(seed, 4));
        float[] points = moons.features().toFloatArray();
        int inputs = 2 + USELESS_INPUTS;
        float[] features = new float[moons.size() * inputs];
        for (int i = 0; i < features.length; i++) {
            features[i] = i % inputs < 2 ? points[i / inputs * 2 + i % inputs] : (float) random.nextGaussian();
        }
        return new Dataset(Tensor.of(features, moons.size(), inputs), moons.labels(), 2);
    }

    /** Reduces digits to 14×14 pixels, each the mean of four. */
    private static Dataset reduced(Dataset digits) {
        float[] large = digits.features().toFloatArray();
        float[] small = new float[large.length / 4];
        for (int i = 0; i < small.length; i++) {
            int row = i / REDUCED % REDUCED;
            int column = i % REDUCED;
            int at = i / (REDUCED * REDUCED) * SIDE * SIDE + 2 * row * SIDE + 2 * column;
            small[i] = ((large[at] + large[at + 1]) + (large[at + SIDE] + large[at + SIDE + 1])) / 4;
        }
        return new Dataset(Tensor.of(small, digits.size(), REDUCED * REDUCED), digits.labels(), digits.outputs());
    }

    /** Trains all three nets on the next {@code count} batches. */
    public void step(int count) {
        outputs.clear();
        gradients.clear();
        for (int i = 0; i < count; i++) {
            if (!epoch.hasNext()) {
                epoch = batches.epoch(++epochs).iterator();
            }
            Batch batch = epoch.next();
            for (int net = 0; net < nets.size(); net++) {
                Tape tape = new Tape();
                Variable loss = loss(nets.get(net), tape, batch, Pass.training(settings.seed(), batch.step()));
                losses.get(net).add((float) loss.value().item());
                optimizers.get(net).step(tape.backward(loss));
            }
            steps++;
        }
    }

    private static Variable loss(Layer net, Tape tape, Batch batch, Pass pass) {
        return Ops.softmaxCrossEntropy(net.forward(tape.constant(batch.features()), pass), batch.labels());
    }

    /** The number of steps done. */
    public int steps() {
        return steps;
    }

    /** The loss of each step's batch, in training. */
    public float[] losses(int net) {
        float[] all = new float[losses.get(net).size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = losses.get(net).get(i);
        }
        return all;
    }

    /** The number of classes. */
    public int classes() {
        return train.outputs();
    }

    /** The features of the training or test examples, examples×features. */
    public float[] features(boolean testing) {
        return (testing ? test : train).features().toFloatArray();
    }

    /** The classes of the training or test examples. */
    public int[] labels(boolean testing) {
        return (testing ? test : train).labels();
    }

    private static Tensor logits(Layer net, Tensor features) {
        return net.forward(Tape.inference().constant(features), Pass.inference())
                .value();
    }

    /** Evaluates a net on the test examples. */
    public Evaluation.OfLabels evaluate(int net) {
        Tensor logits = outputs(net);
        int[] labels = test.labels();
        return new Evaluation.OfLabels(
                Metrics.errors(logits.argMaxRows(), labels),
                labels.length,
                logits.logSoftmax().pick(labels).neg().mean().item());
    }

    /** The class that a net predicts for each test example. */
    public int[] predictions(int net) {
        return outputs(net).argMaxRows();
    }

    private Tensor outputs(int net) {
        return outputs.computeIfAbsent(net, one -> logits(nets.get(one), test.features()));
    }

    /**
     * The probabilities of the classes at the centers of a grid of cells over a part of the plane:
     * rows×columns×classes, the row of the largest y first. Inputs other than x and y are 0.
     */
    public float[] grid(int net, int columns, int rows, double left, double right, double bottom, double top) {
        if (settings.data().equals("digits")) {
            throw new IllegalArgumentException("grid: " + settings.data() + " are no points of the plane");
        }
        int inputs = train.features().shape().dim(1);
        float[] points = new float[inputs * rows * columns];
        for (int i = 0; i < rows * columns; i++) {
            int row = i / columns;
            int column = i % columns;
            points[inputs * i] = (float) (left + (right - left) * (column + 0.5) / columns);
            points[inputs * i + 1] = (float) (top + (bottom - top) * (row + 0.5) / rows);
        }
        return logits(nets.get(net), Tensor.of(points, rows * columns, inputs))
                .logSoftmax()
                .exp()
                .toFloatArray();
    }

    /** All weights and biases of a net, in the order of {@link Layer#parameters}. */
    public float[] weights(int net) {
        float[] all = {};
        for (Parameter parameter : nets.get(net).parameters().values()) {
            float[] values = parameter.value().toFloatArray();
            int before = all.length;
            all = Arrays.copyOf(all, before + values.length);
            System.arraycopy(values, 0, all, before, values.length);
        }
        return all;
    }

    /**
     * The spread of the gradient over masks, for the first batch of the data at the current weights. The gradients are
     * kept until the next step, so that a call with more draws makes only those that are new.
     *
     * @param draws the number of masks, at least 2
     */
    public GradientSpread spread(int draws, boolean perBatch) {
        if (draws < 2) {
            throw new IllegalArgumentException("draws: expected at least 2, got " + draws);
        }
        List<Tensor> drawn = gradients.computeIfAbsent(perBatch, mode -> new ArrayList<>());
        if (drawn.size() < draws) {
            draw(drawn, draws, perBatch);
        }
        List<Tensor> first = drawn.subList(0, draws);
        Tensor sum = first.get(0);
        for (Tensor gradient : first.subList(1, draws)) {
            sum = sum.add(gradient);
        }
        Tensor mean = sum.scale(1.0 / draws);
        double[] norms = new double[draws];
        double[] distances = new double[draws];
        double squares = 0;
        for (int s = 0; s < draws; s++) {
            norms[s] = Math.sqrt(first.get(s).sumOfSquares());
            double square = first.get(s).sub(mean).sumOfSquares();
            distances[s] = Math.sqrt(square);
            squares += square;
        }
        return new GradientSpread(norms, distances, Math.sqrt(mean.sumOfSquares()), Math.sqrt(squares / (draws - 1)));
    }

    private void draw(List<Tensor> drawn, int draws, boolean perBatch) {
        Batch batch =
                Batches.of(train, settings.batchSize()).epoch(1).iterator().next();
        List<Layer> layers = new ArrayList<>(nets.get(2).layers());
        layers.set(2, perBatch ? masked.withMaskSharing(MaskSharing.PER_BATCH) : masked);
        Sequential net = Sequential.of(layers);
        while (drawn.size() < draws) {
            Tape tape = new Tape();
            Variable loss =
                    loss(net, tape, batch, Pass.training(RandomStream.derive(settings.seed(), 2), drawn.size()));
            drawn.add(tape.backward(loss).of(masked.weight()).to(DType.FLOAT64));
        }
    }
}
