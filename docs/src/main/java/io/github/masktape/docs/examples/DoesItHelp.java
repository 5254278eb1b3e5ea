// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs.examples;

import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.NotFiniteOutputException;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.GeneratedPoints;
import io.github.masktape.layers.DropConnect;
import io.github.masktape.layers.Dropout;
import io.github.masktape.layers.Inference;
import io.github.masktape.layers.Linear;
import io.github.masktape.layers.MaskSharing;
import io.github.masktape.layers.ReLU;
import io.github.masktape.layers.Sequential;
import io.github.masktape.optim.LearningRate;
import io.github.masktape.optim.Metrics;
import io.github.masktape.optim.SGD;
import io.github.masktape.tensor.Compute;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The experiment of the course's last chapter: does DropConnect help against overfitting, and when?
 *
 * <pre>
 *   networks    d → 64 → 64 → 2 with ReLU; DropConnect in the two layers to the units, or Dropout after them
 *   training    2,000 steps of SGD with rate 0.05 and momentum 0.9, each with all 200 points
 *               (of 2,000 points, each step takes the next 200)
 *   data        moons of 200 or 2,000 points, and 2,000 others to test on
 *   seeds       1 to 20; all arms of a seed see the same points and begin with the same weights
 * </pre>
 *
 * <p>The one argument is the file to write, which has a line for each network. The same program writes the same bytes
 * everywhere.
 */
public final class DoesItHelp {
    /** The steps after which a network is tested. */
    public static final List<Integer> TESTED = List.of(62, 125, 250, 500, 1000, 2000);

    private static final int SEEDS = 20;
    private static final int BATCH = 200;
    private static final int TEST_POINTS = 2000;
    private static final double NOISE = 0.2;

    private DoesItHelp() {}

    /**
     * What the networks learn.
     *
     * <p>The classes are two moons with noise of standard deviation 0.2. Useless inputs are drawn from the standard
     * normal distribution. Only labels of training examples are wrong.
     */
    public enum MoonsTask {
        WRONG_LABELS("25 % wrong labels, p = 0.5", 200, 0.25, 0, 0.5),
        USELESS_INPUTS("20 useless inputs, p = 0.5", 200, 0, 20, 0.5),
        BOTH("20 useless inputs, 10 % wrong labels, p = 0.8", 200, 0.1, 20, 0.8),
        MANY_POINTS("2,000 points, all labels right, p = 0.5", 2000, 0, 0, 0.5);

        private final String title;
        private final int points;
        private final double wrong;
        private final int useless;
        private final double dropProbability;

        MoonsTask(String title, int points, double wrong, int useless, double dropProbability) {
            this.title = title;
            this.points = points;
            this.wrong = wrong;
            this.useless = useless;
            this.dropProbability = dropProbability;
        }

        /** The task in a few words. */
        public String title() {
            return title;
        }

        Dataset training(long seed) {
            Dataset clean = withUselessInputs(GeneratedPoints.moons(points, NOISE, seed), seed);
            int[] labels = clean.labels();
            int[] order = new RandomStream(RandomStream.derive(seed, 3)).permutation(points);
            for (int i = 0; i < Math.round(wrong * points); i++) {
                labels[order[i]] = 1 - labels[order[i]];
            }
            return new Dataset(clean.features(), labels, 2);
        }

        Dataset test(long seed) {
            return withUselessInputs(GeneratedPoints.moons(TEST_POINTS, NOISE, 1000 + seed), 1000 + seed);
        }

        private Dataset withUselessInputs(Dataset moons, long seed) {
            RandomStream random = new RandomStream(RandomStream.derive(seed, 4));
            int inputs = 2 + useless;
            float[] features = new float[moons.size() * inputs];
            for (int i = 0; i < features.length; i++) {
                int q = i % inputs;
                features[i] = (float) (q < 2 ? moons.features().get(i / inputs, q) : random.nextGaussian());
            }
            return new Dataset(Tensor.of(features, moons.size(), inputs), moons.labels(), 2);
        }

        /** The kinds of drops that are compared: Flipout exists for p = ½ only. */
        List<DropKind> kinds() {
            return Arrays.stream(DropKind.values())
                    .filter(kind -> kind != DropKind.FLIPOUT || dropProbability == 0.5)
                    .toList();
        }
    }

