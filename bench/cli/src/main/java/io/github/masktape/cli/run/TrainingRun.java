// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.run;

import io.github.masktape.autograd.NotFiniteOutputException;
import io.github.masktape.cli.model.Checksums;
import io.github.masktape.cli.model.ModelOutputs;
import io.github.masktape.cli.model.QualityTable;
import io.github.masktape.cli.settings.ExampleSets;
import io.github.masktape.cli.settings.RunSettings;
import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.cli.terminal.ShellWord;
import io.github.masktape.cli.terminal.ShutdownHook;
import io.github.masktape.cli.terminal.Terminal;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.TargetKind;
import io.github.masktape.layers.Sequential;
import io.github.masktape.optim.Checkpoint;
import io.github.masktape.optim.DivergenceException;
import io.github.masktape.optim.Trainer;
import io.github.masktape.tensor.Compute;
import io.github.masktape.text.Decimal;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A run of {@code train}, new or resumed, stored in a folder or not at all. */
public final class TrainingRun {
    /** The exit code of a command that Ctrl-C ended, as a shell reports it. */
    private static final int INTERRUPTED = 130;

    private final RunSettings settings;
    private final Terminal terminal;
    private final ExampleSets examples;
    private final Sequential net;
    private final Trainer trainer;
    private final @Nullable RunFiles files;
    private final @Nullable Checkpoint checkpoint;
    private long steps;

    /**
     * The place where a run is stored.
     *
     * @param checkpointSeconds the longest time between two checkpoints within an epoch
     * @param origins the metadata about the origin of its files
     * @param checkpoint the state to continue from, or null to begin
     */
    public record Keeping(
            RunFolder folder,
            double checkpointSeconds,
            Map<String, String> origins,
            @Nullable Checkpoint checkpoint) {
        /** The same place for a run that begins again with other settings, and may do so this many times more. */
        Keeping restarted(RunSettings settings, int restarts) {
            return new Keeping(folder, checkpointSeconds, RunMetadata.restarted(origins, settings, restarts), null);
        }
    }

    /**
     * A run with these settings. It continues the evaluations of its checkpoint, which an older version may have made on
     * the test part of a table.
     *
     * @param keeping null if the run is not stored
     */
    private TrainingRun(RunSettings settings, ExampleSets given, Terminal terminal, @Nullable Keeping keeping) {
        this.settings = settings;
        this.terminal = terminal;
        checkpoint = keeping == null ? null : keeping.checkpoint();
        boolean evaluates = checkpoint != null && checkpoint.settings().containsKey("validation examples");
        examples = evaluates && given.watched() == null ? given.watchingTest() : given;
        settings.training().steps().requireTaskOf(examples);
        net = settings.net().network(examples.inputs(), examples.outputs(), settings.seed());
        Trainer plain = settings.training().trainer(net, examples.training().targets());
        if (keeping == null) {
            files = null;
            trainer = plain;
        } else {
            files = new RunFiles(keeping.folder(), settings, examples, net.architecture(), keeping.origins());
            trainer =
                    plain.withCheckpoint(keeping.folder().checkpoint(), keeping.checkpointSeconds(), files.metadata());
        }
    }

    /**
     * Trains to the end, or until it is asked to stop. If the run diverges, it begins again with a smaller learning
     * rate.
     *
     * @param keeping the place where the run is stored, and its state so far; null if it is not stored
     * @param restarts the number of times that the run may begin again
     * @return the exit code
     */
    public static int train(
            RunSettings settings, ExampleSets examples, Terminal terminal, @Nullable Keeping keeping, int restarts) {
        TrainingRun run = new TrainingRun(settings, examples, terminal, keeping);
        try {
            return run.train();
        } catch (DivergenceException e) {
            if (restarts == 0) {
                throw run.failure(e);
            }
            RunSettings slower = settings.with(settings.training().slower());
            terminal.err()
                    .println("restart   " + String.valueOf(e.getMessage()).replaceFirst(";.*", "")
                            + "; beginning again with learning rate "
                            + Decimal.shortest(slower.training().learningRate(), 10));
            Keeping again = keeping == null ? null : keeping.restarted(slower, restarts - 1);
            return train(slower, examples, terminal, again, restarts - 1);
        }
    }

