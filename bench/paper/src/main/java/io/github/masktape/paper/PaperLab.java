// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.paper;

import io.github.masktape.cli.model.Checksums;
import io.github.masktape.cli.run.RunFolder;
import io.github.masktape.cli.sweep.LocalExecutor;
import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.cli.terminal.Terminal;
import io.github.masktape.data.Dataset;
import io.github.masktape.file.AtomicFile;
import io.github.masktape.io.SafeTensors;
import io.github.masktape.layers.Inference;
import io.github.masktape.layers.Sequential;
import io.github.masktape.optim.Checkpoint;
import io.github.masktape.optim.LearningRate;
import io.github.masktape.optim.Metrics;
import io.github.masktape.optim.SGD;
import io.github.masktape.optim.Trainer;
import io.github.masktape.paper.PaperRun.PaperSchedule;
import io.github.masktape.paper.PaperRun.Part;
import io.github.masktape.tensor.Tensor;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** A folder in which the paper's networks are trained, several at a time, and their results are stored. */
final class PaperLab {
    /** The share of the budget for training; the rest is for evaluating the trained networks. */
    private static final double SHARE_OF_TRAINING = 0.93;

    private static final int CALIBRATION_BATCHES = 24;

    private static final String SAMPLES = "samples";

    private final File folder;
    private final Dataset training;
    private final Dataset test;
    private final String data;
    private final int samples;
    private final int jobs;
    private final Terminal streams;

    /**
     * A lab that works in a folder.
     *
     * @param folder the folder of results, created if necessary
     * @param samples the number of draws of the inference methods that draw
     * @param jobs the number of runs at a time
     */
    PaperLab(File folder, Dataset training, Dataset test, int samples, int jobs, Terminal streams) {
        this.folder = folder;
        this.training = training;
        this.test = test;
        this.data = Checksums.of(training);
        this.samples = samples;
        this.jobs = jobs;
        this.streams = streams;
        RunFolder.make(new File(folder, "runs"));
    }

    // ---- the plan ----

    private File planFile() {
        return new File(folder, "plan.csv");
    }

    /** The schedule of each part that was ever started in this folder. */
    Map<Part, PaperSchedule> plan() throws IOException {
        Map<Part, PaperSchedule> plan = new EnumMap<>(Part.class);
        if (!planFile().exists()) {
            return plan;
        }
        for (String line : lines(planFile())) {
            String[] cells = line.split(",", -1);
            if (line.equals("part,schedule")) {
                continue;
            }
            try {
                plan.put(new Part.PartWord().convert(cells[0]), PaperSchedule.parse(cells[1]));
            } catch (RuntimeException e) {
                throw new Failure(planFile() + ": expected lines such as relu,14-9-1, got \"" + line + "\"");
            }
        }
        return plan;
    }

    private static List<String> lines(File file) throws IOException {
        try {
            return Files.readAllLines(file.toPath(), StandardCharsets.UTF_8);
        } catch (CharacterCodingException e) {
            throw new Failure(file + ": expected lines such as relu,14-9-1, got bytes that are not UTF-8");
        }
    }

    void keepPlan(Map<Part, PaperSchedule> plan) throws IOException {
        StringBuilder text = new StringBuilder("part,schedule\n");
        plan.forEach((part, schedule) ->
                text.append(part).append(',').append(schedule).append('\n'));
        AtomicFile.write(planFile(), text.toString());
    }

    /**
     * The paper's schedule, scaled so that these runs take this many seconds in total, estimated from a trial of each
     * kind.
     */
    PaperSchedule fit(List<PaperRun> runs, double seconds) {
        Map<String, Double> costs = new LinkedHashMap<>();
        double all = 0;
        for (PaperRun run : runs) {
            String kind = run.arm() + " " + run.width() + " " + run.activation();
            if (!costs.containsKey(kind)) {
                costs.put(kind, secondsPerEpoch(run));
            }
            all += costs.get(kind) / jobs;
        }
        return PaperSchedule.scaled(seconds * SHARE_OF_TRAINING / all);
    }

    /**
     * The time of an epoch, measured with as many runs at a time as there will be, since they share the machine's
     * memory.
     */
    private double secondsPerEpoch(PaperRun run) {
        int few = Math.min(training.size(), CALIBRATION_BATCHES * PaperRun.BATCH_SIZE);
        Dataset some = training.select(IntStream.range(0, few).toArray());
        Dataset others = test.select(IntStream.range(0, Math.min(test.size(), Math.max(1, few / 6)))
                .toArray());
        List<String> trials = IntStream.range(0, jobs).mapToObj(String::valueOf).toList();
        List<String> times = atOnce(trials, trial -> {
            long best = Long.MAX_VALUE;
            for (int round = 0; round < 3; round++) {
                long start = System.nanoTime();
                Sequential net = run.network(features(), training.outputs());
                Trainer.History unused = trainer(net, run, 1, LearningRate.constant(PaperRun.LEARNING_RATE / 10))
                        .fit(some, others);
                best = Math.min(best, System.nanoTime() - start);
            }
            return Double.toString(best / 1e9 * training.size() / few);
        });
        return times.stream().mapToDouble(Double::parseDouble).average().orElseThrow();
    }

    // ---- the runs ----

    private static Trainer trainer(Sequential net, PaperRun run, int epochs, LearningRate rate) {
        SGD sgd = new SGD(net.parameters(), rate).withMomentum(PaperRun.MOMENTUM);
        return new Trainer(net, sgd, epochs, PaperRun.BATCH_SIZE, run.seed());
    }

    private int features() {
        return training.features().shape().dim(1);
    }

