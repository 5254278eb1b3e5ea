// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.options;

import io.github.masktape.cli.settings.DataSettings;
import io.github.masktape.cli.settings.Defaults;
import io.github.masktape.cli.settings.ExampleCount;
import io.github.masktape.cli.settings.ExampleSets;
import io.github.masktape.cli.settings.RunSettings;
import io.github.masktape.data.Dataset;
import picocli.CommandLine.Mixin;

/** The options that are the settings of a training run. */
public final class RunOptions {
    /** The number of times that a diverged run with the default learning rate begins again. */
    private static final int RESTARTS = 3;

    @Mixin
    private final DataOptions data = new DataOptions();

    @Mixin
    private final NetOptions net = new NetOptions();

    @Mixin
    private final TrainingOptions training = new TrainingOptions();

    /** Refuses options that do not go together. */
    public void check() {
        data.check();
        net.check(data.settings());
        training.check(data.settings());
    }

    /** The settings of the data. */
    public DataSettings data() {
        return data.settings();
    }

    /** The options of training. */
    public TrainingOptions training() {
        return training;
    }

    /** The number of times that the run may begin again with a smaller learning rate: none if the user chose one. */
    public int restarts() {
        return training.hasLearningRate() ? 0 : RESTARTS;
    }

    /** The settings of a new run: what the user gave, and defaults that suit the examples. */
    public RunSettings settings(ExampleSets examples) {
        DataSettings given = data.settings();
        Dataset validation = examples.validation();
        DataSettings chosen = validation != null
                ? given.withValidation(new ExampleCount(validation.size()))
                : given.isTable() ? given.withValidation(ExampleCount.NONE) : given;
        return settings(chosen, examples);
    }

    /**
     * The settings of trainings on parts of the examples: as {@link #settings(ExampleSets)}, but with a share of each
     * part for validation, unless the user gave a number.
     */
    public RunSettings settingsOfParts(ExampleSets examples) {
        DataSettings given = data.settings();
        if (!given.isTable() || given.validation() != null) {
            return settings(given, examples);
        }
        Dataset validation = examples.validation();
        ExampleCount share = validation == null
                ? ExampleCount.NONE
                : Defaults.validation(examples.training().size() + validation.size());
        return settings(given.withValidation(share), examples);
    }

    private RunSettings settings(DataSettings chosen, ExampleSets examples) {
        Defaults defaults = Defaults.of(examples);
        return new RunSettings(
                chosen, net.settings(defaults), training.settings(defaults, examples.validation() != null));
    }

    /** The settings that texts gave, with the values from before an option existed for the rest. */
    RunSettings stored() {
        DataSettings given = data.settings();
        return new RunSettings(
                given.validation() == null && given.isTable() ? given.withValidation(ExampleCount.NONE) : given,
                net.settings(Defaults.FIXED),
                training.settings(Defaults.FIXED, false));
    }
}