    private int train() {
        describe(terminal.err());
        ShutdownHook stopping = new ShutdownHook(trainer::stop);
        try {
            Trainer.History history = fit();
            boolean stopped = history.ending() == Trainer.Ending.STOPPED;
            if (files != null) {
                files.writeModel(history);
            }
            if (!stopped) {
                tell(history);
            }
            if (files != null) {
                files.finish(history);
            }
            if (stopped) {
                stopped(history);
            }
            return stopped ? INTERRUPTED : 0;
        } finally {
            stopping.close();
        }
    }

    private Trainer.History fit() {
        long begun = checkpoint == null ? 0 : checkpoint.step();
        TrainingProgress progress = new TrainingProgress(
                terminal,
                settings.training().epochs().total(),
                settings.training().steps().batchSize(),
                examples,
                begun);
        Trainer.Listener listener = files == null ? progress : files.after(progress);
        Compute.warmUp();
        try {
            Trainer.History history = checkpoint == null
                    ? trainer.fit(examples.training(), examples.watched(), listener)
                    : trainer.resume(checkpoint, examples.training(), examples.watched(), listener);
            steps = progress.steps();
            progress.finish(history);
            return history;
        } catch (NotFiniteOutputException e) {
            throw ended(ModelOutputs.notFinite(
                    e, watchedName(), Objects.requireNonNull(examples.watched()).features(), examples.preprocessing()));
        } catch (DivergenceException e) {
            throw e;
        } catch (ArithmeticException e) {
            throw ended(watchedName() + ": " + e.getMessage());
        } catch (UncheckedIOException e) {
            throw new Failure(e);
        } catch (IllegalArgumentException e) {
            if (checkpoint == null) {
                throw e;
            }
            throw new Failure(e);
        } finally {
            progress.clear();
        }
    }

    /**
     * The failure of a diverged run, whose folder becomes free for another attempt, since a resumed run would diverge
     * again.
     */
    private Failure failure(DivergenceException e) {
        String message =
                e.getMessage() + " (" + (settings.training().steps().clip().isLimit() ? "" : "--clip 1, or ")
                        + "--learning-rate below "
                        + Decimal.shortest(settings.training().learningRate(), 10)
                        + "; masktape lr looks for one)";
        return ended(message);
    }

    private Failure ended(String message) {
        if (files == null) {
            return new Failure(message);
        }
        files.writeMetrics();
        files.folder().markDiverged(message);
        return new Failure(message + "; the next train --out "
                + ShellWord.quoted(files.folder().toString()) + " replaces this run");
    }

    /** The set that each epoch is evaluated on. */
    private String watchedName() {
        return (examples.validation() == null ? settings.data() : examples.name()) + ": " + examples.watchedName();
    }

    private void describe(PrintWriter err) {
        err.println("data      " + examples);
        examples.printColumns(err);
        err.println("network   " + net.toString().replace("\n", "\n          "));
        settings.net().masks().ifPresent(masks -> err.println("masks     " + masks));
        err.println("training  " + settings.training());
        err.println("seed      " + settings.seed());
        err.println("compute   " + Compute.description());
        if (checkpoint != null) {
            err.println("resumed   after epoch " + checkpoint.epochs().size() + ", step " + checkpoint.step());
        }
    }

    private void stopped(Trainer.History history) {
        terminal.err()
                .println("stopped after epoch " + history.epochs().size() + ", step "
                        + steps
                        + (files == null
                                ? "; nothing was kept: train --out DIR keeps a run"
                                : "; continue with: java -jar masktape.jar train --resume "
                                        + ShellWord.quoted(files.folder().toString())));
    }

    private void tell(Trainer.History history) {
        String tested = tested(history, terminal.out());
        terminal.out().println("weights sha256 " + Checksums.of(net));
        terminal.out().println("test " + tested);
        terminal.out().flush();
    }

    /** The test error in words; prints all measures of quality if the examples are the rows of a table. */
    private String tested(Trainer.History history, PrintWriter out) {
        Dataset test = examples.test();
        if (test == null) {
            return "none";
        }
        if (examples.watched() == test
                && !examples.isTable()
                && examples.preprocessing().targets() instanceof TargetKind.Classes) {
            return ExampleSets.text(Objects.requireNonNull(history.last().validation()));
        }
        Dataset raw = Objects.requireNonNull(examples.rawTest());
        try {
            ModelOutputs outputs = ModelOutputs.of(net, examples.preprocessing(), test.features());
            if (examples.isTable()) {
                QualityTable.of(outputs, raw).print(out);
            }
            return outputs.quality(raw);
        } catch (NotFiniteOutputException e) {
            throw new Failure(
                    ModelOutputs.notFinite(e, settings.data() + ": test", test.features(), examples.preprocessing()));
        }
    }
}
