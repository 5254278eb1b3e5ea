// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.options;

import io.github.masktape.cli.settings.InferenceSettings;
import io.github.masktape.cli.settings.InferenceSettings.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of inference. */
public final class InferenceOptions {
    private static final int SAMPLES = 100;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--inference",
            paramLabel = "WORD",
            converter = MethodWord.class,
            description = "Method of prediction: mean (nothing is dropped), gaussian (the mean activation of a normal"
                    + " pre-activation), sampled (the same mean by random samples, as in the paper) or montecarlo (the"
                    + " mean output over random masks) (default: ${DEFAULT-VALUE}).")
    private Method method = Method.MEAN;

    @Option(
            names = "--samples",
            paramLabel = "N",
            converter = Converters.Count.class,
            description = "Number of samples for sampled, or of masks for montecarlo (default: " + SAMPLES + ").")
    private @Nullable Integer samples;

    @Option(
            names = "--seed",
            paramLabel = "N",
            converter = Converters.Seed.class,
            description = "Seed for the random numbers of sampled and montecarlo (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    /** Makes montecarlo the method if none is given. */
    public void preferMonteCarlo() {
        if (!spec.commandLine().getParseResult().hasMatchedOption("--inference")) {
            method = Method.MONTECARLO;
        }
    }

    /** Refuses options that do not go together. */
    public void check() {
        for (String option : List.of("--samples", "--seed")) {
            if (!method.draws() && spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new ParameterException(
                        spec.commandLine(), option + ": expected --inference sampled or montecarlo, got " + method);
            }
        }
    }

    /** Refuses a method of inference that has no standard deviations over masks, which {@code option} needs. */
    public void requireSpread(String option) {
        if (method != Method.MONTECARLO || settings().samples() < 2) {
            throw new ParameterException(
                    spec.commandLine(),
                    option + ": expected --inference montecarlo with at least 2 --samples, got "
                            + (method == Method.MONTECARLO ? "1" : method));
        }
    }

    /** The settings that these options give. */
    public InferenceSettings settings() {
        return new InferenceSettings(method, samples == null ? SAMPLES : samples, seed);
    }

    static final class MethodWord extends Converters.EnumWord<Method> {
        MethodWord() {
            super(Method.values());
        }
    }
}
