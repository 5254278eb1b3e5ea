package io.github.masktape.cli.settings;

/**
 * All settings of a training run that its results depend on.
 *
 * @param data what is learned
 * @param net what network is trained
 * @param training how it is trained
 */
public record RunSettings(DataSettings data, NetSettings net, TrainerSettings training) {
    /** These settings with the defaults for the data's kind where something is not set. */
    public RunSettings withDefaults() {
        StepSettings steps = training.steps().withDefaultsFor(data);
        return new RunSettings(
                data,
                net,
                new TrainerSettings(
                        training.epochs(), training.learningRate(), training.schedule(), training.patience(), steps));
    }

    /** Seed of initial weights, shuffling and masks. */
    public long seed() {
        return training.steps().seed();
    }
}
