// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.optim;

import io.github.masktape.autograd.Buffer;
import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.NotFiniteOutputException;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.data.Batch;
import io.github.masktape.data.BatchSource;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.Labels;
import io.github.masktape.data.Targets;
import io.github.masktape.file.Countdown;
import io.github.masktape.loss.CrossEntropy;
import io.github.masktape.loss.Loss;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.MutableTensor;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.text.Decimal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The mutable state of one call of {@link Trainer#fit}. */
final class Run {
    /**
     * A loss from which no run recovers: a cross-entropy, where the right classes have a mean probability of e⁻¹⁰⁰⁰⁰⁰⁰;
     * or a mean squared error in units of that of always predicting 0.
     */
    private static final double HOPELESS = 1e6;

    /** The shortest time between the checkpoints of two epochs, in seconds: writing one takes milliseconds. */
    private static final double SHORTEST_PAUSE = 0.5;

    /** The setting that distinguishes nets with the same weights but other layers or drop probabilities. */
    private static final String NET_OUTPUTS = "answers of the net";

    /** The setting that distinguishes losses. */
    private static final String LOSS_VALUE = "value of the loss";

    /** The setting that distinguishes sources of batches with the same identity. */
    private static final String FIRST_EXAMPLES = "first training examples";

    /** The setting that names a loss, unless it is the default for its targets. */
    private static final String LOSS = "loss";

    private final Trainer trainer;
    private final TrainingData training;
    private final @Nullable Dataset validation;
    /** The validation set, if it is not a dataset. */
    private final @Nullable BatchSource validationBatches;

    private final Trainer.Listener listener;
    private final @Nullable Checkpoint resumed;
    private final Trainer.@Nullable Saving saving;
    private final int patience;
    private final Trainer.Clipping clipping;
    private final @Nullable Loss wantedLoss;
    private final OptionalLong stepsPerEpoch;
    /** The net's parameters by name, sorted because the order of a net's map may differ between JVMs. */
    private final Map<String, Parameter> parameters;
    /** The net's parameters and buffers by name, sorted. */
    private final Map<String, MutableTensor> state;
    /** The net's buffers. */
    private final List<Buffer> buffers;
    /** The optimizer's parameters, each once. */
    private final List<Parameter> trained;
    /** The optimizer's parameters that have not been on a tape yet. */
    private final Map<String, Parameter> unseen;

    private final List<Trainer.Epoch> epochs = new ArrayList<>();
    private final Map<String, String> settings;
    private final Countdown countdown;
    private final Countdown pause;
    private Map<String, Tensor> bestWeights = Map.of();
    private int bestEpoch;
    private long step;
    /** The optimizer's steps before this run. */
    private long begun;

    private long savedStep = -1;
    private Checkpoint.Unfinished unfinished = Checkpoint.Unfinished.NONE;
    /** The first examples that this run has seen, or those by which a net is recognized. */
    private @Nullable Dataset probe;
    /** The loss of this run, once its data are known. */
    private @Nullable Loss loss;

    Run(
            Trainer trainer,
            TrainingData training,
            @Nullable Dataset validation,
            Trainer.Listener listener,
            @Nullable Checkpoint resumed) {
        this.trainer = trainer;
        this.training = training;
        this.validation = validation;
        validationBatches = trainer.settings.validation();
        if (validation != null && validationBatches != null) {
            throw new IllegalArgumentException(
                    "validation: expected one validation set, got a dataset and the batches of withValidation");
        }
        this.listener = listener;
        this.resumed = resumed;
        saving = trainer.settings.saving();
        patience = trainer.settings.patience();
        clipping = trainer.settings.clipping();
        wantedLoss = trainer.settings.loss();
        stepsPerEpoch = training.steps();
        Trainer.requireOwner(trainer.net, trainer.optimizer);
        parameters = new TreeMap<>(trainer.net.parameters());
        state = new TreeMap<>(trainer.net.state());
        buffers = List.copyOf(trainer.net.buffers().values());
        unseen = new TreeMap<>(parameters);
        unseen.values().retainAll(trainer.optimizer.parameters());
        trained = unseen.values().stream().distinct().toList();
        if (patience > 0 && validation == null && validationBatches == null) {
            throw new IllegalArgumentException("patience: expected a validation set to judge the epochs by, got none");
        }
        if (training instanceof TrainingData.OfDataset all) {
            begin(all.data());
        }
        settings = saving == null && resumed == null ? Map.of() : settings();
        double seconds = saving == null ? Double.POSITIVE_INFINITY : saving.seconds();
        countdown = new Countdown(seconds);
        pause = new Countdown(Math.min(seconds, SHORTEST_PAUSE));
    }

    /** Checks the data of this run by its dataset or its first batch, and chooses the loss. */
    private void begin(Dataset examples) {
        Loss chosen = wantedLoss == null ? Loss.of(examples.targets()) : wantedLoss;
        // A loss refuses targets that it does not take, and weights that it would ignore.
        double unused = chosen.weight(new Batch(examples));
        if (validation != null) {
            requireAlike(examples, validation);
            unused = chosen.weight(new Batch(validation));
            Metrics.requireDType("validation", trainer.net, validation);
        }
        Metrics.requireDType("training", trainer.net, examples);
        loss = chosen;
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
            setState(bestWeights);
        }
        return new Trainer.History(List.copyOf(epochs), bestEpoch, ending);
    }

    private void requireSchedule() {
        if (stepsPerEpoch.isPresent()) {
            long left = trainer.epochs * stepsPerEpoch.getAsLong() - step;
            if (left > 0 && trainer.optimizer.isIdle(left)) {
                throw idle("in all " + left + " steps to come", begun + step);
            }
        }
    }

    private static IllegalStateException idle(String when, long over) {
        return new IllegalStateException("fit: expected a learning rate above 0, got 0 " + when
                + ": the optimizer's schedule is over after " + over
                + " steps; make a new optimizer, or one with a longer schedule");
    }

    private Trainer.Ending train() {
        while (epochs.size() < trainer.epochs) {
            if (isOutOfPatience()) {
                return Trainer.Ending.OUT_OF_PATIENCE;
            }
            if (!finishEpoch(epochs.size() + 1)) {
                return Trainer.Ending.STOPPED;
            }
        }
        return Trainer.Ending.COMPLETE;
    }

    private boolean isOutOfPatience() {
        return patience > 0 && epochs.size() - bestEpoch >= patience;
    }

    /** Trains to the end of the epoch; false if it was asked to stop before that. */
    private boolean finishEpoch(int epoch) {
        Iterable<Batch> batches = training.epoch(epoch, begun);
        try {
            if (!train(epoch, batches)) {
                return false;
            }
        } finally {
            TrainingData.close(batches);
        }
        requireSeen(epoch);
        requireHope(epoch);
        add(new Trainer.Epoch(epoch, unfinished.mean(), evaluation(epoch)));
        if (patience > 0 && bestEpoch == epoch) {
            bestWeights = trainer.optimizer.evaluate(this::weights);
        }
        unfinished = Checkpoint.Unfinished.NONE;
        if (pause.isOver() || epochs.size() == trainer.epochs || isOutOfPatience()) {
            save();
        }
        listener.epoch(epochs.get(epochs.size() - 1));
        return true;
    }

    /** Makes a step with each batch that the epoch has left; false if asked to stop. */
    private boolean train(int epoch, Iterable<Batch> batches) {
        OptionalLong total =
                stepsPerEpoch.isEmpty() ? stepsPerEpoch : OptionalLong.of(trainer.epochs * stepsPerEpoch.getAsLong());
        // If the number of steps is known, requireSchedule has looked ahead.
        boolean isIdle = stepsPerEpoch.isEmpty() && unfinished.steps() == 0;
        long count = 0;
        for (Batch batch : batches) {
            if (count++ < unfinished.steps()) {
                continue;
            }
            requireCount(epoch, count, false);
            if (trainer.stopRequested.get()) {
                save();
                return false;
            }
            isIdle = isIdle && trainer.optimizer.isIdle(1);
            double value = step(batch.withStep(begun + step), epoch);
            step++;
            listener.step(new Trainer.Step(epoch, step, total, value, unfinished.mean()));
            boolean isLast = stepsPerEpoch.isPresent() && unfinished.steps() == stepsPerEpoch.getAsLong();
            if (!isLast && countdown.isOver()) {
                save();
            }
        }
        requireCount(epoch, count, true);
        if (isIdle) {
            throw idle("in all " + count + " steps of epoch " + epoch, begun + step - count);
        }
        return true;
    }

    /** Refuses an epoch of fewer or more batches than the source promises, or than were used before resuming. */
    private void requireCount(int epoch, long count, boolean isOver) {
        long expected = stepsPerEpoch.orElse(Math.max(1, unfinished.steps()));
        if (isOver ? count < expected : stepsPerEpoch.isPresent() && count > expected) {
            throw new IllegalStateException("batches: expected " + (stepsPerEpoch.isPresent() ? "" : "at least ")
                    + expected + " in each epoch, got " + (isOver ? count == 0 ? "none" : count : "more")
                    + " in epoch " + epoch
                    + (stepsPerEpoch.isPresent() ? "; limit the stream, or correct withSteps or steps()" : ""));
        }
    }

    private @Nullable Evaluation evaluation(int epoch) {
        Supplier<Evaluation> evaluation;
        if (validation != null) {
            evaluation = () -> Metrics.evaluate(trainer.net, validation, loss());
        } else if (validationBatches != null) {
            evaluation = () -> Metrics.evaluate(trainer.net, validationBatches, loss());
        } else {
            return null;
        }
        try {
            return trainer.optimizer.evaluate(evaluation);
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
        Variable y = trainer.net.forward(tape.constant(probe().features().rows(new int[] {0})), Pass.inference());
        unseen.values().removeIf(tape.backward(y, y.value().scale(0))::has);
        if (!unseen.isEmpty()) {
            throw new IllegalStateException("fit: expected all parameters of the optimizer on the tape, got no "
                    + String.join(", ", unseen.keySet()) + " in epoch " + epoch
                    + "; read them by tape.parameter(...) in forward, or leave them out of the optimizer");
        }
    }

    /** Ends a regression whose error is huge and still rises; it falls while a net learns the scale of large features. */
    private void requireHope(int epoch) {
        if (epoch == 1 || loss() != Loss.meanSquaredError() || !(training instanceof TrainingData.OfDataset all)) {
            return;
        }
        double now = unfinished.mean();
        Tensor targets = all.data().values().to(DType.FLOAT64);
        double ofZero = targets.sumOfSquares() / targets.shape().size();
        if (ofZero > 0
                && now > HOPELESS * ofZero
                && now >= epochs.get(epoch - 2).trainingLoss()) {
            throw new DivergenceException(
                    epoch,
                    step,
                    "the mean loss of the epoch is " + Decimal.scientific(now, 1)
                            + " and rises, while always predicting 0 has " + Decimal.shortest(ofZero, 2));
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
        if (loss == null) {
            begin(batch.examples());
        }
        if (probe == null && !training.isRepeatable()) {
            probe = batch.examples();
        }
        Tape tape = new Tape(trainer.workspace);
        Batch borrowed = batch.withWorkspace(trainer.workspace);
        Variable result = loss(tape, borrowed);
        double value = result.value().item();
        Checkpoint.Unfinished next = unfinished.plus(value, loss().weight(borrowed));
        double limit = loss() instanceof CrossEntropy ? HOPELESS : Double.POSITIVE_INFINITY;
        if (!(value < limit && Math.abs(next.lossSum()) < Double.POSITIVE_INFINITY)) {
            throw diverged(
                    batch, epoch, "the loss is " + (Double.isFinite(value) ? Decimal.scientific(value, 1) : value));
        }
        requireBuffers(tape);
        Map<Buffer, Tensor> before = bufferValues();
        Gradients gradients = tape.backward(result);
        unseen.values().removeIf(gradients::has);
        for (Map.Entry<String, Parameter> entry : parameters.entrySet()) {
            if (gradients.has(entry.getValue())
                    && !gradients.of(entry.getValue()).isFinite()) {
                before.forEach(Buffer::set);
                throw diverged(batch, epoch, "the gradient of " + entry.getKey() + " is not finite");
            }
        }
        // A layer that this step skips has gradients of 0.
        Gradients own = gradients.ofAll(trained);
        trainer.optimizer.step(clipping.of(own));
        unfinished = next;
        return value;
    }

    /** The buffers' values, which the backward pass of the step may change. */
    private Map<Buffer, Tensor> bufferValues() {
        Map<Buffer, Tensor> values = new LinkedHashMap<>();
        buffers.forEach(buffer -> values.put(buffer, buffer.value()));
        return values;
    }

    /** Refuses buffers that a step changes but the net does not name: checkpoints and files would lose them. */
    private void requireBuffers(Tape tape) {
        Set<Buffer> updated = tape.updatedBuffers();
        updated.removeAll(buffers);
        if (!updated.isEmpty()) {
            throw new IllegalStateException("fit: expected all buffers that a step changes in the network's buffers(),"
                    + " got " + updated.size() + " others; return those of its layers from buffers() of each composite"
                    + " layer");
        }
    }

    private Variable loss(Tape tape, Batch batch) {
        Pass pass = Pass.training(trainer.seed, batch.step());
        Variable output = trainer.net.forward(tape.constant(batch.features()), pass);
        return Metrics.loss(loss(), output, batch);
    }

    private Loss loss() {
        if (loss == null) {
            begin(probe());
        }
        return Objects.requireNonNull(loss);
    }

    /** Repeats the step on a tape that checks every value; the pass is a value, so the masks are the same. */
    private DivergenceException diverged(Batch batch, int epoch, String what) {
        String where = "";
        Map<Buffer, Tensor> before = bufferValues();
        try {
            Tape tape = new Tape(Tape.Check.FINITE);
            tape.backward(loss(tape, batch));
        } catch (ArithmeticException first) {
            where = "; first at " + first.getMessage();
        } finally {
            before.forEach(Buffer::set);
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
                unfinished,
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
        pause.restart();
    }

    private void restore(Checkpoint checkpoint) {
        if (!training.isRepeatable()) {
            throw new IllegalArgumentException(
                    "resume: training batches: expected a source with an identity, so that they"
                            + " can be repeated, got one without; see BatchSource.identity");
        }
        if (validationBatches != null && validationBatches.identity().isEmpty()) {
            throw new IllegalArgumentException("resume: validation batches: expected a source with an identity, got one"
                    + " without; see BatchSource.identity");
        }
        Map<String, String> expected = new LinkedHashMap<>(checkpoint.settings());
        Map<String, String> probed = new LinkedHashMap<>();
        for (String name : List.of(FIRST_EXAMPLES, NET_OUTPUTS, LOSS_VALUE)) {
            String value = expected.remove(name);
            if (value != null) {
                probed.put(name, value);
            }
        }
        requireLossOfThatName(expected);
        Checkpoint.requireSame(expected, settings);
        Checkpoint.requireAlike(checkpoint.weights(), weights());
        if (patience > 0 && !checkpoint.epochs().isEmpty()) {
            Checkpoint.requireAlike(checkpoint.bestWeights(), weights());
        }
        requirePosition(checkpoint);
        requireSameNet(checkpoint, probed);
        trainer.optimizer.restore(checkpoint.optimizer());
        setState(checkpoint.weights());
        checkpoint.epochs().forEach(this::add);
        bestWeights = patience > 0 ? checkpoint.bestWeights() : Map.of();
        step = checkpoint.step();
        unfinished = checkpoint.unfinished();
    }

    /** The default loss has no name in the settings, but its label smoothing. */
    private void requireLossOfThatName(Map<String, String> expected) {
        String before = expected.getOrDefault(LOSS, "the default one");
        String now = settings.getOrDefault(LOSS, "the default one");
        if (!before.equals(now)) {
            throw new IllegalArgumentException("resume: loss: expected " + before + " as in the checkpoint, got " + now
                    + "; pass the same loss to withLoss");
        }
    }

    private void requirePosition(Checkpoint checkpoint) {
        int over = checkpoint.epochs().size();
        long begunEpochs = over + (checkpoint.unfinished().steps() > 0 ? 1L : 0L);
        if (stepsPerEpoch.isPresent()) {
            long each = stepsPerEpoch.getAsLong();
            long expected = over * each + checkpoint.unfinished().steps();
            if (checkpoint.step() != expected || checkpoint.unfinished().steps() >= each) {
                throw new IllegalArgumentException("resume: expected the checkpoint's " + checkpoint.step()
                        + " steps to be " + checkpoint.step() / each + " epochs of " + each + " steps, got " + over);
            }
        }
        if (begunEpochs > trainer.epochs) {
            throw new IllegalArgumentException("resume: epochs: expected at least " + begunEpochs
                    + " as begun in the checkpoint, got " + trainer.epochs);
        }
    }

    private Map<String, String> fullSettings() {
        Map<String, String> all = new LinkedHashMap<>(settings);
        if (training.isRepeatable()) {
            all.putAll(probed(step));
        }
        return all;
    }

    private Dataset probe() {
        if (probe == null) {
            probe = training.probe();
        }
        return probe;
    }

    /**
     * Checksums for a few examples: of the net's outputs in a training pass, of the examples themselves if the data come
     * from a source, and of their loss if it is not built in.
     */
    private Map<String, String> probed(long step) {
        Batch batch = new Batch(probe()).withStep(step);
        Variable features = Tape.inference().constant(batch.features());
        Variable outputs = trainer.net.forward(features, Pass.training(trainer.seed, step));
        Map<String, String> checksums = new LinkedHashMap<>();
        if (training instanceof TrainingData.OfSource) {
            checksums.put(FIRST_EXAMPLES, TrainingData.checksum(batch.examples()));
        }
        checksums.put(NET_OUTPUTS, "checksum " + Checksum.text(outputs.value().checksum()));
        if (smoothing(wantedLoss).isEmpty()) {
            Tensor value = loss().of(outputs, batch).value();
            checksums.put(LOSS_VALUE, "checksum " + Checksum.text(value.checksum()));
        }
        return checksums;
    }

    /**
     * Refuses examples other than the checkpoint's, and a net or a loss that computes something else; leaves the net
     * unchanged.
     *
     * @param expected the checkpoint's checksums, see {@link #probed}
     */
    private void requireSameNet(Checkpoint checkpoint, Map<String, String> expected) {
        if (!expected.containsKey(NET_OUTPUTS)) {
            return;
        }
        Map<String, Tensor> before = weights();
        Map<String, String> actual;
        try {
            setState(checkpoint.weights());
            actual = probed(checkpoint.step());
        } finally {
            setState(before);
        }
        String examples = expected.get(FIRST_EXAMPLES);
        if (examples != null && !examples.equals(actual.get(FIRST_EXAMPLES))) {
            throw new IllegalArgumentException("resume: training batches: expected the checkpoint's first examples, got"
                    + " others from a source of the same identity; give other data another identity");
        }
        if (!Objects.equals(expected.get(NET_OUTPUTS), actual.get(NET_OUTPUTS))) {
            throw new IllegalArgumentException(
                    "resume: net: expected the checkpoint's, got one of other layers or drop probabilities");
        }
        if (!Objects.equals(expected.get(LOSS_VALUE), actual.get(LOSS_VALUE))) {
            throw new IllegalArgumentException("resume: loss: expected the checkpoint's, which is "
                    + settings.get(LOSS) + ", got one with another value for the first examples; pass the same function"
                    + " with the same constants");
        }
    }

    private Map<String, Tensor> weights() {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        state.forEach((name, cell) -> weights.put(name, cell.value()));
        return weights;
    }

    private void setState(Map<String, Tensor> weights) {
        state.forEach((name, cell) -> cell.set(Objects.requireNonNull(weights.get(name))));
    }

    /** The settings that the steps depend on, apart from the net, the optimizer and the value of the loss. */
    private Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        training.describe(settings);
        if (validation != null) {
            TrainingData.describe("validation", validation, settings);
        }
        if (validationBatches != null) {
            settings.put("validation batches", validationBatches.identity().orElse("without an identity"));
        }
        settings.put("seed", String.valueOf(trainer.seed));
        OptionalDouble smoothing = smoothing(wantedLoss);
        if (smoothing.isPresent()) {
            settings.put("label smoothing", Checkpoint.text(smoothing.getAsDouble()));
        } else {
            settings.put("loss", name(Objects.requireNonNull(wantedLoss)));
        }
        settings.put("gradient norm", text(clipping.norm()));
        if (clipping.value() < Double.POSITIVE_INFINITY) {
            settings.put("gradient values", text(clipping.value()));
        }
        settings.put("early stopping", patience > 0 ? "yes" : "no");
        return settings;
    }

    private static String text(double limit) {
        return limit < Double.POSITIVE_INFINITY ? Checkpoint.text(limit) : "unlimited";
    }

    /** The label smoothing of a loss that is only distinguished by it, such as the default. */
    private static OptionalDouble smoothing(@Nullable Loss loss) {
        if (loss instanceof CrossEntropy crossEntropy && !crossEntropy.hasClassWeights()) {
            return OptionalDouble.of(crossEntropy.labelSmoothing());
        }
        return loss == null || loss == Loss.meanSquaredError() ? OptionalDouble.of(0) : OptionalDouble.empty();
    }

    /** The name of a loss in settings; that of a lambda is another in every JVM. */
    private static String name(Loss loss) {
        return loss.getClass().getPackage() == Loss.class.getPackage() ? loss.toString() : "one of your own";
    }
}
