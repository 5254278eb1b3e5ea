package io.github.masktape.cli;

import io.github.masktape.data.Dataset;
import io.github.masktape.data.GeneratedDigits;
import io.github.masktape.data.Idx;
import java.io.File;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is learned. */
final class DataOptions {
    private static final int GENERATED_EXAMPLES = 10_000;
    private static final long TRAINING_SEED = 1;
    private static final long TEST_SEED = 2;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder of IDX files with MNIST's names, plain or gzipped (default: generated digits,"
                    + " 10000 of seed 1 for training and 10000 of seed 2 for testing).")
    private @Nullable File data;

    /** What is learned, and what is asked afterwards. */
    Examples load() {
        Dataset training = load(true);
        Dataset test = load(false);
        requireAlike(training, test);
        return new Examples(data == null ? "generated digits" : data.toString(), training, test);
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

    /** Examples to train on and examples to test on. */
    record Examples(String name, Dataset training, Dataset test) {
        int features() {
            return training.features().shape().dim(1);
        }

        int classes() {
            return training.classes();
        }

        @Override
        public String toString() {
            return name + ": " + training.size() + " examples for training, " + test.size() + " for testing";
        }
    }
}
