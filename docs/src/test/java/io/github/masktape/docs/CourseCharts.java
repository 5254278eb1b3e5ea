// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs;

import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.conformance.Conformance;
import io.github.masktape.conformance.zoo.Zoo;
import io.github.masktape.data.Batch;
import io.github.masktape.data.Batches;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.GeneratedPoints;
import io.github.masktape.docs.examples.DoesItHelp;
import io.github.masktape.layers.DropConnect;
import io.github.masktape.layers.Inference;
import io.github.masktape.layers.Linear;
import io.github.masktape.layers.MaskSharing;
import io.github.masktape.layers.ReLU;
import io.github.masktape.layers.Sequential;
import io.github.masktape.optim.LearningRate;
import io.github.masktape.optim.SGD;
import io.github.masktape.report.Chart;
import io.github.masktape.report.Chart.Table;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The charts of the course: each runs the computation of its chapter. */
final class CourseCharts {
    private static final Map<String, Object> LINES = Chart.map("x", "x", "y", "y", "color", "series");
    private static final Map<String, Object> POINTS =
            Chart.map("x", "x", "y", "y", "color", "series", "shape", "series");
    private static final int WIDTH = 680;
    private static final int HEIGHT = 420;

    private CourseCharts() {}

    /** Every chart by the name of its file. */
    static Map<String, String> all(Path docs) throws IOException {
        Map<String, String> charts = new LinkedHashMap<>();
        charts.put("overfitting", overfitting());
        charts.put("variance", variance());
        charts.put("inference-error", inferenceError());
        charts.put("step-size", stepSize());
        charts.put("laws-and-mutants", lawsAndMutants());
        charts.put("rounding", rounding());
        charts.put("does-it-help", doesItHelp(docs.resolve("course").resolve("does-it-help.csv")));
        return charts;
    }

    private static Chart lines(String title, String subtitle, Table table, List<String> series) {
        return new Chart(title, subtitle, WIDTH, HEIGHT)
                .layer("line", table, LINES, "size", 1.0)
                .layer("point", table, POINTS, "size", 4.0)
                .series(series);
    }

    // ---- chapter 3 ----

    private static String overfitting() {
        Dataset train = GeneratedPoints.moons(40, 0.3, 1);
        Initializer init = Initializer.heUniform(1);
        Sequential net = Sequential.of(Linear.of(2, 64, init), new ReLU(), Linear.of(64, 2, init));
        SGD sgd = new SGD(net.parameters(), LearningRate.constant(0.5));
        Batches batches = Batches.of(train, 20).withShuffling(1);
        List<String> classes = List.of("class 0", "class 1");
        Table ground = new Table("left", "right", "bottom", "top", "series", "epoch");
        Table points = new Table("x", "y", "series", "epoch");
        for (int epoch = 1; epoch <= 2048; epoch++) {
            for (Batch batch : batches.epoch(epoch)) {
                Tape tape = new Tape();
                Variable out = net.forward(tape.constant(batch.features()), Pass.training(1, batch.step()));
                sgd.step(tape.backward(Ops.softmaxCrossEntropy(out, batch.labels())));
            }
            if (epoch == 64 || epoch == 2048) {
                String panel = "epoch " + epoch;
                addGround(ground, net, classes, panel);
                Batch all = Batches.of(train, 40).epoch(1).iterator().next();
                for (int i = 0; i < all.labels().length; i++) {
                    points.row(all.features().get(i, 0), all.features().get(i, 1), classes.get(all.labels()[i]), panel);
                }
            }
        }
        return new Chart("The border between the classes", "40 points; 2 → 64 → 2 units, no regularization.", 560, 720)
                .layer(
                        "rect",
                        ground,
                        Chart.map("xmin", "left", "xmax", "right", "ymin", "bottom", "ymax", "top", "fill", "series"),
                        "alpha",
                        0.25)
                .layer("point", points, POINTS, "size", 4.0)
                .panels("epoch")
                .automatic("x", "")
                .automatic("y", "")
                .series(classes)
                .svg(
                        "overfitting",
                        "At epoch 64 the border is a smooth curve between the moons; at epoch 2048 it winds"
                                + " around single points.");
    }

