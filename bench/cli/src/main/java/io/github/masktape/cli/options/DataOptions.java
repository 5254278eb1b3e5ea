package io.github.masktape.cli.options;

import io.github.masktape.cli.settings.ExampleSets;
import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.cli.terminal.Terminal;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.GeneratedDigits;
import io.github.masktape.data.GeneratedPoints;
import io.github.masktape.data.Idx;
import io.github.masktape.data.Preprocessing;
import java.io.File;
import java.io.IOException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What is learned, and what it is tested on. */
public final class DataOptions {
    private static final int GENERATED_DIGITS = 10_000;
    private static final int GENERATED_POINTS = 2_000;
    private static final int ARMS = 3;
    private static final double MOONS_NOISE = 0.15;
    private static final double SPIRALS_NOISE = 0.03;
    private static final long TRAINING_SEED = 1;
    private static final long TEST_SEED = 2;

    /** The names of all options that tell what is learned. */
    public static final Set<String> NAMES = Set.of(
            "--data",
            "--label-column",
            "--task",
            "--header",
            "--delimiter",
            "--test-data",
            "--test",
            "--validation",
            "--split-seed");

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DATA",
            converter = Source.Converter.class,
            description = "Folder of IDX files with MNIST's names, plain or gzipped; a CSV file; or generated digits,"
                    + " moons or spirals (default: digits, 10000 of seed 1 for training and 10000 of seed 2 for"
                    + " testing).")
    private Source data = new Source("digits");

    @Mixin
    private final CsvOptions csv = new CsvOptions();

    @Option(
            names = "--test-data",
            paramLabel = "FILE",
            description = "CSV file of examples for testing (default: a part of --data, see --test).")
    private @Nullable File testData;

    @Option(
            names = "--test",
            paramLabel = "N",
            converter = Converters.Part.Converter.class,
            description = "Examples of a CSV file that are set apart for testing, or their share, drawn from each class"
                    + " alike (default: 0.2).")
    private Converters.@Nullable Part test;

    @Option(
            names = "--validation",
            paramLabel = "N",
            converter = Converters.Part.Converter.class,
            description = "Examples, or their share, that are taken from those for training, from each class alike, to"
                    + " watch the epochs by and to stop early (default: none; the epochs are tested).")
    private Converters.@Nullable Part validation;

    @Option(
            names = "--split-seed",
            paramLabel = "N",
            converter = Converters.Seed.class,
            description = "Seed by which --test and --validation draw (default: ${DEFAULT-VALUE}).")
    private long splitSeed = 1;

    /** Refuses options that do not go together. */
    public void check() {
        if (data.kind() != Source.Kind.CSV) {
            csv.requireNone();
            require(testData == null, "--test-data: expected a CSV file as --data, got " + data);
            require(test == null, "--test: expected a CSV file as --data, got " + data);
        }
        require(test == null || testData == null, "--test: expected no --test-data as well");
    }

    private void require(boolean condition, String message) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }

    boolean hasValidation() {
        return validation != null;
    }

    boolean isRegression() {
        return csv.isRegression();
    }

    /** True if the examples are the rows of a CSV file. */
    boolean isTable() {
        return data.kind() == Source.Kind.CSV;
    }

    /** Reads or generates everything. */
    public ExampleSets load(Terminal streams) {
        try {
            return switch (data.kind()) {
                case CSV -> table(streams);
                case IDX -> split(images(data.file()));
                case IDX_FILE -> throw data.needsFolder();
                case DIGITS -> split(both(() -> digits(TRAINING_SEED), () -> digits(TEST_SEED)));
                case MOONS -> split(new Pair(moons(TRAINING_SEED), moons(TEST_SEED)));
                case SPIRALS -> split(new Pair(spirals(TRAINING_SEED), spirals(TEST_SEED)));
            };
        } catch (IOException e) {
            throw new Failure(e);
        }
    }

    /** The options with this data and nothing else. */
    public static DataOptions of(Source data) {
        DataOptions options = new DataOptions();
        options.data = data;
        return options;
    }

    /** The examples for testing, as the data have them. */
    public Dataset rawTest(Preprocessing known, Terminal streams) throws IOException {
        return switch (data.kind()) {
            case CSV -> {
                if (testData != null) {
                    yield csv.read(testData, known, streams);
                }
                Dataset all = csv.read(data.file(), known, streams);
                yield Objects.requireNonNull(parts(all, test == null ? Converters.Part.FIFTH : test, "--test").taken);
            }
            case IDX -> Idx.test(data.file());
            case IDX_FILE -> throw data.needsFolder();
            case DIGITS -> digits(TEST_SEED);
            case MOONS -> moons(TEST_SEED);
            case SPIRALS -> spirals(TEST_SEED);
        };
    }

    private static Dataset digits(long seed) {
        return GeneratedDigits.of(GENERATED_DIGITS, seed);
    }

    private static Dataset moons(long seed) {
        return GeneratedPoints.moons(GENERATED_POINTS, MOONS_NOISE, seed);
    }

    private static Dataset spirals(long seed) {
        return GeneratedPoints.spirals(GENERATED_POINTS, ARMS, SPIRALS_NOISE, seed);
    }

    /** Examples to train on and to test on. */
    public record Pair(Dataset training, Dataset test) {}

    /** Loads both at the same time: in a cold JVM each takes a good part of a second. */
    private static Pair both(Callable<Dataset> training, Callable<Dataset> test) throws IOException {
        FutureTask<Dataset> other = new FutureTask<>(test);
        new Thread(other, "masktape-test-set").start();
        FutureTask<Dataset> own = new FutureTask<>(training);
        own.run();
        return new Pair(result(own), result(other));
    }

    private static Dataset result(FutureTask<Dataset> loading) throws IOException {
        try {
            return loading.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The images of a folder, those for testing with as many classes as those for training. */
    public static Pair images(File folder) throws IOException {
        Pair pair = both(() -> Idx.training(folder), () -> Idx.test(folder));
        Dataset training = pair.training;
        Dataset test = pair.test;
        int expected = training.features().shape().dim(1);
        int actual = test.features().shape().dim(1);
        if (actual != expected) {
            throw new Failure(
                    folder + ": expected test images of " + expected + " pixels as in training, got " + actual);
        }
        if (test.classes() > training.classes()) {
            throw new Failure(folder + ": expected test labels below " + training.classes() + " as in training, got "
                    + (test.classes() - 1));
        }
        return new Pair(training, new Dataset(test.features(), test.labels(), training.classes()));
    }

    private ExampleSets split(Pair pair) {
        Parts parts = parts(pair.training, validation, "--validation");
        return new ExampleSets(
                data.toString(), parts.kept, parts.taken, pair.test, pair.test, Preprocessing.none(pair.training));
    }

    // ---- a CSV file ----

    private ExampleSets table(Terminal streams) throws IOException {
        Dataset all = csv.read(data.file(), streams);
        Parts tested = testData == null
                ? parts(all, test == null ? Converters.Part.FIFTH : test, "--test")
                : new Parts(all, null);
        Parts watched = parts(tested.kept, validation, "--validation");
        Preprocessing preprocessing = fit(watched.kept);
        Dataset taken = tested.taken != null
                ? tested.taken
                : csv.read(Objects.requireNonNull(testData), preprocessing, streams);
        return new ExampleSets(
                data.toString(),
                preprocessing.apply(watched.kept),
                watched.taken == null ? null : preprocessing.apply(watched.taken),
                preprocessing.apply(taken),
                taken,
                preprocessing);
    }

    private Preprocessing fit(Dataset training) {
        try {
            return Preprocessing.fit(training);
        } catch (IllegalArgumentException e) {
            throw new Failure(data + ": " + e.getMessage());
        }
    }

    private record Parts(Dataset kept, @Nullable Dataset taken) {}

    private Parts parts(Dataset all, Converters.@Nullable Part part, String option) {
        if (part == null) {
            return new Parts(all, null);
        }
        try {
            Dataset.Split split = all.split(part.of(all.size()), splitSeed);
            return new Parts(split.training(), split.validation());
        } catch (IllegalArgumentException e) {
            throw new Failure(data + ": " + option + " " + part + ": "
                    + String.valueOf(e.getMessage()).replaceFirst("^validation: ", ""));
        }
    }

    @Override
    public String toString() {
        return testData != null ? testData.toString() : data.toString();
    }

    /** What {@code --data} names: a word, a folder or a file. */
    public record Source(String text) {
        public enum Kind {
            DIGITS,
            MOONS,
            SPIRALS,
            /** A folder of images and labels. */
            IDX,
            /** A file of one array. */
            IDX_FILE,
            CSV
        }

        /** A file's kind is in its first bytes, whatever its name is. */
        public Kind kind() {
            return switch (text) {
                case "digits" -> Kind.DIGITS;
                case "moons" -> Kind.MOONS;
                case "spirals" -> Kind.SPIRALS;
                default ->
                    file().isFile()
                            ? rank() > 0 ? Kind.IDX_FILE : Kind.CSV
                            : text.endsWith(".csv") ? Kind.CSV : Kind.IDX;
            };
        }

        /** The axes of an IDX file's array; 0 for any other file, and for one that its reader will refuse. */
        private int rank() {
            try {
                return Idx.rank(file());
            } catch (IOException e) {
                return 0;
            }
        }

        public Failure needsFolder() {
            return new Failure(text + ": an IDX file of "
                    + (rank() == 1
                            ? "labels; name the folder that holds it and its images"
                            : "images; name the folder that holds it and its labels"));
        }

        public boolean isGenerated() {
            return Set.of("digits", "moons", "spirals").contains(text);
        }

        public File file() {
            return new File(text);
        }

        @Override
        public String toString() {
            return isGenerated() ? "generated " + text : text;
        }

        public static final class Converter implements ITypeConverter<Source> {
            @Override
            public Source convert(String value) {
                if (value.isEmpty()) {
                    throw Converters.refusal("a folder, a CSV file, digits, moons or spirals", value);
                }
                return new Source(value);
            }
        }
    }
}
