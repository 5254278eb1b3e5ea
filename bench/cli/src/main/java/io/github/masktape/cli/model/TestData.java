// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.model;

import io.github.masktape.cli.settings.CsvSettings;
import io.github.masktape.cli.settings.DataSettings;
import io.github.masktape.cli.settings.DataSource;
import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.cli.terminal.Terminal;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.Labels;
import io.github.masktape.data.Preprocessing;
import io.github.masktape.data.TargetKind;
import io.github.masktape.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Examples to test models on.
 *
 * @param raw the examples in the unit of the data
 * @param features the features for each model, as its network takes them
 */
public record TestData(String name, Dataset raw, List<Tensor> features) {
    /** The key of the checksum of the test examples, as the network takes them, in the metadata. */
    public static final String CHECKSUM = "masktape.test_data_checksum";

    /** A reader of the examples with a model's columns, in its order. */
    @FunctionalInterface
    private interface ExamplesReader {
        Dataset read(Preprocessing known) throws IOException;
    }

    /** Reads test data named by the user. */
    public static TestData of(List<SavedModel> models, DataSource source, CsvSettings csv, Terminal terminal) {
        return of(
                models,
                source.toString(),
                false,
                switch (source.kind()) {
                    case CSV -> known -> csv.read(source.file(), known, terminal);
                    case IDX_FILE, IDX_PAIR -> known -> source.labeledImages();
                    default -> known -> DataSettings.of(source).rawTest(known, terminal);
                });
    }

    /**
     * Reads the examples that were set apart when the models were trained.
     *
     * @param trained the training data of the first model
     */
    public static TestData setApart(List<SavedModel> models, DataSettings trained, Terminal terminal) {
        return of(models, trained.toString(), true, known -> trained.rawTest(known, terminal));
    }

    private static TestData of(List<SavedModel> models, String name, boolean setApart, ExamplesReader reader) {
        Map<Map<String, String>, Dataset> read = new LinkedHashMap<>();
        List<Tensor> features = new ArrayList<>();
        for (SavedModel model : models) {
            Map<String, String> key = model.preprocessing().toMetadata();
            if (!read.containsKey(key)) {
                read.put(key, read(reader, model.preprocessing()));
            }
            Dataset raw = read.get(key);
            requireFit(model, name, raw);
            if (setApart) {
                requireSetApart(model, models.get(0), name, raw);
            }
            features.add(model.preprocessing().applyFeatures(raw.features(), model.dtype()));
        }
        return new TestData(name, read.values().iterator().next(), features);
    }

    private static Dataset read(ExamplesReader reader, Preprocessing known) {
        try {
            return reader.read(known);
        } catch (IOException e) {
            throw new Failure(e);
        }
    }

    /** Refuses examples that might overlap a model's training set. Older model files do not record a checksum. */
    private static void requireSetApart(SavedModel model, SavedModel first, String name, Dataset raw) {
        String expected = model.metadata().get(CHECKSUM);
        if (expected == null
                || expected.equals(Checksums.of(model.preprocessing().apply(raw)))) {
            return;
        }
        String problem = model.file().equals(first.file())
                ? name + ": changed since " + model.file()
                        + " was trained, so that the examples set apart for testing are no longer known"
                : model.file() + ": other examples were set apart for testing than " + name + " has for "
                        + first.file();
        throw new Failure(problem + "; name the test data with --data");
    }

    private static void requireFit(SavedModel model, String name, Dataset raw) {
        Preprocessing preprocessing = model.preprocessing();
        int expected = preprocessing.features();
        int actual = raw.features().shape().dim(1);
        if (actual != expected) {
            throw new Failure(name + ": expected " + expected + " features as " + model.file() + ", got " + actual);
        }
        List<String> names = preprocessing.featureNames();
        List<String> found = raw.featureNames();
        if (names != null && found != null && !found.equals(names)) {
            throw new Failure(name + ": expected the features " + String.join(", ", names) + " as " + model.file()
                    + ", got " + String.join(", ", found));
        }
        boolean classifies = preprocessing.targets() instanceof TargetKind.Classes;
        if (classifies != raw.targets() instanceof Labels) {
            throw new Failure(
                    name + ": expected " + (classifies ? "a regression, got " : "a classifier, got ") + model.file());
        }
        if (classifies && raw.outputs() > preprocessing.outputs()) {
            requireKnown(model, name, raw);
        }
    }

    /** Refuses labels that a model does not know; numeric labels may exceed its number of classes. */
    private static void requireKnown(SavedModel model, String name, Dataset raw) {
        for (int label : raw.labels()) {
            if (label >= model.preprocessing().outputs()) {
                throw new Failure(name + ": expected labels below "
                        + model.preprocessing().outputs() + " as " + model.file() + ", got " + label);
            }
        }
    }
}