    /** Adds the net's predictions on a grid of points, as one rectangle for each run of equal predictions in a row. */
    private static void addGround(Table ground, Layer net, List<String> classes, String panel) {
        double step = 0.05;
        int columns = 90;
        for (int row = 0; row < 68; row++) {
            double y = -1.4 + row * step;
            double[][] points = new double[columns][];
            for (int column = 0; column < columns; column++) {
                points[column] = new double[] {-1.6 + column * step, y};
            }
            Tensor features = Tensor.of(points).to(DType.FLOAT32);
            int[] labels = net.forward(Tape.inference().constant(features), Pass.inference())
                    .value()
                    .argMaxRows();
            int from = 0;
            for (int column = 1; column <= columns; column++) {
                if (column == columns || labels[column] != labels[from]) {
                    double left = points[from][0] - step / 2;
                    double right = points[column - 1][0] + step / 2;
                    ground.row(left, right, y - step / 2, y + step / 2, classes.get(labels[from]), panel);
                    from = column;
                }
            }
        }
    }

    // ---- chapter 5 ----

    private static String variance() {
        Dataset moons = GeneratedPoints.moons(64, 0.3, 1);
        Initializer init = Initializer.heUniform(1).withDType(DType.FLOAT64);
        Linear first = Linear.of(2, 64, init);
        DropConnect middle = DropConnect.of(64, 64, 0.5, init);
        Linear last = Linear.of(64, 2, init);
        List<String> series = List.of("a mask per example", "a mask per batch");
        Table table = new Table("x", "y", "series");
        for (int kind = 0; kind < 2; kind++) {
            DropConnect layer = kind == 0 ? middle : middle.withMaskSharing(MaskSharing.PER_BATCH);
            Sequential net = Sequential.of(first, new ReLU(), layer, new ReLU(), last);
            for (int examples = 1; examples <= 64; examples *= 2) {
                Dataset batch = moons.select(IntStream.range(0, examples).toArray());
                table.row(examples, variance(net, layer, batch), series.get(kind));
            }
        }
        return lines(
                        "How much the gradient varies with the masks",
                        "Sum of the variances of all entries of ∂L/∂W, over 200 draws.",
                        table,
                        series)
                .logarithmic("x", "Examples in the batch", 0.9, 71, List.of(1, 2, 4, 8, 16, 32, 64))
                .logarithmic("y", "Variance", 0.3, 120)
                .svg(
                        "variance",
                        "With a mask per example the variance falls as the batch grows; with a mask per batch it"
                                + " stops falling.");
    }

    private static double variance(Layer net, DropConnect layer, Dataset batch) {
        int steps = 200;
        Tensor sum = Tensor.zeros(DType.FLOAT64, 64, 64);
        double squares = 0;
        for (int step = 0; step < steps; step++) {
            Tape tape = new Tape();
            Variable points = tape.constant(batch.features().to(DType.FLOAT64));
            Variable loss = Ops.softmaxCrossEntropy(net.forward(points, Pass.training(1, step)), batch.labels());
            Tensor gradient = tape.backward(loss).of(layer.weight());
            sum = sum.add(gradient);
            squares += gradient.sumOfSquares();
        }
        return squares / steps - sum.scale(1.0 / steps).sumOfSquares();
    }

    // ---- chapter 6 ----

    private static String inferenceError() {
        Map<String, Inference> methods = new LinkedHashMap<>();
        methods.put("mean", Inference.mean());
        methods.put("gaussian", Inference.gaussian());
        methods.put("sampled 1000", Inference.sampled(1000, 1));
        methods.put("montecarlo 1000", Inference.monteCarlo(1000, 1));
        Table table = new Table("x", "y", "series");
        for (int width : new int[] {4, 8, 16, 32, 64, 128, 256}) {
            addErrors(table, width, methods);
        }
        return lines(
                        "Error of inference against the exact average over all masks",
                        "64 outputs, relu, p = ½; relative to the size of the answers.",
                        table,
                        List.copyOf(methods.keySet()))
                .logarithmic("x", "Inputs of the layer", 3.5, 290, List.of(4, 8, 16, 32, 64, 128, 256))
                .logarithmic("y", "Error, %", 0.02, 60)
                .svg(
                        "inference",
                        "The error of mean stays near 30 percent, those of sampling near 3 percent; that of"
                                + " gaussian falls as the layer becomes wider.");
    }

