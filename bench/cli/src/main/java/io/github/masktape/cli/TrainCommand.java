package io.github.masktape.cli;

import io.github.masktape.layers.Sequential;
import io.github.masktape.optim.Trainer;
import io.github.masktape.tensor.Compute;
import java.io.PrintWriter;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code masktape train}: trains a multilayer perceptron and tells its weights' hash and its test error. */
@Command(
        name = "train",
        description = {
            "Trains a multilayer perceptron and counts its errors on a test set.",
            "",
            "Without options: generated digits, DropConnect on the hidden layer, some ten seconds. For each hidden size"
                    + " the network has an affine layer and the activation, then an affine layer to the classes."
        },
        footer = {
            "",
            "The last two lines on stdout are",
            "  weights sha256 HEX",
            "  test error 1.84 %% (184 of 10000)",
            "where the hash is over all weights and biases, first layer to last, row by row,",
            "each number as four bytes, little-endian. The same command gives the same hash",
            "with any number of threads, on any machine and JDK.",
            "",
            "Examples:",
            "  java -jar masktape.jar train",
            "  java -jar masktape.jar train --regularizer none --epochs 5",
            "  java -jar masktape.jar train --data mnist --hidden 800,800 --epochs 3"
        })
final class TrainCommand implements Callable<Integer> {
    private final boolean terminal;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private final DataOptions data = new DataOptions();

    @Mixin
    private final NetOptions net = new NetOptions();

    @Mixin
    private final TrainingOptions training = new TrainingOptions();

    @Mixin
    private final ComputeOptions compute;

    /**
     * The command.
     *
     * @param terminal whether to draw a bar
     * @param elsewhere runs the command in a faster JVM, if there is one, and gives its exit code
     */
    TrainCommand(boolean terminal, Supplier<OptionalInt> elsewhere) {
        this.terminal = terminal;
        compute = new ComputeOptions(elsewhere);
    }

    @Override
    public Integer call() {
        net.check();
        OptionalInt code = compute.settle();
        if (code.isPresent()) {
            return code.getAsInt();
        }
        DataOptions.Examples examples = data.load();
        Sequential network = net.network(examples.features(), examples.classes(), training.seed());
        PrintWriter err = spec.commandLine().getErr();
        describe(examples, network, err);
        Trainer.Evaluation result = train(network, examples, err);
        PrintWriter out = spec.commandLine().getOut();
        out.println("weights sha256 " + Fingerprint.of(network));
        out.println("test error " + Progress.percent(result.errorRate()) + " (" + result.errors() + " of "
                + result.examples() + ")");
        return 0;
    }

    private void describe(DataOptions.Examples examples, Sequential network, PrintWriter err) {
        err.println("data      " + examples);
        err.println("network   " + network.toString().replace("\n", "\n          "));
        net.masks().ifPresent(masks -> err.println("masks     " + masks));
        err.println("training  " + training);
        err.println("seed      " + training.seed());
        err.println("compute   " + Compute.description());
    }

    private Trainer.Evaluation train(Sequential network, DataOptions.Examples examples, PrintWriter err) {
        int size = examples.training().size();
        Progress progress = new Progress(err, terminal, training.epochs(), size, training.batchSize());
        try {
            List<Trainer.Epoch> history =
                    training.trainer(network, size).fit(examples.training(), examples.test(), progress);
            progress.finish();
            return history.get(history.size() - 1).test();
        } catch (ArithmeticException e) {
            throw new Failure(e);
        } finally {
            progress.clear();
        }
    }
}