    /** What is dropped in training. */
    public enum DropKind {
        NOTHING("No-Drop"),
        UNITS("Dropout"),
        CONNECTIONS("DropConnect"),
        FLIPOUT("Flipout"),
        CONNECTIONS_OF_THE_BATCH("one mask per batch");

        private final String title;

        DropKind(String title) {
            this.title = title;
        }

        /** The name in tables. */
        public String title() {
            return title;
        }

        Sequential network(int inputs, double p, long seed) {
            Initializer init = Initializer.heUniform(seed);
            List<Layer> layers = new ArrayList<>();
            for (int in : new int[] {inputs, 64}) {
                layers.add(affine(in, p, init));
                layers.add(new ReLU());
                if (this == UNITS) {
                    layers.add(new Dropout(p));
                }
            }
            layers.add(Linear.of(64, 2, init));
            return Sequential.of(layers);
        }

        private Layer affine(int in, double p, Initializer init) {
            return switch (this) {
                case NOTHING, UNITS -> Linear.of(in, 64, init);
                case CONNECTIONS -> DropConnect.of(in, 64, p, init);
                case FLIPOUT -> DropConnect.of(in, 64, p, init).withMaskSharing(MaskSharing.FLIPOUT);
                case CONNECTIONS_OF_THE_BATCH -> DropConnect.of(in, 64, p, init).withMaskSharing(MaskSharing.PER_BATCH);
            };
        }
    }

    /**
     * A trained network, as a line of the file.
     *
     * @param testErrors of the 2,000 test points, the number predicted wrongly after 62, 125, 250, 500, 1,000 and 2,000
     *     steps: by gaussian inference, which is mean inference where no connections were dropped
     * @param testErrorsOfMean the same after the last step, by mean inference
     * @param trainingErrors of the training points, the number whose label is not the prediction after the last step
     */
    public record TrainedOnMoons(
            MoonsTask task,
            DropKind kind,
            int seed,
            List<Integer> testErrors,
            int testErrorsOfMean,
            int trainingErrors) {
        private static final String HEAD = "task,kind,seed,62,125,250,500,1000,2000,2000_mean_inference,2000_training";

        /** The test error in percent at one of the steps, by its number. */
        public double testError(int tested) {
            return 100.0 * testErrors.get(tested) / TEST_POINTS;
        }

        double testError() {
            return testError(TESTED.size() - 1);
        }

        double testErrorOfMean() {
            return 100.0 * testErrorsOfMean / TEST_POINTS;
        }

        double trainingError() {
            return 100.0 * trainingErrors / task.points;
        }

        /** The line of the file. */
        @Override
        public String toString() {
            StringBuilder line = new StringBuilder(task.name() + "," + kind.name() + "," + seed);
            testErrors.forEach(errors -> line.append(",").append(errors));
            return line.append(",")
                    .append(testErrorsOfMean)
                    .append(",")
                    .append(trainingErrors)
                    .toString();
        }

        static TrainedOnMoons parse(String line) {
            String[] cells = line.split(",", -1);
            List<Integer> numbers =
                    Arrays.stream(cells).skip(2).map(Integer::parseInt).toList();
            int tested = TESTED.size();
            return new TrainedOnMoons(
                    MoonsTask.valueOf(cells[0]),
                    DropKind.valueOf(cells[1]),
                    numbers.get(0),
                    numbers.subList(1, 1 + tested),
                    numbers.get(1 + tested),
                    numbers.get(2 + tested));
        }
    }

    /** Trains all networks, which takes about ten minutes of processor time, and writes the file. */
    public static void main(String[] args) throws IOException {
        Compute.setThreads(1);
        List<TrainedOnMoons> jobs = new ArrayList<>();
        for (MoonsTask task : MoonsTask.values()) {
            for (DropKind kind : task.kinds()) {
                for (int seed = 1; seed <= SEEDS; seed++) {
                    jobs.add(new TrainedOnMoons(task, kind, seed, List.of(), 0, 0));
                }
            }
        }
        List<String> lines = new ArrayList<>(List.of(TrainedOnMoons.HEAD));
        jobs.parallelStream()
                .map(job -> train(job.task(), job.kind(), job.seed()).toString())
                .forEachOrdered(lines::add);
        Files.write(Path.of(args[0]), lines);
        System.out.print(table(Path.of(args[0])));
    }

