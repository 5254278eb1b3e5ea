// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.sweep;

import io.github.masktape.cli.options.Converters;
import io.github.masktape.cli.terminal.Failure;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** The options of a cross-validation. */
public final class FoldOptions {
    @Option(
            names = "--folds",
            paramLabel = "K",
            converter = FoldCount.class,
            description = "Number of folds, at least 2: parts with the same share of each class. Each training is"
                    + " tested on one fold and trains on the rest (default: ${DEFAULT-VALUE}).")
    private int folds = 5;

    @Option(
            names = "--repeats",
            paramLabel = "R",
            converter = Converters.Count.class,
            description = "Number of times that all folds are tested, each time with other folds and the next --seed"
                    + " and --split-seed (default: ${DEFAULT-VALUE}).")
    private int repeats = 1;

    /** The plan that these options give. */
    public CrossValidation of(int examples) {
        if (folds > examples) {
            throw new Failure("--folds: expected at most one for each of the " + examples + " examples, got " + folds);
        }
        return new CrossValidation(folds, repeats);
    }

    static final class FoldCount implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            int count = new Converters.Count().convert(value);
            if (count < 2) {
                throw Converters.refusal("a whole number of at least 2", value);
            }
            return count;
        }
    }
}