    private static void addErrors(Table table, int width, Map<String, Inference> methods) {
        int outputs = 64;
        int examples = 4;
        RandomStream random = new RandomStream(width);
        double[] weights = new double[outputs * width];
        double[] inputs = new double[examples * width];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = random.nextInt(17) - 8;
        }
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = random.nextInt(5);
        }
        double[] right = new double[examples * outputs];
        for (int at = 0; at < right.length; at++) {
            int[] terms = new int[width];
            for (int q = 0; q < width; q++) {
                terms[q] = (int) (weights[at % outputs * width + q] * inputs[at / outputs * width + q]);
            }
            right[at] = exactMean(terms);
        }
        Layer layer = Sequential.of(
                DropConnect.of(Tensor.of(weights, outputs, width), Tensor.zeros(DType.FLOAT64, outputs), 0.5),
                new ReLU());
        Tensor truth = Tensor.of(right, examples, outputs);
        methods.forEach((name, method) -> {
            Tensor difference =
                    method.outputs(layer, Tensor.of(inputs, examples, width)).sub(truth);
            table.row(width, 100 * Math.sqrt(difference.sumOfSquares() / truth.sumOfSquares()), name);
        });
    }

    /** E[max(0, Σ mᵢ·termᵢ)] for mᵢ of 0 or 2, equally likely: by the distribution of the sum, term by term. */
    private static double exactMean(int[] terms) {
        int most = IntStream.of(terms).map(Math::abs).sum();
        double[] probability = new double[2 * most + 1];
        probability[most] = 1;
        for (int term : terms) {
            double[] next = new double[probability.length];
            for (int at = 0; at < probability.length; at++) {
                if (probability[at] > 0) {
                    next[at] += probability[at] / 2;
                    next[at + term] += probability[at] / 2;
                }
            }
            probability = next;
        }
        double mean = 0;
        for (int sum = 1; sum <= most; sum++) {
            mean += probability[most + sum] * 2 * sum;
        }
        return mean;
    }

    // ---- chapter 7 ----

    private static String stepSize() {
        List<String> series = List.of("forward", "central", "central, FLOAT32");
        Table table = new Table("x", "y", "series");
        for (int k = 1; k <= 13; k++) {
            double h = Double.parseDouble("1e-" + k);
            double up = 1 + h;
            double down = 1 - h;
            table.row(k, digits((exp(up) - exp(1)) / (up - 1)), series.get(0));
            table.row(k, digits((exp(up) - exp(down)) / (up - down)), series.get(1));
            float narrowUp = (float) up;
            float narrowDown = (float) down;
            if (narrowUp > narrowDown) {
                double difference = narrowExp(narrowUp) - narrowExp(narrowDown);
                table.row(k, digits(difference / ((double) narrowUp - narrowDown)), series.get(2));
            }
        }
        return lines(
                        "Digits that are right, by the step of the difference",
                        "f(x) = eˣ at x = 1; the step is 10 to the power −k.",
                        table,
                        series)
                .automatic("x", "k")
                .linear("y", "Digits", 12)
                .svg(
                        "steps",
                        "Each curve rises to a best step and falls behind it: forward differences reach 8 digits at"
                                + " k = 8, central ones 11 at k = 5 or so, in FLOAT32 6 at k = 3.");
    }

    private static double exp(double x) {
        return Tensor.scalar(x).exp().item();
    }

    private static double narrowExp(float x) {
        return Tensor.of(new float[] {x}, 1).exp().get(0);
    }

    private static double digits(double derivative) {
        double error = Math.abs(derivative - exp(1)) / exp(1);
        return Math.max(
                0,
                -Tensor.scalar(Math.max(error, 1e-17)).log().item()
                        / Tensor.scalar(10).log().item());
    }

    // ---- chapter 8 ----

    private static String lawsAndMutants() {
        List<String> series = List.of("the law that names the mistake", "another law that notices it");
        Table table = new Table("x", "y", "series");
        List<Zoo.Mutant> mutants = Zoo.mutants();
        Set<String> broken = new LinkedHashSet<>();
        Map<Zoo.Mutant, List<String>> found = new LinkedHashMap<>();
        for (Zoo.Mutant mutant : mutants) {
            found.put(mutant, Conformance.check(mutant.implementation(), 100).broken());
            broken.addAll(found.get(mutant));
        }
        List<String> laws = new ArrayList<>(
                Conformance.laws().stream().filter(broken::contains).toList());
        Collections.reverse(laws);
        for (int i = 0; i < mutants.size(); i++) {
            for (String law : found.get(mutants.get(i))) {
                String kind = series.get(law.equals(mutants.get(i).law()) ? 0 : 1);
                table.row("" + (i + 1), law, kind);
            }
        }
        List<String> numbers = IntStream.rangeClosed(1, mutants.size())
                .mapToObj(Integer::toString)
                .toList();
        return new Chart(
                        "Which laws each mutant breaks",
                        "The mutants in the order of the list above.",
                        760,
                        120 + 20 * laws.size())
                .layer("point", table, POINTS, "size", 4.0)
                .names("x", "Mutant", numbers)
                .names("y", "", laws)
                .series(series)
                .svg("laws", "Each mutant breaks the law that names its mistake, and most break a few others as well.");
    }

    // ---- chapter 9 ----

    private static String rounding() {
        List<String> series = List.of("forwards", "backwards", "in eight");
        Table table = new Table("x", "y", "series");
        int sequences = 40;
        for (int count = 10; count <= 100_000; count *= 10) {
            double[] squares = new double[3];
            for (int sequence = 0; sequence < sequences; sequence++) {
                RandomStream random = new RandomStream(sequence);
                float[] a = new float[count];
                BigDecimal exact = BigDecimal.ZERO;
                for (int i = 0; i < count; i++) {
                    a[i] = (float) random.nextGaussian();
                    exact = exact.add(new BigDecimal(a[i]));
                }
                float[] sums = sums(a);
                for (int way = 0; way < 3; way++) {
                    double error = new BigDecimal(sums[way]).subtract(exact).doubleValue();
                    squares[way] += error * error / sequences;
                }
            }
            for (int way = 0; way < 3; way++) {
                table.row(count, Math.sqrt(squares[way]), series.get(way));
            }
        }
        return lines(
                        "What rounding does to a sum of floats",
                        "Usual distance from the exact sum of random numbers, over 40 sums.",
                        table,
                        series)
                .logarithmic("x", "Numbers in the sum", 8, 125_000, List.of(10, 100, 1000, 10_000, 100_000))
                .logarithmic("y", "Error", 5e-8, 0.01, List.of(1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2))
                .svg(
                        "rounding",
                        "All three orders are off, each by another amount, and the more numbers, the farther.");
    }

    /** The sums of chapter 9: forwards, backwards, and in eight sums side by side. */
    private static float[] sums(float[] a) {
        float forwards = 0;
        float backwards = 0;
        float[] lanes = new float[8];
        for (int i = 0; i < a.length; i++) {
            forwards += a[i];
            backwards += a[a.length - 1 - i];
            lanes[i % 8] += a[i];
        }
        float inEight = 0;
        for (float lane : lanes) {
            inEight += lane;
        }
        return new float[] {forwards, backwards, inEight};
    }

    // ---- chapter 12 ----

    private static String doesItHelp(Path file) throws IOException {
        List<DoesItHelp.TrainedOnMoons> all = DoesItHelp.read(file);
        List<String> series = Stream.of(DoesItHelp.DropKind.values())
                .map(DoesItHelp.DropKind::title)
                .toList();
        Table table = new Table("x", "y", "series", "task");
        for (DoesItHelp.MoonsTask task : DoesItHelp.MoonsTask.values()) {
            for (DoesItHelp.DropKind kind : DoesItHelp.DropKind.values()) {
                List<DoesItHelp.TrainedOnMoons> networks = DoesItHelp.select(all, task, kind);
                for (int i = 0; i < DoesItHelp.TESTED.size() && !networks.isEmpty(); i++) {
                    int tested = i;
                    double mean = networks.stream()
                            .mapToDouble(network -> network.testError(tested))
                            .average()
                            .orElseThrow();
                    table.row(DoesItHelp.TESTED.get(i), mean, kind.title(), task.title());
                }
            }
        }
        return new Chart("Test error while training, in percent", "Means over 20 seeds.", 680, 1100)
                .layer("line", table, LINES, "size", 1.0)
                .layer("point", table, POINTS, "size", 4.0)
                .panels("task")
                .logarithmic("x", "Steps", 55, 2300, DoesItHelp.TESTED)
                .automatic("y", "")
                .series(series)
                .svg(
                        "help",
                        "Where labels are wrong or inputs useless, the networks without drops become worse again.");
    }
}
