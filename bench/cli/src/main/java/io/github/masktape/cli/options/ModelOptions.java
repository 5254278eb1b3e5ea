// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.options;

import io.github.masktape.cli.model.SavedModel;
import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.data.Preprocessing;
import io.github.masktape.data.TargetKind;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The option that names saved models. */
public final class ModelOptions {
    @Option(
            names = "--model",
            paramLabel = "FILE",
            required = true,
            arity = "1..*",
            description = "Models written by train --out, or their folders; several vote.")
    private List<File> models = new ArrayList<>();

    /** Reads the models, which must all predict the same targets from the same features. */
    public List<SavedModel> read() {
        List<SavedModel> read = models.stream().map(SavedModel::read).toList();
        SavedModel first = read.get(0);
        for (SavedModel model : read) {
            if (!isSameQuestion(first.preprocessing(), model.preprocessing())) {
                throw new Failure(model.file() + ": expected " + question(first.preprocessing()) + " as " + first.file()
                        + ", got " + question(model.preprocessing()));
            }
        }
        return read;
    }

    /**
     * True if two models have the same features and targets. Columns without names are compared by their numbers, if
     * both have one.
     */
    private static boolean isSameQuestion(Preprocessing a, Preprocessing b) {
        if (!isSameKind(a.targets(), b.targets())) {
            return false;
        }
        if (a.labelColumn() != null && b.labelColumn() != null) {
            return a.targetTitles().equals(b.targetTitles());
        }
        boolean unnamed = a.labelColumn() == null && b.labelColumn() == null;
        return !unnamed
                || a.labelNumber() == 0
                || b.labelNumber() == 0
                || a.labelColumns().equals(b.labelColumns());
    }

    /** True if two kinds of targets agree. Classes are compared by their names, values by their number. */
    private static boolean isSameKind(TargetKind a, TargetKind b) {
        return a instanceof TargetKind.Classes
                ? a.equals(b)
                : b instanceof TargetKind.Quantities && a.outputs() == b.outputs();
    }

    private static String question(Preprocessing preprocessing) {
        return (preprocessing.targets() instanceof TargetKind.Classes classes
                        ? "a classifier of '" + String.join("', '", classes.names()) + "'"
                        : "a regression of " + preprocessing.outputs() + " numbers")
                + (preprocessing.labelColumn() != null
                        ? " in column '" + String.join("', '", preprocessing.targetTitles()) + "'"
                        : preprocessing.labelNumber() > 0 ? " in column " + preprocessing.labelNumber() : "");
    }
}
