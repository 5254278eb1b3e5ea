// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.options;

import io.github.masktape.cli.settings.DataSettings;
import io.github.masktape.cli.settings.DataSource;
import io.github.masktape.cli.settings.ExampleCount;
import java.io.File;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options for training, validation and test data. */
public final class DataOptions {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DATA",
            converter = Converters.Source.class,
            description = "A CSV file; a folder of IDX files with names as MNIST's, plain or gzipped; one of its files"
                    + " of training images; any two IDX files, as IMAGES,LABELS; or generated digits, moons or spirals"
                    + " (default: digits, 10000 of seed 1 for training and 10000 of seed 2 for testing).")
    private DataSource data = new DataSource("digits");

    @Mixin
    private final CsvOptions csv = new CsvOptions();

    @Option(
            names = "--test-data",
            paramLabel = "FILE",
            description =
                    "CSV file, or IMAGES,LABELS, of examples for testing (default: a part of --data, see --test).")
    private @Nullable File testData;

    @Option(
            names = "--test",
            paramLabel = "N",
            converter = Converters.Examples.class,
            description = "Examples of a CSV file to set aside for testing, as a number or a share, drawn in proportion"
                    + " from each class; or none, to train the final model on all (default: 0.2; for cv none).")
    private @Nullable ExampleCount test;

    @Option(
            names = "--validation",
            paramLabel = "N",
            converter = Converters.Examples.class,
            description = "Examples, as a number or a share, to take from those for training, in proportion from each"
                    + " class, for evaluating epochs and keeping the best; or none (default: for a table by its size, none"
                    + " with --test none; otherwise none, and epochs are evaluated on the test set).")
    private @Nullable ExampleCount validation;

    @Option(
            names = "--split-seed",
            paramLabel = "N",
            converter = Converters.Seed.class,
            description = "Seed for the choice of the --test and --validation examples (default: ${DEFAULT-VALUE}).")
    private long splitSeed = 1;

    /** Refuses options that do not go together. */
    public void check() {
        if (data.kind() != DataSource.SourceKind.CSV) {
            csv.requireNone();
        }
        if (data.kind() != DataSource.SourceKind.CSV && data.kind() != DataSource.SourceKind.IDX_PAIR) {
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

    /** The settings that these options give. */
    public DataSettings settings() {
        return new DataSettings(data, csv.settings(), testData, test, validation, splitSeed);
    }
}
