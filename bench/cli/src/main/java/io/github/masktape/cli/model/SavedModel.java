// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.model;

import io.github.masktape.autograd.Parameter;
import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.Preprocessing;
import io.github.masktape.io.DataFormatException;
import io.github.masktape.io.SafeTensors;
import io.github.masktape.layers.PredictionIntervals;
import io.github.masktape.layers.Sequential;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Tensor;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * A trained network with everything that predictions need.
 *
 * @param file the file it was read from
 * @param preprocessing the preprocessing of its data
 * @param metadata the metadata of the file
 */
public record SavedModel(File file, Sequential net, Preprocessing preprocessing, Map<String, String> metadata) {
    /** Reads a model from its file or from the folder of a run. */
    public static SavedModel read(File file) {
        File model = file.isDirectory() ? new File(file, "model.safetensors") : file;
        try {
            return of(model, SafeTensors.read(model));
        } catch (IOException e) {
            throw new Failure(e);
        }
    }

    private static SavedModel of(File file, SafeTensors content) throws IOException {
        Map<String, String> metadata = content.metadata();
        if (metadata.containsKey("checkpoint.version")) {
            throw new DataFormatException(
                    file, "expected a model, got a checkpoint; the model is model.safetensors beside it");
        }
        try {
            Sequential net = Sequential.of(content);
            Preprocessing preprocessing =
                    metadata.containsKey("data.task") ? Preprocessing.ofMetadata(metadata) : unknown(net);
            requireFit(net, preprocessing);
            return new SavedModel(file, net, preprocessing, metadata);
        } catch (IllegalArgumentException e) {
            throw new DataFormatException(file, String.valueOf(e.getMessage()));
        }
    }

    /** The preprocessing of a network whose file has none: a classifier of data that are not standardized. */
    private static Preprocessing unknown(Sequential net) {
        return Preprocessing.none(new Dataset(Tensor.zeros(DType.FLOAT32, 1, inputs(net)), new int[1], outputs(net)));
    }

    private static void requireFit(Sequential net, Preprocessing preprocessing) {
        if (preprocessing.inputs() != inputs(net) || preprocessing.outputs() != outputs(net)) {
            throw new IllegalArgumentException("expected a network " + preprocessing.inputs() + "→"
                    + preprocessing.outputs() + " as in its metadata, got " + inputs(net) + "→" + outputs(net));
        }
    }

    /**
     * The intervals around the predictions of a regression.
     *
     * @throws Failure if the file has none
     */
    PredictionIntervals intervals() {
        try {
            PredictionIntervals intervals = PredictionIntervals.ofMetadata(metadata);
            if (intervals != null) {
                return intervals;
            }
        } catch (IllegalArgumentException e) {
            throw new Failure(new DataFormatException(file, String.valueOf(e.getMessage())));
        }
        throw new Failure(file + ": has no intervals; they come from examples for testing or validation, of which a"
                + " regression by train --out has some unless --test none is given");
    }

    /** The dtype of the network. */
    public DType dtype() {
        return weights(net).get(0).dtype();
    }

    private static int inputs(Sequential net) {
        return weights(net).get(0).shape().dim(1);
    }

    private static int outputs(Sequential net) {
        List<Parameter> weights = weights(net);
        return weights.get(weights.size() - 1).shape().dim(0);
    }

    private static List<Parameter> weights(Sequential net) {
        List<Parameter> weights = net.parameters().values().stream()
                .filter(parameter -> parameter.shape().rank() == 2)
                .toList();
        if (weights.isEmpty()) {
            throw new IllegalArgumentException("expected a network with weights, got none");
        }
        return weights;
    }
}
