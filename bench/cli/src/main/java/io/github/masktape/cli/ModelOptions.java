package io.github.masktape.cli;

import io.github.masktape.data.Preprocessing;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The models that are asked. */
final class ModelOptions {
    @Option(
            names = "--model",
            paramLabel = "FILE",
            required = true,
            arity = "1..*",
            description = "Models that train --out has written, or the folders that they are in; several vote.")
    private List<File> models = new ArrayList<>();

    /** Reads them; all answer the same question. */
    List<Model> read() {
        List<Model> read = models.stream().map(Model::read).toList();
        Model first = read.get(0);
        for (Model model : read) {
            String expected = question(first.preprocessing());
            String actual = question(model.preprocessing());
            if (!actual.equals(expected)) {
                throw new Failure(model.file() + ": expected " + expected + " as " + first.file() + ", got " + actual);
            }
        }
        return read;
    }

    private static String question(Preprocessing preprocessing) {
        return preprocessing.isRegression()
                ? "a regression of " + preprocessing.outputs() + " numbers"
                : "a classifier of " + String.join(", ", preprocessing.classNames());
    }
}
