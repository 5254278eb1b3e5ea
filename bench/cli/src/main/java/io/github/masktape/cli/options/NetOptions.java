// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.options;

import io.github.masktape.cli.settings.DataSettings;
import io.github.masktape.cli.settings.Defaults;
import io.github.masktape.cli.settings.DropProbabilities;
import io.github.masktape.cli.settings.LayerSizes;
import io.github.masktape.cli.settings.NetSettings;
import io.github.masktape.cli.settings.NetSettings.Regularizer;
import io.github.masktape.layers.MaskSharing;
import io.github.masktape.tensor.Activation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of the network to train. */
public final class NetOptions {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--hidden",
            paramLabel = "SIZES",
            converter = Converters.Sizes.class,
            description = "Sizes of the hidden layers, separated by commas; the word none for a linear model"
                    + " (default: 128; for a table by its size, see docs/tables.md).")
    private @Nullable LayerSizes hidden;

    @Option(
            names = "--regularizer",
            paramLabel = "WORD",
            converter = RegularizerWord.class,
            description = "none, dropout (of hidden activations) or dropconnect (of the hidden layers' weights)"
                    + " (default: ${DEFAULT-VALUE}).")
    private Regularizer regularizer = Regularizer.DROPCONNECT;

    @Option(
            names = "--drop-probability",
            paramLabel = "P",
            converter = Converters.DropProbabilityList.class,
            description =
                    "Probability that a connection or activation is dropped, in [0, 1); one for all hidden layers, or"
                            + " one for each, separated by commas (default: 0.5; for a table by its size).")
    private @Nullable DropProbabilities dropProbability;

    @Option(
            names = "--mask",
            paramLabel = "WORD",
            converter = MasksWord.class,
            description =
                    "DropConnect's masks: per-example, per-batch, or flipout, which is cheaper than per-example and"
                            + " always has drop probability 0.5 (default: ${DEFAULT-VALUE}).")
    private MaskSharing mask = MaskSharing.PER_EXAMPLE;

    @Option(names = "--mask-bias", description = "Let DropConnect drop biases as well (default: false).")
    private boolean maskBias;

    @Option(
            names = "--activation",
            paramLabel = "WORD",
            converter = ActivationWord.class,
            description = "relu (with He initialization), tanh or sigmoid (with Glorot initialization)"
                    + " (default: ${DEFAULT-VALUE}).")
    private Activation activation = Activation.RELU;

    /** Refuses options that do not go together. */
    public void check(DataSettings data) {
        int layers = hidden == null
                ? Defaults.hiddenLayers(data.isTable())
                : hidden.values().size();
        int given = dropProbability == null ? 1 : dropProbability.values().size();
        if (given > 1 && given != layers) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--drop-probability: expected one number, or one for each of the " + layers + " hidden layers, got "
                            + given);
        }
        if (layers == 0) {
            for (String option : List.of("--regularizer", "--drop-probability", "--mask", "--mask-bias")) {
                requireNone(option, "hidden layers, got --hidden none");
            }
        }
        if (regularizer == Regularizer.NONE) {
            requireNone("--drop-probability", "--regularizer dropout or dropconnect, got none");
        }
        if (regularizer != Regularizer.DROPCONNECT) {
            requireNone("--mask", "--regularizer dropconnect, got " + regularizer);
            requireNone("--mask-bias", "--regularizer dropconnect, got " + regularizer);
        }
        if (mask == MaskSharing.FLIPOUT && dropProbability != null) {
            for (double p : dropProbability.values()) {
                if (p != 0.5) {
                    throw new ParameterException(
                            spec.commandLine(),
                            "--drop-probability: expected 0.5 with --mask flipout, whose random signs drop half of the"
                                    + " connections, got " + dropProbability);
                }
            }
        }
    }

    private void requireNone(String option, String expected) {
        if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
            throw new ParameterException(spec.commandLine(), option + ": expected " + expected);
        }
    }

    /** The settings that these options give, with defaults for the rest. */
    public NetSettings settings(Defaults defaults) {
        double usual = mask == MaskSharing.FLIPOUT ? 0.5 : defaults.dropProbability();
        return new NetSettings(
                hidden == null ? defaults.hidden() : hidden,
                regularizer,
                dropProbability == null ? new DropProbabilities(List.of(usual)) : dropProbability,
                mask,
                maskBias,
                activation);
    }

    static final class RegularizerWord extends Converters.EnumWord<Regularizer> {
        RegularizerWord() {
            super(Regularizer.values());
        }
    }

    static final class MasksWord extends Converters.EnumWord<MaskSharing> {
        MasksWord() {
            super(MaskSharing.values());
        }
    }

    static final class ActivationWord extends Converters.EnumWord<Activation> {
        ActivationWord() {
            super(new Activation[] {Activation.RELU, Activation.TANH, Activation.SIGMOID});
        }
    }
}
