// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.settings;

import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.cli.terminal.Terminal;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.GeneratedDigits;
import io.github.masktape.data.GeneratedPoints;
import io.github.masktape.data.Idx;
import io.github.masktape.data.Preprocessing;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the data for training, validation and testing.
 *
 * @param source the data
 * @param csv the settings for reading it if it is a CSV file
 * @param testData a CSV file of examples for testing, or null to set some of the data apart
 * @param test the number of examples of a table to set apart for testing; null for a fifth
 * @param validation the number of examples to set apart for validation; null for the default, which is none unless
 *     {@link Defaults#validation} gives some for a table
 * @param splitSeed the seed of the draws
 */
public record DataSettings(
        DataSource source,
        CsvSettings csv,
        @Nullable File testData,
        @Nullable ExampleCount test,
        @Nullable ExampleCount validation,
        long splitSeed) {
    private static final int GENERATED_DIGITS = 10_000;
    private static final int GENERATED_POINTS = 2_000;
    private static final int ARMS = 3;
    private static final double MOONS_NOISE = 0.15;
    private static final double SPIRALS_NOISE = 0.03;
    private static final long TRAINING_SEED = 1;
    private static final long TEST_SEED = 2;

    /** The files and folders that the examples are read from. */
    public List<File> files() {
        List<File> files = new ArrayList<>(source.files());
        if (testData != null) {
            files.addAll(new DataSource(testData.getPath()).files());
        }
        return files;
    }

    /** Settings with the given source, and defaults for everything else. */
    public static DataSettings of(DataSource source) {
        return new DataSettings(source, CsvSettings.DEFAULTS, null, null, null, 1);
    }

    /** True if some examples may be set apart for validation. */
    public boolean mayHaveValidation() {
        return validation == null ? isTable() : !validation.isNone();
    }

    /** These settings with a number of examples for validation. */
    public DataSettings withValidation(@Nullable ExampleCount validation) {
        return new DataSettings(source, csv, testData, test, validation, splitSeed);
    }

    /** These settings with a number of examples of a table for testing. */
    public DataSettings withTest(ExampleCount test) {
        return new DataSettings(source, csv, testData, test, validation, splitSeed);
    }

    /** These settings with another seed of the draws. */
    public DataSettings withSplitSeed(long splitSeed) {
        return new DataSettings(source, csv, testData, test, validation, splitSeed);
    }

    /** True if the examples are the rows of a CSV file. */
    public boolean isTable() {
        return source.kind() == DataSource.SourceKind.CSV;
    }

    /** Reads or generates everything. */
    public ExampleSets load(Terminal streams) {
        try {
            return switch (source.kind()) {
                case CSV -> table(streams);
                case IDX -> split(images(source.file()));
                case IDX_FILE -> split(set());
                case IDX_PAIR -> split(pair());
                case DIGITS -> split(both(() -> digits(TRAINING_SEED), () -> digits(TEST_SEED)));
                case MOONS -> split(new Pair(moons(TRAINING_SEED), moons(TEST_SEED)));
                case SPIRALS -> split(new Pair(spirals(TRAINING_SEED), spirals(TEST_SEED)));
            };
        } catch (IOException e) {
            throw new Failure(e);
        }
    }

    /** The examples that may be trained on, in the unit of the data: those of {@link #load} but those for testing. */
    public Dataset rawTraining(Terminal streams) {
        try {
            return switch (source.kind()) {
                case CSV -> {
                    Dataset all = csv.read(source.file(), streams);
                    yield testData == null ? parts(all, testPart(), "--test").kept : all;
                }
                case IDX -> images(source.file()).training();
                case IDX_FILE -> set().training();
                case IDX_PAIR -> pair().training();
                case DIGITS -> digits(TRAINING_SEED);
                case MOONS -> moons(TRAINING_SEED);
                case SPIRALS -> spirals(TRAINING_SEED);
            };
        } catch (IOException e) {
            throw new Failure(e);
        }
    }

    /**
     * Examples in the unit of the data as the network takes them; some of those for training may be set apart for
     * validation.
     *
     * @param training those to train on, which determine the preprocessing
     * @param test those to test on
     */
    public ExampleSets prepared(Dataset training, Dataset test) {
        ExampleCount part = isTable() ? validationPart(training.size()) : validation;
        Parts watched = parts(training, part, "--validation");
        Preprocessing preprocessing = isTable() ? fit(watched.kept) : Preprocessing.none(training);
        return new ExampleSets(
                source.toString(),
                preprocessing.apply(watched.kept),
                watched.taken == null ? null : preprocessing.apply(watched.taken),
                preprocessing.apply(test),
                test,
                preprocessing,
                List.of());
    }

    /** The examples for testing, in the unit of the data. */
    public Dataset rawTest(Preprocessing known, Terminal streams) throws IOException {
        return switch (source.kind()) {
            case CSV -> {
                if (testData != null) {
                    yield csv.read(testData, known, streams);
                }
                if (trainsOnAll()) {
                    throw new Failure(source + ": no examples were set apart for testing (--test none); name the test"
                            + " data with --data");
                }
                yield Objects.requireNonNull(
                        parts(csv.read(source.file(), known, streams), testPart(), "--test").taken);
            }
            case IDX -> Idx.test(source.file());
            case IDX_FILE -> Idx.setOf(source.file(), false);
            case IDX_PAIR -> pair().test();
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

    /** Loads both at the same time, because each takes a good part of a second in a cold JVM. */
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

    /** The training and test images of a folder, with the same number of classes. */
    public static Pair images(File folder) throws IOException {
        return alike(folder.toString(), both(() -> Idx.training(folder), () -> Idx.test(folder)));
    }

    /** The training and test images of the set that a file of images belongs to. */
    private Pair set() throws IOException {
        source.requireImages();
        File images = source.file();
        return alike(source.toString(), both(() -> Idx.setOf(images, true), () -> Idx.setOf(images, false)));
    }

    /** The labeled images of a pair of files; those for testing come from another pair, or are a part of these. */
    private Pair pair() throws IOException {
        Dataset all = source.labeledImages();
        if (testData != null) {
            return alike(source.toString(), new Pair(all, new DataSource(testData.toString()).labeledImages()));
        }
        Parts parts = parts(all, test == null ? ExampleCount.FIFTH : test, "--test");
        return new Pair(parts.kept, Objects.requireNonNull(parts.taken));
    }

    /** Refuses sets of different pixels, and gives the test set the classes of the training set. */
    private static Pair alike(String folder, Pair pair) {
        Dataset training = pair.training;
        Dataset test = pair.test;
        int expected = training.features().shape().dim(1);
        int actual = test.features().shape().dim(1);
        if (actual != expected) {
            throw new Failure(
                    folder + ": expected test images of " + expected + " pixels as in training, got " + actual);
        }
        if (test.outputs() > training.outputs()) {
            throw new Failure(folder + ": expected test labels below " + training.outputs() + " as in training, got "
                    + (test.outputs() - 1));
        }
        return new Pair(training, new Dataset(test.features(), test.labels(), training.outputs()));
    }

    private ExampleSets split(Pair pair) {
        Parts parts = parts(pair.training, validation, "--validation");
        return new ExampleSets(
                source.toString(),
                parts.kept,
                parts.taken,
                pair.test,
                pair.test,
                Preprocessing.none(pair.training),
                List.of());
    }

    // ---- a CSV file ----

    /** True if no examples are for testing, because all of a table are for training. */
    public boolean trainsOnAll() {
        return testData == null && test != null && test.isNone();
    }

    private ExampleCount testPart() {
        return test == null ? ExampleCount.FIFTH : test;
    }

    private ExampleSets table(Terminal streams) throws IOException {
        Dataset all = csv.read(source.file(), streams);
        Parts tested = testData == null ? parts(all, testPart(), "--test") : new Parts(all, null);
        Parts watched = parts(tested.kept, validationPart(tested.kept.size()), "--validation");
        Preprocessing preprocessing = fit(watched.kept);
        Dataset taken = testData == null ? tested.taken : csv.read(testData, preprocessing, streams);
        return new ExampleSets(
                source.toString(),
                preprocessing.apply(watched.kept),
                watched.taken == null ? null : preprocessing.apply(watched.taken),
                taken == null ? null : preprocessing.apply(taken),
                taken,
                preprocessing,
                preprocessing.summary(all));
    }

    /** The validation part of a table: none by default if all examples are for training. */
    private ExampleCount validationPart(int rows) {
        if (validation != null) {
            return validation;
        }
        return trainsOnAll() ? ExampleCount.NONE : Defaults.validation(rows);
    }

    private Preprocessing fit(Dataset training) {
        try {
            return Preprocessing.fit(training);
        } catch (IllegalArgumentException e) {
            throw new Failure(source + ": " + e.getMessage());
        }
    }

    private record Parts(Dataset kept, @Nullable Dataset taken) {}

    private Parts parts(Dataset all, @Nullable ExampleCount part, String option) {
        if (part == null || part.isNone()) {
            return new Parts(all, null);
        }
        try {
            Dataset.Split split = all.split(part.of(all.size()), splitSeed);
            return new Parts(split.training(), split.validation());
        } catch (IllegalArgumentException e) {
            throw new Failure(source + ": " + option + " " + part + ": "
                    + String.valueOf(e.getMessage()).replaceFirst("^validation: ", ""));
        }
    }

    @Override
    public String toString() {
        return testData != null ? testData.toString() : source.toString();
    }
}