    /** Trains one network and counts its errors. */
    public static TrainedOnMoons train(MoonsTask task, DropKind kind, int seed) {
        Dataset training = task.training(seed);
        Dataset test = task.test(seed);
        Sequential net = kind.network(2 + task.useless, task.dropProbability, seed);
        SGD sgd = new SGD(net.parameters(), LearningRate.constant(0.05)).withMomentum(0.9);
        Workspace workspace = new Workspace();
        List<Integer> testErrors = new ArrayList<>();
        List<Dataset> batches = batches(training);
        for (int step = 0; step < TESTED.get(TESTED.size() - 1); step++) {
            Dataset batch = batches.get(step % batches.size());
            Tape tape = new Tape(workspace);
            Variable out = net.forward(tape.constant(batch.features()), Pass.training(seed, step));
            sgd.step(tape.backward(Ops.softmaxCrossEntropy(out, batch.labels())));
            if (TESTED.contains(step + 1)) {
                testErrors.add(errors(Inference.gaussian(), net, test));
            }
        }
        return new TrainedOnMoons(
                task,
                kind,
                seed,
                testErrors,
                errors(Inference.mean(), net, test),
                errors(Inference.gaussian(), net, training));
    }

    /** The examples in their order, {@value #BATCH} at a time. */
    private static List<Dataset> batches(Dataset data) {
        return IntStream.range(0, data.size() / BATCH)
                .mapToObj(i ->
                        data.select(IntStream.range(i * BATCH, (i + 1) * BATCH).toArray()))
                .toList();
    }

    /** The examples predicted wrongly; half of them, as by guessing, if the weights have become infinite or NaN. */
    private static int errors(Inference inference, Layer net, Dataset data) {
        try {
            return Metrics.errors(inference.outputs(net, data.features()).argMaxRows(), data.labels());
        } catch (NotFiniteOutputException e) {
            return data.size() / 2;
        }
    }

    /** Reads the file. */
    public static List<TrainedOnMoons> read(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .skip(1)
                .map(TrainedOnMoons::parse)
                .toList();
    }

    /** Means over the seeds ± their standard errors, in percent, as a table for each task. */
    public static String table(Path file) throws IOException {
        List<TrainedOnMoons> all = read(file);
        StringBuilder table = new StringBuilder();
        for (MoonsTask task : MoonsTask.values()) {
            table.append(String.format(
                    Locale.ROOT,
                    "%s%-20s  %12s  %19s  %10s  %10s\n",
                    task.title() + "\n",
                    "",
                    "test error",
                    "less than No-Drop",
                    "mean inf.",
                    "training"));
            List<TrainedOnMoons> plain = select(all, task, DropKind.NOTHING);
            for (DropKind kind : task.kinds()) {
                List<TrainedOnMoons> networks = select(all, task, kind);
                double[] less = new double[networks.size()];
                for (int i = 0; i < less.length; i++) {
                    less[i] = plain.get(i).testError() - networks.get(i).testError();
                }
                table.append(String.format(
                                Locale.ROOT,
                                "%-20s  %12s  %19s  %10.1f  %10.1f",
                                kind.title(),
                                meanAndError(numbers(networks, TrainedOnMoons::testError)),
                                kind == DropKind.NOTHING ? "" : meanAndError(less),
                                mean(numbers(networks, TrainedOnMoons::testErrorOfMean)),
                                mean(numbers(networks, TrainedOnMoons::trainingError)))
                        .stripTrailing());
                table.append('\n');
            }
            table.append('\n');
        }
        return table.toString().stripTrailing() + "\n";
    }

    /** The networks of one task and kind, by seed. */
    public static List<TrainedOnMoons> select(List<TrainedOnMoons> all, MoonsTask task, DropKind kind) {
        return all.stream()
                .filter(network -> network.task() == task && network.kind() == kind)
                .toList();
    }

    private static double[] numbers(List<TrainedOnMoons> networks, ToDoubleFunction<TrainedOnMoons> number) {
        return networks.stream().mapToDouble(number).toArray();
    }

    /** The mean ± its standard error: the standard deviation by the root of the count. */
    static String meanAndError(double... values) {
        double mean = mean(values);
        double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
        double error = Math.sqrt(squares / (values.length - 1) / values.length);
        return String.format(Locale.ROOT, "%.1f ± %.1f", mean, error);
    }

    private static double mean(double... values) {
        return Arrays.stream(values).sum() / values.length;
    }
}
