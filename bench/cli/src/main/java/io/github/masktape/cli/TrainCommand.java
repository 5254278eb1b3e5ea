package io.github.masktape.cli;

import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.GeneratedDigits;
import io.github.masktape.data.Idx;
import io.github.masktape.layers.DropConnect;
import io.github.masktape.layers.Dropout;
import io.github.masktape.layers.Linear;
import io.github.masktape.layers.ReLU;
import io.github.masktape.layers.Sequential;
import io.github.masktape.layers.Sigmoid;
import io.github.masktape.layers.Tanh;
import io.github.masktape.optim.LearningRate;
import io.github.masktape.optim.SGD;
import io.github.masktape.optim.Trainer;
import io.github.masktape.tensor.Compute;
import io.github.masktape.tensor.Decimal;
import io.github.masktape.tensor.Initializer;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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
    private static final int GENERATED_EXAMPLES = 10_000;
    private static final long TRAINING_SEED = 1;
    private static final long TEST_SEED = 2;

    private final boolean terminal;
    private final Supplier<OptionalInt> elsewhere;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder of IDX files with MNIST's names, plain or gzipped (default: generated digits,"
                    + " 10000 of seed 1 for training and 10000 of seed 2 for testing).")
    private @Nullable File data;

    @Option(
            names = "--hidden",
            paramLabel = "SIZES",
            converter = Accepts.Sizes.Converter.class,
            description = "Sizes of the hidden layers, separated by commas; none for a linear model"
                    + " (default: ${DEFAULT-VALUE}).")
    private Accepts.Sizes hidden = new Accepts.Sizes(List.of(128));

    @Option(
            names = "--regularizer",
            paramLabel = "WORD",
            converter = Regularizer.Converter.class,
            description = "none, dropout (of hidden activations) or dropconnect (of the hidden layers' weights)"
                    + " (default: ${DEFAULT-VALUE}).")
    private Regularizer regularizer = Regularizer.DROPCONNECT;

    @Option(
            names = "--drop-probability",
            paramLabel = "P",
            converter = Accepts.DropProbability.class,
            description = "How likely each connection or activation is dropped, in [0, 1) (default: ${DEFAULT-VALUE}).")
    private double dropProbability = 0.5;

    @Option(
            names = "--mask",
            paramLabel = "WORD",
            converter = Masks.Converter.class,
            description = "DropConnect's masks: per-example or per-batch (default: ${DEFAULT-VALUE}).")
    private Masks mask = Masks.PER_EXAMPLE;

    @Option(names = "--mask-bias", description = "Let DropConnect drop biases as well (default: false).")
    private boolean maskBias;

    @Option(
            names = "--activation",
            paramLabel = "WORD",
            converter = Activation.Converter.class,
            description = "relu (from He's initial weights), tanh or sigmoid (from Glorot's)"
                    + " (default: ${DEFAULT-VALUE}).")
    private Activation activation = Activation.RELU;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            converter = Accepts.Count.class,
            description = "Times that training goes through the data (default: ${DEFAULT-VALUE}).")
    private int epochs = 15;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            converter = Accepts.Count.class,
            description = "Examples in a step (default: ${DEFAULT-VALUE}).")
    private int batchSize = 64;

    @Option(
            names = "--learning-rate",
            paramLabel = "RATE",
            converter = Accepts.LearningRate.class,
            description = "Learning rate of the first step (default: ${DEFAULT-VALUE}).")
    private double learningRate = 0.1;

    @Option(
            names = "--momentum",
            paramLabel = "M",
            converter = Accepts.Momentum.class,
            description = "Momentum, in [0, 1) (default: ${DEFAULT-VALUE}).")
    private double momentum = 0.9;

    @Option(
            names = "--weight-decay",
            paramLabel = "D",
            converter = Accepts.WeightDecay.class,
            description = "Weight decay, at least 0 (default: ${DEFAULT-VALUE}).")
    private double weightDecay;

    @Option(
            names = "--schedule",
            paramLabel = "S",
            converter = Schedule.Converter.class,
            description = "The course of the learning rate: constant, cosine (down to 0), or a-b-c such as 600-400-20:"
                    + " a epochs at the full rate, b each at 0.5 and 0.1 of it, then c each at 0.05, 0.01, 0.005 and"
                    + " 0.001 (default: ${DEFAULT-VALUE}).")
    private Schedule schedule = new Schedule("cosine");

    @Option(
            names = "--seed",
            paramLabel = "N",
            converter = Accepts.Seed.class,
            description = "Seed of initial weights, shuffling and masks (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(
            names = "--threads",
            paramLabel = "N",
            converter = Accepts.Threads.class,
            description = "Threads to compute on; no result depends on it (default: one per processor).")
    private @Nullable Integer threads;

    @Option(
            names = "--kernels",
            paramLabel = "WORD",
            converter = Kernels.Converter.class,
            description = "scalar, vector, or auto: vector where that is faster; no result depends on it. Vectors need"
                    + " the module jdk.incubator.vector: if it is not given, train runs itself once more with it,"
                    + " unless told scalar (default: -Dmasktape.kernels, else auto).")
    private @Nullable Kernels kernels;

    /**
     * The command.
     *
     * @param terminal whether to draw a bar
     * @param elsewhere runs the command in a faster JVM, if there is one, and gives its exit code
     */
    TrainCommand(boolean terminal, Supplier<OptionalInt> elsewhere) {
        this.terminal = terminal;
        this.elsewhere = elsewhere;
    }

    @Override
    public Integer call() {
        if (kernels != null) {
            System.setProperty("masktape.kernels", kernels.toString());
        }
        OptionalInt code = elsewhere.get();
        if (code.isPresent()) {
            return code.getAsInt();
        }
        settleKernels();
        if (threads != null) {
            Compute.setThreads(threads);
        }
        Dataset training = load(true);
        Dataset test = load(false);
        requireAlike(training, test);
        Sequential net = network(training.features().shape().dim(1), training.classes());
        long stepsPerEpoch = (training.size() - 1L) / batchSize + 1;
        SGD sgd = new SGD(net.parameters(), schedule.of(learningRate, epochs, stepsPerEpoch))
                .momentum(momentum)
                .weightDecay(weightDecay);
        PrintWriter err = spec.commandLine().getErr();
        describe(training, test, net, err);
        Trainer.Evaluation result = train(new Trainer(net, sgd, epochs, batchSize, seed), training, test, err);
        PrintWriter out = spec.commandLine().getOut();
        out.println("weights sha256 " + sha256(net));
        out.println("test error " + Progress.percent(result.errorRate()) + " (" + result.errors() + " of "
                + result.examples() + ")");
        return 0;
    }

    /** Before there is a tensor, so that kernels which cannot be had are a mistake and nothing else. */
    private void settleKernels() {
        try {
            Compute.description();
        } catch (IllegalArgumentException e) {
            if (kernels == null) {
                throw e;
            }
            String message = String.valueOf(e.getMessage()).replace("-Dmasktape.kernels=", "--kernels ");
            throw new ParameterException(spec.commandLine(), message, e);
        }
    }

    private Dataset load(boolean training) {
        if (data == null) {
            return GeneratedDigits.of(GENERATED_EXAMPLES, training ? TRAINING_SEED : TEST_SEED);
        }
        try {
            return training ? Idx.training(data) : Idx.test(data);
        } catch (IOException e) {
            throw new Failure(e);
        }
    }

    private void requireAlike(Dataset training, Dataset test) {
        int expected = training.features().shape().dim(1);
        int actual = test.features().shape().dim(1);
        if (actual != expected) {
            throw new Failure(data + ": expected test images of " + expected + " pixels as in training, got " + actual);
        }
        if (test.classes() > training.classes()) {
            throw new Failure(data + ": expected test labels below " + training.classes() + " as in training, got "
                    + (test.classes() - 1));
        }
    }

    private Sequential network(int features, int classes) {
        Initializer init =
                activation == Activation.RELU ? Initializer.heUniform(seed) : Initializer.glorotUniform(seed);
        List<Layer> layers = new ArrayList<>();
        int in = features;
        for (int out : hidden.values()) {
            layers.add(regularizer == Regularizer.DROPCONNECT ? dropConnect(in, out, init) : Linear.of(in, out, init));
            layers.add(
                    switch (activation) {
                        case RELU -> new ReLU();
                        case TANH -> new Tanh();
                        case SIGMOID -> new Sigmoid();
                    });
            if (regularizer == Regularizer.DROPOUT) {
                layers.add(new Dropout(dropProbability));
            }
            in = out;
        }
        layers.add(Linear.of(in, classes, init));
        return Sequential.of(layers);
    }

    private Layer dropConnect(int in, int out, Initializer init) {
        DropConnect layer = DropConnect.of(in, out, dropProbability, init);
        layer = mask == Masks.PER_BATCH ? layer.perBatch() : layer;
        return maskBias ? layer.maskedBias() : layer;
    }

    private void describe(Dataset training, Dataset test, Sequential net, PrintWriter err) {
        err.println("data      " + (data == null ? "generated digits" : data) + ": " + training.size()
                + " examples for training, " + test.size() + " for testing");
        err.println("network   " + net.toString().replace("\n", "\n          "));
        if (regularizer == Regularizer.DROPCONNECT && !hidden.values().isEmpty()) {
            err.println("masks     " + mask + (maskBias ? ", of biases too" : "") + ", drop probability "
                    + Decimal.shortest(dropProbability, 10));
        }
        err.println("training  " + epochs + (epochs == 1 ? " epoch" : " epochs") + " in batches of " + batchSize
                + ", learning rate " + Decimal.shortest(learningRate, 10) + " " + schedule + ", momentum "
                + Decimal.shortest(momentum, 10)
                + (weightDecay == 0 ? "" : ", weight decay " + Decimal.shortest(weightDecay, 10)));
        err.println("seed      " + seed);
        err.println("compute   " + Compute.description());
    }

    private Trainer.Evaluation train(Trainer trainer, Dataset training, Dataset test, PrintWriter err) {
        Progress progress = new Progress(err, terminal, epochs, training.size(), batchSize);
        try {
            Trainer.History history = trainer.fit(training, test, progress);
            progress.finish();
            return Objects.requireNonNull(history.last().validation());
        } catch (ArithmeticException e) {
            throw new Failure(e);
        } finally {
            progress.clear();
        }
    }

    /** SHA-256 over all parameters in order, each number as a little-endian float32, nothing in between. */
    static String sha256(Layer net) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Parameter parameter : net.parameters().values()) {
                float[] values = parameter.value().toFloatArray();
                ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(values);
                digest.update(bytes);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What keeps the network from learning its examples by heart. */
    enum Regularizer {
        NONE,
        DROPOUT,
        DROPCONNECT;

        @Override
        public String toString() {
            return word(this);
        }

        static final class Converter extends Accepts.Word<Regularizer> {
            Converter() {
                super(Regularizer.values());
            }
        }
    }

    /** How many examples share a mask. */
    enum Masks {
        PER_EXAMPLE,
        PER_BATCH;

        @Override
        public String toString() {
            return word(this);
        }

        static final class Converter extends Accepts.Word<Masks> {
            Converter() {
                super(Masks.values());
            }
        }
    }

    /** The function after each hidden layer. */
    enum Activation {
        RELU,
        TANH,
        SIGMOID;

        @Override
        public String toString() {
            return word(this);
        }

        static final class Converter extends Accepts.Word<Activation> {
            Converter() {
                super(Activation.values());
            }
        }
    }

    /** The loops under the tensors. */
    enum Kernels {
        AUTO,
        SCALAR,
        VECTOR;

        @Override
        public String toString() {
            return word(this);
        }

        static final class Converter extends Accepts.Word<Kernels> {
            Converter() {
                super(Kernels.values());
            }
        }
    }

    /** The course of the learning rate, as it was asked for: {@code constant}, {@code cosine} or {@code a-b-c}. */
    record Schedule(String text) {
        private static final String STEPS = "[1-9]\\d{0,8}(-[1-9]\\d{0,8}){2}";

        LearningRate of(double rate, int epochs, long stepsPerEpoch) {
            return switch (text) {
                case "constant" -> LearningRate.constant(rate);
                case "cosine" -> LearningRate.cosine(rate, epochs * stepsPerEpoch);
                default -> {
                    String[] abc = text.split("-", -1);
                    yield LearningRate.steps(
                            rate,
                            stepsPerEpoch,
                            Integer.parseInt(abc[0]),
                            Integer.parseInt(abc[1]),
                            Integer.parseInt(abc[2]));
                }
            };
        }

        @Override
        public String toString() {
            return text;
        }

        static final class Converter implements ITypeConverter<Schedule> {
            @Override
            public Schedule convert(String value) {
                if (!value.equals("constant") && !value.equals("cosine") && !value.matches(STEPS)) {
                    throw Accepts.refusal("constant, cosine or a-b-c of three positive numbers", value);
                }
                return new Schedule(value);
            }
        }
    }
}
