// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli;

import io.github.masktape.autograd.Parameter;
import io.github.masktape.cli.model.Onnx;
import io.github.masktape.cli.model.SavedModel;
import io.github.masktape.cli.options.Converters;
import io.github.masktape.cli.settings.Word;
import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.data.Preprocessing;
import io.github.masktape.data.TargetKind;
import io.github.masktape.file.AtomicFile;
import io.github.masktape.io.Npz;
import io.github.masktape.tensor.Tensor;
import java.io.File;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code masktape export}, which writes a saved model for other programs. */
@Command(
        name = "export",
        description = {
            "Writes a saved model for other programs.",
            "",
            "onnx: the whole inference, from raw features to probabilities or predictions; for table data,"
                    + " features and predictions have the type DOUBLE. A category is its index in the list of the"
                    + " metadata data.columns, a date its days since 1970; NaN is a missing feature or an unknown"
                    + " category. npz: its weights, for numpy.load."
                    + " safetensors: its weights and metadata, as train writes them; the names"
                    + " are those of a PyTorch state dict."
        },
        footer = {
            "",
            "Examples:",
            "  java -jar masktape.jar export --model run --out model.onnx",
            "  java -jar masktape.jar export --model run --format npz --out weights.npz"
        })
final class ExportCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--model",
            paramLabel = "FILE",
            required = true,
            description = "Model written by train --out, or its folder.")
    private @Nullable File model;

    @Option(
            names = "--format",
            paramLabel = "WORD",
            converter = ExportFormat.FormatWord.class,
            description = "onnx, npz or safetensors (default: by the extension of --out).")
    private @Nullable ExportFormat format;

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "File to write, all or nothing.")
    private @Nullable File out;

    @Override
    public Integer call() {
        File target = Objects.requireNonNull(out);
        ExportFormat wanted = format == null ? byName(target) : format;
        SavedModel source = SavedModel.read(Objects.requireNonNull(model));
        try {
            switch (wanted) {
                case ONNX -> AtomicFile.write(target, stream -> stream.write(onnx(source)));
                case NPZ -> new Npz(weights(source)).write(target);
                case SAFETENSORS -> source.net().save(target, source.metadata());
            }
        } catch (IOException e) {
            throw new Failure(e);
        } catch (NoClassDefFoundError e) {
            throw new Failure(
                    "this Java runtime (" + System.getProperty("java.home")
                            + ") has no module java.logging, which ONNX needs; use another java, or --format npz or safetensors");
        }
        spec.commandLine().getErr().println("wrote " + target + ", " + target.length() + " bytes");
        return 0;
    }

    private ExportFormat byName(File target) {
        String name = target.getName().toLowerCase(Locale.ROOT);
        for (ExportFormat each : ExportFormat.values()) {
            if (name.endsWith("." + each)) {
                return each;
            }
        }
        throw new ParameterException(
                spec.commandLine(),
                "--format: expected onnx, npz or safetensors, got none; the name of --out does not imply one");
    }

    private static Map<String, Tensor> weights(SavedModel model) {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        for (Map.Entry<String, Parameter> entry : model.net().parameters().entrySet()) {
            weights.put(entry.getKey(), entry.getValue().value());
        }
        return weights;
    }

    private static byte[] onnx(SavedModel model) {
        Preprocessing preprocessing = model.preprocessing();
        Onnx.Preparation features = preprocessing.columns().isEmpty()
                ? standardization(preprocessing.featureMeans(), preprocessing.featureDeviations(), true)
                : new Onnx.EncodedInputs(preprocessing.features(), preprocessing.encodedInputs());
        try {
            return preprocessing.targets() instanceof TargetKind.Quantities quantities
                    ? Onnx.regression(
                            model.net(),
                            features,
                            standardization(quantities.means(), quantities.deviations(), false),
                            model.metadata())
                    : Onnx.classifier(model.net(), features, model.metadata());
        } catch (IllegalArgumentException e) {
            throw new Failure(model.file() + ": " + e.getMessage());
        }
    }

    /**
     * The standardization of the features; null if it changes nothing. A feature that was constant in training is
     * divided by infinity, which gives 0.
     */
    private static Onnx.@Nullable Standardization standardization(
            double[] means, double[] deviations, boolean features) {
        boolean changes = false;
        for (int j = 0; j < means.length; j++) {
            changes |= means[j] != 0 || deviations[j] != 1;
            if (features && deviations[j] == 0) {
                deviations[j] = Double.POSITIVE_INFINITY;
            }
        }
        return changes ? new Onnx.Standardization(Tensor.of(means), Tensor.of(deviations)) : null;
    }

    /** The file formats of an export. */
    enum ExportFormat {
        ONNX,
        NPZ,
        SAFETENSORS;

        @Override
        public String toString() {
            return Word.of(this);
        }

        static final class FormatWord extends Converters.EnumWord<ExportFormat> {
            FormatWord() {
                super(ExportFormat.values());
            }
        }
    }
}
