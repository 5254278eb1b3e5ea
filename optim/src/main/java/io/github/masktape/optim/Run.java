package io.github.masktape.optim;

import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.NotFiniteOutputException;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.data.Batch;
import io.github.masktape.data.Batches;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.Labels;
import io.github.masktape.data.Targets;
import io.github.masktape.data.Values;
import io.github.masktape.file.Countdown;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Workspace;
import io.github.masktape.text.Decimal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The mutable state of one call of {@link Trainer#fit}. */
final class Run {
    /** A cross-entropy from which no run recovers: the right classes have a mean probability of e⁻¹⁰⁰⁰⁰⁰⁰. */
    private static final double HOPELESS = 1e6;

    /** The setting that distinguishes nets with the same weights but other layers or drop probabilities. */
    private static final String NET_OUTPUTS = "answers of the net";

    /** The number of examples whose outputs identify a net. */
    private static final int PROBED_EXAMPLES = 4;

    private final Trainer trainer;
    private final Dataset training;
    private final @Nullable Dataset validation;
    private final Trainer.Listener listener;
    private final @Nullable Checkpoint resumed;
    private final Trainer.@Nullable Saving saving;
    private final int patience;
    private final double maxNorm;
    private final double labelSmoothing;
    private final Batches batches;
    /** The net's parameters by name, sorted because the order of a net's map may differ between JVMs. */
    private final Map<String, Parameter> parameters;
    /** The optimizer's parameters, each once. */
    private final List<Parameter> trained;
    /** The optimizer's parameters that have not been on a tape yet. */
    private final Map<String, Parameter> unseen;

    private final List<Trainer.Epoch> epochs = new ArrayList<>();
    private final Map<String, String> settings;
    private final Countdown countdown;
    private Map<String, Tensor> bestWeights = Map.of();
    private int bestEpoch;
    private long step;
    /** The optimizer's steps before this run. */
    private long begun;

    private long savedStep = -1;
    private double lossSum;

    Run(
            Trainer trainer,
            Dataset training,
            @Nullable Dataset validation,
            Trainer.Listener listener,
            @Nullable Checkpoint resumed) {
        this.trainer = trainer;
        this.training = training;
        this.validation = validation;
        this.listener = listener;
        this.resumed = resumed;
        saving = trainer.settings.saving();
        patience = trainer.settings.patience();
        maxNorm = trainer.settings.maxNorm();
        labelSmoothing = trainer.settings.labelSmoothing();
        batches = Batches.of(training, trainer.batchSize).withShuffling(trainer.seed);
        Trainer.requireOwner(trainer.net, trainer.optimizer);
        parameters = new TreeMap<>(trainer.net.parameters());
        unseen = new TreeMap<>(parameters);
        unseen.values().retainAll(trainer.optimizer.parameters());
        trained = unseen.values().stream().distinct().toList();
        if (training.targets() instanceof Values && labelSmoothing > 0) {
            throw new IllegalArgumentException("labelSmoothing: expected labels, got regression targets");
        }
        if (patience > 0 && validation == null) {
            throw new IllegalArgumentException("patience: expected a validation set to judge the epochs by, got none");
        }
        if (validation != null) {
            requireAlike(training, validation);
            Metrics.requireDType("validation", trainer.net, validation);
        }
        Metrics.requireDType("training", trainer.net, training);
        settings = saving == null && resumed == null ? Map.of() : settings();
        countdown = new Countdown(saving == null ? Double.POSITIVE_INFINITY : saving.seconds());
    }

    private static void requireAlike(Dataset training, Dataset validation) {
        int expected = training.features().shape().dim(1);
        int actual = validation.features().shape().dim(1);
        if (actual != expected) {
            throw new IllegalArgumentException(
                    "validation: expected " + expected + " features as in training, got " + actual);
        }
        Targets wanted = training.targets();
        Targets given = validation.targets();
        if (given.getClass() != wanted.getClass()) {
            throw new IllegalArgumentException(
                    "validation: expected " + wanted.noun() + " as in training, got " + given.noun());
        }
        boolean fits =
                wanted instanceof Labels ? given.outputs() <= wanted.outputs() : given.outputs() == wanted.outputs();
        if (!fits) {
            throw new IllegalArgumentException("validation: expected " + (wanted instanceof Labels ? "at most " : "")
                    + wanted.outputs() + " " + wanted.noun() + " as in training, got " + given.outputs());
        }
    }

    Trainer.History toEnd() {
        if (resumed != null) {
            restore(resumed);
        }
        begun = Math.max(0, trainer.optimizer.state().steps() - step);
        requireSchedule();
        save();
        Trainer.Ending ending = train();
        if (ending != Trainer.Ending.STOPPED && !bestWeights.isEmpty()) {
            setParameters(bestWeights);
        }
        return new Trainer.History(List.copyOf(epochs), bestEpoch, ending);
    }

    private void requireSchedule() {
        long left = (long) trainer.epochs * batches.perEpoch() - step;
        if (left > 0 && trainer.optimizer.isIdle(left)) {
            throw new IllegalStateException("fit: expected a learning rate above 0, got 0 in all " + left
                    + " steps to come: the optimizer's schedule is over after " + (begun + step)
                    + " steps; make a new optimizer, or one with a longer schedule");
        }
    }

    private Trainer.Ending train() {
        while (epochs.size() < trainer.epochs) {
            if (patience > 0 && epochs.size() - bestEpoch >= patience) {
                return Trainer.Ending.OUT_OF_PATIENCE;
            }
            if (!finishEpoch(epochs.size() + 1)) {
                return Trainer.Ending.STOPPED;
            }
        }
        return Trainer.Ending.COMPLETE;
    }

    /** The batches of an epoch of this run, in an order that none of the optimizer's earlier epochs had. */
    private Iterable<Batch> shuffled(int epoch) {
        if (begun % batches.perEpoch() == 0) {
            return batches.epoch(Math.toIntExact(begun / batches.perEpoch()) + epoch);
        }
        // An earlier run was stopped within an epoch, or had other data.
        return Batches.of(training, trainer.batchSize)
                .withShuffling(RandomStream.derive(trainer.seed, begun))
                .epoch(epoch);
    }

    /** Trains to the end of the epoch; false if it was asked to stop before that. */
    private boolean finishEpoch(int epoch) {
        long next = (epoch - 1L) * batches.perEpoch();
        for (Batch batch : shuffled(epoch)) {
            if (next++ < step) {
                continue;
            }
            if (trainer.stopRequested.get()) {
                save();
                return false;
            }
            double loss = step(batch, epoch);
            lossSum += loss;
            step++;
            listener.step(new Trainer.Step(epoch, step, (long) trainer.epochs * batches.perEpoch(), loss));
            if (step % batches.perEpoch() != 0 && countdown.isOver()) {
                save();
            }
        }
        requireSeen(epoch);
        add(new Trainer.Epoch(
                epoch, lossSum / batches.perEpoch(), validation == null ? null : evaluation(epoch, validation)));
        if (patience > 0 && bestEpoch == epoch) {
            bestWeights = trainer.optimizer.evaluate(this::weights);
        }
        lossSum = 0;
        save();
        listener.epoch(epochs.get(epochs.size() - 1));
        return true;
    }

    private Evaluation evaluation(int epoch, Dataset examples) {
        try {
            return trainer.optimizer.evaluate(() -> Metrics.evaluate(trainer.net, examples));
        } catch (NotFiniteOutputException e) {
            if (e.hasLargeFeature()) {
                throw e;
            }
            throw new DivergenceException(epoch, step + 1, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Refuses parameters that have not been on the tape of any step: their gradients are 0 because the network never
     * read them from the tape. A layer that training skips at random, as in stochastic depth, is used at least in
     * inference.
     */
    private void requireSeen(int epoch) {
        if (unseen.isEmpty()) {
            return;
        }
        Tape tape = new Tape();
        Variable y = trainer.net.forward(tape.constant(training.features().rows(new int[] {0})), Pass.inference());
        unseen.values().removeIf(tape.backward(y, y.value().scale(0))::has);
        if (!unseen.isEmpty()) {
            throw new IllegalStateException("fit: expected all parameters of the optimizer on the tape, got no "
                    + String.join(", ", unseen.keySet()) + " in epoch " + epoch
                    + "; read them by tape.parameter(...) in forward, or leave them out of the optimizer");
        }
    }

    private void add(Trainer.Epoch epoch) {
        epochs.add(epoch);
        Evaluation now = epoch.validation();
        Evaluation best = bestEpoch == 0 ? null : epochs.get(bestEpoch - 1).validation();
        if (now != null && (best == null || now.isBetterThan(best))) {
            bestEpoch = epoch.epoch();
        }
    }

    // ---- a step ----

    private double step(Batch batch, int epoch) {
        Tape tape = new Tape(trainer.workspace);
        Variable loss = loss(tape, batch, trainer.workspace);
        double value = loss.value().item();
        double limit = training.targets() instanceof Values ? Double.POSITIVE_INFINITY : HOPELESS;
        if (!(value < limit && lossSum + value < Double.POSITIVE_INFINITY)) {
            throw diverged(
                    batch, epoch, "the loss is " + (Double.isFinite(value) ? Decimal.scientific(value, 1) : value));
        }
        Gradients gradients = tape.backward(loss);
        unseen.values().removeIf(gradients::has);
        for (Map.Entry<String, Parameter> entry : parameters.entrySet()) {
            if (gradients.has(entry.getValue())
                    && !gradients.of(entry.getValue()).isFinite()) {
                throw diverged(batch, epoch, "the gradient of " + entry.getKey() + " is not finite");
            }
        }
        // A layer that this step skips has gradients of 0.
        Gradients own = gradients.ofAll(trained);
        trainer.optimizer.step(maxNorm < Double.POSITIVE_INFINITY ? own.clippedTo(maxNorm) : own);
        return value;
    }

    private Variable loss(Tape tape, Batch batch, @Nullable Workspace memory) {
        Tensor features = memory == null ? batch.features() : batch.features(memory);
        Variable output = trainer.net.forward(tape.constant(features), Pass.training(trainer.seed, begun + step));
        Targets targets = memory == null ? batch.targets() : batch.targets(memory);
        return Metrics.loss(output, targets, labelSmoothing);
    }

    /** Repeats the step on a tape that checks every value; the pass is a value, so the masks are the same. */
    private DivergenceException diverged(Batch batch, int epoch, String what) {
        String where = "";
        try {
            Tape tape = new Tape(Tape.Check.FINITE);
            tape.backward(loss(tape, batch, null));
        } catch (ArithmeticException first) {
            where = "; first at " + first.getMessage();
        }
        return new DivergenceException(epoch, step + 1, what + where);
    }

    // ---- checkpoints ----

    private void save() {
        if (saving == null || savedStep == step) {
            return;
        }
        Checkpoint checkpoint = new Checkpoint(
                step,
                lossSum,
                epochs,
                fullSettings(),
                weights(),
                bestWeights,
                trainer.optimizer.state(),
                saving.extra());
        try {
            checkpoint.write(saving.file());
            savedStep = step;
            listener.saved(saving.file(), checkpoint);
        } catch (IOException e) {
            listener.notSaved(saving.file(), e);
        }
        countdown.restart();
    }

    private void restore(Checkpoint checkpoint) {
        Map<String, String> expected = new LinkedHashMap<>(checkpoint.settings());
        String checksum = expected.remove(NET_OUTPUTS);
        Checkpoint.requireSame(expected, settings);
        Checkpoint.requireAlike(checkpoint.weights(), weights());
        if (patience > 0 && !checkpoint.epochs().isEmpty()) {
            Checkpoint.requireAlike(checkpoint.bestWeights(), weights());
        }
        int over = checkpoint.epochs().size();
        if (checkpoint.step() < 0 || checkpoint.step() / batches.perEpoch() != over) {
            throw new IllegalArgumentException("resume: expected the checkpoint's " + checkpoint.step()
                    + " steps to be "
                    + checkpoint.step() / batches.perEpoch() + " epochs of " + batches.perEpoch() + " steps, got "
                    + over);
        }
        if (checkpoint.step() > (long) trainer.epochs * batches.perEpoch()) {
            throw new IllegalArgumentException("resume: epochs: expected at least "
                    + ((checkpoint.step() - 1) / batches.perEpoch() + 1) + " as begun in the checkpoint, got "
                    + trainer.epochs);
        }
        if (checksum != null) {
            requireSameNet(checkpoint, checksum);
        }
        trainer.optimizer.restore(checkpoint.optimizer());
        setParameters(checkpoint.weights());
        checkpoint.epochs().forEach(this::add);
        bestWeights = patience > 0 ? checkpoint.bestWeights() : Map.of();
        step = checkpoint.step();
        lossSum = checkpoint.lossSum();
    }

    private Map<String, String> fullSettings() {
        Map<String, String> all = new LinkedHashMap<>(settings);
        all.put(NET_OUTPUTS, outputsChecksum(step));
        return all;
    }

    /** A checksum of the net's outputs for a few examples in a training pass. */
    private String outputsChecksum(long step) {
        int[] examples =
                IntStream.range(0, Math.min(PROBED_EXAMPLES, training.size())).toArray();
        Variable features = Tape.inference().constant(training.features().rows(examples));
        Tensor outputs =
                trainer.net.forward(features, Pass.training(trainer.seed, step)).value();
        return "checksum " + Checksum.text(outputs.checksum());
    }

    /** Refuses a net that computes something other than the checkpoint's net; leaves the net unchanged. */
    private void requireSameNet(Checkpoint checkpoint, String expected) {
        Map<String, Tensor> before = weights();
        String actual;
        try {
            setParameters(checkpoint.weights());
            actual = outputsChecksum(checkpoint.step());
        } finally {
            setParameters(before);
        }
        if (!actual.equals(expected)) {
            throw new IllegalArgumentException(
                    "resume: net: expected the checkpoint's, got one of other layers or drop probabilities");
        }
    }

    private Map<String, Tensor> weights() {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        parameters.forEach((name, parameter) -> weights.put(name, parameter.value()));
        return weights;
    }

    private void setParameters(Map<String, Tensor> weights) {
        parameters.forEach((name, parameter) -> parameter.set(Objects.requireNonNull(weights.get(name))));
    }

    /** The settings that the steps depend on, apart from the net and the optimizer. */
    private Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        describe("training", training, settings);
        if (validation != null) {
            describe("validation", validation, settings);
        }
        settings.put("batch size", String.valueOf(trainer.batchSize));
        settings.put("seed", String.valueOf(trainer.seed));
        settings.put("label smoothing", Checkpoint.text(labelSmoothing));
        settings.put("gradient norm", maxNorm < Double.POSITIVE_INFINITY ? Checkpoint.text(maxNorm) : "unlimited");
        settings.put("early stopping", patience > 0 ? "yes" : "no");
        return settings;
    }

    private static void describe(String name, Dataset data, Map<String, String> settings) {
        settings.put(name + " examples", String.valueOf(data.size()));
        settings.put(name + " features", String.valueOf(data.features().shape().dim(1)));
        settings.put(name + " " + data.targets().noun(), String.valueOf(data.outputs()));
        long checksum = data.features().checksum();
        if (data.targets() instanceof Values values) {
            checksum = Checksum.append(checksum, values.tensor());
        } else {
            for (int label : data.labels()) {
                checksum = Checksum.append(checksum, label);
            }
        }
        settings.put(name + " data", "checksum " + Checksum.text(checksum));
    }
}