    /** Trains and tests the networks that are not trained and tested yet; an interrupted run continues. */
    void run(List<PaperRun> runs, Map<Part, PaperSchedule> plan) throws IOException {
        for (PaperRun run : runs) {
            if (modelFile(run).exists()) {
                requireOfThisExperiment(run, plan);
            }
        }
        List<PaperRun> open =
                runs.stream().filter(run -> !modelFile(run).exists()).toList();
        PaperProgress progress = new PaperProgress(streams, runs, open, plan);
        Map<String, PaperRun> byName = new LinkedHashMap<>();
        runs.forEach(run -> byName.put(run.name(), run));
        atOnce(List.copyOf(byName.keySet()), name -> {
            PaperRun run = Objects.requireNonNull(byName.get(name));
            if (!modelFile(run).exists()) {
                train(run, Objects.requireNonNull(plan.get(run.part())), progress);
            }
            predict(run);
            return name;
        });
    }

    private void requireOfThisExperiment(PaperRun run, Map<Part, PaperSchedule> plan) throws IOException {
        PaperModel model = model(run);
        if (!model.data().equals(data)) {
            throw new Failure(modelFile(run) + " was trained on other data; choose another folder by --out");
        }
        PaperSchedule planned = Objects.requireNonNull(plan.get(run.part()));
        if (!model.schedule().equals(planned)) {
            throw new Failure(modelFile(run) + " was trained by schedule " + model.schedule() + ", not " + planned
                    + "; choose another folder by --out");
        }
    }

    private void train(PaperRun run, PaperSchedule schedule, PaperProgress progress) throws IOException {
        Sequential net = run.network(features(), training.outputs());
        long stepsPerEpoch = (training.size() - 1L) / PaperRun.BATCH_SIZE + 1;
        File checkpoint = new File(folder, "runs/" + run.name() + ".checkpoint.safetensors");
        Trainer trainer = trainer(net, run, schedule.epochs(), schedule.learningRate(stepsPerEpoch));
        boolean resumed = checkpoint.exists();
        long start = System.nanoTime();
        List<Trainer.Epoch> history;
        try {
            Trainer kept = trainer.withCheckpoint(checkpoint);
            history = (resumed
                            ? kept.resume(Checkpoint.read(checkpoint), training, test, progress.of(run))
                            : kept.fit(training, test, progress.of(run)))
                    .epochs();
        } catch (IllegalArgumentException e) {
            throw resumed ? new Failure(checkpoint + ": " + e.getMessage() + "; choose another folder by --out") : e;
        }
        double seconds = resumed ? Double.NaN : (System.nanoTime() - start) / 1e9;
        double trainingError = Metrics.classification(net, training).errorRate();
        PaperModel model = new PaperModel(run, schedule, history, trainingError, seconds, data, Checksums.of(net));
        net.save(modelFile(run), model.toMetadata());
        Files.deleteIfExists(checkpoint.toPath());
        progress.trained(model);
    }

    /** Writes the network's predictions, unless they are there. */
    private void predict(PaperRun run) throws IOException {
        Map<String, String> question =
                Map.of(SAMPLES, "" + samples, "weights-sha256", model(run).sha256(), "test", Checksums.of(test));
        if (predictionsFile(run).exists()
                && question.equals(SafeTensors.read(predictionsFile(run)).metadata())) {
            return;
        }
        Sequential net = Sequential.load(modelFile(run));
        Map<String, Tensor> probabilities = new LinkedHashMap<>();
        methods(run).forEach((name, method) -> probabilities.put(name, method.probabilities(net, test.features())));
        new SafeTensors(probabilities, question).write(predictionsFile(run));
    }

    /**
     * The distinct inference methods of the run; a network without DropConnect has no masked weights to average
     * over.
     */
    private Map<String, Inference> methods(PaperRun run) {
        Map<String, Inference> methods = new LinkedHashMap<>();
        methods.put("mean", Inference.mean());
        if (run.arm().isDropConnect()) {
            methods.put("gaussian", Inference.gaussian());
        }
        if (run.arm().isDropConnect() && run.part().isTable()) {
            methods.put("sampled", Inference.sampled(samples, run.seed()));
            methods.put("montecarlo", Inference.monteCarlo(samples, run.seed()));
        }
        return methods;
    }

    private File modelFile(PaperRun run) {
        return new File(folder, "runs/" + run.name() + ".model.safetensors");
    }

    private PaperModel model(PaperRun run) throws IOException {
        return PaperModel.ofMetadata(
                modelFile(run), run, SafeTensors.read(modelFile(run)).metadata());
    }

    private File predictionsFile(PaperRun run) {
        return new File(folder, "runs/" + run.name() + ".predictions.safetensors");
    }

    /** The results of runs that {@link #run} has done. */
    List<PaperPredictions> outcomes(List<PaperRun> runs) throws IOException {
        List<PaperPredictions> outcomes = new ArrayList<>();
        for (PaperRun run : runs) {
            outcomes.add(new PaperPredictions(
                    model(run), SafeTensors.read(predictionsFile(run)).tensors()));
        }
        return outcomes;
    }

    /**
     * Does the work for each name, several at a time; the first that fails ends the rest.
     *
     * @return the results, in any order
     */
    private List<String> atOnce(List<String> names, Work work) {
        List<String> results = new ArrayList<>();
        boolean all = new LocalExecutor(jobs)
                .run(
                        names,
                        name -> {
                            try {
                                return work.result(name);
                            } catch (IOException | ArithmeticException | UncheckedIOException e) {
                                throw new Failure(e);
                            }
                        },
                        (name, result) -> results.add(result));
        if (!all) {
            throw new Failure("interrupted; the same command continues");
        }
        return results;
    }

    private interface Work {
        String result(String name) throws IOException;
    }
}
